"""UBL PackingList. Source: OASIS UBL 2.0 to 2.4; it is built as a waybill is, with the goods in the shipment."""

from __future__ import annotations

from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.values import unique
from eximledger.formats.ubl.elements import envelope, kilograms
from eximledger.formats.ubl.goods import Item, item_of
from eximledger.formats.ubl.parties import country_at, delivered_to, identifier_at, party_of
from eximledger.formats.ubl.waybill import containers_of, packages_of, references_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import PackingLine, PackingList

__all__ = ["goods_items", "read_packing_list"]


def read_packing_list(root: Node) -> PackingList:
    """The packing list. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    envelope(root)
    shipment = root.need("Shipment")
    consignment = shipment.find("Consignment") or Node("Consignment", {}, None)
    seller = party_of(root.find("ConsignorParty")) or party_of(consignment.find("ConsignorParty"))
    if seller is None:
        raise root.missing("ConsignorParty", "PartyName", "Name")
    buyer = party_of(consignment.find("ConsigneeParty"))
    delivery = shipment.find("Delivery")
    ship_to = delivered_to(delivery, buyer.name if buyer is not None else None) if delivery is not None else None
    references = references_of(root, shipment, consignment)
    numbers = Numbers(references)
    lines = tuple(_line(node, place) for place, node in enumerate(goods_items(shipment), 1))
    if not lines:
        raise shipment.missing("GoodsItem")
    volume = kilograms(shipment, "GrossVolumeMeasure", "MTQ")
    with root.located():
        return PackingList(
            list_number=root.need_text("ID"),
            issued_on=root.need_day("IssueDate"),
            seller=seller,
            buyer=buyer,
            ship_to=ship_to,
            carrier=party_of(root.find("CarrierParty")) or party_of(consignment.find("CarrierParty")),
            invoice_numbers=numbers.all("invoice"),
            contract_number=numbers.first("contract"),
            order_number=numbers.first("order"),
            shipment_number=shipment.text("ID"),
            despatched_on=shipment.day("Delivery", "Despatch", "ActualDespatchDate"),
            destination_country=country_at(consignment, "FinalDestinationCountry")
            or (ship_to.country if ship_to is not None else None),
            packages=packages_of(shipment, consignment),
            gross_weight_kg=kilograms(shipment, "GrossWeightMeasure") or kilograms(consignment, "GrossWeightMeasure"),
            net_weight_kg=kilograms(shipment, "NetWeightMeasure") or kilograms(consignment, "NetWeightMeasure"),
            volume_m3=volume or kilograms(consignment, "GrossVolumeMeasure", "MTQ"),
            containers=unique([each.number for each in containers_of(shipment, consignment)]),
            lines=lines,
            references=references,
            identifiers=tuple(identifier_at(root, "UUID", scheme="UUID")),
            notes=unique([*root.lines("Note"), *root.lines("Description"), *root.lines("OtherInstruction")]),
        )


def goods_items(shipment: Node) -> list[Node]:
    """The goods: of the shipment itself, else of what its packages hold. Those of both places are the same goods, and
    counted once."""
    return shipment.all("GoodsItem") or list(_within(shipment))


def _within(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.children:
        found += [child] if child.name == "GoodsItem" else _within(child)
    return found


def _line(node: Node, place: int) -> PackingLine:
    item = item_of(node) if node.find("Item") is not None else None
    described = node.lines("Description")
    name = item.name if item is not None else None
    if name is None:
        if not described:
            raise node.missing("Item", "Name")
        name = " ".join(described.pop(0).split())
    number = node.text("ID") or node.text("SequenceNumberID") or str(place)
    quantity, unit = node.measure("Quantity")
    orders = node.texts("OrderLineReference", "LineID")
    with node.located():
        return PackingLine(
            number=number,
            name=name,
            description=_described(item, described, name),
            hs_code=item.hs_code if item is not None else None,
            quantity=quantity,
            unit=unit,
            packages=node.count("ContainingPackage", "Quantity"),
            package_kind=", ".join(unique(node.texts("ContainingPackage", "PackagingTypeCode"))) or None,
            gross_weight_kg=kilograms(node, "GrossWeightMeasure"),
            net_weight_kg=kilograms(node, "NetWeightMeasure"),
            identifiers=unique([*item.identifiers, *item.classifications]) if item is not None else (),
            properties=item.properties if item is not None else (),
            order_number=node.text("OrderLineReference", "OrderReference", "ID"),
            order_line=", ".join(unique(orders)) or None,
        )


def _described(item: Item | None, described: list[str], name: str) -> str | None:
    texts = [*described, *([item.description] if item is not None and item.description else [])]
    return "\n".join(unique([text for text in texts if text.casefold() != name.casefold()])) or None
