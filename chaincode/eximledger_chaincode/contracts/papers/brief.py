"""The short answer to a filing: what the entries say beside the documents, once where all of them say the same.

A block keeps answers for ever, and whoever has filed a document can tell most of its entry from it. What peers endorsed
is all of it: by the hash of the whole answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from eximledger_chaincode.documents import Document, Entry
from hlf_chaincode.canonical import Json, plain_json, sha256_hex
from hlf_chaincode.contract import Encoded

__all__ = ["brief_entries", "whole_entries"]

_DESCRIBED: Final = frozenset({"dated", "exporter", "id", "kind", "number", "sha256"})
"""What an entry has from its document alone."""


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
