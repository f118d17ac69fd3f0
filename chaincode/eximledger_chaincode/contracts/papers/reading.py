"""Reading documents back: records as canonical JSON, public ones as they stand, papers joined with their entries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from eximledger_chaincode.contracts.papers.answers import AnyDocument, HistoryItem
from eximledger_chaincode.contracts.papers.private import holder_of, may_read, read_papers, require_reader
from eximledger_chaincode.contracts.state.keys import (
    EXPORTER,
    NUMBER,
    declared_keys,
    document_key,
    paper_key,
    received_keys,
)
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.months import months_between
from eximledger_chaincode.contracts.state.names import collection_of
from eximledger_chaincode.contracts.state.records import entry_json, entry_of, record_json
from eximledger_chaincode.contracts.state.sums import amounts_in
from eximledger_chaincode.documents import Entry, FxReceipt, Kind, Money, compared_number, document_type, filed_number
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotFound
from hlf_chaincode.peer import KeyModification
from hlf_chaincode.stub import split_composite_key

__all__ = [
    "MAX_HISTORY",
    "RATE_DAYS",
    "exporter_declared",
    "exporter_received",
    "find_entries",
    "read_classifications",
    "read_entry",
    "read_history",
    "read_named",
    "read_rates",
    "read_record",
    "read_records",
]

MAX_HISTORY: Final = 1000
"""Versions of one document that a history lists at most, newest first."""
RATE_DAYS: Final = 10
"""How many days back the last quotation before a day is looked for (longer than any holiday)."""


async def read_records(context: Context, kind: str, ids: Sequence[str], bank: str) -> list[bytes | None]:
    """Records as canonical JSON, None where there is none. `bank` is "" for public kinds."""
    return await _read_records(context, [(kind, each) for each in ids], bank)


async def _read_records(context: Context, wanted: Sequence[tuple[str, str]], bank: str) -> list[bytes | None]:
    """The same for (kind, id) of several kinds: two requests to the peer at most."""
    stored = await context.stub.get_states([document_key(kind, each, bank) for kind, each in wanted])
    if not bank:
        return list(stored)
    entries = [entry_of(value) for value in stored if value is not None]
    papers = iter(await read_papers(context, bank, entries))
    return [None if value is None else record_json(value, next(papers)) for value in stored]


async def read_record(context: Context, placement: Kind, kind: str, id: str, bank: str) -> bytes:
    """One record as canonical JSON; raises `NotFound`, and `NotAuthorized` where the paper is another bank's."""
    holder = await _holder(context, placement, kind, id, bank)
    if placement.private:
        require_reader(context, await read_consortium(context), holder)
    (record,) = await read_records(context, kind, [id], holder)
    return _present(record, kind, id)


async def read_entry(context: Context, placement: Kind, kind: str, id: str, bank: str) -> bytes:
    """One entry as canonical JSON: what every member of the channel may know."""
    holder = await _holder(context, placement, kind, id, bank)
    return entry_json(_present(await context.stub.get_state(document_key(kind, id, holder)), kind, id))


async def _holder(context: Context, placement: Kind, kind: str, id: str, bank: str) -> str:
    if not placement.private:
        return ""
    return await holder_of(context, await read_consortium(context), kind, id, bank)


def _present(value: bytes | None, kind: str, id: str) -> bytes:
    if value is None:
        raise NotFound(f"there is no {kind} {id}", kind=kind, id=id)
    return value


async def find_entries(context: Context, kind: str, number: str, exporter: str, bank: str) -> list[Entry]:
    """Entries that carry a bare number, however it is spelt; only those of `bank` and `exporter` where given."""
    keys = [document_key(kind, number, bank)]
    compared = compared_number(number)
    async for row in context.stub.get_state_by_partial_composite_key(NUMBER, (kind, compared)):
        _kind, _number, id_, holder = split_composite_key(row.key)[1]
        keys.append(document_key(kind, id_, holder))
        if len(keys) > MAX_HISTORY:
            raise InvalidDocument(f"too many papers are numbered {number}", field="number", reason="too many")
    stored = await context.stub.get_states(list(dict.fromkeys(keys)))
    found = [entry_of(value) for value in stored if value is not None]
    return [
        entry for entry in found if (not exporter or entry.exporter == exporter) and (not bank or entry.issuer == bank)
    ]


async def read_history(context: Context, placement: Kind, kind: str, id: str, bank: str) -> list[HistoryItem]:
    """All versions of a document, newest first; papers with their contents for those who may read them."""
    holder = await _holder(context, placement, kind, id, bank)
    changes = (await context.stub.get_history_for_key(document_key(kind, id, holder)))[:MAX_HISTORY]
    if not changes:
        raise NotFound(f"there is no {kind} {id}", kind=kind, id=id)
    if not placement.private:
        return [_item(kind, change, change.value) for change in changes]
    entries = [entry_of(change.value) for change in changes if not change.is_delete]
    papers: list[bytes | None] = [None] * len(entries)
    if may_read(context, await read_consortium(context), holder):
        keys = [paper_key(entry.kind, entry.id, entry.version) for entry in entries]
        papers = await context.stub.get_private_data_many(collection_of(holder), keys)
    contents = iter(papers)
    return [_item(kind, change, None if change.is_delete else next(contents)) for change in changes]


def _item(kind: str, change: KeyModification, content: bytes | None) -> HistoryItem:
    entry = None if change.is_delete else entry_of(change.value)
    document: AnyDocument | None = None
    if content is not None and entry is not None:
        fields = json.loads(content)
        document = document_type(kind).parse(fields.get("document", fields))
    return HistoryItem(
        entry=entry,
        is_delete=change.is_delete,
        transaction_id=change.transaction_id,
        timestamp=change.timestamp,
        document=document,
    )


async def exporter_declared(context: Context, exporter: str, since: date, until: date) -> tuple[Money, ...]:
    """What the exporter declared in the whole months from that of `since` to that of `until`, by currency; cancelled
    declarations left out. Whole months, since sums are kept by month: twelve months up to a day are asked for as twelve
    whole months (`year_until`)."""
    keys = [key for month in months_between(since, until) for key in declared_keys(exporter, month)]
    return amounts_in(await context.stub.get_states(keys))


async def exporter_received(context: Context, exporter: str, since: date, until: date) -> tuple[Money, ...]:
    """What came in for the exporter in the same months: booked, not taken back, and no return of an own payment."""
    keys = [key for month in months_between(since, until) for key in received_keys(exporter, month)]
    return amounts_in(await context.stub.get_states(keys))


async def read_named(
    context: Context, named: Mapping[str, Sequence[str]], exporter: str, bank: str
) -> dict[str, list[bytes]]:
    """By kind, the records of the papers that an exporter's application names by bare numbers, read together; what is
    not there is left out.

    A paper of that exporter is found by its number as written or, if only one compares the same, however it is spelt.
    One whose party carries no USCC is found so, too; another exporter's paper never is. Of receipts all that have the
    reference are meant: banks give one to several credits.
    """
    numbers = {(kind, f"{exporter}:{filed_number(number)}"): number for kind in named for number in named[kind]}
    stored = dict(zip(numbers, await _read_records(context, list(numbers), bank), strict=True))
    for kind, id_ in [asked for asked, record in stored.items() if record is None]:
        entries = await find_entries(context, kind, numbers[kind, id_], "", bank)
        alike = [entry for entry in entries if entry.exporter == exporter]
        meant = alike or [entry for entry in entries if entry.exporter is None]
        if len(meant) == 1 or kind == FxReceipt.KIND:
            alike_records = await read_records(context, kind, [entry.id for entry in meant], bank)
            stored |= {(kind, entry.id): record for entry, record in zip(meant, alike_records, strict=True)}
    found: dict[str, list[bytes]] = {kind: [] for kind in named}
    for (kind, _), record in stored.items():
        if record is not None and record not in found[kind]:
            found[kind].append(record)
    return found


async def read_rates(context: Context, requests: Sequence[tuple[str, date]]) -> list[bytes | None]:
    """Records of the quotations that hold for each currency and day, in one batch of reads."""
    candidates = [
        [f"{currency}:{(day - timedelta(days=back)).isoformat()}" for back in range(RATE_DAYS + 1)]
        for currency, day in requests
    ]
    wanted = list(dict.fromkeys(id_ for days in candidates for id_ in days))
    records = dict(zip(wanted, await read_records(context, "rate", wanted, ""), strict=True))
    return [next((found for id_ in days if (found := records[id_]) is not None), None) for days in candidates]


async def read_classifications(context: Context, exporter: str) -> list[bytes]:
    """Records of every class that the exporter ever had."""
    rows = context.stub.get_state_by_partial_composite_key(EXPORTER, ("classification", exporter))
    ids = [split_composite_key(row.key)[1][3] async for row in rows]
    return [record for record in await read_records(context, "classification", ids, "") if record is not None]
