"""Verification by several processes finds what one finds, and is right when they are killed or talk nonsense."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.hlf_client.embedded.test_verify import copy, pristine, spoil

from hlf_client.embedded import verify_file
from hlf_client.embedded.storage.frame import FrameError
from hlf_client.embedded.storage.transaction import Transaction
from hlf_client.embedded.verifying import ahead, aside
from hlf_client.embedded.verifying.flat import flat, whole

__all__ = ["copy", "pristine"]


@pytest.fixture(autouse=True)
def for_every_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH", 0)
    monkeypatch.setattr(aside, "WORTH", 0)
    monkeypatch.setattr(ahead, "_CHUNK", 3)
    monkeypatch.setattr(ahead, "_cores", lambda: 2)


def children() -> list[int]:
    """Processes that this one has started and that still run the verification's programs."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid() and any(word.startswith(b"hlf_client.embedded.verifying.") for word in words):
            found.append(int(place.name))
    return found


def test_processes_do_the_reading(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = verify_file(copy)
    took: list[object] = []
    real = ahead.Ahead.decoded

    def decoded(self: ahead.Ahead, digest: bytes) -> Transaction | None:
        took.append(real(self, digest))
        return took[-1]  # type: ignore[return-value]

    monkeypatch.setattr(ahead.Ahead, "decoded", decoded)
    assert verify_file(copy) == alone
    assert took
    assert all(took)
    assert children() == []


SPOILT = [
    ("UPDATE tx SET content = content || x'00' WHERE place = (SELECT max(place) FROM tx)", None),
    ("UPDATE tx SET signature = x'3006020101020101' WHERE place = (SELECT max(place) FROM tx)", None),
    ("UPDATE block SET signature = x'3006020101020101' WHERE number = 3", "its signature does not fit"),
    ("UPDATE tx SET code = 11 WHERE place = (SELECT max(place) FROM tx)", "its signature does not fit"),
    ("DELETE FROM tx WHERE place = (SELECT max(place) FROM tx)", None),
    ("UPDATE state SET value = x'00' WHERE key = CAST('k1' AS BLOB)", "has been changed"),
    ("UPDATE state SET value = x'00' WHERE key = CAST('pa' AS BLOB)", "exim-safe has been changed"),
    ("DELETE FROM state WHERE key = CAST('pa' AS BLOB)", "exim-safe is missing"),
    ("UPDATE state SET policy = x'00' WHERE key = CAST('pa' AS BLOB)", "exim-safe has been changed"),
    ("DELETE FROM history WHERE key = CAST('k1' AS BLOB)", "history of key"),
    ("UPDATE ledger SET name = 'found'", "notes"),
    ("UPDATE certificate SET pem = x'00'", None),
    ("UPDATE state SET version = 'text' WHERE key = CAST('k1' AS BLOB)", "another type"),
]


@pytest.mark.parametrize(("statement", "words"), SPOILT)
def test_they_find_what_one_process_finds(
    copy: Path, statement: str, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(copy, statement)
    several = verify_file(copy)
    monkeypatch.setattr(ahead, "WORTH", 10_000)
    monkeypatch.setattr(aside, "WORTH", 10_000)
    assert not several.is_good
    assert several == verify_file(copy)
    assert words is None or words in " ".join(map(str, several.problems))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON state BEGIN DELETE FROM history; END", "trigger 't' is in the file"),
        ("CREATE VIEW v AS SELECT * FROM state", "view 'v' is in the file"),
        ("CREATE TABLE t (a)", "table 't' is in the file"),
        ("CREATE INDEX i ON state (version)", "index 'i' is in the file"),
    ],
)
def test_what_is_planted_is_found_aside(copy: Path, statement: str, words: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(statement)
    assert words in verify_file(copy).problems[0].what


NONSENSE = {
    "does not start": "/nowhere/python",
    "ends at once": "raise SystemExit(1)",
    "says nothing and ends": "",
    "talks nonsense": "print('nonsense ' * 10000)",
    "answers with another's length": "import sys; sys.stdout.buffer.write(bytes(7) + bytes([5]) + b'12345' * 9)",
    "goes on for ever": "import time; time.sleep(600)",
}


@pytest.mark.parametrize("code", NONSENSE.values(), ids=NONSENSE)
def test_without_them_it_is_right_alone(copy: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [code] if code.startswith("/") else [sys.executable, "-c", code]
    monkeypatch.setattr(ahead, "command", lambda _module, _path: command)
    if "sleep" not in code:  # the other one is waited for: nothing bounds what SQLite takes to look at its pages
        monkeypatch.setattr(aside, "command", lambda _module, _path: command)
    monkeypatch.setattr(ahead, "_SILENCE", 200)
    report = verify_file(copy)
    assert report.is_good, report.problems
    spoil(copy, "UPDATE block SET signature = x'3006020101020101' WHERE number = 3")
    assert "its signature does not fit" in verify_file(copy).problems[0].what


@pytest.mark.parametrize("at", [0, 4, 9])
def test_killed_in_the_middle_they_are_not_missed(copy: Path, at: int) -> None:
    killed: list[int] = []

    def kill(channel: str, number: int) -> None:
        if (channel, number) == ("bank", at):
            for each in children():
                os.kill(each, signal.SIGKILL)
                killed.append(each)

    report = verify_file(copy, kill)
    assert report.is_good, report.problems
    assert killed
    assert children() == []


def test_every_transaction_comes_through_as_it_is(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        contents = [row[0] for row in connection.execute("SELECT content FROM tx")]
    seen = 0
    for content in contents:
        try:
            transaction = Transaction.decode(content)
        except FrameError:  # a first block's
            continue
        assert whole(flat(transaction)) == transaction
        seen += 1
    assert seen > 10
