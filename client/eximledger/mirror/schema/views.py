"""Views for a bank's own BI: exposure, maturities, what is overdue, turnaround, findings, overrides.

They are made anew from here whenever the schema is brought up, so that they need no migration of their own. Amounts are
in whole units of their currency: NUMERIC on PostgreSQL, REAL on SQLite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    MetaData,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from eximledger.mirror.schema.tables import LOAN, RUNNING
from eximledger.mirror.schema.tallies import (
    BY_COUNTRY,
    BY_DAY,
    BY_EXPORTER,
    BY_FINDING,
    BY_MATURITY,
    BY_OVERRIDE,
    BY_STEP,
    TALLIES,
    Tally,
)
from eximledger.mirror.schema.types import Amount, Days, InUnits, Today

__all__ = ["VIEWS", "View", "create_views", "drop_views", "views_id"]


@dataclass(frozen=True, slots=True)
class View:
    """A view: what it shows, what each column means, and the table by which it is read."""

    name: str
    comment: str
    columns: Mapping[str, str]
    query: Select[Any]
    table: Table


_VIEW_METADATA: Final = MetaData()


def _view(name: str, comment: str, query: Select[Any], columns: Mapping[str, str]) -> View:
    types: dict[str, TypeEngine[Any]] = {each.name: each.type for each in query.selected_columns}
    assert list(types) == list(columns), (name, list(types), list(columns))  # noqa: S101 - each column is explained
    table = Table(name, _VIEW_METADATA, *(Column(each, types[each]) for each in columns))
    return View(name, comment, columns, query, table)


_DAYS_LEFT: Final = Days(Today(), BY_DAY.table.c.matures_on)
_DAYS_LATE: Final = Days(LOAN.c.matures_on, Today())


def _sum(amount: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return InUnits(func.sum(amount, type_=Amount())).label(name)


def _whole_sum(count: ColumnElement[int], name: str) -> ColumnElement[int]:
    return cast(func.sum(count), BigInteger()).label(name)


def _as_it_is(tally: Tally, *renamed: ColumnElement[Any]) -> Select[Any]:
    """A tally's own columns, but for those that are in other units in the view."""
    instead = {each.name: each for each in renamed}
    return select(*(instead.get(each.name, each) for each in tally.table.c))


def _late(tally: Tally, *by: str) -> Subquery:
    """What is past its maturity today."""
    keys = [tally.table.c[each] for each in by]
    late = func.sum(tally.table.c.outstanding, type_=Amount()).label("overdue")
    return select(*keys, late).where(tally.table.c.matures_on < Today()).group_by(*keys).subquery("late")


def _exposure_by_exporter() -> Select[Any]:
    keys = ("bank", "exporter", "currency")
    owed, late = BY_EXPORTER.table, _late(BY_MATURITY, *keys)
    return select(
        owed.c.bank, owed.c.exporter, owed.c.exporter_name, owed.c.currency, owed.c.loans,
        InUnits(owed.c.outstanding).label("outstanding"), InUnits(owed.c.undrawn).label("undrawn"),
        InUnits(func.coalesce(late.c.overdue, literal(0, Amount()))).label("overdue"),
    ).outerjoin(late, and_(*(owed.c[each] == late.c[each] for each in keys)))  # fmt: skip


def _exposure_by_currency() -> Select[Any]:
    keys = ("bank", "currency")
    owed, late = BY_EXPORTER.table, _late(BY_DAY, *keys)
    return (
        select(
            owed.c.bank, owed.c.currency, _whole_sum(owed.c.loans, "loans"), _sum(owed.c.outstanding, "outstanding"),
            _sum(owed.c.undrawn, "undrawn"),
            InUnits(func.max(func.coalesce(late.c.overdue, literal(0, Amount())), type_=Amount())).label("overdue"),
        )
        .outerjoin(late, and_(*(owed.c[each] == late.c[each] for each in keys)))
        .group_by(owed.c.bank, owed.c.currency)
    )  # fmt: skip


def _paces() -> Select[Any]:
    of = BY_STEP.table.c
    average = cast(of.microseconds, Double()) / 1000000.0 / cast(of.steps, Double())
    longest = cast(of.longest, Double()) / 1000000.0
    return select(
        of.bank, of.month, of.act, of.taken, of.steps, average.label("average_seconds"),
        longest.label("longest_seconds"),
    )  # fmt: skip


_OF_EXPOSURE: Final = {
    "loans": "loans that are approved or run",
    "outstanding": "principal drawn and not repaid",
    "undrawn": "approved and still to be drawn",
    "overdue": "of the outstanding what is past its maturity today",
}
_BANK: Final = {"bank": "MSP id of the bank"}
_CURRENCY: Final = {"currency": "currency of the amounts"}

_BUCKETS: Final = ((0, "1 past"), (7, "2 within 7 days"), (30, "3 within 30 days"), (90, "4 within 90 days"),
                   (180, "5 within 180 days"), (365, "6 within a year"))  # fmt: skip
_BEYOND: Final = "7 beyond"


def _bucket() -> ColumnElement[str]:
    """The rung of the ladder: the first whose last day is not before the maturity. Named so that names sort."""
    ages = [(_DAYS_LEFT < 0, _BUCKETS[0][1]), *((days >= _DAYS_LEFT, name) for days, name in _BUCKETS[1:])]
    return case(*((test, literal(name)) for test, name in ages), else_=literal(_BEYOND)).label("bucket")


VIEWS: Final = (
    _view(
        "exposure_by_exporter",
        "what each exporter owes and may still draw",
        _exposure_by_exporter(),
        {**_BANK, "exporter": "USCC of the exporter", "exporter_name": "its name on an application", **_CURRENCY,
         **_OF_EXPOSURE},
    ),
    _view(
        "exposure_by_currency",
        "what is owed in each currency",
        _exposure_by_currency(),
        {**_BANK, **_CURRENCY, **_OF_EXPOSURE},
    ),
    _view(
        "exposure_by_country",
        "what is held of claims on buyers in each country; a packing loan's by the country of its contract or credit",
        _as_it_is(BY_COUNTRY, InUnits(BY_COUNTRY.table.c.held).label("held")),
        {**_BANK, "country": "ISO 3166 code of where the goods go; empty where the paper does not say", **_CURRENCY,
         "loans": "loans that hold something", "held": "what they hold, which is pledged to the bank"},
    ),
    _view(
        "maturity_ladder",
        "what falls due, by how soon, as of today in China",
        select(BY_DAY.table.c.bank, _bucket(), BY_DAY.table.c.currency, _whole_sum(BY_DAY.table.c.loans, "loans"),
               _sum(BY_DAY.table.c.outstanding, "outstanding"))
        .group_by(BY_DAY.table.c.bank, _bucket(), BY_DAY.table.c.currency),
        {**_BANK, "bucket": f"the rung: {', '.join([*(name for _, name in _BUCKETS), _BEYOND])}", **_CURRENCY,
         "loans": "loans that run and mature then", "outstanding": "principal drawn and not repaid"},
    ),
    _view(
        "overdue",
        "loans that run and are past their maturity today in China, noted as overdue or not",
        select(LOAN.c.bank, LOAN.c.loan_id, LOAN.c.state, LOAN.c.applicant.label("exporter"), LOAN.c.applicant_name,
               LOAN.c.matures_on, _DAYS_LATE.label("days"), LOAN.c.currency,
               InUnits(LOAN.c.outstanding).label("outstanding"))
        .where(LOAN.c.state.in_(RUNNING), LOAN.c.matures_on < Today()),
        {**_BANK, "loan_id": "the loan", "state": "state of its life", "exporter": "USCC of the exporter",
         "applicant_name": "its name", "matures_on": "the maturity that has passed",
         "days": "days since; from 91 on it is non-performing", **_CURRENCY,
         "outstanding": "principal drawn and not repaid"},
    ),
    _view(
        "turnaround",
        "how long each step took since the one before it, by the month in which it was taken",
        _paces(),
        {**_BANK, "month": "year and month (UTC)", "act": "what was done (loan_step.act)",
         "taken": "of propose and confirm: which step", "steps": "how many",
         "average_seconds": "seconds since the loan's step before, on average",
         "longest_seconds": "the longest of them"},
    ),
    _view(
        "findings_by_rule",
        "how often each rule found something at the last check of a loan, and how often that was set aside",
        _as_it_is(BY_FINDING),
        {**_BANK, "rule": "the rule (docs/rules.md)", "severity": "reject, refer, inform", "findings": "findings",
         "loans": "loans with one", "overridden": "findings set aside at approval"},
    ),
    _view(
        "overrides_by_officer",
        "what each officer set aside",
        _as_it_is(BY_OVERRIDE),
        {**_BANK, "officer": "the person who approved", "rule": "the rule whose finding was set aside",
         "overrides": "how many findings", "loans": "of how many loans"},
    ),
)  # fmt: skip
"""Every view, in the order of docs/mirror.md."""


def views_id(connection: Connection) -> str:
    """A hash of all that the views are and are read from, on this database."""
    said: list[object] = [_literally(connection, tally.query) for tally in TALLIES]
    said += [(view.name, _statement(connection, view), view.comment, sorted(view.columns.items())) for view in VIEWS]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def create_views(connection: Connection) -> None:
    """Make the views, in place of those that stand."""
    drop_views(connection)
    for view in VIEWS:
        connection.execute(text(_statement(connection, view)))
        if connection.dialect.name == "postgresql":
            _comment(connection, view)


def _statement(connection: Connection, view: View) -> str:
    return f"CREATE VIEW {view.name} AS {_escaped(_literally(connection, view.query))}"


def _literally(connection: Connection, query: Select[Any]) -> str:
    return str(query.compile(connection, compile_kwargs={"literal_binds": True}))


def _escaped(statement: str) -> str:
    """A colon would name a parameter."""
    return statement.replace(":", "\\:")


def drop_views(connection: Connection) -> None:
    """Take the views away, so that the tables below them may change."""
    for view in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {view.name}"))


def _comment(connection: Connection, view: View) -> None:
    said = {f"VIEW {view.name}": view.comment}
    said |= {f"COLUMN {view.name}.{column}": meaning for column, meaning in view.columns.items()}
    for place, meaning in said.items():
        quoted = meaning.replace("'", "''")
        connection.execute(text(_escaped(f"COMMENT ON {place} IS '{quoted}'")))
