"""UBL ExportCustomsDeclaration (2.3, 2.4) as the exporter's copy of a declaration. Source: OASIS UBL 2.3.

It is what the exporter declares, not what customs knows, and so no declaration of the ledger. Only one that carries the
number of a Chinese declaration can be held against customs' record.
"""

from __future__ import annotations

from decimal import Decimal

from eximledger.formats.text.values import export_declaration_of, unique
from eximledger.formats.ubl.elements import envelope
from eximledger.formats.ubl.goods import item_of
from eximledger.formats.ubl.packing import goods_items
from eximledger.formats.ubl.parties import party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import DeclarationCopy, DeclarationLine, LegalQuantity, Money

__all__ = ["read_export_declaration"]


def read_export_declaration(root: Node) -> DeclarationCopy:
    """The copy. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    envelope(root)
    declaration = root.need("CustomsDeclaration")
    number = _number(root, declaration)
    consignor = party_of(root.find("ExporterParty")) or party_of(declaration.find("ConsignorParty"))
    if consignor is None:
        raise root.missing("ExporterParty", "PartyName", "Name")
    again = declaration.find("ConsignorParty")
    if again is not None and party_of(again) != consignor:
        again.release()
    shipment = declaration.need("Shipment")
    lines = tuple(_line(node, place) for place, node in enumerate(goods_items(shipment), 1))
    if not lines:
        raise shipment.missing("GoodsItem")
    with root.located():
        return DeclarationCopy(
            declaration_number=number,
            consignor=consignor,
            consignee=party_of(declaration.find("ConsigneeParty")),
            declared_on=root.day("IssueDate"),
            lines=lines,
            total=_total(shipment),
            remarks="\n".join(root.lines("Note")) or None,
        )


def _number(root: Node, declaration: Node) -> str:
    """Customs' own number, which one of the two numbers is."""
    stated = unique([root.need_text("ID"), *declaration.texts("ID")])
    known = [number for number in stated if export_declaration_of(number) is not None]
    if len(known) != 1:
        reason = "is no number of a Chinese export declaration (18 digits, the ninth of them 0)"
        raise root.need("ID").error(reason if not known else "and CustomsDeclaration/ID name two declarations")
    return known[0]


def _total(shipment: Node) -> Money:
    for path in (
        ("DeclaredCustomsValueAmount",),
        ("Consignment", "DeclaredCustomsValueAmount"),
        ("Consignment", "TotalInvoiceAmount"),
    ):
        if (amount := shipment.money(*path)) is not None and amount.amount:
            return amount
    raise shipment.missing("DeclaredCustomsValueAmount")


def _line(node: Node, place: int) -> DeclarationLine:
    item = item_of(node)
    if item.hs_code is None:
        raise node.missing("Item", "CommodityClassification", "CommodityCode")
    quantity, unit = node.measure("Quantity")
    if quantity is None or unit is None:
        raise node.missing("Quantity") if quantity is None else node.need("Quantity").error("has no unit")
    legal, legal_unit = node.measure("CustomsTariffQuantity")
    described = [text for text in node.lines("Description") if text.casefold() != item.name.casefold()]
    specified = [*described, *([item.description] if item.description else [])]
    with node.located():
        return DeclarationLine(
            number=node.count("SequenceNumberID") or place,
            hs_code=item.hs_code,
            description=item.name,
            specification="\n".join(unique(specified)) or None,
            quantity=quantity,
            unit=unit,
            amount=_amount(node),
            legal_quantities=_legal(legal, legal_unit),
            origin_country=item.origin,
        )


def _legal(quantity: Decimal | None, unit: str | None) -> tuple[LegalQuantity, ...]:
    return (LegalQuantity(quantity=quantity, unit=unit),) if quantity is not None and unit is not None else ()


def _amount(node: Node) -> Money:
    """The value declared to customs; one of nothing is none, and one beside another value is in doubt."""
    stated = [node.money(name) for name in ("DeclaredCustomsValueAmount", "ValueAmount")]
    found = unique([amount for amount in stated if amount is not None and amount.amount])
    if not found:
        raise node.missing("DeclaredCustomsValueAmount")
    if len(found) > 1:
        raise node.need("ValueAmount").error("differs from DeclaredCustomsValueAmount: what was declared is in doubt")
    return found[0]
