"""Rows that must be laid side by side and need not fit into memory: a database in a file that has no name.

SQLite makes it when memory runs short, in the system's folder for such files; it is gone when it is closed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

__all__ = ["Cell", "Spool"]

Cell: TypeAlias = str | bytes | int | None
"""What a column holds: of these, text and hashes; amounts are text, for SQLite's own numbers are not exact."""


_SETTINGS: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;"
"""Of memory 32 MiB, whatever is put in."""


class Spool:
    """A database without a name, made of `schema`. Nothing of it outlives it, so nothing is made durable."""

    def __init__(self, schema: str) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(f"{_SETTINGS} BEGIN; {schema}")

    def close(self) -> None:
        self._database.close()

    def put(self, statement: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Put in any number of rows."""
        self._database.executemany(statement, rows)

    def run(self, statement: str) -> None:
        """Run a statement that answers nothing."""
        self._database.execute(statement)

    def rows(self, query: str, values: Sequence[Cell] = ()) -> Iterator[tuple[Cell, ...]]:
        """What a query finds, one by one."""
        yield from self._database.execute(query, values)
