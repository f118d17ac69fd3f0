"""Measure screening: what a case costs in a list of 10^5 entries, and how many common company names are hit by mistake.

    python -m bench.screening LIST NAMES [--entries 100000] [--seed 7] [--plain]

LIST is a published list (its names are real), NAMES a CSV with a column `company`. The list is filled up to its size
with names that are put together from words of both: persons from the list's, companies from the list's and, unless
`--plain`, from those of the other company names that share no telling word with one that is asked about: such a name
would be hit for good reason. docs/screening.md has the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from eximledger.desk import heading_of
from eximledger.formats.watch import read_list
from eximledger_chaincode.contracts.state.keys import watch_block_key, watch_bucket_key
from eximledger_chaincode.contracts.watchlists.filing import filing_of
from eximledger_chaincode.contracts.watchlists.searching import search
from eximledger_chaincode.documents import ListedKind, Record, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.names import readings_of
from eximledger_chaincode.lending.screening.parts import entry_blocks, index_of, parts_of
from eximledger_chaincode.lending.screening.subjects import Subject, SubjectKind

ASKED: Final = 1_000
PARTIES: Final = 20
"""Parties of one case: each of six exports has a handful, most of them the same."""
LEAST: Final = (80, 85, 88, 92, 100)


class Shelf:
    """A list as a ledger has it, in memory; counts what is read."""

    def __init__(self, heading: WatchList, entries: Sequence[WatchEntry]) -> None:
        self.values: dict[str, bytes] = {}
        self.read = 0
        filing = filing_of(heading)
        for number, part in enumerate(parts_of(entries)):
            blocks = entry_blocks(number, part)
            self.values |= {watch_block_key(filing, block): data for block, data in blocks.items()}
        index = index_of(entries)
        self.values |= {watch_bucket_key(filing, number): rows.encode() for number, rows in index.items()}

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        self.read += len(keys)
        return [self.values.get(key) for key in keys]


def made_up(real: Sequence[WatchEntry], spare: Sequence[str], chance: random.Random) -> Iterator[WatchEntry]:
    """Entries of names that nobody has, of words that people and companies have."""
    persons = [each.name.split() for each in real if each.kind is ListedKind.PERSON]
    firms = [each.name.split() for each in real if each.kind is ListedKind.ENTITY] + [name.split() for name in spare]
    number = 0
    while True:
        person = chance.random() < 0.5
        source = persons if person else firms
        length = len(chance.choice(source))
        words = [chance.choice(chance.choice(source)) for _ in range(max(2, min(length, 6)))]
        number += 1
        kind = ListedKind.PERSON if person else ListedKind.ENTITY
        yield WatchEntry(entry_id=f"made-up-{number:07}", kind=kind, name=" ".join(words))


def party(name: str) -> Subject:
    return Subject(kind=SubjectKind.PARTY, names=(name,))


async def measure(shelf: Shelf, record: Record[WatchList], names: Sequence[str]) -> None:
    for least in LEAST:
        hit = []
        for name in names:
            found, _ = await search(shelf, [record], [party(name)], least)
            hit += [(name, found[0].entry, found[0].score)] if found else []
        print(f"at {least} %: {len(hit)} of {len(names)} names hit, as {hit[:6]}")
    taken, read = [], []
    for start in range(0, len(names) - PARTIES, PARTIES):
        shelf.read, began = 0, time.process_time()
        await search(shelf, [record], [party(name) for name in names[start : start + PARTIES]], 88)
        taken.append((time.process_time() - began) * 1000)
        read.append(shelf.read)
    print(f"a case of {PARTIES} parties: {statistics.median(taken):.1f} ms CPU, worst {max(taken):.1f}; "
          f"{statistics.median(read):.0f} keys read, most {max(read)}")  # fmt: skip


def spoilt(name: str, chance: random.Random) -> str:
    """With one letter of one word left out, doubled or swapped with the next."""
    words = name.split()
    place = chance.choice([number for number, word in enumerate(words) if len(word) > 3] or [0])
    word, at = words[place], chance.randrange(max(1, len(words[place]) - 1))
    words[place] = chance.choice(
        (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + word[at + 1 : at + 2] + word[at]
         + word[at + 2 :])
    )  # fmt: skip
    return " ".join(words)


def swapped(name: str, chance: random.Random) -> str:
    words = name.split()
    place = chance.randrange(len(words) - 1)
    words[place], words[place + 1] = words[place + 1], words[place]
    return " ".join(words)


async def recall(shelf: Shelf, record: Record[WatchList], entries: Sequence[WatchEntry], chance: random.Random) -> None:
    asked = chance.sample([each for each in entries if len(each.name.split()) > 1], ASKED)
    for change in (swapped, spoilt):
        found = 0
        for each in asked:
            hits, _ = await search(shelf, [record], [party(change(each.name, chance))], 88)
            found += any(hit.entry_id == each.entry_id for hit in hits)
        print(f"{change.__name__}: {found} of {ASKED} found")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=Path)
    parser.add_argument("names", type=Path)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with options.names.open(encoding="utf-8", newline="") as file:
        names = sorted({row["company"] for row in csv.DictReader(file)})
    chance.shuffle(names)
    reading = read_list(options.list)
    known = {word for name in names[:ASKED] for each in readings_of(name) for word in each.telling}
    spare = [name for name in names[ASKED:] if not any(known & set(each.telling) for each in readings_of(name))]
    more = made_up(reading.entries, [] if options.plain else spare, chance)
    entries = [*reading.entries, *(next(more) for _ in range(options.entries - len(reading.entries)))]
    day = reading.published_on or date(2026, 1, 1)
    heading, ordered = heading_of(
        entries, own=False, list_id="BENCH", title="bench", source="bench", force=reading.force, edition="1",
        published_on=day, valid_from=day,
    )  # fmt: skip
    shelf = Shelf(heading, ordered)
    size = sum(len(value) for value in shelf.values.values())
    print(f"{len(ordered):,} entries, {len(shelf.values):,} keys, {size / 1e6:.0f} MB")
    record = Record[WatchList].model_construct(document=heading, version=1)  # type: ignore[call-arg]  # all it takes
    asyncio.run(measure(shelf, record, names[:ASKED]))
    asyncio.run(recall(shelf, record, ordered, chance))


if __name__ == "__main__":
    main()
