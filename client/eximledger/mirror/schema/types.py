"""How the mirror's values stand in SQLite and PostgreSQL: money exact, moments in UTC, names compared byte by byte."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Numeric, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Date, Float, Integer, TypeDecorator, TypeEngine

__all__ = [
    "Amount",
    "Days",
    "InUnits",
    "Microseconds",
    "Moment",
    "Month",
    "Today",
    "ViewAmount",
    "name_type",
    "text_type",
]

_PLACES: Final = 4
"""Digits after the point: no currency of ISO 4217 has more."""
_SCALE: Final = 10**_PLACES
_UNIT: Final = Decimal(1).scaleb(-_PLACES)
_MOST: Final = (2**63 - 1) // _SCALE * _SCALE


class Amount(TypeDecorator[Decimal]):
    """An amount of money: NUMERIC on PostgreSQL; on SQLite, which has no decimals, whole ten-thousandths.

    What does not fit SQLite's integers (from 922 thousand milliards on) stands as the most that does; the paper's text
    has it whole.
    """

    impl = Numeric(34, _PLACES)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(34, _PLACES))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> object:
        if value is None or dialect.name != "sqlite":
            return value
        return max(-_MOST, min(_MOST, int(value * _SCALE)))

    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(int(value)) * _UNIT if isinstance(value, int) else Decimal(str(value))


class ViewAmount(TypeDecorator[Decimal]):
    """An amount as a view gives it: NUMERIC on PostgreSQL, REAL on SQLite, read with four places."""

    impl = Numeric(38, _PLACES)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Float() if dialect.name == "sqlite" else Numeric(38, _PLACES))

    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value)).quantize(_UNIT)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware; SQLite keeps it as text without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def name_type() -> TypeEngine[str]:
    """Ids, numbers and names that are looked up: compared by code point, so that an index answers what begins so."""
    return String().with_variant(String(collation="C"), "postgresql")


def text_type() -> TypeEngine[str]:
    """Text that is only shown."""
    return Text()


class Today(ColumnElement[date]):
    """The day in China, by the database's clock."""

    inherit_cache = True
    type = Date()


@compiles(Today)
def _today(_element: Today, _compiler: SQLCompiler, **_kwargs: object) -> str:
    return "date('now', '+8 hours')"


@compiles(Today, "postgresql")
def _today_of_postgresql(_element: Today, _compiler: SQLCompiler, **_kwargs: object) -> str:
    return "CAST(now() AT TIME ZONE 'Asia/Shanghai' AS DATE)"


class Microseconds(GenericFunction[int]):
    """Microseconds from the first moment to the second: whole, so that sums of them are exact in any order."""

    type = BigInteger()
    inherit_cache = True


@compiles(Microseconds)
def _microseconds(element: Microseconds, compiler: SQLCompiler, **kwargs: object) -> str:
    first, second = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"({_since_1970(second)} - {_since_1970(first)})"


def _since_1970(moment: str) -> str:
    """SQLite keeps a moment as `2026-11-28 08:00:00.000000`; its julianday() knows no more than milliseconds."""
    return f"(CAST(strftime('%s', {moment}) AS INTEGER) * 1000000 + CAST(substr({moment}, 21, 6) AS INTEGER))"


@compiles(Microseconds, "postgresql")
def _microseconds_of_postgresql(element: Microseconds, compiler: SQLCompiler, **kwargs: object) -> str:
    first, second = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({second} - {first})) * 1000000 AS BIGINT)"


class Month(GenericFunction[str]):
    """Year and month of a moment, in UTC."""

    type = String()
    inherit_cache = True


@compiles(Month)
def _month(element: Month, compiler: SQLCompiler, **kwargs: object) -> str:
    (moment,) = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"substr({moment}, 1, 7)"


@compiles(Month, "postgresql")
def _month_of_postgresql(element: Month, compiler: SQLCompiler, **kwargs: object) -> str:
    (moment,) = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM')"


class Days(GenericFunction[int]):
    """Days from the first day to the second, below 0 where that was before."""

    type = Integer()
    inherit_cache = True


@compiles(Days)
def _days(element: Days, compiler: SQLCompiler, **kwargs: object) -> str:
    first, second = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(Days, "postgresql")
def _days_of_postgresql(element: Days, compiler: SQLCompiler, **kwargs: object) -> str:
    first, second = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"({second} - {first})"


class InUnits(GenericFunction[Decimal]):
    """A sum of amounts in whole units of the currency, for people's own queries."""

    type = ViewAmount()
    inherit_cache = True


@compiles(InUnits)
def _in_units(element: InUnits, compiler: SQLCompiler, **kwargs: object) -> str:
    (amount,) = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"(({amount}) / {_SCALE}.0)"


@compiles(InUnits, "postgresql")
def _in_units_of_postgresql(element: InUnits, compiler: SQLCompiler, **kwargs: object) -> str:
    (amount,) = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"CAST({amount} AS NUMERIC(38, {_PLACES}))"
