"""Reading documents back: records as canonical JSON, from whatever shelf the caller may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from eximledger_chaincode.contracts.papers.answers import HistoryItem
from eximledger_chaincode.contracts.state.keys import (
    classes_key,
    declared_parts_key,
    differences_key,
    document_key,
    numbered_key,
    received_parts_key,
    version_key,
)
from eximledger_chaincode.contracts.state.records import entry_of, record_of
from eximledger_chaincode.contracts.state.shelves import Shelf
from eximledger_chaincode.contracts.state.sums.amounts import amounts_in, counts_in, names_in
from eximledger_chaincode.contracts.state.sums.months import months_between
from eximledger_chaincode.contracts.state.sums.parts import read_parts
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.documents import Entry, FxReceipt, Money, filed_number
from eximledger_chaincode.documents.customs.exported import Exported
from hlf_chaincode.errors import InvalidDocument, NotFound

__all__ = [
    "MAX_DIFFERENCES",
    "MAX_EARLIER",
    "MAX_HISTORY",
    "RATE_DAYS",
    "earlier_keys",
    "exporter_declared",
    "exporter_received",
    "find_records",
    "named_id",
    "named_keys",
    "of_exporter_ids",
    "of_exporter_keys",
    "rate_keys",
    "read_earlier",
    "read_history",
    "read_named",
    "read_of_exporter",
    "read_rates",
    "read_record",
    "read_records",
]

MAX_EARLIER: Final = 20
"""Replaced versions of one declaration that a case sees."""
MAX_DIFFERENCES: Final = 24
"""SAFE's papers of two years, if it writes one each month; their ids are in the order of their months."""
MAX_HISTORY: Final = 1000
"""Versions of one document that a history lists at most, newest first."""
RATE_DAYS: Final = 10
"""How many days back the last quotation before a day is looked for (longer than any holiday)."""


async def read_records(shelf: KeyReader, kind: str, ids: Sequence[str]) -> list[bytes | None]:
    """Records as canonical JSON, None where there is none."""
    return await shelf.get_many([document_key(kind, each) for each in ids])


async def read_record(shelf: KeyReader, kind: str, id: str) -> bytes:
    """One record as canonical JSON; raises `NotFound`, also where the caller may not know of it."""
    (record,) = await read_records(shelf, kind, [id])
    if record is None:
        raise NotFound(f"there is no {kind} {id}", kind=kind, id=id)
    return record


async def find_records(shelf: KeyReader, kind: str, id: str, number: str) -> list[bytes]:
    """Records that carry a bare number, however it is spelt, or have the id."""
    first, numbered = await shelf.get_many([document_key(kind, id), numbered_key(kind, number)])
    others = [each for each in names_in(numbered) if each != id]
    if len(others) > MAX_HISTORY:
        raise InvalidDocument(f"too many papers are numbered {number}", field="number", reason="too many")
    found = [first, *await read_records(shelf, kind, others)]
    return [record for record in found if record is not None]


async def read_history(shelf: Shelf, kind: str, id: str) -> list[HistoryItem]:
    """All versions of a document that the shelf has, newest first; of a copy those since it was pulled."""
    latest = await read_record(shelf, kind, id)
    version = entry_of(latest).version
    numbers = range(version - 1, max(0, version - MAX_HISTORY), -1)
    replaced = await shelf.get_many([version_key(kind, id, number) for number in numbers])
    return [_item(kind, stored) for stored in (latest, *replaced) if stored is not None]


def _item(kind: str, stored: bytes) -> HistoryItem:
    record = record_of(kind, stored)
    return HistoryItem(
        entry=entry_of(stored),
        transaction_id=record.transaction_id,
        timestamp=record.written_at,
        document=record.document,
    )


async def read_earlier(shelf: KeyReader, exporter: str, records: Sequence[bytes]) -> list[bytes]:
    """The replaced versions of the exporter's declarations, as far as the shelf has them; of each the last
    `MAX_EARLIER`. A version that was another exporter's is not shown."""
    keys = [key for record in records for key in earlier_keys(entry_of(record))]
    stored = [version for version in await shelf.get_many(keys) if version is not None]
    return [version for version in stored if entry_of(version).exporter == exporter]


def earlier_keys(entry: Entry) -> list[str]:
    """The keys of the versions of a document that came before this one, the last ones."""
    versions = range(max(1, entry.version - MAX_EARLIER), entry.version)
    return [version_key(entry.kind, entry.id, version) for version in versions]


async def exporter_declared(
    shelf: KeyReader, exporter: str, since: date, until: date
) -> tuple[tuple[Money, ...], Exported]:
    """What the exporter declared in the whole months from that of `since` to that of `until`, by currency, and how many
    declarations of what; cancelled ones left out. Whole months, since sums are kept by month: twelve months up to a day
    are asked for as twelve whole months (`year_until`)."""
    months = [declared_parts_key(exporter, month) for month in months_between(since, until)]
    stored = [part for parts in (await read_parts(shelf, months)).values() for part in parts]
    return amounts_in(stored), Exported.of(counts_in(stored))


async def exporter_received(shelf: KeyReader, exporter: str, since: date, until: date) -> tuple[Money, ...]:
    """What came in for the exporter in the same months: booked, not taken back, and no return of an own payment."""
    months = [received_parts_key(exporter, month) for month in months_between(since, until)]
    return amounts_in(part for parts in (await read_parts(shelf, months)).values() for part in parts)


async def read_named(shelf: KeyReader, named: Mapping[str, Sequence[str]], exporter: str) -> dict[str, list[bytes]]:
    """By kind, the records of the papers that an exporter's application names by bare numbers, read together; what is
    not there is left out.

    A paper of that exporter is found by its number as written or, if only one compares the same, however it is spelt.
    One whose party carries no USCC is found so, too; another exporter's paper never is. Of receipts all that have the
    reference are meant: banks give one to several credits.
    """
    numbers = {(kind, named_id(exporter, number)): number for kind in named for number in named[kind]}
    records = await shelf.get_many(named_keys(named, exporter))
    stored = dict(zip(numbers, records, strict=True))
    for kind, id_ in [asked for asked, record in stored.items() if record is None]:
        entries = [(entry_of(each), each) for each in await find_records(shelf, kind, id_, numbers[kind, id_])]
        alike = [(entry, each) for entry, each in entries if entry.exporter == exporter]
        meant = alike or [(entry, each) for entry, each in entries if entry.exporter is None]
        if len(meant) == 1 or kind == FxReceipt.KIND:
            stored |= {(kind, entry.id): record for entry, record in meant}
    found: dict[str, list[bytes]] = {kind: [] for kind in named}
    for (kind, _), record in stored.items():
        if record is not None and record not in found[kind]:
            found[kind].append(record)
    return found


def named_keys(named: Mapping[str, Sequence[str]], exporter: str) -> list[str]:
    """The keys that `read_named` reads first, each once."""
    numbers = [(kind, named_id(exporter, number)) for kind in named for number in named[kind]]
    return [document_key(kind, id_) for kind, id_ in dict.fromkeys(numbers)]


def named_id(exporter: str, number: str) -> str:
    """The id of a paper that an exporter's application names by this number, where it is filed as that exporter's."""
    return f"{exporter}:{filed_number(number)}"


async def read_rates(shelf: KeyReader, requests: Sequence[tuple[str, date]]) -> list[bytes | None]:
    """Records of the quotations that hold for each currency and day, in one batch of reads."""
    candidates = [_rate_keys(request) for request in requests]
    wanted = rate_keys(requests)
    records = dict(zip(wanted, await shelf.get_many(wanted), strict=True))
    return [next((found for key in days if (found := records[key]) is not None), None) for days in candidates]


def rate_keys(requests: Sequence[tuple[str, date]]) -> list[str]:
    """The keys under which quotations may stand that hold for each currency and day, each once."""
    return list(dict.fromkeys(key for request in requests for key in _rate_keys(request)))


def _rate_keys(request: tuple[str, date]) -> list[str]:
    currency, day = request
    days = (day - timedelta(days=back) for back in range(RATE_DAYS + 1))
    return [document_key("rate", f"{currency}:{each.isoformat()}") for each in days]


async def read_of_exporter(shelf: KeyReader, exporter: str) -> tuple[list[bytes], list[bytes]]:
    """Records of every class that the exporter ever had, and of SAFE's papers on the difference of its goods and money,
    the last `MAX_DIFFERENCES`."""
    kept, latest = await of_exporter_keys(shelf, exporter)
    records = await shelf.get_many([*kept, *latest])
    found = [records[: len(kept)], records[len(kept) :]]
    of_class, of_difference = ([record for record in part if record is not None] for part in found)
    return of_class, of_difference


async def of_exporter_keys(shelf: KeyReader, exporter: str) -> tuple[list[str], list[str]]:
    """The keys of those records."""
    classes, differences = await of_exporter_ids(shelf, exporter)
    return (
        [document_key("classification", id_) for id_ in classes],
        [document_key("total-difference", id_) for id_ in differences],
    )


async def of_exporter_ids(shelf: KeyReader, exporter: str) -> tuple[list[str], list[str]]:
    """Their ids."""
    classes, differences = await shelf.get_many([classes_key(exporter), differences_key(exporter)])
    return names_in(classes), names_in(differences)[-MAX_DIFFERENCES:]
