"""Goods of UBL papers: items, prices, lines. Source: OASIS UBL 2.1, common library."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from eximledger.formats.text.terms import commodity_is_hs
from eximledger.formats.text.values import hs_code_of, unique
from eximledger.formats.ubl.elements import allowance_of
from eximledger.formats.ubl.parties import country_at, identifier_at
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import GoodsLine, Identifier

__all__ = ["Item", "goods_line", "item_of"]

_ARTICLE_NUMBERS: Final = {
    "SellersItemIdentification": "seller",
    "BuyersItemIdentification": "buyer",
    "ManufacturersItemIdentification": "manufacturer",
    "CatalogueItemIdentification": "catalogue",
}


class Item:
    """A `cac:Item`: the goods of a line, in the words of all documents."""

    __slots__ = ("classifications", "description", "hs_code", "identifiers", "name", "origin", "properties")

    def __init__(self, node: Node) -> None:
        descriptions = node.lines("Description")
        name = node.text("Name")
        if name is None:
            if not descriptions:
                raise node.missing("Name")
            name = " ".join(descriptions.pop(0).split())
        self.name = name
        self.description = "\n".join(descriptions) or None
        self.hs_code, self.classifications = _commodity_codes(node)
        self.identifiers = _item_numbers(node)
        self.properties = _properties(node)
        self.origin = country_at(node, "OriginCountry")


def item_of(node: Node) -> Item:
    return Item(node.need("Item"))


def _commodity_codes(node: Node) -> tuple[str | None, tuple[Identifier, ...]]:
    hs_code, others = None, []
    for entry in node.all("CommodityClassification"):
        for name in ("ItemClassificationCode", "CommodityCode", "NatureCode", "CargoTypeCode"):
            for code in entry.all(name):
                value = code.value()
                if value is None:
                    continue
                list_id, list_name = code.attribute("listID"), code.attribute("listName")
                is_hs = name == "CommodityCode" or commodity_is_hs(list_id, list_name)
                found = hs_code_of(value) if is_hs and hs_code is None else None
                if found is not None:
                    hs_code = found
                else:
                    scheme = list_id or list_name or (None if name == "ItemClassificationCode" else name)
                    others.append(Identifier(scheme=scheme, value=value))
    return hs_code, unique(others)


def _item_numbers(node: Node) -> tuple[Identifier, ...]:
    found: list[Identifier] = []
    for owner, scheme in _ARTICLE_NUMBERS.items():
        for value in node.texts(owner, "ID"):
            found.append(Identifier(scheme=scheme, value=value))
    for name in ("StandardItemIdentification", "AdditionalItemIdentification"):
        found += identifier_at(node, name, "ID", scheme="standard" if name[0] == "S" else None)
    return unique(found)


def _properties(node: Node) -> tuple[Identifier, ...]:
    found = []
    for entry in node.all("AdditionalItemProperty"):
        if (value := entry.text("Value")) is not None:
            found.append(Identifier(scheme=entry.text("Name"), value=value))
    found += [Identifier(scheme="brand", value=value) for value in node.texts("BrandName")]
    found += [Identifier(scheme="model", value=value) for value in node.texts("ModelName")]
    for instance in node.all("ItemInstance"):
        found += [Identifier(scheme="serial", value=value) for value in instance.texts("SerialID")]
        found += [Identifier(scheme="lot", value=v) for v in instance.texts("LotIdentification", "LotNumberID")]
        expiry = instance.texts("LotIdentification", "ExpiryDate")
        found += [Identifier(scheme="lot-expiry", value=value) for value in expiry]
    return tuple(found)


def goods_line(node: Node, quantity_name: str, currency: str | None) -> GoodsLine:
    """A line of an invoice, credit note or order."""
    item = item_of(node)
    quantity, unit = node.measure(quantity_name)
    category = node.find("Item", "ClassifiedTaxCategory") or node.find("TaxTotal", "TaxSubtotal", "TaxCategory")
    number = node.need_text("ID")
    price = _Price(node.find("Price"), currency)
    tax = node.find("TaxTotal", "TaxAmount")
    tax_amount = node.price("TaxTotal", "TaxAmount", currency=currency)
    _line_tax_repeats(node, tax, category)
    orders = node.texts("OrderLineReference", "LineID")
    notes = node.lines("Note")
    with node.located():
        return GoodsLine(
            number=number,
            name=item.name,
            description=item.description,
            hs_code=item.hs_code,
            classifications=item.classifications,
            identifiers=item.identifiers,
            properties=item.properties,
            quantity=quantity,
            unit=unit,
            unit_price=price.amount,
            price_base=price.base,
            price_base_unit=price.base_unit,
            gross_unit_price=price.gross,
            price_discount=price.discount,
            amount=node.money("LineExtensionAmount", currency=currency),
            allowances_charges=tuple(allowance_of(entry, currency) for entry in node.all("AllowanceCharge")),
            tax_category=category.text("ID") if category is not None else None,
            tax_percent=category.decimal("Percent") if category is not None else None,
            tax_amount=tax_amount,
            origin_country=item.origin,
            order_line=", ".join(unique(orders)) or None,
            note="\n".join(notes) or None,
        )


def _line_tax_repeats(node: Node, tax: Node | None, category: Node | None) -> None:
    """The scheme of a line's tax, and a subtotal that repeats the line's tax amount, say nothing more."""
    if category is not None:
        category.take("TaxScheme")
    subtotals = node.all("TaxTotal", "TaxSubtotal")
    if tax is not None and len(subtotals) == 1 and subtotals[0].decimal("TaxAmount") != tax.decimal():
        subtotals[0].release()
    elif len(subtotals) == 1:
        subtotals[0].take("TaxAmount")
        subtotals[0].take("TaxableAmount")


class _Price:
    """`cac:Price`: net price, its base quantity, and the discount from the gross price."""

    def __init__(self, node: Node | None, currency: str | None) -> None:
        self.amount = self.gross = self.discount = None
        self.base = Decimal(1)
        self.base_unit: str | None = None
        if node is None:
            return
        self.amount = node.price("PriceAmount", currency=currency)
        self._read_base(node)
        for entry in node.all("AllowanceCharge"):
            if entry.flag("ChargeIndicator") or self.discount is not None:
                entry.release()
                continue
            self.discount = entry.price("Amount", currency=currency)
            self.gross = entry.price("BaseAmount", currency=currency)
            self._read_percent(entry)

    def _read_base(self, node: Node) -> None:
        base, unit = node.measure("BaseQuantity")
        if base is None:
            return
        if base > 0:
            self.base, self.base_unit = base, unit
        else:
            node.need("BaseQuantity").unusable("a price is for more than zero units")

    def _read_percent(self, entry: Node) -> None:
        """The factor says nothing more where it follows from the discount and the gross price."""
        factor = entry.decimal("MultiplierFactorNumeric")
        if factor is None or self.gross is None or self.discount is None:
            return
        if abs(self.gross * factor - self.discount) > Decimal("0.01") < abs(self.gross * factor / 100 - self.discount):
            entry.need("MultiplierFactorNumeric").release()
