"""Looking a case's subjects up in lists: a read of the buckets of their words, then of the entries that are like them.

What is read grows with the case, not with the list: some hundred keys for twenty parties, whichever the list's size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias, TypeVar

from pydantic import TypeAdapter

from eximledger_chaincode.contracts.state.keys import watch_block_key, watch_bucket_key
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.contracts.watchlists.filing import filing_of
from eximledger_chaincode.documents import Record, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.hits import Hit, hit_of
from eximledger_chaincode.lending.screening.keys import entry_key, keys_of
from eximledger_chaincode.lending.screening.names import Reading, readings_of
from eximledger_chaincode.lending.screening.parts import BLOCK, buckets_of, count_buckets, rows_in
from eximledger_chaincode.lending.screening.scoring import alike, reading_of_form
from eximledger_chaincode.lending.screening.subjects import Subject
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["MAX_HITS", "find_entry", "search"]

MAX_HITS: Final = 200
"""Hits that are told of one case; the certain and most alike ones."""
_ENTRIES: Final = TypeAdapter(tuple[WatchEntry, ...])
_OF_NAMES: Final = ("n", "v")

ListT = TypeVar("ListT", bound=WatchList)


class _Candidate(NamedTuple):
    subject: int
    of_list: int
    entry: int


async def search(
    shelf: KeyReader, records: Sequence[Record[ListT]], subjects: Sequence[Subject], least: int
) -> tuple[tuple[Hit, ...], int]:
    """The hits in these lists, by list and entry, and how many were left out."""
    lists = [record.document for record in records]
    wanted = [keys_of(subject) for subject in subjects]
    buckets = await _read_buckets(shelf, lists, {key for keys in wanted for key in keys})
    candidates = {
        _Candidate(place, of_list, entry)
        for place, (subject, keys) in enumerate(zip(subjects, wanted, strict=True))
        for of_list, entry in _candidates(subject, keys, buckets, len(lists), least)
    }
    entries = await _read_entries(shelf, lists, {(each.of_list, each.entry) for each in candidates})
    hits: dict[str, Hit] = {}
    for each in sorted(candidates):
        entry, sha256 = entries[each.of_list, each.entry]
        hit = hit_of(subjects[each.subject], entry, sha256, lists[each.of_list], least)
        if hit is not None:
            hits[hit.key] = hit
    ranked = sorted(hits.values(), key=lambda hit: (not hit.certain, -hit.score, hit.list_id, hit.entry_id, hit.key))
    told = sorted(ranked[:MAX_HITS], key=lambda hit: (hit.list_id, hit.entry_id, hit.key))
    return tuple(told), max(0, len(ranked) - MAX_HITS)


async def find_entry(shelf: KeyReader, heading: WatchList, entry_id: str) -> WatchEntry | None:
    """One entry of a list by its publisher's id."""
    key = entry_key(entry_id)
    found = (await _read_buckets(shelf, [heading], [key])).get((0, key), ())
    entries = await _read_entries(shelf, [heading], {(0, number) for number, _ in found})
    return next((entry for entry, _ in entries.values()), None)


_Rows: TypeAlias = dict[tuple[int, str], tuple[tuple[int, str], ...]]
"""By list and key: entries, and the reading of the name that each is found by."""


async def _read_buckets(shelf: KeyReader, lists: Sequence[WatchList], keys: Iterable[str]) -> _Rows:
    """What stands under keys, by list and key; one request for all lists."""
    wanted = sorted(keys)
    places: list[tuple[int, list[str]]] = []
    names: list[str] = []
    for place, heading in enumerate(lists):
        filing = filing_of(heading)
        for number, within in buckets_of(wanted, count_buckets(heading.entries)).items():
            places.append((place, within))
            names.append(watch_bucket_key(filing, number))
    found: _Rows = {}
    for (place, within), stored in zip(places, await shelf.get_many(names), strict=True):
        if stored is not None:
            found |= {(place, key): rows for key in within if (rows := tuple(rows_in(stored, key)))}
    return found


def _candidates(
    subject: Subject, keys: Sequence[str], rows: _Rows, lists: int, least: int
) -> Iterator[tuple[int, int]]:
    """Entries under a subject's keys whose name is alike enough by the reading that the index has of it."""
    ours = [reading for name in subject.names for reading in readings_of(name)]
    scored: dict[str, bool] = {}
    for of_list in range(lists):
        for key in keys:
            for number, form in rows.get((of_list, key), ()):
                if key[0] not in _OF_NAMES or _is_alike(ours, form, least, scored):
                    yield of_list, number


def _is_alike(ours: Sequence[Reading], form: str, least: int, scored: dict[str, bool]) -> bool:
    known = scored.get(form)
    if known is None:
        theirs = reading_of_form(form.removeprefix("?"))
        known = scored[form] = any(alike(one, theirs) >= least for one in ours)
    return known


async def _read_entries(
    shelf: KeyReader, lists: Sequence[WatchList], wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], tuple[WatchEntry, str]]:
    """Entries by list and number, each with its hash; one request."""
    numbers = sorted(wanted)
    blocks = sorted({(of_list, number // BLOCK) for of_list, number in numbers})
    stored = await shelf.get_many([watch_block_key(filing_of(lists[of_list]), block) for of_list, block in blocks])
    read = {place: _ENTRIES.validate_json(value or b"[]") for place, value in zip(blocks, stored, strict=True)}
    found = {}
    for of_list, number in numbers:
        entry = read[of_list, number // BLOCK][number % BLOCK]
        found[of_list, number] = (entry, sha256_hex(canonical_json(entry)))
    return found
