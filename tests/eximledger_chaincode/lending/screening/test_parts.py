"""Lists in parts: how many there are, what is kept of each, and that a bucket is what an index has or nothing."""

from __future__ import annotations

from hashlib import sha256, shake_256

import pytest
from tests.eximledger_chaincode.contracts.listing import entry

from eximledger_chaincode.lending.screening.keys import postings_of
from eximledger_chaincode.lending.screening.parts import (
    Part,
    added,
    bucket_of,
    buckets_of,
    count_blocks,
    count_buckets,
    count_index_parts,
    count_parts,
    entries_hash,
    entry_blocks,
    index_of,
    part_hash,
    part_of_entries,
    part_of_index,
    parts_of,
    postings_in,
    rows_in,
    sorted_entries,
)

MANY = [entry(f"E{number:05}", f"Firm{number}") for number in range(1_001)]


@pytest.mark.parametrize(
    ("entries", "parts", "blocks", "buckets", "index_parts"),
    [
        (0, 0, 0, 1, 1), (1, 1, 1, 1, 1), (20, 1, 1, 1, 1), (21, 1, 2, 1, 1), (23, 1, 2, 1, 1), (24, 1, 2, 2, 1),
        (36, 1, 2, 4, 1), (500, 1, 25, 64, 1), (501, 2, 26, 64, 1), (1_536, 4, 77, 128, 1), (1_548, 4, 78, 256, 2),
        (1_000_000, 2_000, 50_000, 131_072, 1_024),
    ],
)  # fmt: skip
def test_how_many_of_each_a_list_has(entries: int, parts: int, blocks: int, buckets: int, index_parts: int) -> None:
    assert (count_parts(entries), count_blocks(entries)) == (parts, blocks)
    assert (count_buckets(entries), count_index_parts(entries)) == (buckets, index_parts)


def test_a_list_is_filed_by_five_hundred_in_the_order_of_ids() -> None:
    assert sorted_entries(MANY[::-1]) == MANY
    assert [*parts_of(MANY)] == [MANY[:500], MANY[500:1_000], MANY[1_000:]]
    assert [*parts_of([])] == []


def test_entries_stand_by_twenty_under_the_numbers_of_their_blocks() -> None:
    assert list(entry_blocks(0, MANY[:41])) == [0, 1, 2]
    assert list(entry_blocks(2, MANY[:500])) == list(range(50, 75))
    blocks = entry_blocks(1, MANY[:41])
    assert [blocks[number].count(b'"entry_id"') for number in (25, 26, 27)] == [20, 20, 1]
    assert b'"E00040"' in blocks[27]


def test_a_part_tells_its_blocks_in_their_order_and_a_list_its_parts() -> None:
    assert part_hash({9: b"b", 2: b"a", 10: b"c"}) == sha256(b"abc").hexdigest()
    assert entries_hash(["x", "y"]) == sha256(b'["x","y"]').hexdigest()


def test_what_is_kept_of_a_part_of_entries() -> None:
    blocks = entry_blocks(1, MANY[:2])
    kept = part_of_entries(1, MANY[:2], blocks)
    postings = [each for number, one in enumerate(MANY[:2], start=500) for each in postings_of(number, one)]
    texts = [f"{key}\0{number}\0{form}".encode() for key, number, form in postings]
    total = sum(int.from_bytes(shake_256(text).digest(128), "big") for text in texts) % 2**1024
    assert kept == Part(count=2, sha256=part_hash(blocks), first="E00000", last="E00001", total=f"{total:0256x}")
    assert part_of_entries(0, [], {}) == Part(sha256=sha256(b"").hexdigest())


def test_sums_stay_within_their_width() -> None:
    most = Part(total="f" * 256)
    assert added([most, Part(total=f"{2:0256x}")]) == f"{1:0256x}"
    assert added([]) == added([Part()]) == "0" * 256


def test_a_key_has_one_bucket_and_a_bucket_its_keys() -> None:
    assert [bucket_of(key, 128) for key in ("n=rose", "i:123456", "e:E-1")] == [
        int(sha256(key.encode()).hexdigest()[:8], 16) % 128 for key in ("n=rose", "i:123456", "e:E-1")
    ]
    assert buckets_of(["b", "a", "b"], 1) == {0: ["b", "a"]}


def test_an_index_is_rows_in_order_in_the_buckets_of_their_keys() -> None:
    index = index_of(MANY[:30])
    assert list(index) == sorted(index) == [0, 1]
    for number, bucket in index.items():
        assert bucket.splitlines() == sorted(bucket.splitlines())
        assert {bucket_of(each.key, 2) for each in postings_in(bucket)} == {number}
    assert added([part_of_index(index)]) == added([part_of_entries(0, MANY[:30], {})])


@pytest.mark.parametrize(
    "bucket",
    ["n=b\t1\tb\nn=a\t1\ta\n", "n=a\t1\ta\nn=a\t1\ta\n", "n=a\t1\ta", "n=a\t01\ta\n", "n=a\ta\n", "n=a\tx\ta\n", "\n"],
)
def test_what_is_no_bucket(bucket: str) -> None:
    """Out of order, twice, without its end, a number in another spelling, a column less, no number, nothing."""
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        postings_in(bucket)


def test_an_empty_bucket_has_nothing() -> None:
    assert postings_in("") == []
    assert list(rows_in(b"", "n=a")) == []


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("n=a", [(1, "a"), (20, "a b")]), ("n=b", [(3, "b")]), ("n=c", [(4, ""), (5, "c")]), ("n=", []), ("=b", []),
        ("n=d", []),
    ],
)  # fmt: skip
def test_the_rows_of_a_key(key: str, rows: list[tuple[int, str]]) -> None:
    bucket = b"n=a\t1\ta\nn=a\t20\ta b\nn=b\t3\tb\nn=c\t4\t\nn=c\t5\tc\n"
    assert list(rows_in(bucket, key)) == rows
