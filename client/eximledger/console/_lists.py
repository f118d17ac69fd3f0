"""Whole lists to take along, page by page, up to a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from eximledger.mirror.reading import Page

__all__ = ["whole_list"]

RowT = TypeVar("RowT")
_MOST: Final = 10_000


def whole_list(page_after: Callable[[str], Page[RowT]]) -> tuple[RowT, ...]:
    """All rows of a list, ten thousand at most; `page_after` gives the page after a cursor, the first after none."""
    rows: list[RowT] = []
    cursor = ""
    while len(rows) < _MOST:
        page = page_after(cursor)
        rows += page.rows
        cursor = page.cursor
        if not cursor:
            break
    return tuple(rows)
