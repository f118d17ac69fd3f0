"""Where the blocks are replayed: a database of its own, in a temporary file, or beside the ledger to be taken up again.

What lies beside the ledger (`PATH.verifying`) is committed at the edge of a block, with how far each channel was good
and a digest of every row. It is taken up again by the release that wrote it, if it is whole, and if the ledger's blocks
and verdicts up to there are, by their hashes, those that were verified. It goes when a verification ends.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from hlf_client._clock import utc_now
from hlf_client.embedded.storage.database import SCHEMA
from hlf_client.embedded.verifying.sealing import PARTS, Sealing

__all__ = ["Reached", "Scratch", "checkpoint_of"]

_SUFFIX: Final = ".verifying"
_EVERY: Final = 5.0
"""Seconds between two checkpoints, at least."""
_SHARE: Final = 20
"""So many times what the last one took pass before the next: at most a twentieth of the time goes there."""
_TABLES: Final = tuple(statement for statement in SCHEMA if not statement.startswith("CREATE TABLE history"))
_OWN: Final = (
    # in order of writing: to sort it once, at the end, is a tenth of finding each row's place among millions
    "CREATE TABLE history (namespace INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL)",
    """CREATE TABLE reached (
        channel INTEGER PRIMARY KEY, height INTEGER NOT NULL, last_hash BLOB NOT NULL, verdicts BLOB NOT NULL,
        transactions INTEGER NOT NULL, genesis_hash BLOB NOT NULL)""",
    PARTS,
    "CREATE TABLE seal (release TEXT NOT NULL, at TEXT NOT NULL, digest BLOB NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a channel is good. `verdicts` is a hash over all blocks, what became of their transactions, and the
    orderer's signatures."""

    channel: int
    height: int
    last_hash: bytes
    verdicts: bytes
    transactions: int
    genesis_hash: bytes


class Scratch:
    """`reached` and `at` say what is taken up again; nothing where there is nothing."""

    def __init__(self, place: Path | None, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.reached: dict[int, Reached] = {}
        self.at: datetime | None = None
        self._place = place
        self._due = time.monotonic() + _EVERY
        self._sealing = Sealing(connection)

    @classmethod
    def open(cls, path: Path, *, resumable: bool, from_start: bool) -> Scratch:
        """Beside the ledger `path` where that is wanted and can be, else in a temporary file."""
        place = checkpoint_of(path) if resumable else None
        connection = None if place is None else _beside(place)
        if place is None or connection is None:
            return cls(None, _empty(sqlite3.connect("", isolation_level=None)))
        scratch = cls(place, connection)
        try:
            found = None if from_start else scratch._read()
        except (sqlite3.Error, ValueError, TypeError, IndexError):  # cut off, or of something else
            found = None
        if found is None:
            scratch.restart()
        else:
            scratch.reached, scratch.at = found
            scratch._sealing.watch()
            connection.execute("BEGIN")
        return scratch

    def restart(self) -> None:
        """Forget all that was replayed."""
        self.connection.close()
        self.reached, self.at = {}, None
        connection = None
        if self._place is not None:
            _remove(self._place)
            connection = _beside(self._place)
        if connection is None:
            self._place, connection = None, sqlite3.connect("", isolation_level=None)
        self.connection = _empty(connection)
        self._sealing = Sealing(connection)
        if self._place is not None:
            self._sealing.watch()

    def offer(self, reached: Mapping[int, Reached]) -> None:
        """All of these blocks, and no more, are replayed: a checkpoint, where one is due."""
        if self._place is None or time.monotonic() < self._due:
            return
        begun = time.monotonic()
        self.connection.execute("DELETE FROM reached")
        self.connection.execute("DELETE FROM seal")
        self.connection.executemany("INSERT INTO reached VALUES (?, ?, ?, ?, ?, ?)", map(astuple, reached.values()))
        seal = _release(), utc_now().isoformat(), self._sealing.digest()
        self.connection.execute("INSERT INTO seal VALUES (?, ?, ?)", seal)
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN")
        done = time.monotonic()
        self._due = done + max(_EVERY, _SHARE * (done - begun))

    def finish(self) -> None:
        """The verification came to its end: nothing is left of it."""
        self.connection.close()
        if self._place is not None:
            _remove(self._place)

    def close(self) -> None:
        """It did not: the last checkpoint stays."""
        self.connection.close()

    def _read(self) -> tuple[dict[int, Reached], datetime] | None:
        release, at, digest = self.connection.execute("SELECT release, at, digest FROM seal").fetchall()[0]
        if release != _release() or self.connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            return None
        with contextlib.closing(_empty(sqlite3.connect(":memory:"))) as pattern:
            is_ours = _schema(self.connection) == _schema(pattern)
        if not is_ours or not self._sealing.fits(digest):
            return None
        rows = self.connection.execute("SELECT * FROM reached").fetchall()
        return {row[0]: Reached(*row) for row in rows}, datetime.fromisoformat(at)


def checkpoint_of(path: Path) -> Path:
    """Where an interrupted verification of a ledger waits."""
    return path.with_name(path.name + _SUFFIX)


def _release() -> str:
    return version("hlf-client")


def _beside(place: Path) -> sqlite3.Connection | None:
    """The database there, made where there is none and held by this process alone; None where that cannot be had."""
    try:
        number = os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        return None
    found = os.fstat(number)
    os.close(number)
    if not stat.S_ISREG(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
        return None
    connection = sqlite3.connect(place, isolation_level=None, timeout=0)
    try:
        _prepare(connection)
    except sqlite3.OperationalError:  # another verification is at it
        connection.close()
        return None
    except sqlite3.DatabaseError:  # something else bears that name
        connection.close()
        _remove(place)
        return None
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")  # what a power cut spoils, the digest tells
    connection.execute("PRAGMA cache_size = -131072")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str, str, str | None]]:
    return set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


def _empty(connection: sqlite3.Connection) -> sqlite3.Connection:
    """With a ledger's tables, inside a transaction."""
    if not connection.execute("PRAGMA database_list").fetchone()[2]:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -131072")
    connection.execute("BEGIN")
    for statement in (*_TABLES, *_OWN):
        connection.execute(statement)
    return connection


def _remove(place: Path) -> None:
    for name in (place.name, f"{place.name}-wal", f"{place.name}-shm"):
        with contextlib.suppress(OSError):
            place.with_name(name).unlink()
