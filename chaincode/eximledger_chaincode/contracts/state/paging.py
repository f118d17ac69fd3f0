"""Pages of lists: bounded, with bookmarks that survive a command line."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from eximledger_chaincode.contracts.state.records import object_json, record_list
from eximledger_chaincode.documents.parts.base import Whole
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.stub import MAX_PAGE, split_composite_key

__all__ = ["KeyPage", "PageSize", "key_page", "page_json"]

PageSize = Annotated[Whole, Field(ge=1, le=MAX_PAGE)]


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One page of composite keys: their attributes and values. `bookmark` starts the next page; "" at the end."""

    attributes: tuple[tuple[str, ...], ...]
    values: tuple[bytes, ...]
    bookmark: str


async def key_page(context: Context, object_type: str, prefix: Sequence[str], page_size: int, bookmark: str) -> KeyPage:
    """A page of an index. For queries only: on Fabric a transaction that reads a page may not write."""
    page = await context.stub.get_state_page_by_partial_composite_key(
        object_type, prefix, page_size, _decoded(bookmark)
    )
    return KeyPage(
        tuple(split_composite_key(entry.key)[1] for entry in page.entries),
        tuple(entry.value for entry in page.entries),
        base64.urlsafe_b64encode(page.bookmark.encode()).decode(),
    )


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
