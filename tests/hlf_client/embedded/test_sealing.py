"""A checkpoint's digest is that of its rows whatever was added, changed and deleted between two of them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from hlf_client.embedded.storage.database import place_of, version_of
from hlf_client.embedded.verifying import scratch, sealing
from hlf_client.embedded.verifying.sealing import Sealing


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_SHIFTS", {"state": 2, "history": 3, "tx": 21})


@pytest.fixture
def replay() -> Iterator[sqlite3.Connection]:
    with closing(scratch._empty(sqlite3.connect("", isolation_level=None))) as connection:
        yield connection


def put(replay: sqlite3.Connection, number: int, version: int) -> None:
    replay.execute(
        "INSERT INTO state (namespace, key, version, value) VALUES (1, ?, ?, ?) ON CONFLICT (namespace, key)"
        " DO UPDATE SET version = excluded.version",
        (b"k%d" % number, version, b"value"),
    )
    replay.execute("INSERT INTO history VALUES (1, ?, ?)", (b"k%d" % number, version))
    row = (place_of(1, version), 1, version.to_bytes(32, "big"), 0, b"", b"")
    replay.execute("INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?)", row)


def filled(replay: sqlite3.Connection) -> bytes:
    for number in range(40):
        put(replay, number, version_of(number, 0))
    replay.execute("INSERT INTO namespace VALUES (1, 1, 'exim', '', 0)")
    replay.execute("INSERT INTO ledger VALUES ('revoked/1/A', 'list')")
    replay.execute("INSERT INTO reached VALUES (1, 40, x'01', x'02', 40, x'03')")
    ours = Sealing(replay)
    ours.watch()
    return ours.digest()


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_rows_digest_after_any_writes(replay: sqlite3.Connection, seed: int) -> None:
    chance, block = random.Random(seed), 0
    ours = Sealing(replay)
    ours.watch()
    for _ in range(12):
        for _ in range(chance.choice([0, 1, 5, 40])):
            put(replay, chance.randrange(120), version_of(block := block + 1, 0))
        some = chance.choice([f"key = CAST('k{chance.randrange(120)}' AS BLOB)", f"id > {chance.randrange(120)}", "0"])
        replay.execute(f"{chance.choice(['DELETE FROM state', 'UPDATE state SET value = version'])} WHERE {some}")
        assert Sealing(replay).fits(ours.digest())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE state SET value = x'00' WHERE id = 3",
        "UPDATE state SET policy = x'00' WHERE id = 40",
        "DELETE FROM state WHERE id = 17",
        "UPDATE history SET version = version + 1 WHERE rowid = 1",
        "DELETE FROM history WHERE rowid = 40",
        "UPDATE tx SET code = 11 WHERE place = (SELECT min(place) FROM tx)",
        "DELETE FROM tx WHERE place = (SELECT max(place) FROM tx)",
        "UPDATE reached SET height = 39",
        "UPDATE namespace SET hashed = 1",
        "DELETE FROM ledger",
        "DELETE FROM part WHERE name = 'state'",
        "UPDATE part SET digest = zeroblob(32) WHERE name = 'tx'",
    ],
)
def test_it_is_of_no_other_rows(replay: sqlite3.Connection, statement: str) -> None:
    digest = filled(replay)
    assert Sealing(replay).fits(digest)
    assert replay.execute(statement).rowcount
    assert not Sealing(replay).fits(digest)


def test_only_parts_that_changed_are_read_again(replay: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(replay)
    ours = Sealing(replay)
    read: list[tuple[str, int]] = []
    real = Sealing._parts

    def parts(self: Sealing, table: str, first: int, end: int) -> list[tuple[int, bytes]]:
        found = list(real(self, table, first, end))
        read.extend((table, number) for number, _ in found)
        return found

    monkeypatch.setattr(Sealing, "_parts", parts)
    put(replay, 5, version_of(40, 0))
    ours.digest()
    blocks = [("tx", place_of(1, version_of(number, 0)) >> 21) for number in (39, 40)]
    assert sorted(read) == [("history", 5), ("state", 1), ("state", 10), *blocks]
