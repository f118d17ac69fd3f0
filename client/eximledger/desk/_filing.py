"""Filing documents: each kind on its channel, in as few transactions as it takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from eximledger.desk.calling import Calls
from eximledger_chaincode.contracts.papers.answers import whole_entries
from eximledger_chaincode.contracts.state.records import decode, document_json, record_list
from eximledger_chaincode.documents import KINDS, Document, Entry, WatchList
from hlf_chaincode.canonical import Json, plain_json
from hlf_chaincode.wording import with_article
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.private import Answered

__all__ = ["Change", "Filed", "file_documents", "read_entries"]

MAX_DOCUMENTS: Final = 500
"""Of one transaction (the contract's own limit)."""
MAX_BYTES: Final = 2 * 1024 * 1024
"""Of documents in one transaction; gRPC peers take 4 MiB or more with everything around it."""


class Change(StrEnum):
    """What filing did: a first version, a later one, or nothing because just this content stood there."""

    NEW = "new"
    AMENDED = "amended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Filed:
    """A document as the ledger now has it."""

    entry: Entry
    change: Change


async def file_documents(calls: Calls, documents: Sequence[Document]) -> list[Filed]:
    """File documents in this order of kinds, and answer in the order given.

    Raises `InvalidDocument` or `NotAuthorized` before anything is filed where one of them cannot be filed by this
    member. Documents of several kinds, very many, or one twice (a credit in a statement and in its notification) take
    several transactions: the call repeated goes on where it broke off, for what stands there is not filed twice.
    """
    if not documents:
        return []
    await _require_may_file(calls, {document.KIND for document in documents})
    numbered = sorted(enumerate(documents), key=lambda item: item[1].KIND)
    found: dict[int, Filed] = {}
    for kind, group in groupby(numbered, key=lambda item: item[1].KIND):
        for batch in _batches(group):
            filed = await _file(calls, kind, [(documents[place], content) for place, content in batch])
            found |= zip((place for place, _ in batch), filed, strict=True)
    return [found[place] for place in range(len(documents))]


async def read_entries(calls: Calls, kind: str, ids: Sequence[str], bank: str) -> list[Entry | None]:
    """What the ledger says of documents, without the documents; None where there is none."""
    answer = await calls.ask_bytes(KINDS[kind].channel, "documents:get_many", kind, list(ids), bank)
    records: list[dict[str, Json] | None] = json.loads(answer)
    return [
        None if record is None else decode(Entry, plain_json({k: v for k, v in record.items() if k != "document"}))
        for record in records
    ]


async def _require_may_file(calls: Calls, kinds: Iterable[str]) -> None:
    members = await calls.members() if calls.ledger.channels else ()
    role = next((member.role for member in members if member.msp_id == calls.ledger.msp_id), None)
    for kind in sorted(kinds):
        placement = KINDS[kind]
        if kind == "application":
            raise InvalidDocument(
                "an application is not filed as a paper: apply for the loan", field="kind", reason="an application"
            )
        if kind == "policy":
            raise InvalidDocument(
                "a policy is not filed as a paper: one person proposes it, another confirms it",
                field="kind",
                reason="a policy",
            )
        if issubclass(placement.model, WatchList):
            raise InvalidDocument(
                "a watch list is not filed as a paper: file it with its entries (watch file)", field="kind",
                reason="a watch list",
            )  # fmt: skip
        if role is not placement.writer:
            raise NotAuthorized(
                f"{with_article(kind)} is filed by role {placement.writer} on channel {placement.channel}; "
                f"{calls.ledger.msp_id} has role {role or 'none'}: act as another member",
                kind=kind,
                role=str(role or ""),
            )


def _batches(documents: Iterable[tuple[int, Document]]) -> Iterator[list[tuple[int, bytes]]]:
    """Documents as canonical JSON, so many at a time as one transaction takes: none of them twice."""
    batch: list[tuple[int, bytes]] = []
    ids: set[str] = set()
    size = 0
    for place, document in documents:
        content = document_json(document)
        if batch and (len(batch) == MAX_DOCUMENTS or size + len(content) > MAX_BYTES or document.id in ids):
            yield batch
            batch, ids, size = [], set(), 0
        batch.append((place, content))
        ids.add(document.id)
        size += len(content)
    if batch:
        yield batch


async def _file(calls: Calls, kind: str, documents: Sequence[tuple[Document, bytes]]) -> list[Filed]:
    channel, papers = KINDS[kind].channel, record_list([content for _, content in documents])
    commit = await calls.submit(channel, "documents:put_many", kind, papers, answered=Answered.BRIEF)
    answer = whole_entries(commit.result, documents)
    if answer is None:  # filed all the same: asked again, it changes nothing
        answer = (await calls.submit(channel, "documents:put_many", kind, papers)).result
    return [Filed(entry, _change(entry, commit.transaction_id)) for entry in calls.decoded(list[Entry], answer)]


def _change(entry: Entry, transaction_id: str) -> Change:
    if entry.transaction_id != transaction_id:
        return Change.UNCHANGED
    return Change.NEW if entry.version == 1 else Change.AMENDED
