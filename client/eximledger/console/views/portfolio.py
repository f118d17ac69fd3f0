"""The portfolio's figures as pictures, each with the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from markupsafe import Markup

from eximledger.console.drawing import Bar, bars
from eximledger.mirror.reading import (
    CountryExposure,
    CurrencyExposure,
    ExporterExposure,
    MaturityRung,
    OfficerOverrides,
    OverdueLoan,
    Portfolio,
    RuleFindings,
    Turnaround,
)

__all__ = ["Plot", "plots_of"]

RowT = TypeVar("RowT")

_BARS: Final = 12
"""Of a picture; the table has them all."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture and its table; `columns` are words of ours."""

    title: str
    picture: Markup
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Figures:
    """How one figure is read: a table's line and a picture's bar of each row."""

    word: Callable[[str], str]
    bank_of: Callable[[str], str]
    """How the name of a bank is put before a row; empty where all are of one."""

    def plot(
        self,
        title: str,
        columns: tuple[str, ...],
        found: Iterable[RowT],
        line: Callable[[RowT], tuple[str, ...]],
        bar: Callable[[RowT], Bar],
    ) -> Plot:
        rows = list(found)
        picture = bars(self.word(title), [bar(each) for each in rows[:_BARS]])
        return Plot(title, picture, columns, [line(each) for each in rows])

    def currency(self, each: CurrencyExposure) -> tuple[str, ...]:
        return (self.bank_of(each.bank) + each.currency, *_owed(each))

    def exporter(self, each: ExporterExposure) -> tuple[str, ...]:
        return (self.bank_of(each.bank) + each.exporter_name, each.currency, *_owed(each))

    def country(self, each: CountryExposure) -> tuple[str, ...]:
        return self.bank_of(each.bank) + self.known(each.country), each.currency, str(each.loans), _number(each.held)

    def rung(self, each: MaturityRung) -> tuple[str, ...]:
        return self.bank_of(each.bank) + self.bucket(each), each.currency, str(each.loans), _number(each.outstanding)

    def late(self, each: OverdueLoan) -> tuple[str, ...]:
        money = _number(each.outstanding)
        return each.loan_id, each.applicant_name, str(each.matures_on), str(each.days), each.currency, money

    def pace(self, each: Turnaround) -> tuple[str, ...]:
        took = _hours(each.average_seconds), _hours(each.longest_seconds)
        return (self.bank_of(each.bank) + each.month, self.step(each), str(each.steps), *took)

    def rule(self, each: RuleFindings) -> tuple[str, ...]:
        counted = str(each.findings), str(each.loans), str(each.overridden)
        return (self.bank_of(each.bank) + each.rule, self.word(each.severity), *counted)

    def officer(self, each: OfficerOverrides) -> tuple[str, ...]:
        return self.bank_of(each.bank) + each.officer, each.rule, str(each.overrides), str(each.loans)

    def known(self, country: str) -> str:
        return country or self.word("not known")

    def bucket(self, each: MaturityRung) -> str:
        return self.word(each.bucket[2:])

    def step(self, each: Turnaround) -> str:
        return self.word(each.taken or each.act)


def plots_of(found: Portfolio, word: Callable[[str], str], member_of: Callable[[str], str]) -> list[Plot]:
    """All figures; a row names its bank where there are several."""
    several = len({each.bank for each in found.by_currency}) > 1
    of = _Figures(word, lambda bank: f"{member_of(bank)} · " if several else "")
    return [
        of.plot("Exposure by currency", ("Currency", "Loans", "Outstanding", "Not drawn", "Overdue amount"),
                found.by_currency, of.currency, lambda each: _money(each.currency, each)),
        of.plot("Exposure by exporter", ("Exporter", "Currency", "Loans", "Outstanding", "Not drawn", "Overdue amount"),
                found.by_exporter, of.exporter, lambda each: _money(each.exporter_name, each)),
        of.plot("Held of claims by country", ("Country", "Currency", "Loans", "Held"), found.by_country, of.country,
                lambda each: Bar(of.known(each.country), f"{_number(each.held)} {each.currency}", each.held)),
        of.plot("Maturities", ("Maturity", "Currency", "Loans", "Outstanding"), found.maturities, of.rung,
                lambda each: _money(of.bucket(each), each, "late" if each.bucket.startswith("1") else "bar")),
        of.plot("Overdue", ("Loan", "Applicant", "Matures on", "Days", "Currency", "Outstanding"), found.overdue,
                of.late, lambda each: _money(each.loan_id, each, "late")),
        of.plot("Turnaround", ("Month", "Step", "Times", "Hours in the mean", "Hours at most"), found.turnaround,
                of.pace, lambda each: Bar(f"{each.month} {of.step(each)}", f"{_hours(each.average_seconds)} h",
                                 Decimal(round(each.average_seconds)))),
        of.plot("Findings by rule", ("Rule", "Severity", "Findings", "Loans", "Set aside"), found.findings, of.rule,
                lambda each: Bar(each.rule, str(each.findings), Decimal(each.findings))),
        of.plot("Overrides by officer", ("Person", "Rule", "Set aside", "Loans"), found.overrides, of.officer,
                lambda each: Bar(f"{each.officer} {each.rule}", str(each.overrides), Decimal(each.overrides))),
    ]  # fmt: skip


def _owed(each: CurrencyExposure | ExporterExposure) -> tuple[str, ...]:
    return str(each.loans), _number(each.outstanding), _number(each.undrawn), _number(each.overdue)


def _money(
    name: str, each: CurrencyExposure | ExporterExposure | MaturityRung | OverdueLoan, style: str = "bar"
) -> Bar:
    return Bar(name, f"{_number(each.outstanding)} {each.currency}", each.outstanding, style)


def _number(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.1f}"
