"""Lines of goods as contracts and invoices state them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Flag, Value
from eximledger_chaincode.documents.parts.identifiers import Country, HsCode, Number, Text
from eximledger_chaincode.documents.parts.money import ExactDecimal, Money, Quantity, UnitAmount
from eximledger_chaincode.documents.parts.party import Identifier

__all__ = ["AllowanceCharge", "GoodsLine", "TaxSubtotal"]


class AllowanceCharge(Value):
    """A deduction (`charge` false) or an addition (`charge` true). `amount` is never negative in a sound paper."""

    charge: Flag
    amount: Money
    base_amount: Money | None = None
    percent: ExactDecimal | None = None
    reason: Text | None = None
    reason_code: Text | None = None
    tax_category: Text | None = None
    tax_percent: ExactDecimal | None = None


class TaxSubtotal(Value):
    """Tax of one category. Exports usually carry none; domestic invoices among the samples do."""

    taxable_amount: Money | None = None
    tax_amount: Money
    category: Text | None = None
    percent: ExactDecimal | None = None
    scheme: Text | None = None
    exemption_code: Text | None = None
    exemption_reason: Text | None = None


class GoodsLine(Value):
    """One line of a contract or invoice. Net price = `unit_price` for each `price_base` units."""

    number: Number
    name: Text
    description: Text | None = None
    hs_code: HsCode | None = None
    classifications: tuple[Identifier, ...] = ()
    """Other commodity codes (UNSPSC, CPV, ...)."""
    identifiers: tuple[Identifier, ...] = ()
    """Article numbers of seller, buyer, standard (GTIN)."""
    properties: tuple[Identifier, ...] = ()
    """Named characteristics, such as colour or model: scheme is the name."""
    quantity: Quantity | None = None
    unit: Text | None = None
    unit_price: UnitAmount | None = None
    price_base: Annotated[Quantity, Field(gt=0)] = Decimal(1)
    price_base_unit: Text | None = None
    """Unit of `price_base` where the paper states it: a price per tonne of goods counted in kilograms."""
    gross_unit_price: UnitAmount | None = None
    price_discount: UnitAmount | None = None
    amount: Money | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    tax_category: Text | None = None
    tax_percent: ExactDecimal | None = None
    tax_amount: UnitAmount | None = None
    """Tax of the line as stated, also beyond minor units."""
    origin_country: Country | None = None
    order_line: Number | None = None
    note: Text | None = None
