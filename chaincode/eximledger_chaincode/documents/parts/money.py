"""Exact money, prices and quantities. No float comes in, none is computed.

ISO 4217 gives the currency and its minor units; China Customs' own three digits of older declarations are accepted and
turned into ISO 4217.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from typing import Annotated, Final, Self

from iso4217 import Currency as IsoCurrency
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from eximledger_chaincode.documents.parts.base import Value
from hlf_chaincode.canonical import decimal_text

__all__ = ["CUSTOMS_CURRENCIES", "Currency", "ExactDecimal", "Money", "Quantity", "Rate", "UnitAmount", "minor_units"]

CUSTOMS_CURRENCIES: Final = {
    "110": "HKD", "116": "JPY", "121": "MOP", "132": "SGD", "133": "KRW", "136": "THB", "142": "CNY",
    "143": "TWD", "300": "EUR", "302": "DKK", "303": "GBP", "326": "NOK", "330": "SEK", "331": "CHF",
    "344": "RUB", "501": "CAD", "502": "USD", "601": "AUD", "609": "NZD",
}  # fmt: skip
"""China Customs' currency digits (货币代码表) and the ISO 4217 codes that replaced them."""

_OFFSHORE: Final = {"CNH": "CNY"}
"""Renminbi outside China, as statements call it: one currency, with no code of its own in ISO 4217."""

_EXACT: Final = Context(prec=60)


@lru_cache(maxsize=256)
def _iso(code: str) -> IsoCurrency | None:
    try:
        return IsoCurrency(code)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _currency(value: str) -> str:
    code = CUSTOMS_CURRENCIES.get(value, value.upper())
    code = _OFFSHORE.get(code, code)
    if _iso(code) is None:
        raise ValueError(f"{value!r} is not an ISO 4217 currency code")
    return code


Currency = Annotated[str, AfterValidator(_currency)]
"""ISO 4217 alphabetic code."""


@lru_cache(maxsize=256)
def minor_units(currency: str) -> int:
    """Digits after the point of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD."""
    iso = _iso(currency)
    if iso is None:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code")
    return int(iso.exponent or 0)


@lru_cache(maxsize=8)
def _unit(places: int) -> Decimal:
    """One minor unit: 0.01 for two places."""
    return Decimal(1).scaleb(-places)


def _no_float(value: object) -> object:
    if isinstance(value, float | bool):
        raise ValueError("write a decimal as text or as a whole number: a float is not exact")
    if isinstance(value, str) and ("e" in value or "E" in value or "_" in value):
        raise ValueError("write a decimal in plain digits")
    return value


def _plain(value: Decimal) -> Decimal:
    """Without exponent and without trailing zeros after the point, so that equal quantities have equal text."""
    if value.as_tuple().exponent == 0 and value:
        return value
    text = decimal_text(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal("0" if text in {"-0", ""} else text)


ExactDecimal = Annotated[
    Decimal,
    Field(max_digits=30, decimal_places=12),
    BeforeValidator(_no_float),
    AfterValidator(_plain),
    PlainSerializer(decimal_text, return_type=str, when_used="json"),
]
"""An exact decimal of at most 30 digits, 12 of them after the point; decimal text in JSON."""

Quantity = ExactDecimal
"""A count or measure; its unit stands beside it. May be negative on a correcting line."""

UnitAmount = ExactDecimal
"""A price per unit, or another amount that papers state beyond the currency's minor units."""

Rate = Annotated[ExactDecimal, Field(gt=0)]
"""An exchange rate."""

_AmountDecimal = Annotated[
    Decimal,
    Field(max_digits=30),
    BeforeValidator(_no_float),
    PlainSerializer(decimal_text, return_type=str, when_used="json"),
]


class Money(Value):
    """An amount in whole minor units of its currency: `{"amount": "7760000.00", "currency": "CNY"}`.

    An amount with more decimals than the currency has is refused; one with fewer is filled up with zeros, so equal
    money has equal text.
    """

    amount: _AmountDecimal
    currency: Currency

    @model_validator(mode="after")
    def _in_minor_units(self) -> Self:
        places = minor_units(self.currency)
        exact = self.amount.quantize(_unit(places), context=_EXACT)
        if exact != self.amount:
            raise ValueError(f"{self.currency} has {places} decimals; the amount has more")
        if exact.is_zero():
            exact = exact.copy_abs()
        object.__setattr__(self, "amount", exact)
        return self

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """`Money.of("12.50", "USD")`; ValueError when the amount is not in whole minor units, TypeError for a float."""
        if isinstance(amount, float | bool):
            raise TypeError("write an amount as text, as a whole number or as a Decimal: a float is not exact")
        return cls(amount=Decimal(amount), currency=currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return _nothing(currency)

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(amount=_EXACT.add(self.amount, other.amount), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(amount=_EXACT.subtract(self.amount, other.amount), currency=self.currency)

    def __neg__(self) -> Money:
        return Money(amount=self.amount.copy_negate(), currency=self.currency)  # minus would round to 28 digits

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount > other.amount

    def __ge__(self, other: Money) -> bool:
        self._same(other)
        return self.amount >= other.amount

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"


@lru_cache(maxsize=256)
def _nothing(currency: str) -> Money:
    """Of which every case needs a hundred."""
    return Money(amount=Decimal(0), currency=currency)
