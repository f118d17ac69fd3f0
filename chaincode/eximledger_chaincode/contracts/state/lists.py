"""Lists that are read in pages: public rows that say nothing but which private value comes next.

A private range has no pages on Fabric, so a list is a range of public rows: the list's token, the time at which what it
names came to be, and the name of its key in the vault. Who cannot read the vault sees how many there are, and when they
came, of a list that it cannot name. Pages are in the order in which things were filed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from eximledger_chaincode.contracts.state.keys import ROW
from eximledger_chaincode.contracts.state.records import object_json, record_list
from eximledger_chaincode.contracts.state.shelves import Shelf
from eximledger_chaincode.documents.parts.base import Whole
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.stub import MAX_PAGE, composite_key, split_composite_key

__all__ = ["PRESENT", "Page", "PageSize", "Row", "list_rows", "page_json", "read_page", "row_key"]

PageSize = Annotated[Whole, Field(ge=1, le=MAX_PAGE)]
PRESENT: Final = b"{}"
"""The value of a row."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list's values. `bookmark` starts the next page; "" at the end."""

    values: tuple[bytes, ...]
    bookmark: str


def row_key(shelf: Shelf, name: str, since: datetime, key: str) -> str:
    """The public row of a value in a list; `since` is when the value came to be."""
    order = (since - _EPOCH) // timedelta(microseconds=1)
    return composite_key(ROW, (_token(shelf, name), f"{order:020}", shelf.name(key)))


async def read_page(context: Context, shelf: Shelf, name: str, page_size: int, bookmark: str) -> Page:
    """A page of a list, as far as the shelf has the values. For queries only: a transaction that reads a page may not
    write."""
    start = _decoded(bookmark)
    if shelf.is_empty:
        return Page((), "")
    prefix = (_token(shelf, name),)
    page = await context.stub.get_state_page_by_partial_composite_key(ROW, prefix, page_size, start)
    stored = await shelf.get_named([split_composite_key(row.key)[1][-1] for row in page.entries])
    values = tuple(value for value in stored if value is not None)
    return Page(values, base64.urlsafe_b64encode(page.bookmark.encode()).decode())


@dataclass(frozen=True, slots=True)
class Row:
    """One public row, and the name of the key that it stands for."""

    key: str
    name: str


async def list_rows(context: Context, shelf: Shelf, name: str) -> AsyncIterator[Row]:
    """Every row of a list, for a transaction that goes on to write."""
    async for row in context.stub.get_state_by_partial_composite_key(ROW, (_token(shelf, name),)):
        yield Row(row.key, split_composite_key(row.key)[1][-1])


def _token(shelf: Shelf, name: str) -> str:
    return shelf.name(f"list {name}")


def _decoded(bookmark: str) -> str:
    """The key in a bookmark: a composite key holds U+0000, which neither shells nor terminals take."""
    try:
        return base64.b64decode(bookmark, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidDocument(
            "not a bookmark: pass on the one that the last page gave", field="bookmark", reason="not a bookmark"
        ) from None


def page_json(name: str, values: Sequence[bytes], bookmark: str) -> bytes:
    """Canonical JSON of a page whose entries are canonical JSON already."""
    return object_json({name: record_list(values), "bookmark": canonical_json(bookmark)})
