"""Lines, prices and allowances of a Cross Industry Invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from eximledger.formats.text.terms import commodity_is_hs
from eximledger.formats.text.values import country_of, hs_code_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import AllowanceCharge, GoodsLine, Identifier

__all__ = ["allowances_of", "lines_of"]

_NO_GOODS: Final = {
    "GROUP": "a line that sums up others is no goods of its own",
    "INFORMATION": "a line for information counts for nothing",
}
_LINE_TOTAL: Final = (
    "SpecifiedLineTradeSettlement",
    "SpecifiedTradeSettlementLineMonetarySummation",
    "LineTotalAmount",
)
_NOT_A_COUNTRY: Final = "is not an ISO 3166 country code"


def allowances_of(node: Node, currency: str) -> list[AllowanceCharge]:
    found = [_allowance(entry, currency) for entry in node.all("SpecifiedTradeAllowanceCharge")]
    for entry in node.all("SpecifiedLogisticsServiceCharge"):
        amount = entry.money("AppliedAmount", currency=currency)
        if amount is not None:
            found.append(AllowanceCharge(charge=True, amount=amount, reason=entry.text("Description")))
            _take_tax(entry, "AppliedTradeTax")
    return found


def _take_tax(node: Node, name: str) -> tuple[str | None, Decimal | None]:
    node.take(name, "TypeCode")
    category = node.find(name)
    if category is None:
        return None, None
    return category.text("CategoryCode"), category.decimal("RateApplicablePercent")


def _allowance(node: Node, currency: str) -> AllowanceCharge:
    amount = node.money("ActualAmount", currency=currency)
    if amount is None:
        raise node.missing("ActualAmount")
    category, percent = _take_tax(node, "CategoryTradeTax")
    with node.located():
        return AllowanceCharge(
            charge=node.flag("ChargeIndicator", "Indicator"),
            amount=amount,
            base_amount=node.money("BasisAmount", currency=currency),
            percent=node.decimal("CalculationPercent"),
            reason=node.text("Reason"),
            reason_code=node.text("ReasonCode"),
            tax_category=category,
            tax_percent=percent,
        )


def lines_of(
    nodes: list[Node], currency: str, total: Decimal | None, quantity: str = "BilledQuantity"
) -> tuple[GoodsLine, ...]:
    """The lines of goods: not those that sum up others or only inform (Factur-X EXTENDED, BT-X-8).

    `quantity` is the element that has it.
    """
    goods = []
    for node in nodes:
        reason = _NO_GOODS.get(_status_of(node)) or _only_text(node)
        if reason is None:
            goods.append(node)
        else:
            node.skip(reason)
    goods = _without_sums(goods, total)
    return tuple(_line_of(node, currency, quantity) for node in goods)


def _only_text(node: Node) -> str | None:
    """ZUGFeRD 1 has lines that are a note, and nothing else."""
    if node.find("SpecifiedTradeProduct") is None and node.find(*_LINE_TOTAL) is None:
        return "a line of text holds no goods"
    return None


def _status_of(node: Node) -> str:
    return (node.text("AssociatedDocumentLineDocument", "LineStatusReasonCode") or "").upper()


def _without_sums(nodes: list[Node], total: Decimal | None) -> list[Node]:
    """Lines that nothing calls a group or a detail, some of them below others: the total of lines tells which count."""
    parents = {number for node in nodes for number in node.texts("AssociatedDocumentLineDocument", "ParentLineID")}
    numbers = [node.need("AssociatedDocumentLineDocument").need_text("LineID") for node in nodes]
    upper = [node for node, number in zip(nodes, numbers, strict=True) if number in parents]
    if not upper or all(_status_of(node) for node in upper):
        return nodes
    lower = [node for node, number in zip(nodes, numbers, strict=True) if number not in parents]
    below = [node for node in nodes if node.find("AssociatedDocumentLineDocument", "ParentLineID") is not None]
    top = [node for node in nodes if node.find("AssociatedDocumentLineDocument", "ParentLineID") is None]
    choices: tuple[tuple[list[Node], list[Node]], ...] = ((nodes, []), (lower, upper), (top, below))
    for kept, left in choices:
        if sum((_amount_of(node) for node in kept), Decimal(0)) == total:
            for node in left:
                node.skip("the lines above or below it make up the total")
            return kept
    return nodes


def _amount_of(node: Node) -> Decimal:
    return node.decimal(*_LINE_TOTAL) or Decimal(0)


def _line_of(node: Node, currency: str, quantity_name: str) -> GoodsLine:
    document = node.need("AssociatedDocumentLineDocument")
    product = node.find("SpecifiedTradeProduct") or Node("SpecifiedTradeProduct", {}, None)
    agreement = node.find("SpecifiedLineTradeAgreement") or Node("SpecifiedLineTradeAgreement", {}, None)
    settlement = node.find("SpecifiedLineTradeSettlement") or Node("SpecifiedLineTradeSettlement", {}, None)
    delivery = node.find("SpecifiedLineTradeDelivery") or Node("SpecifiedLineTradeDelivery", {}, None)
    quantity, unit = delivery.measure(quantity_name)
    names = product.lines("Name")
    descriptions = product.lines("Description")
    if not names and not descriptions:
        raise node.missing("SpecifiedTradeProduct", "Name")
    hs_code, classifications = _classifications(product)
    price = _Price(agreement, currency)
    notes = [text for entry in document.all("IncludedNote") for text in entry.lines("Content")]
    settlement.take("ApplicableTradeTax", "TypeCode")
    with node.located():
        return GoodsLine(
            number=document.need_text("LineID"),
            name=names[0] if names else descriptions.pop(0),
            description="\n".join(descriptions) or None,
            hs_code=hs_code,
            classifications=classifications,
            identifiers=_article_numbers(product),
            properties=_characteristics(product),
            quantity=quantity,
            unit=unit,
            unit_price=price.net,
            price_base=price.base,
            price_base_unit=price.base_unit,
            gross_unit_price=price.gross,
            price_discount=price.discount,
            amount=settlement.money(
                "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount", currency=currency
            ),
            allowances_charges=tuple(allowances_of(settlement, currency)),
            tax_category=settlement.text("ApplicableTradeTax", "CategoryCode"),
            tax_percent=settlement.decimal("ApplicableTradeTax", "RateApplicablePercent"),
            tax_amount=settlement.decimal("ApplicableTradeTax", "CalculatedAmount"),
            origin_country=product.converted(country_of, _NOT_A_COUNTRY, "OriginTradeCountry", "ID"),
            order_line=agreement.text("BuyerOrderReferencedDocument", "LineID"),
            note="\n".join(notes) or None,
        )


class _Price:
    """Net and gross price of a line. The base of the net price counts; the gross one's is the same or is reported."""

    def __init__(self, agreement: Node, currency: str) -> None:
        self.base = Decimal(1)
        self.base_unit: str | None = None
        net = agreement.find("NetPriceProductTradePrice")
        gross = agreement.find("GrossPriceProductTradePrice")
        self.net = net.price("ChargeAmount", currency=currency) if net is not None else None
        self.gross = gross.price("ChargeAmount", currency=currency) if gross is not None else None
        self.discount: Decimal | None = None
        for holder in (net, gross):
            self._read_base(holder)
        for entry in gross.all("AppliedTradeAllowanceCharge") if gross is not None else []:
            if not entry.flag("ChargeIndicator", "Indicator") and self.discount is None:
                self.discount = entry.price("ActualAmount", currency=currency)
            else:
                entry.release()

    def _read_base(self, node: Node | None) -> None:
        if node is None:
            return
        base, unit = node.measure("BasisQuantity")
        if base is None:
            return
        if base <= 0:
            node.need("BasisQuantity").unusable("a price is for more than zero units")
        elif self.base_unit is None and self.base == 1:
            self.base, self.base_unit = base, unit
        elif (base, unit) != (self.base, self.base_unit):
            node.need("BasisQuantity").unusable("differs from the base of the net price")


def _classifications(product: Node) -> tuple[str | None, tuple[Identifier, ...]]:
    hs_code, others = None, []
    for code in product.all("DesignatedProductClassification", "ClassCode"):
        value, list_id = code.value(), code.attribute("listID")
        if value is None:
            continue
        found = hs_code_of(value) if hs_code is None and commodity_is_hs(list_id, None) else None
        if found is not None:
            hs_code = found
        else:
            others.append(Identifier(scheme=list_id, value=value))
    return hs_code, unique(others)


def _article_numbers(product: Node) -> tuple[Identifier, ...]:
    found = []
    for name, scheme in (("SellerAssignedID", "seller"), ("BuyerAssignedID", "buyer"), ("ID", None)):
        found += [Identifier(scheme=scheme, value=value) for value in product.texts(name)]
    for node in product.all("GlobalID"):
        if (value := node.value()) is not None:
            found.append(Identifier(scheme=node.attribute("schemeID") or "standard", value=value))
    return tuple(found)


def _characteristics(product: Node) -> tuple[Identifier, ...]:
    found = []
    for node in product.all("ApplicableProductCharacteristic"):
        if (value := node.text("Value")) is not None:
            found.append(Identifier(scheme=node.text("Description"), value=value))
    found += [Identifier(scheme="brand", value=value) for value in product.texts("BrandName")]
    found += [Identifier(scheme="model", value=value) for value in product.texts("ModelName")]
    return tuple(found)
