"""What the documents contract answers beside records: pages, histories, customs' part of a case, short answers.

The short answer to a filing is what the entries say beside the documents, once where all of them say the same. A block
keeps answers for ever, and whoever has filed a document can tell most of its entry from it. What peers endorsed is all
of it: by the hash of the whole answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias, Union

from pydantic import Field

from eximledger_chaincode.documents import KINDS, Document, Entry, ExportDeclaration, Money, PriceBand, Record, Value
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.documents.parts.base import Day, Moment
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.consent import Scope
from hlf_chaincode.canonical import Json, plain_json, sha256_hex
from hlf_chaincode.contract import Encoded

__all__ = ["AnyDocument", "CustomsFacts", "EntryPage", "HistoryItem", "brief_entries", "whole_entries"]

_DESCRIBED: Final = frozenset({"dated", "exporter", "id", "kind", "number", "sha256"})
"""What an entry has from its document alone."""

if TYPE_CHECKING:
    AnyDocument: TypeAlias = Document
else:
    AnyDocument = Annotated[Union[tuple(kind.model for kind in KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - of a tuple


class EntryPage(Value):
    """One page of a list; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    entries: tuple[Entry, ...]


class HistoryItem(Value):
    """One version of a document."""

    entry: Entry
    transaction_id: str
    timestamp: Moment
    document: AnyDocument


class CustomsFacts(Value):
    """What customs knows for a case: the declarations named, its price bands for their goods, and the exporter's total
    over a period."""

    declarations: tuple[Record[ExportDeclaration], ...]
    earlier: tuple[Record[ExportDeclaration], ...] = ()
    """Versions of them that were replaced, the last ones of each."""
    price_bands: tuple[Record[PriceBand], ...] = ()
    declared: tuple[Money, ...]
    exported: Exported = Exported()
    """How many there were, by HS chapter, country and size."""
    seals: tuple[Hex256 | None, ...] = ()
    """Of the declarations named, in that order, None where the caller has none: with a seal, what is held of a
    declaration is found and read on the bank channel."""
    allowed: tuple[Scope, ...] = ()
    """Which of SAFE's facts the exporter lets the asking bank read today: SAFE's channel is told, and need not ask."""
    since: Day
    until: Day


def brief_entries(answer: Encoded[list[Entry]]) -> Encoded[dict[str, Json]]:
    """The short answer, from the whole one."""
    entries: list[dict[str, Json]] = json.loads(answer.data)
    told = [{name: value for name, value in each.items() if name not in _DESCRIBED} for each in entries]
    same = told[0] if told else {}
    own: list[Json] = [_beyond(same, each) for each in told]
    return Encoded(plain_json({"same": same, "own": own, "sha256": sha256_hex(answer.data)}))


def _beyond(same: dict[str, Json], entry: dict[str, Json]) -> dict[str, Json]:
    """What an entry says otherwise; null where it says nothing of it."""
    return {name: entry.get(name) for name in same.keys() | entry.keys() if entry.get(name) != same.get(name)}


def whole_entries(brief: bytes, documents: Iterable[tuple[Document, bytes]]) -> bytes | None:
    """The whole answer, from the short one and what was filed: each document and its canonical JSON. None where that is
    not what the peers answered, whose release describes documents otherwise."""
    told = json.loads(brief)
    entries: list[Json] = [
        {name: value for name, value in {**told["same"], **own, **_described(*each)}.items() if value is not None}
        for own, each in zip(told["own"], documents, strict=True)
    ]
    answer = plain_json(entries)
    return answer if sha256_hex(answer) == told["sha256"] else None


def _described(document: Document, content: bytes) -> dict[str, Json]:
    return {
        "kind": document.KIND,
        "id": document.id,
        "number": document.number,
        "exporter": document.exporter,
        "dated": None if document.dated is None else document.dated.isoformat(),
        "sha256": sha256_hex(content),
    }
