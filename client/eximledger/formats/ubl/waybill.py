"""UBL Waybill and BillOfLading, which share their structure, as transport documents. Source: OASIS UBL 2.0 to 2.4.

UBL 2.1 moved parties and stages from the shipment into its consignment; both places are looked at.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.values import container_of, hs_code_of, unique
from eximledger.formats.ubl.elements import Delivery, allowance_of, envelope, kilograms, reference_of
from eximledger.formats.ubl.goods import item_of
from eximledger.formats.ubl.journey import Journey, Stage, stages_of
from eximledger.formats.ubl.parties import address_of, identifier_at, party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    Container,
    FreightPayment,
    Money,
    Party,
    Place,
    Reference,
    TransportDocument,
    TransportGoods,
    TransportType,
)

__all__ = ["containers_of", "packages_of", "read_transport_document", "references_of"]

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


def read_transport_document(root: Node) -> TransportDocument:
    """The transport document. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    envelope(root)
    bill = _Bill(root)
    with root.located():
        return TransportDocument(
            bill_number=root.need_text("ID"),
            type=_type_of(root, bill.stages),
            carrier_number=root.text("CarrierAssignedID"),
            issued_on=root.need_day("IssueDate"),
            on_board_on=bill.journey.loaded_on or bill.journey.departed_on,
            shipper=bill.parties.shipper,
            consignee=bill.parties.consignee,
            to_order=root.flag("ToOrderIndicator"),
            notify=bill.parties.notify,
            carrier=bill.parties.carrier,
            forwarder=bill.parties.forwarder,
            deliver_to=bill.parties.deliver_to,
            loading=bill.journey.loading,
            discharge=bill.journey.discharge,
            final_destination=bill.final_destination,
            origin_country=bill.journey.origin_country,
            destination_country=bill.journey.destination_country,
            stages=tuple(stage.stage for stage in bill.stages),
            vessel=bill.journey.vessel,
            voyage=bill.journey.voyage,
            imo_number=bill.journey.imo_number,
            containers=containers_of(bill.shipment, bill.consignment),
            packages=packages_of(bill.shipment, bill.consignment),
            gross_weight_kg=bill.measure("GrossWeightMeasure"),
            net_weight_kg=bill.measure("NetWeightMeasure"),
            volume_m3=bill.measure("GrossVolumeMeasure", unit="MTQ"),
            goods=bill.goods,
            incoterm=bill.delivery.incoterm,
            delivery_terms=bill.delivery.written,
            freight_terms=_freight_terms(bill.consignment),
            freight_payment=bill.freight_payment,
            freight_charges=unique(bill.charges),
            declared_carriage_value=bill.carriage_value(),
            declared_customs_value=bill.money("DeclaredCustomsValueAmount"),
            insured_value=bill.money("InsuranceValueAmount"),
            fob_value=bill.money("FreeOnBoardValueAmount"),
            contract_number=bill.numbers.first("contract") or bill.numbers.first("order"),
            invoice_numbers=bill.numbers.all("invoice"),
            declaration_numbers=bill.numbers.all("declaration"),
            references=bill.references,
            identifiers=tuple(identifier_at(root, "UUID", scheme="UUID")),
            clauses=_clauses(bill.shipment, bill.consignment),
            notes=_notes(root, bill.shipment, bill.consignment),
        )


class _Bill:
    """The parts of the paper; each marks what it reads, so that their order counts."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self.shipment = shipment = root.need("Shipment")
        self.consignment = consignment = shipment.find("Consignment") or Node("Consignment", {}, None)
        self.parties = _Parties(root, shipment, consignment)
        self.stages = stages_of(shipment, consignment)
        self.journey = Journey(shipment, consignment, self.stages)
        self.delivery = Delivery(consignment.all("DeliveryTerms"))
        self.goods = _goods(shipment, consignment)
        self.references = references_of(root, shipment, consignment)
        self.numbers = Numbers(self.references)
        freight = consignment.all("FreightAllowanceCharge") + shipment.all("FreightAllowanceCharge")
        self.charges = [allowance_of(node) for node in freight]
        self.freight_payment = _freight_payment(freight)
        self.final_destination = _final_destination(self.delivery)

    def money(self, name: str) -> Money | None:
        return self.shipment.money(name) or self.consignment.money(name)

    def carriage_value(self) -> Money | None:
        """The value declared for carriage, which the two places name differently."""
        declared = self._root.money("DeclaredCarriageValueAmount")
        return declared or self.consignment.money("DeclaredForCarriageValueAmount")

    def measure(self, name: str, unit: str = "KGM") -> Decimal | None:
        stated = kilograms(self.shipment, name, unit)
        return stated if stated is not None else kilograms(self.consignment, name, unit)


def _final_destination(delivery: Delivery) -> Place | None:
    """Where the delivery terms name the destination; a place that they name otherwise is given back as unread."""
    if delivery.destination_port:
        return Place(code=delivery.destination_port, name=delivery.place)
    if delivery.location is not None:
        delivery.location.release()
    return None


def _type_of(root: Node, stages: list[Stage]) -> TransportType:
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


def _clauses(shipment: Node, consignment: Node) -> tuple[str, ...]:
    """What the carrier remarks on the consignment, and on damage to handling units and their equipment."""
    found = consignment.lines("Remarks")
    for where in (shipment, consignment):
        for unit in where.all("TransportHandlingUnit"):
            found += unit.lines("DamageRemarks")
            for equipment in unit.all("TransportEquipment"):
                found += equipment.lines("DamageRemarks")
    return unique(found)


def _freight_payment(charges: list[Node]) -> FreightPayment | None:
    """Prepaid or collect, where every charge says the same."""
    stated = {charge.flag("PrepaidIndicator") for charge in charges if charge.find("PrepaidIndicator") is not None}
    if len(stated) != 1:
        for node in (indicator for charge in charges for indicator in charge.all("PrepaidIndicator")):
            node.release()
        return None
    return FreightPayment.PREPAID if stated.pop() else FreightPayment.COLLECT


def _freight_terms(consignment: Node) -> str | None:
    found = consignment.texts("PaymentTerms", "Note") + consignment.texts("PaymentTerms", "PaymentMeansID")
    found += [text for node in consignment.all("FreightPaymentTerms") for text in node.texts("Note")]
    return "; ".join(unique(found)) or None


def packages_of(shipment: Node, consignment: Node) -> int | None:
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


def containers_of(shipment: Node, consignment: Node) -> tuple[Container, ...]:
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


def references_of(root: Node, shipment: Node, consignment: Node) -> tuple[Reference, ...]:
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
