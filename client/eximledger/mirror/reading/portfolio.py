"""The figures of the views as typed values: what a page of the portfolio plots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from sqlalchemy import Connection, select

from eximledger.mirror.schema.views import VIEWS

__all__ = [
    "CountryExposure",
    "CurrencyExposure",
    "ExporterExposure",
    "MaturityRung",
    "OfficerOverrides",
    "OverdueLoan",
    "Portfolio",
    "RuleFindings",
    "Turnaround",
    "read_portfolio",
]


@dataclass(frozen=True, slots=True)
class ExporterExposure:
    bank: str
    exporter: str
    exporter_name: str
    currency: str
    loans: int
    outstanding: Decimal
    undrawn: Decimal
    overdue: Decimal


@dataclass(frozen=True, slots=True)
class CurrencyExposure:
    bank: str
    currency: str
    loans: int
    outstanding: Decimal
    undrawn: Decimal
    overdue: Decimal


@dataclass(frozen=True, slots=True)
class CountryExposure:
    bank: str
    country: str
    currency: str
    loans: int
    held: Decimal


@dataclass(frozen=True, slots=True)
class MaturityRung:
    bank: str
    bucket: str
    currency: str
    loans: int
    outstanding: Decimal


@dataclass(frozen=True, slots=True)
class OverdueLoan:
    bank: str
    loan_id: str
    state: str
    exporter: str
    applicant_name: str
    matures_on: date
    days: int
    currency: str
    outstanding: Decimal


@dataclass(frozen=True, slots=True)
class Turnaround:
    bank: str
    month: str
    act: str
    taken: str
    steps: int
    average_seconds: float
    longest_seconds: float


@dataclass(frozen=True, slots=True)
class RuleFindings:
    bank: str
    rule: str
    severity: str
    findings: int
    loans: int
    overridden: int


@dataclass(frozen=True, slots=True)
class OfficerOverrides:
    bank: str
    officer: str
    rule: str
    overrides: int
    loans: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Every view, read in one snapshot; amounts in whole units of the currency. Of exporters, and of overdue loans, the
    largest."""

    by_exporter: tuple[ExporterExposure, ...]
    by_currency: tuple[CurrencyExposure, ...]
    by_country: tuple[CountryExposure, ...]
    maturities: tuple[MaturityRung, ...]
    overdue: tuple[OverdueLoan, ...]
    turnaround: tuple[Turnaround, ...]
    findings: tuple[RuleFindings, ...]
    overrides: tuple[OfficerOverrides, ...]


RowT = TypeVar("RowT")
_TABLES: Final = {view.name: view.table for view in VIEWS}
_ORDERS: Final = {
    "exposure_by_exporter": ("-outstanding", "exporter", "currency", "bank"),
    "exposure_by_currency": ("-outstanding", "currency", "bank"),
    "exposure_by_country": ("-held", "country", "currency", "bank"),
    "maturity_ladder": ("bucket", "currency", "bank"),
    "overdue": ("matures_on", "bank", "loan_id"),
    "turnaround": ("month", "act", "taken", "bank"),
    "findings_by_rule": ("-findings", "rule", "severity", "bank"),
    "overrides_by_officer": ("-overrides", "officer", "rule", "bank"),
}


def read_portfolio(connection: Connection, bank: str, most: int) -> Portfolio:
    """The views, of one bank where one is named; at most `most` rows of each."""

    def rows(name: str, kind: type[RowT]) -> tuple[RowT, ...]:
        return read_view(connection, name, kind, bank, most)

    return Portfolio(
        by_exporter=rows("exposure_by_exporter", ExporterExposure),
        by_currency=rows("exposure_by_currency", CurrencyExposure),
        by_country=rows("exposure_by_country", CountryExposure),
        maturities=rows("maturity_ladder", MaturityRung),
        overdue=rows("overdue", OverdueLoan),
        turnaround=rows("turnaround", Turnaround),
        findings=rows("findings_by_rule", RuleFindings),
        overrides=rows("overrides_by_officer", OfficerOverrides),
    )


def read_view(connection: Connection, name: str, kind: type[RowT], bank: str, most: int) -> tuple[RowT, ...]:
    """A view's rows as values of its own kind."""
    table = _TABLES[name]
    query = select(table).limit(most)
    if bank:
        query = query.where(table.c.bank == bank)
    for place in _ORDERS[name]:
        column = table.c[place.removeprefix("-")]
        query = query.order_by(column.desc() if place.startswith("-") else column)
    return tuple(kind(**row._mapping) for row in connection.execute(query))
