"""The physical limit of a write: the rows that a ledger wrote, through sqlite3 alone, with as many commits.

The same file format and settings (page size, WAL, synchronous=FULL), one transaction for each block as the ledger had
it, rows bound from memory. What a ledger adds to it (contracts, signatures, hashes, versions) is what the ratio shows.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from hlf_client.embedded.storage.database import SCHEMA, Storage, block_of, place_of, version_of

__all__ = ["Rows", "height", "rows_since", "seconds_raw"]

Row = tuple[Any, ...]

_BLOCK = "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)"
_TX = "INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?)"
_STATE = (
    "INSERT INTO state (namespace, key, version, policy, value) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (namespace, key) DO UPDATE SET version = excluded.version, value = excluded.value"
)
_HISTORY = "INSERT INTO history VALUES (?, ?, ?)"


@dataclass
class Rows:
    """What one block wrote."""

    block: Row
    tx: list[Row] = field(default_factory=list)
    state: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)

    @property
    def count(self) -> int:
        return 1 + len(self.tx) + len(self.state) + len(self.history)


def height(path: Path, channel: str) -> int:
    """How many blocks a channel of a ledger file has."""
    with contextlib.closing(sqlite3.connect(path)) as source:
        return int(source.execute("SELECT height FROM channel WHERE name = ?", (channel,)).fetchone()[0])


def rows_since(path: Path, channel: str, first: int) -> list[Rows]:
    """The rows of a channel's blocks from number `first` on, in order."""
    with contextlib.closing(sqlite3.connect(path)) as source:
        (number,) = source.execute("SELECT id FROM channel WHERE name = ?", (channel,)).fetchone()
        blocks = source.execute("SELECT * FROM block WHERE channel = ? AND number >= ?", (number, first)).fetchall()
        found = {row[1]: Rows(row) for row in blocks}
        least = version_of(first, 0)
        for row in source.execute(
            "SELECT * FROM tx WHERE channel = ? AND place >= ?", (number, place_of(number, least))
        ):
            found[block_of(row[0] - place_of(number, 0))].tx.append(row)
        spaces = "SELECT id FROM namespace WHERE channel = ?"
        values: dict[tuple[int, bytes], Row] = {}
        asked = f"SELECT namespace, key, version, policy, value FROM state WHERE namespace IN ({spaces})"
        for row in source.execute(asked, (number,)):
            values[row[0], row[1]] = row
        written: dict[int, set[tuple[int, bytes]]] = defaultdict(set)
        for row in source.execute(
            f"SELECT * FROM history WHERE namespace IN ({spaces}) AND version >= ?", (number, least)
        ):
            found[block_of(row[2])].history.append(row)
            written[block_of(row[2])].add((row[0], row[1]))
        for key, row in values.items():
            if row[2] >= least:
                written[block_of(row[2])].add(key)
        private = _private(source, number, values)
        for block, keys in written.items():
            found[block].state += [values[key] for key in sorted(keys) if key in values]
            found[block].state += [private[key] for key in sorted(keys) if key in private]
    return [found[block] for block in sorted(found)]


def _private(
    source: sqlite3.Connection, channel: int, values: dict[tuple[int, bytes], Row]
) -> dict[tuple[int, bytes], Row]:
    """The rows of private values by their hashes' namespace and key, which have the version."""
    spaces = source.execute("SELECT collection, hashed, id FROM namespace WHERE channel = ?", (channel,)).fetchall()
    ids = {(collection, bool(hashed)): number for collection, hashed, number in spaces if collection}
    clear = {number: ids[collection, True] for (collection, hashed), number in ids.items() if not hashed}
    return {(clear[space], sha256(key).digest()): row for (space, key), row in values.items() if space in clear}


def seconds_raw(blocks: list[Rows], folder: Path) -> float:
    """Write the rows, a durable commit for each block; the seconds that it takes."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        connection = Storage(Path(inside) / "raw.db").connect()
        with contextlib.closing(connection):
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute("INSERT INTO channel VALUES (1, 'raw', 0, x'')")
            started = time.perf_counter()
            for number, block in enumerate(blocks):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_BLOCK, block.block)
                connection.executemany(_TX, block.tx)
                connection.executemany(_STATE, block.state)
                connection.executemany(_HISTORY, block.history)
                connection.execute("UPDATE channel SET height = ?, last_hash = ?", (number, block.block[4]))
                connection.execute("COMMIT")
            return time.perf_counter() - started
