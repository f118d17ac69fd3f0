"""How a list is divided to be filed: parts of entries, buckets of its index, and the sums by which both are checked.

A list of 10^5 entries is filed in some hundred bounded transactions. Its index is what the entries give and nothing
else: every transaction adds up what it stores, modulo a large number, and a list holds only once the entries' sum is
the index's. So a peer never reads all of a list at once, and a case reads the few buckets of its own words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Final

from pydantic import Field

from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Whole
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.documents.published.watch_list import WatchEntry
from eximledger_chaincode.lending.screening.keys import Posting, postings_of
from hlf_chaincode.canonical import canonical_json, plain_json, sha256_hex

__all__ = [
    "BLOCK",
    "BUCKETS_OF_A_PART",
    "MAX_PART",
    "Part",
    "added",
    "bucket_of",
    "buckets_of",
    "count_blocks",
    "count_buckets",
    "count_index_parts",
    "count_parts",
    "entries_hash",
    "entry_blocks",
    "index_of",
    "part_hash",
    "part_of_entries",
    "part_of_index",
    "parts_of",
    "postings_in",
    "rows_in",
    "sorted_entries",
]

MAX_PART: Final = 500
"""Entries of one transaction; all parts but the last have so many."""
BLOCK: Final = 20
"""Entries under one key: what is read of a list to explain one hit."""
BUCKETS_OF_A_PART: Final = 128
"""Buckets of the index that one transaction stores."""
_PER_BUCKET: Final = 12
_MODULUS: Final = 1 << 1024
_DIGITS: Final = 256


class Part(Value):
    """What one transaction stored: how many entries, their hash, the first and the last id, and the sum of postings."""

    count: Annotated[Whole, Field(ge=0)] = 0
    sha256: Hex256 | None = None
    first: str = ""
    last: str = ""
    total: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{_DIGITS}}}$")] = "0" * _DIGITS


def count_parts(entries: int) -> int:
    """How many parts of entries a list has."""
    return -(-entries // MAX_PART)


def count_blocks(entries: int) -> int:
    """How many blocks of entries."""
    return -(-entries // BLOCK)


def count_index_parts(entries: int) -> int:
    """How many parts its index has."""
    return -(-count_buckets(entries) // BUCKETS_OF_A_PART)


def sorted_entries(entries: Iterable[WatchEntry]) -> list[WatchEntry]:
    """In the order in which a list is filed: by id."""
    return sorted(entries, key=lambda entry: entry.entry_id)


def parts_of(entries: Sequence[WatchEntry]) -> Iterator[Sequence[WatchEntry]]:
    """Sorted entries as so many transactions take them; an empty list has none."""
    for start in range(0, len(entries), MAX_PART):
        yield entries[start : start + MAX_PART]


def entry_blocks(part: int, entries: Sequence[WatchEntry]) -> dict[int, bytes]:
    """A part's entries as they stand on the ledger, by number of block."""
    first = part * (MAX_PART // BLOCK)
    return {
        first + start // BLOCK: canonical_json(list(entries[start : start + BLOCK]))
        for start in range(0, len(entries), BLOCK)
    }


def part_hash(blocks: Mapping[int, bytes]) -> str:
    """The hash of a part of entries, by its blocks."""
    return sha256_hex(b"".join(blocks[number] for number in sorted(blocks)))


def entries_hash(hashes: Iterable[str]) -> str:
    """The hash of a list's entries, from its parts' in order."""
    return sha256_hex(plain_json([*hashes]))


def part_of_entries(part: int, entries: Sequence[WatchEntry], blocks: Mapping[int, bytes]) -> Part:
    """What is kept of a part of entries and of the blocks that they stand in."""
    numbered = enumerate(entries, start=part * MAX_PART)
    postings = (each for number, entry in numbered for each in postings_of(number, entry))
    return Part(
        count=len(entries),
        sha256=part_hash(blocks),
        first=entries[0].entry_id if entries else "",
        last=entries[-1].entry_id if entries else "",
        total=_total(postings),
    )


def part_of_index(buckets: Mapping[int, str]) -> Part:
    """What is kept of a part of the index. Raises ValueError for what is no bucket."""
    return Part(total=_total(each for bucket in buckets.values() for each in postings_in(bucket)))


def added(parts: Iterable[Part]) -> str:
    """The sum over parts."""
    return _hex(sum(int(part.total, 16) for part in parts))


def _total(postings: Iterable[Posting]) -> str:
    return _hex(sum(_weight(each) for each in postings))


def _hex(number: int) -> str:
    return f"{number % _MODULUS:0{_DIGITS}x}"


def _weight(posting: Posting) -> int:
    """1024 bits of a posting: sums of so wide numbers do not come out right by arrangement (AdHash)."""
    return int.from_bytes(
        hashlib.shake_256("\x00".join((posting.key, str(posting.number), posting.form)).encode()).digest(128)
    )


# -- the index ---------------------------------------------------------------------------------------------------------


def count_buckets(entries: int) -> int:
    """How many buckets a list of so many entries has: a power of two, known from its heading."""
    wanted, count = max(1, entries // _PER_BUCKET), 1
    while count < wanted:
        count *= 2
    return count


def bucket_of(key: str, count: int) -> int:
    """The bucket in which a key stands."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % count


def index_of(entries: Sequence[WatchEntry]) -> dict[int, str]:
    """The whole index of sorted entries, by number of bucket; for who files a list."""
    count = count_buckets(len(entries))
    found: dict[int, list[str]] = {}
    for number, entry in enumerate(entries):
        for posting in postings_of(number, entry):
            found.setdefault(bucket_of(posting.key, count), []).append(_line(posting))
    return {number: "".join(sorted(found[number])) for number in sorted(found)}


def buckets_of(keys: Iterable[str], count: int) -> dict[int, list[str]]:
    """The buckets that keys stand in."""
    found: dict[int, list[str]] = {}
    for key in dict.fromkeys(keys):
        found.setdefault(bucket_of(key, count), []).append(key)
    return found


def _line(posting: Posting) -> str:
    """One posting as a bucket has it: no part of one holds a tab or a line break."""
    return f"{posting.key}\t{posting.number}\t{posting.form}\n"


def postings_in(bucket: str) -> list[Posting]:
    """All postings of a bucket. Raises ValueError for what is none, or not in the order in which buckets stand."""
    lines = bucket.splitlines(keepends=True)
    found = [Posting(key, int(number), form) for key, number, form in (line[:-1].split("\t") for line in lines)]
    if any(left >= right for left, right in pairwise(lines)) or "".join(map(_line, found)) != bucket:
        raise ValueError("a bucket's postings are in order, each once")
    return found


def rows_in(bucket: bytes, key: str) -> Iterator[tuple[int, str]]:
    """The entries under one key, each with the reading of the name that gave it: without reading what else stands
    there."""
    wanted = f"{key}\t".encode()
    place = 0 if bucket.startswith(wanted) else bucket.find(b"\n" + wanted) + 1
    if not place and not bucket.startswith(wanted):
        return
    while bucket.startswith(wanted, place):
        end = bucket.index(b"\n", place)
        number, form = bucket[place + len(wanted) : end].decode().split("\t")
        yield int(number), form
        place = end + 1
