"""What the views are read from: sums over loans that are kept with the rows, so that no view reads all of them.

A tally is defined by a query. The sums of some loans are that query over these loans alone; the table holds the sums
of all. What depends on the day (what is overdue, how soon something falls due) is kept by the day of maturity, and the
view adds up what lies before today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
)

from eximledger.mirror.schema.tables import (
    FINDING,
    FINDING_OVERRIDE,
    LOAN,
    LOAN_HOLD,
    LOAN_STEP,
    METADATA,
    PAPER,
    RUNNING,
)
from eximledger.mirror.schema.types import Amount, Microseconds, Month, name_type

__all__ = [
    "BY_COUNTRY",
    "BY_DAY",
    "BY_EXPORTER",
    "BY_FINDING",
    "BY_MATURITY",
    "BY_OVERRIDE",
    "BY_STEP",
    "TALLIES",
    "Tally",
    "count_anew",
]

_EXPOSED: Final = ("approved", *RUNNING)
_COUNT: Final = "loans"


@dataclass(frozen=True, slots=True)
class Tally:
    """A table of sums: the query that defines it, which loan each of its rows is of, and how its columns add up."""

    query: Select[Any]
    loan: tuple[ColumnElement[str], ColumnElement[str]]
    keys: Mapping[str, ColumnElement[Any]]
    """What the sums are by, as the query has it."""
    sums: tuple[str, ...]
    greatest: str | None
    """A column that keeps the greatest, where there is one."""
    counted: str
    """Of the sums the one that is 0 where nothing is left."""
    table: Table


def _tally(
    name: str,
    comment: str,
    query: Select[Any],
    loan: tuple[ColumnElement[str], ColumnElement[str]],
    columns: Mapping[str, str],
    *,
    keys: tuple[str, ...],
    counted: str = _COUNT,
    greatest: str | None = None,
) -> Tally:
    """A tally with its table. The query says what is counted; it is grouped by its keys here."""
    found = {each.name: each for each in query.selected_columns}
    assert list(found) == list(columns), (name, list(found), list(columns))  # noqa: S101 - each column is explained
    by = {each: _plain(found[each]) for each in keys}
    table = Table(
        name, METADATA,
        *(
            Column(each, found[each].type, primary_key=each in keys, autoincrement=False, nullable=False, comment=told)
            for each, told in columns.items()
        ),
        comment=comment,
    )  # fmt: skip
    sums = tuple(each for each in columns if each not in keys and each != greatest)
    return Tally(query.group_by(*by.values()), loan, by, sums, greatest, counted, table)


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What stands behind a name, for grouping and comparing."""
    return getattr(column, "element", column)


def _sum(amount: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.sum(func.coalesce(amount, literal(0, Amount())), type_=Amount()).label(name)


def _count(name: str) -> ColumnElement[int]:
    return func.count(type_=BigInteger()).label(name)


def _loans(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.count(column.distinct(), type_=BigInteger()).label("loans")


def _named(column: ColumnElement[Any], name: str) -> ColumnElement[str]:
    return func.coalesce(column, literal(""), type_=name_type()).label(name)


_BEFORE: Final = LOAN_STEP.alias("before")
_TOOK: Final = Microseconds(_BEFORE.c.at, LOAN_STEP.c.at)
_OF_LOAN: Final = (LOAN.c.bank, LOAN.c.loan_id)
_BANK: Final = {"bank": "MSP id of the bank"}
_CURRENCY: Final = {"currency": "currency of the amounts"}

BY_EXPORTER: Final = _tally(
    "exporter_tally",
    "what each exporter owes and may still draw: sums over the loans that are approved or run",
    select(
        LOAN.c.bank, LOAN.c.applicant.label("exporter"), LOAN.c.currency,
        func.max(LOAN.c.applicant_name, type_=name_type()).label("exporter_name"), _count("loans"),
        _sum(LOAN.c.outstanding, "outstanding"), _sum(LOAN.c.undrawn, "undrawn"),
    ).where(LOAN.c.state.in_(_EXPOSED)),
    _OF_LOAN,
    {**_BANK, "exporter": "USCC of the exporter", **_CURRENCY, "exporter_name": "its name on an application",
     "loans": "loans", "outstanding": "principal drawn and not repaid", "undrawn": "approved and still to be drawn"},
    keys=("bank", "exporter", "currency"),
    greatest="exporter_name",
)  # fmt: skip

BY_MATURITY: Final = _tally(
    "maturity_tally",
    "what falls due on each day, by exporter: sums over the loans that run",
    select(
        LOAN.c.bank, LOAN.c.matures_on, LOAN.c.applicant.label("exporter"), LOAN.c.currency, _count("loans"),
        _sum(LOAN.c.outstanding, "outstanding"),
    ).where(LOAN.c.state.in_(RUNNING)),
    _OF_LOAN,
    {**_BANK, "matures_on": "the day", "exporter": "USCC of the exporter", **_CURRENCY, "loans": "loans",
     "outstanding": "principal drawn and not repaid"},
    keys=("bank", "matures_on", "exporter", "currency"),
)  # fmt: skip

BY_DAY: Final = _tally(
    "day_tally",
    "what falls due on each day: sums over the loans that run",
    select(
        LOAN.c.bank, LOAN.c.matures_on, LOAN.c.currency, _count("loans"), _sum(LOAN.c.outstanding, "outstanding"),
    ).where(LOAN.c.state.in_(RUNNING)),
    _OF_LOAN,
    {**_BANK, "matures_on": "the day", **_CURRENCY, "loans": "loans", "outstanding": "principal drawn and not repaid"},
    keys=("bank", "matures_on", "currency"),
)  # fmt: skip

BY_COUNTRY: Final = _tally(
    "country_tally",
    "what is held of claims on buyers in each country",
    select(LOAN_HOLD.c.bank, _named(PAPER.c.country, "country"), LOAN_HOLD.c.currency, _loans(LOAN_HOLD.c.loan_id),
           _sum(LOAN_HOLD.c.held, "held"))
    .join(LOAN, and_(LOAN.c.bank == LOAN_HOLD.c.bank, LOAN.c.loan_id == LOAN_HOLD.c.loan_id))
    .outerjoin(
        PAPER,
        and_(
            PAPER.c.kind == LOAN_HOLD.c.kind, PAPER.c.number == LOAN_HOLD.c.number,
            PAPER.c.exporter == LOAN.c.applicant, PAPER.c.bank.in_([literal(""), LOAN_HOLD.c.bank]),
        ),
    )
    .where(LOAN_HOLD.c.held > literal(0, Amount())),
    (LOAN_HOLD.c.bank, LOAN_HOLD.c.loan_id),
    {**_BANK, "country": "ISO 3166 code of where the goods go; empty where the paper does not say", **_CURRENCY,
     "loans": "loans that hold something", "held": "what they hold"},
    keys=("bank", "country", "currency"),
)  # fmt: skip

BY_STEP: Final = _tally(
    "step_tally",
    "how long each step took since the one before it, by the month in which it was taken",
    select(
        LOAN_STEP.c.bank, Month(LOAN_STEP.c.at).label("month"), LOAN_STEP.c.act, _named(LOAN_STEP.c.taken, "taken"),
        _count("steps"), func.sum(_TOOK, type_=BigInteger()).label("microseconds"),
        func.max(_TOOK, type_=BigInteger()).label("longest"),
    ).join(_BEFORE, and_(_BEFORE.c.bank == LOAN_STEP.c.bank, _BEFORE.c.loan_id == LOAN_STEP.c.loan_id,
                         _BEFORE.c.step == LOAN_STEP.c.step - 1)),
    (LOAN_STEP.c.bank, LOAN_STEP.c.loan_id),
    {**_BANK, "month": "year and month (UTC)", "act": "what was done", "taken": "of propose and confirm: which step",
     "steps": "how many", "microseconds": "microseconds since the loan's step before, of all",
     "longest": "the longest of them"},
    keys=("bank", "month", "act", "taken"),
    counted="steps",
    greatest="longest",
)  # fmt: skip

BY_FINDING: Final = _tally(
    "finding_tally",
    "how often each rule found something at the last check of a loan, and how often that was set aside",
    select(
        FINDING.c.bank, FINDING.c.rule, FINDING.c.severity, _count("findings"), _loans(FINDING.c.loan_id),
        func.count(FINDING_OVERRIDE.c.finding_id, type_=BigInteger()).label("overridden"),
    ).outerjoin(FINDING_OVERRIDE, and_(FINDING_OVERRIDE.c.bank == FINDING.c.bank,
                                       FINDING_OVERRIDE.c.loan_id == FINDING.c.loan_id,
                                       FINDING_OVERRIDE.c.finding_id == FINDING.c.finding_id,
                                       FINDING_OVERRIDE.c.at_step == literal("approval"))),
    (FINDING.c.bank, FINDING.c.loan_id),
    {**_BANK, "rule": "the rule", "severity": "reject, refer, inform", "findings": "findings",
     "loans": "loans with one", "overridden": "findings set aside at approval"},
    keys=("bank", "rule", "severity"),
    counted="findings",
)  # fmt: skip

BY_OVERRIDE: Final = _tally(
    "override_tally",
    "what each officer set aside",
    select(FINDING_OVERRIDE.c.bank, FINDING_OVERRIDE.c.officer, FINDING_OVERRIDE.c.rule, _count("overrides"),
           _loans(FINDING_OVERRIDE.c.loan_id)),
    (FINDING_OVERRIDE.c.bank, FINDING_OVERRIDE.c.loan_id),
    {**_BANK, "officer": "the person who approved", "rule": "the rule whose finding was set aside",
     "overrides": "how many findings", "loans": "of how many loans"},
    keys=("bank", "officer", "rule"),
    counted="overrides",
)  # fmt: skip

TALLIES: Final = (BY_EXPORTER, BY_MATURITY, BY_DAY, BY_COUNTRY, BY_STEP, BY_FINDING, BY_OVERRIDE)
"""Every tally."""


def count_anew(connection: Connection) -> None:
    """Make every tally again from the rows."""
    for tally in TALLIES:
        connection.execute(delete(tally.table))
        connection.execute(insert(tally.table).from_select([each.name for each in tally.table.c], tally.query))
