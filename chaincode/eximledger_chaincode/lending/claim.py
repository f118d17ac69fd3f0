"""What may be lent against: what a declaration is worth, what of it is taken, and what is free.

The one function for it. The register's answers, a reservation, the rules and the desk all go by it, so what the desk
shows as free is what a peer holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext

from eximledger_chaincode.documents import ExportDeclaration, Money, Record, ReferenceRate, Value
from eximledger_chaincode.lending.exact import EXACT, summed
from eximledger_chaincode.lending.valuation import convert, fob_value, less, most

__all__ = ["Balance", "balance_of"]


class Balance(Value):
    """One declaration's balance, in its own currency: `free` = `value` - `held` - `collected`, never below zero."""

    declaration_number: str
    value: Money
    held: Money
    collected: Money
    free: Money


def balance_of(
    declaration: ExportDeclaration,
    holds: Iterable[Money],
    collected: Iterable[Money],
    rates: Sequence[Record[ReferenceRate]],
) -> Balance:
    """The balance at the reference rates of the export date; `collected` has one entry for each currency.

    What is below zero takes nothing: neither a hold nor a receipt makes more free than the declaration is worth.
    Raises `Refused` as `convert` does, where another currency is involved.
    """
    value = fob_value(declaration, rates)
    held = _taken(holds, value.currency, declaration.dated, rates)
    received = _taken(collected, value.currency, declaration.dated, rates)
    return Balance(
        declaration_number=declaration.number,
        value=value,
        held=held,
        collected=received,
        free=less(value, (held, received)),
    )


def _taken(amounts: Iterable[Money], currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> Money:
    """The sum, or what money can say at most where that is less: no declaration is worth more."""
    converted = [convert(money, currency, day, rates).amount for money in amounts]
    with localcontext(EXACT):
        taken = summed(max(amount, Decimal(0)) for amount in converted)
    return Money(amount=min(taken, most(currency)), currency=currency)
