"""UBL DespatchAdvice as the packing list that it stands for. Source: OASIS UBL 2.0 to 2.4."""

from __future__ import annotations

from datetime import date

from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.values import container_of, unique
from eximledger.formats.ubl.elements import envelope, kilograms, reference_of
from eximledger.formats.ubl.goods import item_of
from eximledger.formats.ubl.parties import delivered_to, identifier_at, party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import PackingLine, PackingList, Party, Reference

__all__ = ["read_despatch_advice"]

_NOT_A_CONTAINER = "is not a container number of ISO 6346"


def read_despatch_advice(root: Node) -> PackingList:
    """The packing list. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    envelope(root)
    seller = party_of(root.need("DespatchSupplierParty"))
    if seller is None:
        raise root.missing("DespatchSupplierParty", "Party", "PartyName", "Name")
    buyer = party_of(root.find("DeliveryCustomerParty"))
    shipment = root.find("Shipment") or Node("Shipment", {}, None)
    references = _references(root)
    lines = tuple(_line(node) for node in root.all("DespatchLine"))
    if not lines:
        raise root.missing("DespatchLine")
    ship_to = _ship_to(shipment, buyer)
    numbers = Numbers(references)
    with root.located():
        return PackingList(
            list_number=root.need_text("ID"),
            issued_on=root.need_day("IssueDate"),
            seller=seller,
            buyer=buyer,
            ship_to=ship_to,
            carrier=_carrier(shipment),
            invoice_numbers=numbers.all("invoice"),
            contract_number=numbers.first("contract"),
            order_number=numbers.first("order"),
            shipment_number=shipment.text("ID"),
            despatched_on=_despatched_on(shipment),
            delivery_start=shipment.day("Delivery", "RequestedDeliveryPeriod", "StartDate"),
            delivery_end=shipment.day("Delivery", "RequestedDeliveryPeriod", "EndDate"),
            destination_country=ship_to.country if ship_to is not None else None,
            packages=_packages(shipment),
            gross_weight_kg=kilograms(shipment, "GrossWeightMeasure"),
            net_weight_kg=kilograms(shipment, "NetWeightMeasure"),
            volume_m3=kilograms(shipment, "GrossVolumeMeasure", "MTQ"),
            containers=containers_of(shipment),
            lines=lines,
            references=references,
            identifiers=tuple(
                identifier_at(root, "UUID", scheme="UUID")
                + identifier_at(shipment, "Consignment", "ID", scheme="Consignment")
            ),
            notes=tuple(root.lines("Note")),
        )


def containers_of(shipment: Node) -> tuple[str, ...]:
    """Container numbers of the transport equipment; one that is none is reported, not refused."""
    found = []
    for node in (*shipment.all("TransportHandlingUnit"), shipment):
        for equipment in (*node.all("TransportEquipment"), *node.all("TransportHandlingUnit", "TransportEquipment")):
            if (number := equipment.converted(container_of, _NOT_A_CONTAINER, "ID")) is not None:
                found.append(number)
    return unique(found)


def _packages(shipment: Node) -> int | None:
    stated = shipment.count("TotalTransportHandlingUnitQuantity")
    if stated is not None:
        return stated
    counts = [count for unit in shipment.all("TransportHandlingUnit") if (count := unit.count("TotalPackageQuantity"))]
    return sum(counts) if counts else None


def _carrier(shipment: Node) -> Party | None:
    for path in (("Consignment", "CarrierParty"), ("ShipmentStage", "CarrierParty"), ("Delivery", "CarrierParty")):
        if (carrier := party_of(shipment.find(*path))) is not None:
            return carrier
    return None


def _despatched_on(shipment: Node) -> date | None:
    return shipment.day("Delivery", "Despatch", "ActualDespatchDate")


def _ship_to(shipment: Node, buyer: Party | None) -> Party | None:
    """Where the goods go; an address without a name is that of the customer who takes delivery."""
    node = shipment.find("Delivery")
    return delivered_to(node, buyer.name if buyer is not None else None) if node is not None else None


def _references(root: Node) -> tuple[Reference, ...]:
    found: list[Reference | None] = []
    orders = root.all("OrderReference") + root.all("DespatchLine", "OrderLineReference", "OrderReference")
    for node in orders:
        found.append(reference_of(node, "order"))
        found += [Reference(kind="sales-order", number=number) for number in node.texts("SalesOrderID")]
    found += [reference_of(node) for node in root.all("AdditionalDocumentReference")]
    found += [reference_of(node) for node in root.all("DespatchLine", "DocumentReference")]
    return unique([reference for reference in found if reference is not None])


def _line(node: Node) -> PackingLine:
    item = item_of(node)
    quantity, unit = node.measure("DeliveredQuantity")
    outstanding, unit_outstanding = node.measure("OutstandingQuantity")
    reasons = node.texts("OutstandingReason")
    if outstanding is None:
        outstanding, unit_outstanding = node.measure("BackorderQuantity")
        reasons = reasons or node.texts("BackorderReason")
    if unit_outstanding is not None and unit_outstanding != unit:
        raise node.error("counts what is outstanding in another unit than what is delivered")
    goods = node.find("Shipment", "GoodsItem")
    orders = node.texts("OrderLineReference", "LineID")
    order_numbers = [entry.raw.strip() for entry in node.all("OrderLineReference", "OrderReference", "ID")]
    with node.located():
        return PackingLine(
            number=node.need_text("ID"),
            name=item.name,
            description=item.description,
            hs_code=item.hs_code,
            quantity=quantity,
            unit=unit,
            outstanding_quantity=outstanding,
            outstanding_reason="; ".join(reasons) or None,
            gross_weight_kg=kilograms(goods, "GrossWeightMeasure") if goods is not None else None,
            net_weight_kg=kilograms(goods, "NetWeightMeasure") if goods is not None else None,
            identifiers=unique([*item.identifiers, *item.classifications]),
            properties=item.properties,
            order_number=next(iter(order_numbers), None),
            order_line=", ".join(unique(orders)) or None,
            note="\n".join(node.lines("Note")) or None,
        )
