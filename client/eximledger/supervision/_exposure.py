"""Exposure: what banks have lent or promised to lend, and what their loans hold, by exporter, bank, currency, country.

Of loans that hold balance alone: what is undecided may come to nothing, what is closed is paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from eximledger.supervision._sums import Quotations, RunningSum, Total, cny_of
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.collecting.counting import spread
from eximledger_chaincode.lending.loan import Loan, LoanState

__all__ = [
    "UNKNOWN",
    "Dimension",
    "Exposure",
    "ExposureRow",
    "Naming",
    "RunningExposure",
    "countries_needed",
    "currencies_of",
]

UNKNOWN: Final = ""
"""In place of a country that no declaration tells, or that a loan cannot be divided among for want of a rate."""


class Dimension(StrEnum):
    """What exposure is summed by."""

    EXPORTER = "exporter"
    BANK = "bank"
    CURRENCY = "currency"
    COUNTRY = "country"


class _Measure(StrEnum):
    APPROVED = "approved"
    DISBURSED = "disbursed"
    WRITTEN_OFF = "written_off"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One exporter, bank, currency or country. `loans` counts those that have any part in it."""

    key: str
    name: str
    loans: int
    approved: Total
    """Promised and not paid out."""
    disbursed: Total
    """Principal paid out and not repaid."""
    written_off: Total
    held: Total
    """What these loans hold of declarations."""

    @property
    def lent(self) -> Decimal:
        """All that is promised, out or lost, in CNY: the order of rows."""
        return self.approved.cny + self.disbursed.cny + self.written_off.cny


@dataclass(frozen=True, slots=True)
class Exposure:
    """The largest first, then by key; `all` is over all loans, each counted once. In CNY at the rates of `day`."""

    by: Dimension
    day: date
    rows: tuple[ExposureRow, ...]
    all: ExposureRow


@dataclass(frozen=True, slots=True)
class Naming:
    """What stands beside a loan: banks by name, the countries that declarations go to, reference rates."""

    banks: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    quotations: Quotations = field(default_factory=dict)


_Part: TypeAlias = tuple[str, _Measure, Money]


@dataclass(slots=True)
class _Running:
    name: str = ""
    loans: int = 0
    sums: dict[_Measure, RunningSum] = field(default_factory=lambda: {measure: RunningSum() for measure in _Measure})

    def row(self, key: str, quotations: Quotations) -> ExposureRow:
        totals = {measure.value: self.sums[measure].total(quotations) for measure in _Measure}
        return ExposureRow(key=key, name=self.name, loans=self.loans, **totals)


class RunningExposure:
    """Exposure as loans are added one by one; as large as there are rows."""

    def __init__(self, by: Dimension) -> None:
        self.by = by
        self._rows: dict[str, _Running] = {}
        self._all = _Running()

    def add(self, loan: Loan, naming: Naming) -> None:
        """Add a loan; nothing where it holds no balance."""
        if not loan.holds:
            return
        parts = list(_parts(loan, self.by, naming))
        for key in {key for key, _, _ in parts}:
            row = self._rows.setdefault(key, _Running())
            row.loans += 1
            row.name = _name(loan, self.by, naming)
        for key, measure, money in parts:
            self._rows[key].sums[measure].add(money)
            self._all.sums[measure].add(money)
        self._all.loans += 1

    def result(self, day: date, quotations: Quotations) -> Exposure:
        """Of the loans so far, in CNY by these rates."""
        rows = [running.row(key, quotations) for key, running in self._rows.items()]
        rows.sort(key=lambda row: (-row.lent, -row.held.cny, row.key))
        return Exposure(self.by, day, tuple(rows), self._all.row("", quotations))


def countries_needed(loan: Loan) -> list[str]:
    """The declarations that tell where a loan's exports went."""
    return [item.declaration_number for item in loan.held]


def currencies_of(loan: Loan) -> set[str]:
    """Those that a reference rate is needed of."""
    return {loan.currency, *(item.amount.currency for item in loan.held)} if loan.holds else set()


def _lent(loan: Loan) -> Iterator[tuple[_Measure, Money]]:
    """What is out, and what is promised beside it while the loan can be drawn."""
    account = account_of(loan, loan.matures_on)
    if account.outstanding.amount:
        written_off = loan.state is LoanState.WRITTEN_OFF
        yield _Measure.WRITTEN_OFF if written_off else _Measure.DISBURSED, account.outstanding
    if account.undrawn.amount and loan.state in {LoanState.APPROVED, LoanState.DISBURSED}:
        yield _Measure.APPROVED, account.undrawn


def _parts(loan: Loan, by: Dimension, naming: Naming) -> Iterator[_Part]:
    """What a loan adds to each row. In no dimension does it add more or less than in another."""
    if by is Dimension.COUNTRY:
        for measure, lent in _lent(loan):
            for country, share in _by_country(loan, lent, naming).items():
                yield country, measure, share
        for item in loan.held:
            yield naming.countries.get(item.declaration_number, UNKNOWN), _Measure.HELD, item.amount
        return
    key = {Dimension.EXPORTER: loan.application.document.exporter, Dimension.BANK: loan.bank}.get(by)
    for measure, lent in _lent(loan):
        yield key or lent.currency, measure, lent
    for item in loan.held:
        yield key or item.amount.currency, _Measure.HELD, item.amount


def _by_country(loan: Loan, lent: Money, naming: Naming) -> dict[str, Money]:
    """What is lent, divided among countries as what is held is: by amount in one currency, else by its worth in CNY."""
    in_one = len({item.amount.currency for item in loan.held}) == 1
    weights: dict[str, Fraction] = {}
    for item in loan.held:
        amount, currency = item.amount.amount, item.amount.currency
        worth = Fraction(amount) if in_one else cny_of(amount, currency, naming.quotations)
        if worth is None:
            return {UNKNOWN: lent}
        country = naming.countries.get(item.declaration_number, UNKNOWN)
        weights[country] = weights.get(country, Fraction(0)) + worth
    return spread(lent, weights)


def _name(loan: Loan, by: Dimension, naming: Naming) -> str:
    if by is Dimension.EXPORTER:
        return loan.application.document.applicant.name
    return naming.banks.get(loan.bank, "") if by is Dimension.BANK else ""
