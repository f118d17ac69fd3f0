"""Values on one basis: FOB, and one currency at the reference rate of the export date.

FOB = CIF - freight - insurance (transaction mode 1), C&F - freight (2), C&I - insurance (4); other modes are taken as
declared. Charges that the declaration does not state count as nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import ExportDeclaration, Money, ReferenceRate
from eximledger_chaincode.documents.record import Record
from eximledger_chaincode.errors import Refused

__all__ = ["MAX_RATE_AGE", "convert", "fob_value", "free_balance", "rate_on"]

MAX_RATE_AGE: Final = timedelta(days=10)
"""How old a quotation may be: the longest run of days without one is the October or New Year holiday."""

_EXACT: Final = Context(prec=60)


def rate_on(currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> Decimal:
    """CNY for one unit of `currency` by the quotation of `day`, or the last one of the ten days before it.

    Raises `Refused` naming the quotation that is missing.
    """
    if currency == "CNY":
        return Decimal(1)
    quoted = [
        record.document
        for record in rates
        if record.document.currency == currency and day - MAX_RATE_AGE <= record.document.quoted_on <= day
    ]
    if not quoted:
        raise Refused(f"no reference rate of {currency} on {day} or the ten days before it: SAFE files one first")
    latest = max(quoted, key=lambda rate: rate.quoted_on)
    with localcontext(_EXACT):
        return latest.cny / latest.unit


def convert(money: Money, currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> Money:
    """`money` in another currency through CNY, rounded half up to its minor unit."""
    if money.currency == currency:
        return money
    with localcontext(_EXACT):
        amount = money.amount * rate_on(money.currency, day, rates) / rate_on(currency, day, rates)
    return Money.rounded(amount, currency)


def fob_value(declaration: ExportDeclaration, rates: Sequence[Record[ReferenceRate]]) -> Money:
    """FOB value in the declaration's currency, never below zero. Raises `Refused` when a quotation is missing."""
    charges = {
        "1": (declaration.freight, declaration.insurance),
        "2": (declaration.freight,),
        "4": (declaration.insurance,),
    }.get(declaration.transaction_mode, ())
    value = declaration.total
    for charge in charges:
        if charge is not None:
            value = value - convert(charge, value.currency, declaration.dated, rates)
    return max(value, Money.zero(value.currency))


def free_balance(value: Money, holds: Sequence[Money], collected: Sequence[Money]) -> Money:
    """`value` less what loans hold and receipts have collected, never below zero; all in one currency."""
    zero = Money.zero(value.currency)
    return max(value - sum(holds, zero) - sum(collected, zero), zero)
