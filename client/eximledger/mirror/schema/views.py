"""Views for a bank's own BI: exposure, maturities, what is overdue, turnaround, findings, overrides.

They are made anew from here whenever the schema is brought up, so that they need no migration of their own. Amounts are
in whole units of their currency: NUMERIC on PostgreSQL, REAL on SQLite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, MetaData, Select, Table, and_, case, func, literal, select, text
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Float, TypeEngine

from eximledger.mirror.schema.tables import FINDING, FINDING_OVERRIDE, LOAN, LOAN_HOLD, LOAN_STEP, PAPER
from eximledger.mirror.schema.types import Days, InUnits, Month, Seconds, Today, text_type

__all__ = ["VIEWS", "View", "create_views", "drop_views", "views_id"]

_RUNNING: Final = ("disbursed", "overdue", "indemnity-sought")
_EXPOSED: Final = ("approved", *_RUNNING)


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


def _sum(amount: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return InUnits(func.sum(func.coalesce(amount, literal(0, amount.type)), type_=BigInteger())).label(name)


def _count(name: str) -> ColumnElement[int]:
    return func.count(type_=BigInteger()).label(name)


_IS_LATE: Final = and_(LOAN.c.state.in_(_RUNNING), LOAN.c.matures_on < Today())
_LATE: Final = case((_IS_LATE, LOAN.c.outstanding), else_=literal(0, LOAN.c.outstanding.type))
_DAYS_LEFT: Final = Days(Today(), LOAN.c.matures_on)
_DAYS_LATE: Final = Days(LOAN.c.matures_on, Today())


_NAME: Final = func.max(LOAN.c.applicant_name, type_=text_type()).label("exporter_name")


def _exposure(*by: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            *by, _count("loans"), _sum(LOAN.c.outstanding, "outstanding"), _sum(LOAN.c.undrawn, "undrawn"),
            _sum(_LATE, "overdue"),
        )
        .where(LOAN.c.state.in_(_EXPOSED))
        .group_by(*(each for each in by if each is not _NAME))
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


_BEFORE: Final = LOAN_STEP.alias("before")
_TOOK: Final = Seconds(_BEFORE.c.at, LOAN_STEP.c.at)

VIEWS: Final = (
    _view(
        "exposure_by_exporter",
        "what each exporter owes and may still draw",
        _exposure(LOAN.c.bank, LOAN.c.applicant.label("exporter"), _NAME, LOAN.c.currency),
        {**_BANK, "exporter": "USCC of the exporter", "exporter_name": "its name on an application", **_CURRENCY,
         **_OF_EXPOSURE},
    ),
    _view(
        "exposure_by_currency",
        "what is owed in each currency",
        _exposure(LOAN.c.bank, LOAN.c.currency),
        {**_BANK, **_CURRENCY, **_OF_EXPOSURE},
    ),
    _view(
        "exposure_by_country",
        "what is held of claims on buyers in each country; a packing loan's by the country of its contract or credit",
        select(
            LOAN_HOLD.c.bank, func.coalesce(PAPER.c.country, literal("")).label("country"), LOAN_HOLD.c.currency,
            func.count(LOAN_HOLD.c.loan_id.distinct(), type_=BigInteger()).label("loans"),
            _sum(LOAN_HOLD.c.held, "held"),
        )
        .join(LOAN, and_(LOAN.c.bank == LOAN_HOLD.c.bank, LOAN.c.loan_id == LOAN_HOLD.c.loan_id))
        .outerjoin(
            PAPER,
            and_(
                PAPER.c.kind == LOAN_HOLD.c.kind, PAPER.c.number == LOAN_HOLD.c.number,
                PAPER.c.exporter == LOAN.c.applicant, PAPER.c.bank.in_([literal(""), LOAN_HOLD.c.bank]),
            ),
        )
        .where(LOAN_HOLD.c.held > literal(0, LOAN_HOLD.c.held.type))
        .group_by(LOAN_HOLD.c.bank, func.coalesce(PAPER.c.country, literal("")), LOAN_HOLD.c.currency),
        {**_BANK, "country": "ISO 3166 code of where the goods go; empty where the paper does not say", **_CURRENCY,
         "loans": "loans that hold something", "held": "what they hold, which is pledged to the bank"},
    ),
    _view(
        "maturity_ladder",
        "what falls due, by how soon, as of today in China",
        select(LOAN.c.bank, _bucket(), LOAN.c.currency, _count("loans"), _sum(LOAN.c.outstanding, "outstanding"))
        .where(LOAN.c.state.in_(_RUNNING))
        .group_by(LOAN.c.bank, _bucket(), LOAN.c.currency),
        {**_BANK, "bucket": f"the rung: {', '.join([*(name for _, name in _BUCKETS), _BEYOND])}", **_CURRENCY,
         "loans": "loans that run and mature then", "outstanding": "principal drawn and not repaid"},
    ),
    _view(
        "overdue",
        "loans that run and are past their maturity today in China, noted as overdue or not",
        select(LOAN.c.bank, LOAN.c.loan_id, LOAN.c.state, LOAN.c.applicant.label("exporter"), LOAN.c.applicant_name,
               LOAN.c.matures_on, _DAYS_LATE.label("days"), LOAN.c.currency,
               InUnits(LOAN.c.outstanding).label("outstanding"))
        .where(_IS_LATE),
        {**_BANK, "loan_id": "the loan", "state": "state of its life", "exporter": "USCC of the exporter",
         "applicant_name": "its name", "matures_on": "the maturity that has passed",
         "days": "days since; from 91 on it is non-performing", **_CURRENCY,
         "outstanding": "principal drawn and not repaid"},
    ),
    _view(
        "turnaround",
        "how long each step took since the one before it, by the month in which it was taken",
        select(
            LOAN_STEP.c.bank, Month(LOAN_STEP.c.at).label("month"),
            LOAN_STEP.c.act, func.coalesce(LOAN_STEP.c.taken, literal("")).label("taken"), _count("steps"),
            func.avg(_TOOK, type_=Float()).label("average_seconds"),
            func.max(_TOOK, type_=Float()).label("longest_seconds"),
        )
        .join(_BEFORE, and_(_BEFORE.c.bank == LOAN_STEP.c.bank, _BEFORE.c.loan_id == LOAN_STEP.c.loan_id,
                            _BEFORE.c.step == LOAN_STEP.c.step - 1))
        .group_by(LOAN_STEP.c.bank, Month(LOAN_STEP.c.at), LOAN_STEP.c.act,
                  func.coalesce(LOAN_STEP.c.taken, literal(""))),
        {**_BANK, "month": "year and month (UTC)", "act": "what was done (loan_step.act)",
         "taken": "of propose and confirm: which step", "steps": "how many",
         "average_seconds": "seconds since the loan's step before, on average",
         "longest_seconds": "the longest of them"},
    ),
    _view(
        "findings_by_rule",
        "how often each rule found something at the last check of a loan, and how often that was set aside",
        select(
            FINDING.c.bank, FINDING.c.rule, FINDING.c.severity, _count("findings"),
            func.count(FINDING.c.loan_id.distinct(), type_=BigInteger()).label("loans"),
            func.count(FINDING_OVERRIDE.c.finding_id, type_=BigInteger()).label("overridden"),
        )
        .outerjoin(FINDING_OVERRIDE, and_(FINDING_OVERRIDE.c.bank == FINDING.c.bank,
                                          FINDING_OVERRIDE.c.loan_id == FINDING.c.loan_id,
                                          FINDING_OVERRIDE.c.finding_id == FINDING.c.finding_id,
                                          FINDING_OVERRIDE.c.at_step == literal("approval")))
        .group_by(FINDING.c.bank, FINDING.c.rule, FINDING.c.severity),
        {**_BANK, "rule": "the rule (docs/rules.md)", "severity": "reject, refer, inform", "findings": "findings",
         "loans": "loans with one", "overridden": "findings set aside at approval"},
    ),
    _view(
        "overrides_by_officer",
        "what each officer set aside",
        select(FINDING_OVERRIDE.c.bank, FINDING_OVERRIDE.c.officer, FINDING_OVERRIDE.c.rule, _count("overrides"),
               func.count(FINDING_OVERRIDE.c.loan_id.distinct(), type_=BigInteger()).label("loans"))
        .group_by(FINDING_OVERRIDE.c.bank, FINDING_OVERRIDE.c.officer, FINDING_OVERRIDE.c.rule),
        {**_BANK, "officer": "the person who approved", "rule": "the rule whose finding was set aside",
         "overrides": "how many findings", "loans": "of how many loans"},
    ),
)  # fmt: skip
"""Every view, in the order of docs/mirror.md."""


def views_id(connection: Connection) -> str:
    """A hash of all that the views are, on this database."""
    said = [(view.name, _statement(connection, view), view.comment, sorted(view.columns.items())) for view in VIEWS]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def create_views(connection: Connection) -> None:
    """Make the views, in place of those that stand."""
    drop_views(connection)
    for view in VIEWS:
        connection.execute(text(_statement(connection, view)))
        if connection.dialect.name == "postgresql":
            _comment(connection, view)


def _statement(connection: Connection, view: View) -> str:
    query = str(view.query.compile(connection, compile_kwargs={"literal_binds": True}))
    return f"CREATE VIEW {view.name} AS {_escaped(query)}"


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
