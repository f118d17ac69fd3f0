"""The journey of a UBL transport document: its legs, and from where to where it goes."""

from __future__ import annotations

from datetime import date
from typing import Final

from eximledger.formats.text.values import imo_of, port_of
from eximledger.formats.ubl.parties import country_at, party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Place, TransportStage

__all__ = ["Journey", "Stage", "stages_of"]

_STAGES: Final = ("ShipmentStage", "PreCarriageShipmentStage", "MainCarriageShipmentStage", "OnCarriageShipmentStage")


class Stage:
    """A leg of the carriage."""

    def __init__(self, node: Node) -> None:
        means = node.find("TransportMeans") or Node("TransportMeans", {}, None)
        vessel = means.find("MaritimeTransport")
        pre = node.name.startswith("Pre") or node.flag("PreCarriageIndicator")
        on = node.name.startswith("On") or node.flag("OnCarriageIndicator")
        if (number := node.find("ID")) is not None:
            number.take()
        self.is_main = not pre and not on
        self.vessel_name = vessel.text("VesselName") if vessel is not None else None
        self.imo = vessel.converted(imo_of, "is not an IMO ship number", "VesselID") if vessel is not None else None
        conveyance = [self.vessel_name] if self.vessel_name else []
        for path in (("RoadTransport", "LicensePlateID"), ("AirTransport", "AircraftID"), ("RailTransport", "TrainID")):
            conveyance += means.texts(*path)
        conveyance += means.texts("RailTransport", "RailCarID") + means.texts("Stowage", "LocationID")
        departed, arrived = (
            _event_day(node, "ActualDepartureTransportEvent"),
            _event_day(node, "ActualArrivalTransportEvent"),
        )
        self.loaded_on = _event_day(node, "LoadingTransportEvent")
        transshipment = [_place_of(entry) for entry in node.all("TransshipPortLocation")]
        with node.located():
            self.stage = TransportStage(
                mode=node.text("TransportModeCode"),
                means=node.text("TransportMeansTypeCode"),
                conveyance=", ".join(conveyance) or None,
                voyage=means.text("JourneyID"),
                imo_number=self.imo,
                carrier=party_of(node.find("CarrierParty")),
                loading=_place_of(node.find("LoadingPortLocation")),
                discharge=_place_of(node.find("UnloadingPortLocation")),
                transshipment=tuple(place for place in transshipment if place is not None),
                departed_on=node.day("TransitPeriod", "StartDate") or departed,
                arrived_on=node.day("TransitPeriod", "EndDate") or arrived,
                pre_carriage=pre,
                on_carriage=on,
            )


def _event_day(node: Node, name: str) -> date | None:
    """When an event of a leg happened (UBL 2.1); one that is only planned has not."""
    for event in node.all(name):
        if event.find("CompletionIndicator") is not None and not event.flag("CompletionIndicator"):
            event.release()
            continue
        if (day := event.day("OccurrenceDate") or event.day("Period", "EndDate")) is not None:
            return day
    return None


def _place_of(node: Node | None) -> Place | None:
    """A port or place by its code and name."""
    if node is None:
        return None
    name = node.text("Name") or node.text("Description")
    code = node.converted(port_of, "is not a UN/LOCODE or a customs port", "ID")
    country = country_at(node, "Address", "Country")
    with node.located():
        place = Place(code=code, name=name or node.text("Address", "CityName"), country=country)
    return place if place != Place() else None


def stages_of(shipment: Node, consignment: Node) -> list[Stage]:
    """The legs, as each version of UBL names and places them."""
    return [Stage(node) for where in (shipment, consignment) for name in _STAGES for node in where.all(name)]


class Journey:
    """From where to where, when and on what: the main legs, else what the shipment says."""

    def __init__(self, shipment: Node, consignment: Node, stages: list[Stage]) -> None:
        main = [entry for entry in stages if entry.is_main]
        first, last = (main[0].stage, main[-1].stage) if main else (None, None)
        self.loading = first.loading if first is not None else None
        self.discharge = last.discharge if last is not None else None
        self.departed_on: date | None = first.departed_on if first is not None else None
        self.loaded_on = next((entry.loaded_on for entry in main if entry.loaded_on is not None), None)
        self.vessel = next((entry.vessel_name for entry in main if entry.vessel_name), None)
        self.imo_number = next((entry.imo for entry in main if entry.imo), None)
        self.voyage = first.voyage if first is not None else None
        self.loading = self.loading or _place_again(shipment, "LastExitPortLocation", self.loading)
        self.discharge = self.discharge or _place_again(shipment, "FirstArrivalPortLocation", self.discharge)
        _place_again(shipment, "LastExitPortLocation", self.loading)
        _place_again(shipment, "FirstArrivalPortLocation", self.discharge)
        self.origin_country = country_at(consignment, "OriginalDepartureCountry")
        exported = country_at(shipment, "ExportCountry")
        if self.origin_country is None:
            self.origin_country = exported
        elif exported not in (None, self.origin_country):
            shipment.need("ExportCountry").release()
        self.destination_country = country_at(consignment, "FinalDestinationCountry")
        for stage in stages if self.departed_on is None else []:
            self.departed_on = self.departed_on or stage.stage.departed_on
        self._despatch(shipment, stages)

    def _despatch(self, shipment: Node, stages: list[Stage]) -> None:
        """The despatch date is read where a leg departed on it; nothing else holds it."""
        node = shipment.find("Delivery", "Despatch", "ActualDespatchDate")
        if node is not None and node.day() not in [entry.stage.departed_on for entry in stages]:
            node.release()


def _place_again(shipment: Node, name: str, known: Place | None) -> Place | None:
    """A place of the shipment; read where nothing better is known, or where it is the same port."""
    node = shipment.find(name)
    place = _place_of(node)
    if node is not None and known is not None and place is not None and place.code != known.code:
        node.release()
    return place
