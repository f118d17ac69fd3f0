"""Sums of any number of amounts: exact, one for each currency, and in CNY what has a reference rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.exact import EXACT, half_up

__all__ = ["Amount", "Quotations", "RunningSum", "Total", "cny_of"]

Quotations: TypeAlias = Mapping[str, Fraction]
"""CNY for one unit, by currency; those without are in none."""

_FEN: Final = 2
"""Digits after the point of CNY."""


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a currency. `Money` is of one paper and has 30 digits; a sum over all banks may have more."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum: by currency, sorted, and what of it is worth in CNY. `unvalued` are the currencies that have no reference
    rate and that `cny` is without."""

    amounts: tuple[Amount, ...] = ()
    cny: Decimal = Decimal("0.00")
    unvalued: tuple[str, ...] = ()


class RunningSum:
    """One sum for each currency, as large as it has currencies."""

    __slots__ = ("_amounts",)

    def __init__(self, amounts: Iterable[Money] = ()) -> None:
        self._amounts: dict[str, Decimal] = {}
        for money in amounts:
            self.add(money)

    def add(self, money: Money) -> None:
        before = self._amounts.get(money.currency, Decimal(0))
        self._amounts[money.currency] = EXACT.add(before, money.amount)

    def total(self, quotations: Quotations) -> Total:
        """The sum as it stands. In CNY it is rounded once, half up."""
        amounts = tuple(Amount(self._amounts[each], each) for each in sorted(self._amounts))
        worth = [cny_of(each.amount, each.currency, quotations) for each in amounts]
        cny = half_up(sum((each for each in worth if each is not None), Fraction(0)), _FEN)
        unvalued = tuple(each.currency for each, value in zip(amounts, worth, strict=True) if value is None)
        return Total(amounts, cny, unvalued)


def cny_of(amount: Decimal, currency: str, quotations: Quotations) -> Fraction | None:
    """What an amount is worth in CNY, exactly; None where its currency has no reference rate."""
    if currency == "CNY":
        return Fraction(amount)
    rate = quotations.get(currency)
    return None if rate is None else Fraction(amount) * rate
