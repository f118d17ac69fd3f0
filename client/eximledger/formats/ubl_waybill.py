"""UBL Waybill and BillOfLading, which share their structure, as transport documents. Source: OASIS UBL 2.0 to 2.4.

UBL 2.1 moved parties and stages from the shipment into its consignment; both places are looked at.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from eximledger.formats._ubl import Delivery, allowance_of, envelope, kilograms, reference_of
from eximledger.formats._ubl_goods import item_of
from eximledger.formats._ubl_parties import address_of, country_at, identifier_at, party_of
from eximledger.formats._values import container_of, hs_code_of, imo_of, port_of, unique
from eximledger.formats._xml import Node
from eximledger_chaincode.documents import (
    Container,
    Money,
    Party,
    Place,
    Reference,
    TransportDocument,
    TransportGoods,
    TransportStage,
    TransportType,
)

__all__ = ["read_transport_document"]

_TYPES_BY_NAME: Final = (
    ("sea waybill", TransportType.SEA_WAYBILL),
    ("air waybill", TransportType.AIR_WAYBILL),
    ("lading", TransportType.BILL_OF_LADING),
    ("multimodal", TransportType.MULTIMODAL),
    ("combined transport", TransportType.MULTIMODAL),
    ("rail", TransportType.RAIL_CONSIGNMENT_NOTE),
    ("road", TransportType.ROAD_CONSIGNMENT_NOTE),
    ("cmr", TransportType.ROAD_CONSIGNMENT_NOTE),
)
_TYPES_BY_MODE: Final = {
    "1": TransportType.SEA_WAYBILL,
    "2": TransportType.RAIL_CONSIGNMENT_NOTE,
    "3": TransportType.ROAD_CONSIGNMENT_NOTE,
    "4": TransportType.AIR_WAYBILL,
}
_STAGES: Final = ("ShipmentStage", "PreCarriageShipmentStage", "MainCarriageShipmentStage", "OnCarriageShipmentStage")


def read_transport_document(root: Node) -> TransportDocument:
    """The transport document. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    envelope(root)
    shipment = root.need("Shipment")
    consignment = shipment.find("Consignment") or Node("Consignment", {}, None)
    parties = _Parties(root, shipment, consignment)
    stages = [_Stage(node) for where in (shipment, consignment) for name in _STAGES for node in where.all(name)]
    journey = _Journey(shipment, consignment, stages)
    delivery = Delivery(consignment.all("DeliveryTerms"))
    goods = _goods(shipment, consignment)
    references = _references(root, shipment, consignment)
    charges = [allowance_of(n) for where in (consignment, shipment) for n in where.all("FreightAllowanceCharge")]
    numbers = {kind: unique([r.number for r in references if r.kind == kind]) for kind in _NUMBERED}
    final = Place(code=delivery.destination_port, name=delivery.place) if delivery.destination_port else None
    if final is None and delivery.location is not None:
        delivery.location.release()
    with root.located():
        return TransportDocument(
            bill_number=root.need_text("ID"),
            type=_type_of(root, stages),
            carrier_number=root.text("CarrierAssignedID"),
            issued_on=root.need_day("IssueDate"),
            on_board_on=journey.departed_on,
            shipper=parties.shipper,
            consignee=parties.consignee,
            to_order=root.flag("ToOrderIndicator"),
            notify=parties.notify,
            carrier=parties.carrier,
            forwarder=parties.forwarder,
            deliver_to=parties.deliver_to,
            loading=journey.loading,
            discharge=journey.discharge,
            final_destination=final,
            origin_country=journey.origin_country,
            destination_country=journey.destination_country,
            stages=tuple(stage.stage for stage in stages),
            vessel=journey.vessel,
            voyage=journey.voyage,
            imo_number=journey.imo_number,
            containers=_containers(shipment, consignment),
            packages=_packages(shipment, consignment),
            gross_weight_kg=_measure("GrossWeightMeasure", shipment, consignment),
            net_weight_kg=_measure("NetWeightMeasure", shipment, consignment),
            volume_m3=_measure("GrossVolumeMeasure", shipment, consignment, unit="MTQ"),
            goods=goods,
            incoterm=delivery.incoterm,
            delivery_terms=delivery.written,
            freight_terms=_freight_terms(consignment),
            freight_charges=unique(charges),
            declared_carriage_value=root.money("DeclaredCarriageValueAmount")
            or consignment.money("DeclaredForCarriageValueAmount"),
            declared_customs_value=_either_money("DeclaredCustomsValueAmount", shipment, consignment),
            insured_value=_either_money("InsuranceValueAmount", shipment, consignment),
            fob_value=_either_money("FreeOnBoardValueAmount", shipment, consignment),
            contract_number=next(iter(numbers["contract"] or numbers["order"]), None),
            invoice_numbers=numbers["invoice"],
            declaration_numbers=numbers["declaration"],
            references=references,
            identifiers=tuple(identifier_at(root, "UUID", scheme="UUID")),
            notes=_notes(root, shipment, consignment),
        )


_NUMBERED: Final = ("contract", "order", "invoice", "declaration")


def _type_of(root: Node, stages: list[_Stage]) -> TransportType:
    name = " ".join(root.texts("Name") + root.texts("DocumentType")).lower()
    for words, kind in _TYPES_BY_NAME:
        if words in name:
            return kind
    if root.name == "BillOfLading":
        return TransportType.BILL_OF_LADING
    modes = unique([stage.stage.mode for stage in stages if stage.is_main and stage.stage.mode])
    return _TYPES_BY_MODE.get(modes[0], TransportType.OTHER) if len(modes) == 1 else TransportType.OTHER


def _notes(root: Node, shipment: Node, consignment: Node) -> tuple[str, ...]:
    found = root.lines("Note") + root.lines("OtherInstruction")
    for where in (shipment, consignment):
        for name in ("SpecialInstructions", "HandlingInstructions", "DeliveryInstructions", "Information"):
            found += where.lines(name)
    return unique(found)


def _either_money(name: str, shipment: Node, consignment: Node) -> Money | None:
    return shipment.money(name) or consignment.money(name)


def _measure(name: str, shipment: Node, consignment: Node, unit: str = "KGM") -> Decimal | None:
    stated = kilograms(shipment, name, unit)
    return stated if stated is not None else kilograms(consignment, name, unit)


def _freight_terms(consignment: Node) -> str | None:
    found = consignment.texts("PaymentTerms", "Note") + consignment.texts("PaymentTerms", "PaymentMeansID")
    found += [text for node in consignment.all("FreightPaymentTerms") for text in node.texts("Note")]
    return "; ".join(unique(found)) or None


def _packages(shipment: Node, consignment: Node) -> int | None:
    """Packages as the handling units count them, else as the shipment states handling units."""
    units = shipment.all("TransportHandlingUnit") + consignment.all("TransportHandlingUnit")
    counts = [unit.count("TotalPackageQuantity") for unit in units]
    stated = shipment.count("TotalTransportHandlingUnitQuantity")
    consigned = consignment.count("TotalPackagesQuantity")
    counted = sum(count or 0 for count in counts) if counts and None not in counts else None
    packages = next((number for number in (counted, consigned, stated) if number is not None), None)
    if stated is not None and stated != packages:
        shipment.need("TotalTransportHandlingUnitQuantity").release()
    return packages


def _containers(shipment: Node, consignment: Node) -> tuple[Container, ...]:
    found = []
    places = [shipment, consignment, *shipment.all("TransportHandlingUnit"), *consignment.all("TransportHandlingUnit")]
    places += shipment.all("GoodsItem", "GoodsItemContainer")
    for equipment in [node for place in places for node in place.all("TransportEquipment")]:
        number = equipment.converted(container_of, "is not a container number of ISO 6346", "ID")
        if number is None:
            continue
        seals = equipment.texts("TransportEquipmentSeal", "ID")
        size_type = equipment.text("TransportEquipmentTypeCode") or equipment.text("SizeTypeCode")
        with equipment.located():
            found.append(Container(number=number, seal=", ".join(seals) or None, size_type=size_type))
    return unique(found)


# parties ----------------------------------------------------------------------


class _Parties:
    """Who ships, carries and receives. A party stated again in the same words is not another."""

    def __init__(self, root: Node, shipment: Node, consignment: Node) -> None:
        shipper = party_of(root.find("ConsignorParty")) or party_of(consignment.find("ConsignorParty"))
        if shipper is None:
            raise root.missing("ConsignorParty", "PartyName", "Name")
        self.shipper: Party = shipper
        self.consignee = party_of(consignment.find("ConsigneeParty")) or party_of(root.find("ConsigneeParty"))
        self.carrier = party_of(root.find("CarrierParty")) or party_of(consignment.find("CarrierParty"))
        forwarder = party_of(root.find("FreightForwarderParty"))
        self.forwarder = forwarder or party_of(consignment.find("FreightForwarderParty"))
        notify = [party_of(node) for where in (root, consignment) for node in where.all("NotifyParty")]
        self.notify = unique([party for party in notify if party is not None])
        self.deliver_to = party_of(consignment.find("FinalDeliveryParty"))
        self._read_delivery(shipment.find("Delivery") or consignment.find("Delivery"))
        self._read_origin(shipment)

    def _read_delivery(self, node: Node | None) -> None:
        if node is None:
            return
        party = party_of(node.find("DeliveryParty"))
        address = address_of(node.find("DeliveryAddress"))
        if self.deliver_to is None and party is not None:
            self.deliver_to = party.model_copy(update={"address": address or party.address})
        else:
            _repeats(node.find("DeliveryParty"), party, self.deliver_to)
            if address is not None and (self.deliver_to is None or address != self.deliver_to.address):
                node.need("DeliveryAddress").release()
        despatch = node.find("Despatch")
        if despatch is None:
            return
        _repeats(despatch.find("DespatchParty"), party_of(despatch.find("DespatchParty")), self.shipper)
        if (address := address_of(despatch.find("DespatchAddress"))) is not None and address != self.shipper.address:
            despatch.need("DespatchAddress").release()
        contact = party_of(despatch, name="despatch")
        if contact is not None and contact.contact != self.shipper.contact and (n := despatch.find("Contact")):
            n.release()

    def _read_origin(self, shipment: Node) -> None:
        node = shipment.find("OriginAddress")
        if node is not None and address_of(node) != self.shipper.address:
            node.release()


def _repeats(node: Node | None, party: Party | None, known: Party | None) -> None:
    """Give a party back as unread unless it says nothing that the known one does not."""
    if node is None or party is None:
        return
    same = known is not None and party.name == known.name
    same = same and known is not None and (party.address is None or party.address == known.address)
    same = same and known is not None and (party.contact is None or party.contact == known.contact)
    if not same:
        node.release()


# the journey ------------------------------------------------------------------


class _Stage:
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
        transshipment = [place_of(entry) for entry in node.all("TransshipPortLocation")]
        with node.located():
            self.stage = TransportStage(
                mode=node.text("TransportModeCode"),
                means=node.text("TransportMeansTypeCode"),
                conveyance=", ".join(conveyance) or None,
                voyage=means.text("JourneyID"),
                imo_number=self.imo,
                carrier=party_of(node.find("CarrierParty")),
                loading=place_of(node.find("LoadingPortLocation")),
                discharge=place_of(node.find("UnloadingPortLocation")),
                transshipment=tuple(place for place in transshipment if place is not None),
                departed_on=node.day("TransitPeriod", "StartDate"),
                arrived_on=node.day("TransitPeriod", "EndDate"),
                pre_carriage=pre,
                on_carriage=on,
            )


def place_of(node: Node | None) -> Place | None:
    """A port or place by its code and name."""
    if node is None:
        return None
    name = node.text("Name") or node.text("Description")
    code = node.converted(port_of, "is not a UN/LOCODE or a customs port", "ID")
    country = country_at(node, "Address", "Country")
    with node.located():
        place = Place(code=code, name=name or node.text("Address", "CityName"), country=country)
    return place if place != Place() else None


class _Journey:
    """From where to where, when and on what: the main legs, else what the shipment says."""

    def __init__(self, shipment: Node, consignment: Node, stages: list[_Stage]) -> None:
        main = [entry for entry in stages if entry.is_main]
        first, last = (main[0].stage, main[-1].stage) if main else (None, None)
        self.loading = first.loading if first is not None else None
        self.discharge = last.discharge if last is not None else None
        self.departed_on: date | None = first.departed_on if first is not None else None
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

    def _despatch(self, shipment: Node, stages: list[_Stage]) -> None:
        """The despatch date is read where a leg departed on it; nothing else holds it."""
        node = shipment.find("Delivery", "Despatch", "ActualDespatchDate")
        if node is not None and node.day() not in [entry.stage.departed_on for entry in stages]:
            node.release()


def _place_again(shipment: Node, name: str, known: Place | None) -> Place | None:
    """A place of the shipment; read where nothing better is known, or where it is the same port."""
    node = shipment.find(name)
    place = place_of(node)
    if node is not None and known is not None and place is not None and place.code != known.code:
        node.release()
    return place


# goods and references ---------------------------------------------------------


def _goods(shipment: Node, consignment: Node) -> tuple[TransportGoods, ...]:
    nodes = shipment.all("GoodsItem") + consignment.all("GoodsItem")
    kinds = shipment.texts("TransportHandlingUnit", "ActualPackage", "PackagingTypeCode")
    return tuple(_goods_item(node, number, consignment, nodes, kinds) for number, node in enumerate(nodes, 1))


def _goods_item(node: Node, number: int, consignment: Node, nodes: list[Node], kinds: list[str]) -> TransportGoods:
    item = item_of(node) if node.find("Item") is not None else None
    described = node.lines("Description")
    hs_code = item.hs_code if item is not None else None
    if len(nodes) == 1:
        described += consignment.lines("TariffDescription")
        hs_code = hs_code or consignment.converted(hs_code_of, "is not an HS code", "TariffCode")
    if item is not None:
        described += [item.name, *([item.description] if item.description else [])]
    if (sequence := node.find("SequenceNumberID")) is not None and sequence.value() != node.text("ID"):
        sequence.release()
    quantity, unit = node.measure("Quantity")
    packaging = kinds if len(nodes) == 1 else []
    packaging = packaging or node.texts("ContainingPackage", "PackagingTypeCode")
    customs = identifier_at(node, "RequiredCustomsID", scheme="RequiredCustomsID")
    with node.located():
        return TransportGoods(
            number=node.text("ID") or str(number),
            description="\n".join(_once(described)) or node.need_text("Description"),
            hs_code=hs_code,
            marks="\n".join(node.lines("ShippingMarks")) or None,
            quantity=quantity,
            unit=unit,
            packages=node.count("ContainingPackage", "Quantity"),
            package_kind=", ".join(unique(packaging)) or None,
            gross_weight_kg=kilograms(node, "GrossWeightMeasure"),
            net_weight_kg=kilograms(node, "NetWeightMeasure"),
            volume_m3=kilograms(node, "GrossVolumeMeasure", "MTQ"),
            origin_country=item.origin if item is not None else None,
            fob_value=node.money("FreeOnBoardValueAmount"),
            declared_value=node.money("DeclaredCustomsValueAmount"),
            identifiers=unique(
                [*(item.identifiers if item else ()), *(item.classifications if item else ()), *customs]
            ),
            properties=item.properties if item is not None else (),
        )


def _once(texts: list[str]) -> list[str]:
    """The texts, each once whatever its case."""
    return list({text.casefold(): text for text in reversed(texts)}.values())[::-1]


def _references(root: Node, shipment: Node, consignment: Node) -> tuple[Reference, ...]:
    found = [reference_of(node) for node in root.all("DocumentReference")]
    found += [Reference(kind="shipping-order", number=number) for number in root.texts("ShippingOrderID")]
    found += [Reference(kind="shipment", number=number) for number in shipment.texts("ID")]
    found += [Reference(kind="consignment", number=number) for number in consignment.texts("ID")]
    for contract in consignment.all("TransportContract"):
        number = contract.text("ID")
        if number is not None:
            kind = contract.text("ContractType") or contract.text("ContractTypeCode")
            dated = contract.day("IssueDate")
            found.append(Reference(kind="transport-contract", number=number, dated=dated, description=kind))
        found += [
            reference_of(node, "transport-contract-document") for node in contract.all("ContractDocumentReference")
        ]
    for where in (shipment, consignment):
        found += [Reference(kind="tracking", number=number) for number in where.texts("Delivery", "TrackingID")]
    return unique([reference for reference in found if reference is not None])
