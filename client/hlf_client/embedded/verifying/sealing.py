"""A digest over every row of a replay, kept by parts: it costs what was written since the last, not what there is."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

__all__ = ["PARTS", "Sealing"]

PARTS: Final = """CREATE TABLE part (
    name TEXT NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (name, number)) WITHOUT ROWID"""
_SHIFTS: Final = {"state": 13, "history": 13, "tx": 27}
"""Large tables; a part is the rows whose numbers are the same but for so many bits (of `tx`, 128 blocks)."""
_WHOLE: Final = {"namespace": "id", "ledger": "name", "reached": "channel", "part": "name, number"}
"""The other ones that the digest covers, and their order."""
_CHANGED: Final = "CREATE TEMP TABLE changed (number INTEGER PRIMARY KEY)"
_WATCH: Final = """CREATE TEMP TRIGGER changed_by_{0} AFTER {0} ON main.state BEGIN
    INSERT INTO changed SELECT old.id >> {1} WHERE NOT EXISTS (SELECT 1 FROM changed WHERE number = old.id >> {1});
    END"""
"""OR IGNORE would not do: within an upsert it is not heeded."""
_LAST: Final = """SELECT min(
    (SELECT ifnull(max(number), 0) FROM part WHERE name = ?), (SELECT ifnull(max(rowid), 0) FROM {}) >> ?)"""
_STORED: Final = "SELECT number, digest FROM part WHERE name = ? ORDER BY number"
_END: Final = 1 << 35


class Sealing:
    """Of the database `connection`. In `state` rows are added, changed and deleted; in the others, added at the end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def watch(self) -> None:
        """From now on it is noted which parts change."""
        self._connection.execute(_CHANGED)
        for event in ("UPDATE", "DELETE"):
            self._connection.execute(_WATCH.format(event, _SHIFTS["state"]))

    def digest(self) -> bytes:
        """Over every row, once the parts that changed are computed anew."""
        for table, shift in _SHIFTS.items():
            (last,) = self._connection.execute(_LAST.format(table), (table, shift)).fetchone()
            self._renew(table, last, _END)
        for (number,) in self._connection.execute("SELECT number FROM changed").fetchall():
            self._renew("state", number, number + 1)
        self._connection.execute("DELETE FROM changed")
        return self._over_all()

    def fits(self, digest: bytes) -> bool:
        """Whether this is the digest, with all parts computed from their rows."""
        return digest == self._over_all() and all(
            self._connection.execute(_STORED, (table,)).fetchall() == list(self._parts(table, 0, _END))
            for table in _SHIFTS
        )

    def _renew(self, table: str, first: int, end: int) -> None:
        parts = [(table, *part) for part in self._parts(table, first, end)]
        self._connection.execute("DELETE FROM part WHERE name = ? AND number >= ? AND number < ?", (table, first, end))
        self._connection.executemany("INSERT INTO part VALUES (?, ?, ?)", parts)

    def _parts(self, table: str, first: int, end: int) -> Iterator[tuple[int, bytes]]:
        """From their rows."""
        shift = _SHIFTS[table]
        sql = f"SELECT rowid >> {shift}, * FROM {table} WHERE rowid >= ? AND rowid < ? ORDER BY rowid"  # noqa: S608 - our own
        rows = self._connection.execute(sql, (first << shift, end << shift))
        for number, some in groupby(rows, lambda row: row[0]):
            yield number, _of(some)

    def _over_all(self) -> bytes:
        return _of(
            (table, row)
            for table, order in _WHOLE.items()
            for row in self._connection.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - our own tables
        )


def _of(rows: Iterator[Any]) -> bytes:
    whole = hashlib.sha256()
    for row in rows:
        whole.update(repr(row).encode())
    return whole.digest()
