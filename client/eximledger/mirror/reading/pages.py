"""Pages by key: the next page begins after the last row's place in the order, whatever was inserted meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Date, Integer, Row, Select, literal, tuple_
from sqlalchemy.sql.elements import ColumnElement

from eximledger.mirror.reading.rows import Page
from eximledger.mirror.schema.types import Amount, Moment
from hlf_client.errors import InvalidDocument

__all__ = ["MAX_PAGE", "begins_with", "contains", "keyset_page"]

MAX_PAGE: Final = 500
RowT = TypeVar("RowT")


def keyset_page(
    connection: Connection,
    query: Select[Any],
    order: Sequence[ColumnElement[Any]],
    *,
    descending: bool,
    size: int,
    cursor: str,
    make: Callable[[Row[Any]], RowT],
) -> Page[RowT]:
    """A page of a query in the order of columns that together name a row and are never null.

    Raises `InvalidDocument` for a size that is none and a cursor that another list gave.
    """
    if not 1 <= size <= MAX_PAGE:
        raise InvalidDocument(f"size: a page has 1 to {MAX_PAGE} rows", field="size", reason="out of range")
    if cursor:
        after = tuple_(*order), tuple_(*_decoded(cursor, order))
        query = query.where(after[0] < after[1] if descending else after[0] > after[1])
    places = [column.desc() if descending else column.asc() for column in order]
    found = connection.execute(query.add_columns(*order).order_by(*places).limit(size + 1)).all()
    rows = found[:size]
    following = _encoded(rows[-1][-len(order) :]) if len(found) > size else ""
    return Page(tuple(make(row) for row in rows), following)


def _encoded(place: Sequence[object]) -> str:
    values = [each.isoformat() if isinstance(each, date) else str(each) for each in place]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _decoded(cursor: str, order: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    try:
        values = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError("not of this list")
        return [_read(column, str(value)) for column, value in zip(order, values, strict=True)]
    except (ValueError, ArithmeticError, binascii.Error, RecursionError):
        raise InvalidDocument(
            "not a cursor of this list: pass on the one that the last page gave", field="cursor", reason="not a cursor"
        ) from None


def _read(column: ColumnElement[Any], text: str) -> ColumnElement[Any]:
    """A value as it stood in the column; it is bound as the column's own."""
    kind = column.type
    value: object = text
    if isinstance(kind, Moment):
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            raise ValueError("a moment without its zone")
    elif isinstance(kind, Date):
        value = date.fromisoformat(text)
    elif isinstance(kind, Amount):
        value = Decimal(text)
    elif isinstance(kind, Integer):
        value = int(text)
    return literal(value, kind)


def begins_with(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """A comparison that an index answers, by code point."""
    return (column >= text) & (column < text + "\U0010ffff")


def contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether the text stands anywhere in the column's."""
    return column.contains(text, autoescape=True)
