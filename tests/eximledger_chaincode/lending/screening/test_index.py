"""The index: who is listed is found by it, however a paper spells the name, and its sum betrays what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts.listing import Edition, entry, party

from eximledger_chaincode.contracts.state.keys import watch_block_key, watch_bucket_key
from eximledger_chaincode.contracts.watchlists.searching import search
from eximledger_chaincode.documents import Identifier, Record, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.keys import keys_of, postings_of
from eximledger_chaincode.lending.screening.parts import (
    added,
    bucket_of,
    count_buckets,
    entry_blocks,
    index_of,
    part_of_entries,
    part_of_index,
    parts_of,
    postings_in,
    rows_in,
)
from eximledger_chaincode.lending.screening.subjects import Subject
from hlf_chaincode.canonical import canonical_json

WORDS = (
    "dongyu", "nordlicht", "lagoon", "blue", "trading", "petrov", "иван", "محمد", "贵州东裕", "sunrise", "group", "x",
)  # fmt: skip
listed_names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
entries = st.lists(listed_names, min_size=1, max_size=30).map(
    lambda names: [entry(f"E{number:03}", name) for number, name in enumerate(names)]
)


class Shelf:
    """An edition's values without a ledger."""

    def __init__(self, edition: Edition) -> None:
        self.values: dict[str, bytes] = {}
        for number, part in enumerate(parts_of(edition.entries)):
            blocks = entry_blocks(number, part)
            self.values |= {watch_block_key(edition.filing, block): data for block, data in blocks.items()}
        index = index_of(edition.entries)
        self.values |= {watch_bucket_key(edition.filing, number): rows.encode() for number, rows in index.items()}

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        return [self.values.get(key) for key in keys]


def record(heading: WatchList) -> Record[WatchList]:
    return Record[WatchList].model_validate({
        "kind": heading.KIND, "id": heading.id, "number": heading.number, "version": 1, "issuer": "SafeMSP",
        "written_by": "officer", "written_at": "2026-09-01T00:00:00Z", "filed_at": "2026-09-01T00:00:00Z",
        "transaction_id": "t", "sha256": "0" * 64, "document": heading,
    })  # fmt: skip


async def hits(edition: Edition, *subjects: Subject) -> set[str]:
    found, _ = await search(Shelf(edition), [record(edition.heading)], subjects, 88)
    return {hit.entry_id for hit in found}


@settings(max_examples=40, deadline=None)
@given(entries, st.randoms())
async def test_whoever_is_listed_is_found_in_any_order_of_words(listed: list[WatchEntry], random: object) -> None:
    edition = Edition.of(*listed)
    for one in listed:
        words = one.name.split()
        getattr(random, "shuffle")(words)  # noqa: B009 - a Random of hypothesis
        assert one.entry_id in await hits(edition, party(one.name), party(" ".join(words)))


async def test_numbers_find_what_names_do_not() -> None:
    edition = Edition.of(
        entry("A", identifiers=(Identifier(scheme="SWIFT/BIC", value="KUSTDEFF"),)),
        entry("B", kind="vessel", name="MERRY STAR", imo_number="9321483"),
        entry("C", kind="goods", hs_codes=("8504",)),
        entry("D", kind="country", name="Nowhere", countries=("KP",)),
    )
    assert await hits(edition, party("Y", identifiers=[{"scheme": "BIC", "value": "KUSTDEFF500"}])) == {"A"}
    ship = Subject.model_validate({"kind": "vessel", "identifiers": [{"scheme": "IMO", "value": "9321483"}]})
    assert await hits(edition, ship) == {"B"}
    assert await hits(edition, Subject.model_validate({"kind": "goods", "code": "8504402000"})) == {"C"}
    assert await hits(edition, Subject.model_validate({"kind": "country", "code": "KP"})) == {"D"}


@settings(max_examples=40, deadline=None)
@given(entries, st.data())
def test_the_index_adds_up_to_what_the_entries_give_and_to_nothing_less(
    listed: list[WatchEntry], data: st.DataObject
) -> None:
    parts = [part_of_entries(0, listed, entry_blocks(0, listed))]
    index = index_of(listed)
    assert added(parts) == added([part_of_index(index)])
    number = data.draw(st.sampled_from(sorted(index)))
    rows = index[number].splitlines(keepends=True)
    left_out = data.draw(st.integers(0, len(rows) - 1))
    short = {**index, number: "".join(row for place, row in enumerate(rows) if place != left_out)}
    assert added([part_of_index(short)]) != added(parts)


@settings(max_examples=40, deadline=None)
@given(entries)
def test_every_posting_is_read_back_by_its_key(listed: list[WatchEntry]) -> None:
    index, count = index_of(listed), count_buckets(len(listed))
    for number, one in enumerate(listed):
        for key, of_entry, form in postings_of(number, one):
            bucket = index[bucket_of(key, count)]
            assert (of_entry, form) in rows_in(bucket.encode(), key)
            assert (key, of_entry, form) in postings_in(bucket)
    assert list(rows_in(b"n+a\t1\ta\n", "n")) == []
    assert list(rows_in(b"n+a\t1\ta\nn+ab\t2\tab\n", "n+ab")) == [(2, "ab")]


def test_a_subject_is_looked_up_under_a_bounded_number_of_keys() -> None:
    long = party(" ".join(f"word{number}" for number in range(200)))
    assert len(keys_of(long)) <= 20
    assert len(canonical_json(entry("A", "w " * 240).names)) < 600
