"""Values on one basis: FOB, and one currency at the reference rate of the export date.

FOB = CIF - freight - insurance (transaction mode 1), C&F - freight (2), C&I - insurance (4); other modes are taken as
declared. Charges that the declaration does not state, or states below zero, count as nothing; a rate (customs' mark 1)
is one of the declared total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from pydantic import ValidationError

from eximledger_chaincode.documents import ExportDeclaration, Money, ReferenceRate, minor_units
from eximledger_chaincode.documents.parts.record import Record
from eximledger_chaincode.lending.exact import EXACT, half_up, summed
from hlf_chaincode.errors import Refused

__all__ = [
    "MAX_RATE_AGE", "convert", "counted", "declared_amounts", "fob_value", "freight_of", "insurance_of", "less", "most",
    "rate_on",
]  # fmt: skip

_DIGITS: Final = 30
"""Digits of the largest amount that money can say."""

MAX_RATE_AGE: Final = timedelta(days=10)
"""How old a quotation may be: the longest run of days without one is the October or New Year holiday."""


def rate_on(currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> Fraction:
    """CNY for one unit of `currency` by the quotation of `day`, or the last one of the ten days before it; exact.

    Raises `Refused` when that quotation is missing, with `currency` and `day` in its details.
    """
    if currency == "CNY":
        return Fraction(1)
    latest: ReferenceRate | None = None
    for quoted in (record.document for record in rates):
        in_time = timedelta(0) <= day - quoted.quoted_on <= MAX_RATE_AGE
        if in_time and quoted.currency == currency and (latest is None or quoted.quoted_on > latest.quoted_on):
            latest = quoted
    if latest is None:
        raise Refused(
            f"no reference rate of {currency} on {day} or the ten days before it: SAFE files one first",
            currency=currency,
            day=day.isoformat(),
        )
    return Fraction(latest.cny) / latest.unit


def convert(money: Money, currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> Money:
    """`money` in another currency through CNY, rounded half up to its minor unit.

    Raises `Refused` when a quotation is missing (`rate_on`), or the result has more digits than money can have.
    """
    if money.currency == currency:
        return money
    value = Fraction(money.amount) * rate_on(money.currency, day, rates) / rate_on(currency, day, rates)
    return _money(half_up(value, minor_units(currency)), currency)


def _money(amount: Decimal, currency: str) -> Money:
    try:
        return Money(amount=amount, currency=currency)
    except ValidationError:
        raise Refused(f"{amount:,f} {currency} has more digits than money can have", currency=currency) from None


def fob_value(declaration: ExportDeclaration, rates: Sequence[Record[ReferenceRate]]) -> Money:
    """FOB value in the declaration's currency, from zero to what is declared. Raises `Refused` as `convert` does."""
    freight, insurance = freight_of(declaration), insurance_of(declaration)
    charges = {"1": (freight, insurance), "2": (freight,), "4": (insurance,)}.get(declaration.transaction_mode, ())
    value = declaration.total
    included = [convert(charge, value.currency, declaration.dated, rates) for charge in charges if charge is not None]
    return less(value, included)


def freight_of(declaration: ExportDeclaration) -> Money | None:
    """The freight that a declaration states, as an amount or by a rate."""
    return declaration.freight or _by_rate(declaration, declaration.freight_percent)


def insurance_of(declaration: ExportDeclaration) -> Money | None:
    """The insurance that a declaration states, as an amount or by a rate."""
    return declaration.insurance or _by_rate(declaration, declaration.insurance_percent)


def _by_rate(declaration: ExportDeclaration, percent: Decimal | None) -> Money | None:
    if percent is None:
        return None
    total = declaration.total
    share = Fraction(total.amount) * Fraction(percent) / 100
    return _money(half_up(share, minor_units(total.currency)), total.currency)


def declared_amounts(declaration: ExportDeclaration) -> Iterator[Money]:
    """The amounts from which a declaration's FOB value is computed."""
    for money in (declaration.total, declaration.freight, declaration.insurance, declaration.other_charges):
        if money is not None:
            yield money


def less(value: Money, taken: Iterable[Money]) -> Money:
    """`value` less all that is taken of it, never below zero; all in one currency. What is below zero takes nothing."""
    with localcontext(EXACT):
        left = value.amount - summed(max(money.amount, Decimal(0)) for money in taken)
        return _money(max(left, Decimal(0)), value.currency)


def most(currency: str) -> Decimal:
    """The largest amount that money can say in a currency."""
    return Decimal("9" * _DIGITS).scaleb(-minor_units(currency), context=EXACT)


def counted(amount: Decimal, currency: str) -> Money:
    """What counts of an amount: from nothing to the most that money can say."""
    return Money(amount=min(max(amount, Decimal(0)), most(currency)), currency=currency)
