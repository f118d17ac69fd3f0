"""Filing an edition of a list: begun by its heading, stored part by part in any order, valid at once by its last step.

Nothing of it counts before `activate`, which finds every part there, the entries' hash that the heading names, and the
index to be what the entries give. Every step repeats harmlessly, so who was interrupted begins again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import Field

from eximledger_chaincode.contracts.papers.filing import Filing, draft_of, plan_filing, write_filings
from eximledger_chaincode.contracts.state.keys import (
    WATCH_LISTS_KEY,
    watch_block_key,
    watch_bucket_key,
    watch_filing_key,
    watch_part_key,
)
from eximledger_chaincode.contracts.state.records import decode, encode, entry_of, record_of
from eximledger_chaincode.contracts.state.shelves import Shelf
from eximledger_chaincode.contracts.watchlists.directory import directory_of, with_edition
from eximledger_chaincode.documents import KINDS, OwnWatchList, Record, Value, WatchEntry, WatchList
from eximledger_chaincode.documents.parts.base import Count, First, Moment
from eximledger_chaincode.lending.roles import Person, person_of
from eximledger_chaincode.lending.screening.hits import Directory
from eximledger_chaincode.lending.screening.parts import (
    BUCKETS_OF_A_PART,
    MAX_PART,
    Part,
    added,
    bucket_of,
    count_blocks,
    count_buckets,
    count_index_parts,
    count_parts,
    entries_hash,
    entry_blocks,
    part_of_entries,
    part_of_index,
    postings_in,
)
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["MAX_DISCARDED", "BegunFiling", "activate", "begin", "discard", "filing_of", "store_entries", "store_index"]

MAX_DISCARDED: Final = 1_000
"""Keys that one transaction takes away."""

What: TypeAlias = Literal["entries", "index"]
ListT = TypeVar("ListT", bound=WatchList)


class BegunFiling(Value):
    """An edition on its way: `filing` names it in every further step, and the parts that are still missing."""

    kind: Literal["watch-filing"] = "watch-filing"
    schema_version: First = 1
    filing: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    heading: WatchList | OwnWatchList
    begun_by: Person
    begun_at: Moment
    version: Count = 0
    """The version that it became; 0 while it holds nothing."""
    missing_entries: tuple[Count, ...] = ()
    missing_index: tuple[Count, ...] = ()


def filing_of(heading: WatchList) -> str:
    """By what an edition's parts are named: so much of its heading's hash."""
    return sha256_hex(canonical_json(heading))[:32]


async def begin(context: Context, shelf: Shelf, heading: WatchList) -> BegunFiling:
    """Begin an edition, or say how far it has come."""
    filing, person = filing_of(heading), person_of(context.creator)
    stored, listed, record = await shelf.get_many([watch_filing_key(filing), WATCH_LISTS_KEY, draft_of(heading).key])
    _require_next(context, directory_of(listed), heading)
    if record is not None and entry_of(record).issuer != context.creator.msp_id:
        raise NotAuthorized(f"list {heading.list_id} is filed by {entry_of(record).issuer}: only it amends it")
    if stored is not None:
        return await _progress(shelf, decode(BegunFiling, stored))
    begun = BegunFiling(filing=filing, heading=heading, begun_by=person, begun_at=context.timestamp)
    await shelf.put_many({watch_filing_key(filing): encode(begun)})
    return await _progress(shelf, begun)


def _require_next(context: Context, directory: Directory, heading: WatchList) -> None:
    """Raises `Refused` for an edition that would never hold, because a later one does already."""
    today = day_in_china(context.timestamp)
    for held in directory.headings:
        if held.list_id == heading.list_id and heading.valid_from < held.valid_from <= today:
            raise Refused(
                f"list {heading.list_id} holds from {held.valid_from} on (edition {held.edition}): one from "
                f"{heading.valid_from} would never"
            )


async def _progress(shelf: Shelf, begun: BegunFiling) -> BegunFiling:
    """With what is still missing of it."""
    if begun.version:
        return begun
    keys = [*_part_keys(begun)]
    found = dict(zip(keys, await shelf.get_many([watch_part_key(begun.filing, *key) for key in keys]), strict=True))
    missing = {what: tuple(number for (each, number), value in found.items() if each == what and value is None)
               for what in ("entries", "index")}  # fmt: skip
    return begun.model_copy(update={"missing_entries": missing["entries"], "missing_index": missing["index"]})


def _part_keys(begun: BegunFiling) -> Iterator[tuple[What, int]]:
    yield from (("entries", number) for number in range(count_parts(begun.heading.entries)))
    yield from (("index", number) for number in range(count_index_parts(begun.heading.entries)))


async def _begun(shelf: Shelf, filing: str) -> BegunFiling:
    stored = await shelf.get(watch_filing_key(filing))
    if stored is None:
        raise NotFound(f"no list is being filed as {filing}: begin it with its heading", filing=filing)
    return decode(BegunFiling, stored)


async def store_entries(shelf: Shelf, filing: str, part: int, entries: Sequence[WatchEntry]) -> Part:
    """Store one part of the entries. Raises `Refused` where it is not that part of the list."""
    begun = await _begun(shelf, filing)
    wanted = min(MAX_PART, begun.heading.entries - part * MAX_PART)
    if len(entries) != wanted:
        raise Refused(f"part {part} of list {begun.heading.list_id} has {max(0, wanted)} entries, not {len(entries)}")
    ids = [entry.entry_id for entry in entries]
    if any(left >= right for left, right in pairwise(ids)):
        raise InvalidDocument("entries: they are in the order of their ids, each once", field="entries", reason="order")
    blocks = entry_blocks(part, entries)
    made = part_of_entries(part, entries, blocks)
    values = {watch_block_key(filing, number): data for number, data in blocks.items()}
    return await _stored(shelf, begun, "entries", part, made, values)


async def store_index(shelf: Shelf, filing: str, part: int, buckets: Mapping[int, str]) -> Part:
    """Store one part of the index, as `index_of` makes it. Raises `Refused` for what belongs to another part."""
    begun = await _begun(shelf, filing)
    count = count_buckets(begun.heading.entries)
    if not 0 <= part < count_index_parts(begun.heading.entries):
        raise Refused(f"the index of list {begun.heading.list_id} has no part {part}")
    first = part * BUCKETS_OF_A_PART
    for number, bucket in buckets.items():
        if not first <= number < min(count, first + BUCKETS_OF_A_PART):
            raise Refused(f"bucket {number} stands in another part of the index than {part}")
        _require_bucket(bucket, number, count)
    made = part_of_index(buckets)
    values = {watch_bucket_key(filing, number): bucket.encode() for number, bucket in buckets.items() if bucket}
    return await _stored(shelf, begun, "index", part, made, values)


def _require_bucket(bucket: str, number: int, count: int) -> None:
    try:
        postings = postings_in(bucket)
    except ValueError:
        reason = "is no bucket as the index of a list has them"
        raise InvalidDocument(f"buckets.{number}: {reason}", field=f"buckets.{number}", reason=reason) from None
    if any(bucket_of(key, count) != number for key in {posting.key for posting in postings}):
        raise Refused(f"bucket {number} holds a key of another bucket")


async def _stored(
    shelf: Shelf, begun: BegunFiling, what: What, number: int, part: Part, values: Mapping[str, bytes]
) -> Part:
    key = watch_part_key(begun.filing, what, number)
    before = await shelf.get(key)
    if before is not None and decode(Part, before) == part:
        return part
    if begun.version:
        raise Refused(f"list {begun.heading.list_id} stands as version {begun.version}: nothing is added to it")
    await shelf.put_many({**values, key: encode(part)})
    return part


async def activate(context: Context, shelf: Shelf, filing: str) -> BegunFiling:
    """Make a complete edition hold, from its `valid_from` on, in this one transaction. Raises `Refused` naming what is
    missing or does not agree."""
    begun = await _begun(shelf, filing)
    if begun.version:
        return begun
    heading, draft = begun.heading, draft_of(begun.heading)
    keys = [*_part_keys(begun)]
    listed, stored, *found = await shelf.get_many(
        [WATCH_LISTS_KEY, draft.key, *(watch_part_key(filing, *key) for key in keys)]
    )
    _require_whole(heading, keys, found)
    directory = directory_of(listed)
    _require_next(context, directory, heading)
    replaced = None if stored is None else record_of(heading.KIND, stored).document
    planned = plan_filing(context, draft, stored, replaced, shelf.collection)
    done = begun.model_copy(update={"version": planned.entry.version})
    after = with_edition(directory, _record(planned), day_in_china(context.timestamp))
    more = {WATCH_LISTS_KEY: encode(after), watch_filing_key(filing): encode(done)}
    if not planned.changed:
        await shelf.put_many(more)
        return done
    await write_filings(context, shelf, [planned], more=more)
    return done


def _record(planned: Filing) -> Record[WatchList]:
    model = KINDS[planned.draft.document.KIND].model
    return Record[model](**dict(planned.entry), document=planned.draft.document)  # type: ignore[valid-type]  # the kind's own


def _require_whole(heading: WatchList, keys: Sequence[tuple[What, int]], found: Sequence[bytes | None]) -> None:
    missing = [f"{what} {number}" for (what, number), value in zip(keys, found, strict=True) if value is None]
    if missing:
        raise Refused(f"list {heading.list_id} is not whole: {len(missing)} parts are missing, first {missing[0]}")
    parts: dict[str, list[Part]] = {"entries": [], "index": []}
    for (what, _), value in zip(keys, found, strict=True):
        parts[what].append(decode(Part, value or b""))
    entries = parts["entries"]
    if any(left.last >= right.first for left, right in pairwise(entries)):
        raise Refused(f"list {heading.list_id}: an entry of a later part comes before one of an earlier part")
    if entries_hash(part.sha256 or "" for part in entries) != heading.entries_sha256:
        raise Refused(f"list {heading.list_id}: the entries are not those that its heading names")
    if added(entries) != added(parts["index"]):
        raise Refused(f"list {heading.list_id}: the index is not what its entries give")


async def discard(context: Context, shelf: Shelf, filing: str, first: int) -> int:
    """Take away what an edition left that holds no longer, or that was never made to: so many keys from `first` on.
    From where to go on; 0 when nothing is left."""
    begun = await _begun(shelf, filing)
    directory = directory_of(await shelf.get(WATCH_LISTS_KEY))
    if filing in {filing_of(heading) for heading in directory.headings}:
        raise Refused(f"list {begun.heading.list_id}, edition {begun.heading.edition}, holds: it is not discarded")
    if begun.begun_by.msp_id != context.creator.msp_id:
        raise NotAuthorized(f"the list was filed by {begun.begun_by.msp_id}: only it discards it")
    keys = [*_all_keys(begun)]
    last = min(len(keys), first + MAX_DISCARDED)
    doomed = keys[first:last]
    await shelf.delete(doomed)
    if last < len(keys):
        return last
    await shelf.delete([watch_filing_key(filing)])
    return 0


def _all_keys(begun: BegunFiling) -> Iterator[str]:
    entries = begun.heading.entries
    yield from (watch_block_key(begun.filing, number) for number in range(count_blocks(entries)))
    yield from (watch_bucket_key(begun.filing, number) for number in range(count_buckets(entries)))
    yield from (watch_part_key(begun.filing, *key) for key in _part_keys(begun))
