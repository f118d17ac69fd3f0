"""What loans of all banks hold of declarations, against what these are worth now; and what is kept without a loan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from eximledger.supervision._spool import Spool
from eximledger.supervision._sums import Amount
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.loan import Loan

__all__ = ["Held", "HoldIndex", "HoldReport", "Holder", "KeptWithoutLoan", "OverHeld", "over_held"]

_SCHEMA: Final = """
CREATE TABLE hold (number TEXT, bank TEXT, loan TEXT, amount TEXT, currency TEXT);
"""
_INDEX: Final = "CREATE INDEX IF NOT EXISTS by_number ON hold (number, bank)"


@dataclass(frozen=True, slots=True)
class Holder:
    """A loan, and what it holds of the declaration."""

    bank: str
    loan_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Held:
    """A declaration, and all loans that hold of it."""

    declaration_number: str
    holders: tuple[Holder, ...]

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """The sum of what the loans say, by currency; of 10^5 loans it may be more than `Money` can say."""
        sums: dict[str, Decimal] = {}
        for each in self.holders:
            before = sums.get(each.amount.currency, Decimal(0))
            sums[each.amount.currency] = EXACT.add(before, each.amount.amount)
        return tuple(Amount(sums[currency], currency) for currency in sorted(sums))


@dataclass(frozen=True, slots=True)
class OverHeld:
    """A declaration of which more is held than its open claim, or of which the register has another sum than the loans.

    `balance` is None where customs has no such declaration. `unvalued` says which quotations are missing: the claim
    then is not known, and counts as nothing.
    """

    declaration_number: str
    balance: Balance | None
    held: tuple[Amount, ...]
    """The sum of what the loans hold."""
    excess: Amount | None
    """What is held beyond the open claim; None where that is not known, or nothing is."""
    differs: bool
    """Whether the register has another sum than the loans: one was decided or ended while they were read, or either is
    wrong."""
    unvalued: tuple[str, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class KeptWithoutLoan:
    """Declarations that a bank has said its loans hold, and none does: it is told of them without need."""

    channel: str
    bank: str
    exporter: str
    declarations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldReport:
    """By declaration, and by channel, bank and exporter."""

    declarations: int
    """How many are held by any loan, all of which were looked at."""
    over_held: tuple[OverHeld, ...]
    kept: tuple[KeptWithoutLoan, ...]


class HoldIndex:
    """What all loans hold, by declaration."""

    def __init__(self) -> None:
        self._spool = Spool(_SCHEMA)

    def close(self) -> None:
        self._spool.close()

    def add(self, loan: Loan) -> None:
        """Add a loan; nothing where it holds no balance."""
        self._spool.put("INSERT INTO hold VALUES (?, ?, ?, ?, ?)", (
            (item.declaration_number, loan.bank, loan.loan_id, f"{item.amount.amount:f}", item.amount.currency)
            for item in loan.held
        ))  # fmt: skip

    def by_declaration(self) -> Iterator[Held]:
        """All that is held, by the declaration's number."""
        self._spool.run(_INDEX)
        rows = self._spool.rows("SELECT number, bank, loan, amount, currency FROM hold ORDER BY number, bank, loan")
        for number, found in groupby(rows, key=lambda row: row[0]):
            holders = tuple(
                Holder(str(bank), str(loan), Money.of(str(amount), str(currency)))
                for _, bank, loan, amount, currency in found
            )
            yield Held(str(number), holders)

    def without_loan(self, bank: str, numbers: Iterable[str]) -> tuple[str, ...]:
        """Those of the declarations that no loan of the bank holds."""
        self._spool.run(_INDEX)
        query = "SELECT 1 FROM hold WHERE number = ? AND bank = ? LIMIT 1"
        return tuple(number for number in numbers if not any(self._spool.rows(query, (number, bank))))


def over_held(held: Held, balance: Balance | None) -> OverHeld | None:
    """What is wrong with a declaration of which loans hold this and the register says that; None where all is well."""
    amounts = held.amounts
    if balance is None:
        return OverHeld(held.declaration_number, None, amounts, None, True, (), held.holders)
    unvalued = tuple(f"{each.currency} {each.day}" for each in balance.unvalued)
    differs = _differs(amounts, balance)
    excess = None if unvalued else _excess(amounts, balance)
    if not (differs or unvalued or excess):
        return None
    return OverHeld(held.declaration_number, balance, amounts, excess, differs, unvalued, held.holders)


def _own(amounts: tuple[Amount, ...], balance: Balance) -> Decimal | None:
    """What loans hold in the declaration's currency; None where some hold of it in another, which the register values
    at rates of its own."""
    own = [each for each in amounts if each.currency == balance.value.currency]
    return own[0].amount if len(own) == len(amounts) == 1 else None


def _differs(amounts: tuple[Amount, ...], balance: Balance) -> bool:
    own = _own(amounts, balance)
    return own is not None and own != balance.held.amount


def _excess(amounts: tuple[Amount, ...], balance: Balance) -> Amount | None:
    """By the loans or by the register, whichever has more."""
    most = max(_own(amounts, balance) or Decimal(0), balance.held.amount)
    beyond = EXACT.subtract(most, balance.open.amount)
    return Amount(beyond, balance.value.currency) if beyond > 0 else None
