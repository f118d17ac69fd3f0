"""What a whole number, a flag, a day and a moment of a paper may be, and the words for what does not fit.

pydantic would read `true` and "5" as numbers, "yes" as a flag and 0 as 1 January 1970. What decides over money is read
as it is written, or refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Count",
    "Day",
    "Fifth",
    "First",
    "Flag",
    "Moment",
    "Second",
    "Value",
    "Version",
    "Whole",
    "invalid_document",
]

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""The calendar of every paper: no sum or difference of days in it, nor of a policy's days, leaves Python's own."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})")

Whole: TypeAlias = Annotated[int, Field(strict=True)]
"""A whole number, written as one: neither `true`, nor 5.0, nor "5"."""

Count: TypeAlias = Annotated[Whole, Field(ge=0, le=999_999_999)]
"""How many of something there are."""

Version: TypeAlias = Annotated[Whole, Field(ge=1)]
"""Which version of something: the first is 1."""

Flag: TypeAlias = Annotated[bool, Field(strict=True)]
"""Yes or no, written `true` or `false`."""


def _day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("write a day as 2026-12-31")


def _moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise ValueError("write a time as 2026-12-31T23:59:59Z, with its offset from UTC")


def _written_whole(value: object) -> object:
    if type(value) is not int:
        raise ValueError("write a schema version as a whole number")
    return value


Day: TypeAlias = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_day)]
"""A day of a paper or of a transaction: from 1900, for published samples carry dates before 1970, to 2199, for what is
declared in 2099, the last year of a declaration's number, falls due later."""

Moment: TypeAlias = Annotated[
    AwareDatetime,
    Field(ge=datetime(1990, 1, 2, tzinfo=UTC), le=datetime(2199, 12, 30, tzinfo=UTC)),
    BeforeValidator(_moment),
]
"""A transaction's time, with its offset from UTC; its date is a `Day` in every time zone."""

First: TypeAlias = Annotated[Literal[1], BeforeValidator(_written_whole)]
"""The version of a schema that has had no other."""

Second: TypeAlias = Annotated[Literal[2], BeforeValidator(_written_whole)]
"""The version of a schema that came with the register on the bank channel."""

Fifth: TypeAlias = Annotated[Literal[5], BeforeValidator(_written_whole)]
"""The version of a schema that came with keys of papers in a row that stand together."""


class Value(BaseModel):
    """A part of a document: immutable, and with no field that is not in its model."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


def invalid_document(kind: str, error: ValidationError) -> InvalidDocument:
    """The pydantic error as ours: first wrong field, its reason, and how many more there are; never the value."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    first = problems[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    where = f"{kind}.{field}" if field else kind
    return InvalidDocument(f"{where}: {reason}{more}", field=field, reason=reason)
