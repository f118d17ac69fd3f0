"""Read connections, each holding one consistent snapshot of the file while a simulation runs on it.

SQLite's WAL gives a reader the state at its first read, whatever is committed meanwhile; opening a snapshot costs
microseconds, so every simulation has its own and connections are used again.

Where several processes write, a snapshot may hold blocks that no fsync has reached yet. `Snapshots.open` is for what a
caller is answered: it waits for them. `Snapshots.ahead` does not: it is for what is only written behind what was read.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final, Protocol

from hlf_client.embedded.storage.database import Storage, storage_errors, unavailable
from hlf_client.embedded.storage.presence import Presence
from hlf_client.errors import LedgerUnavailable

__all__ = ["BLOCKS", "Durability", "Row", "Snapshot", "Snapshots"]

_IDLE: Final = 8
"""Connections kept for the next simulations."""
_MAX_OPEN: Final = 256
"""Snapshots open at one time; more are refused, for each holds back the WAL's checkpoint."""

Row = tuple[int, bytes]
"""Version and value."""

_GET: Final = "SELECT version, value FROM state WHERE namespace = ? AND key = ?"
_POLICY: Final = "SELECT version, policy FROM state WHERE namespace = ? AND key = ?"
_MANY: Final = 32
"""Keys of one query for many."""
_FEW: Final = 6
"""Fewer keys are quicker asked for one by one."""
_SLOTS: Final = ", ".join("?" * _MANY)
_GET_MANY: Final = f"SELECT key, version, value FROM state WHERE namespace = ? AND key IN ({_SLOTS})"  # noqa: S608 - question marks only
_RANGE: Final = (
    "SELECT key, version, value FROM state WHERE namespace = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?"
)
_HISTORY: Final = (
    "SELECT version FROM history WHERE namespace = ? AND key = ? AND version < ? ORDER BY version DESC LIMIT ?"
)
_CONTENT: Final = "SELECT content FROM tx WHERE place = ?"
BLOCKS: Final = "SELECT CAST(coalesce(sum(height), 0) AS INTEGER) FROM channel"
"""How many blocks the file has: commits of blocks come one after the other, so a number of them is one moment's."""


class Durability(Protocol):
    """What knows how many blocks are on the disk."""

    async def cover(self, blocks: int) -> None:
        """Wait until so many blocks of the file, which are committed, are durable. Raises `LedgerUnavailable`."""


class Snapshot:
    """The state as it was when the snapshot was opened. For one simulation at a time."""

    __slots__ = ("_connection", "_execute", "_path")

    def __init__(self, storage: Storage, connection: sqlite3.Connection) -> None:
        self._path = storage.path
        self._connection = connection
        self._execute = connection.execute

    def get(self, namespace: int, key: bytes) -> Row | None:
        try:
            row: Row | None = self._execute(_GET, (namespace, key)).fetchone()
        except sqlite3.Error as error:
            raise unavailable(error, self._path) from error
        return row

    def get_many(self, namespace: int, keys: Sequence[bytes]) -> dict[bytes, Row]:
        """The values of those keys that are there, in as few queries as it takes."""
        if len(keys) < _FEW:
            return {key: row for key in keys if (row := self.get(namespace, key)) is not None}
        found: dict[bytes, Row] = {}
        for start in range(0, len(keys), _MANY):
            some = keys[start : start + _MANY]
            padded = [*some, *[some[-1]] * (_MANY - len(some))]  # one statement, prepared once
            for key, version, value in self.rows(_GET_MANY, (namespace, *padded)):
                found[key] = version, value
        return found

    def policy(self, namespace: int, key: bytes) -> tuple[int, bytes | None] | None:
        """Version and own endorsement policy of a key."""
        rows = self.rows(_POLICY, (namespace, key))
        return rows[0] if rows else None

    def range(self, namespace: int, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, int, bytes]]:
        """At most `limit` keys from `start` (included) to `end` (excluded), sorted."""
        return self.rows(_RANGE, (namespace, start, end, limit))

    def history(self, namespace: int, key: bytes, before: int, limit: int) -> list[int]:
        """Versions that wrote a key, newest first, below `before`."""
        return [row[0] for row in self.rows(_HISTORY, (namespace, key, before, limit))]

    def content(self, place: int) -> bytes | None:
        """A transaction's content."""
        rows = self.rows(_CONTENT, (place,))
        return rows[0][0] if rows else None

    def rows(self, statement: str, parameters: tuple[object, ...] = ()) -> list[Any]:
        """All rows of a query. A contract may be waiting for them, so errors are ours already here."""
        try:
            return self._execute(statement, parameters).fetchall()
        except sqlite3.Error as error:
            raise unavailable(error, self._path) from error

    def each(self, statement: str, parameters: tuple[object, ...] = ()) -> Iterator[Any]:
        """The rows of a query one after the other, for more than is held at one time."""
        try:
            yield from self._execute(statement, parameters)
        except sqlite3.Error as error:
            raise unavailable(error, self._path) from error

    def begin(self) -> None:
        self._execute("BEGIN")

    def end(self) -> None:
        if self._connection.in_transaction:
            self._execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


class Snapshots:
    """A pool of snapshots. Safe across threads; each snapshot is used by one at a time."""

    def __init__(self, storage: Storage, presence: Presence, durability: Durability | None = None) -> None:
        self._storage = storage
        self._presence = presence
        self._durability = durability
        self._idle: deque[Snapshot] = deque()
        self._open = 0

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Snapshot]:
        """A snapshot of now, all of it durable: what is told of it no power cut takes back."""
        with self.ahead() as snapshot:
            await self.settle(snapshot)
            yield snapshot

    async def settle(self, snapshot: Snapshot) -> None:
        """Wait until what a snapshot holds is durable. Raises `LedgerUnavailable`."""
        if self._durability is not None:
            await self._durability.cover(snapshot.rows(BLOCKS)[0][0])

    @contextlib.contextmanager
    def ahead(self) -> Iterator[Snapshot]:
        """A snapshot of now, perhaps ahead of the disk, for no caller's eyes before `settle`: what is written after it
        stands behind it in the log, and is lost with it. SQLite's errors inside become `LedgerUnavailable`."""
        if self._open >= _MAX_OPEN:
            raise LedgerUnavailable("too many calls are being answered at once: repeat later")
        self._presence.check()
        self._open += 1
        try:
            with storage_errors(self._storage.path):
                snapshot = self._take()
                try:
                    snapshot.begin()
                    yield snapshot
                finally:
                    snapshot.end()
                    self._give(snapshot)
        finally:
            self._open -= 1

    def _take(self) -> Snapshot:
        try:
            return self._idle.pop()
        except IndexError:
            return Snapshot(self._storage, self._storage.reader())

    def _give(self, snapshot: Snapshot) -> None:
        if len(self._idle) < _IDLE:
            self._idle.append(snapshot)
        else:
            snapshot.close()

    def close(self) -> None:
        """Close idle connections; those in use close themselves when they come back to a full pool."""
        while self._idle:
            self._idle.pop().close()
