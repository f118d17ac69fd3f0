"""Which editions hold: one value on a channel, or in a bank's vault, that every case reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import LegalForce, OwnWatchList, Record, WatchList
from eximledger_chaincode.lending.screening.hits import Directory

__all__ = ["directory_of", "holding", "with_edition"]

ListT = TypeVar("ListT", bound=WatchList)


def directory_of(stored: bytes | None) -> Directory:
    """The directory from the value of its key; empty before the first list."""
    return Directory() if stored is None else decode(Directory, stored)


def holding(records: Iterable[Record[ListT]], day: date, foreign: Sequence[str]) -> tuple[Record[ListT], ...]:
    """Of each list the edition that holds on a day, by list id; foreign ones only where they are named."""
    found: dict[str, Record[ListT]] = {}
    for record in sorted(records, key=_order):
        listed = record.document
        wanted = listed.force is not LegalForce.FOREIGN or listed.list_id in foreign
        if wanted and listed.valid_from <= day:
            found[listed.list_id] = record
    return tuple(found[list_id] for list_id in sorted(found))


def with_edition(directory: Directory, record: Record[WatchList], today: date) -> Directory:
    """With one more edition, and without those of its list that never hold again."""
    if isinstance(record.document, OwnWatchList):
        own = Record[OwnWatchList](**dict(record))
        return directory.model_copy(update={"own": _with(directory.own, own, today)})
    return directory.model_copy(update={"shared": _with(directory.shared, record, today)})


def _with(records: Sequence[Record[ListT]], added: Record[ListT], today: date) -> tuple[Record[ListT], ...]:
    list_id = added.document.list_id
    same = sorted([*(each for each in records if each.document.list_id == list_id), added], key=_order)
    begun = [each for each in same if each.document.valid_from <= today]
    kept = [each for each in same if not begun or _order(each) >= _order(begun[-1])]
    others = [each for each in records if each.document.list_id != list_id]
    return tuple(sorted([*others, *kept], key=lambda each: (each.document.list_id, *_order(each))))


def _order(record: Record[ListT]) -> tuple[date, int]:
    return record.document.valid_from, record.version
