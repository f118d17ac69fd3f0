"""Whether a ledger's file has the tables that this code makes, no more and no others, with values of their types."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Final

from hlf_client.embedded.storage.beside import BESIDE_ROWS
from hlf_client.embedded.verifying.contents import Touched

__all__ = ["Shape"]

_SCHEMA: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_COLUMNS: Final = 'SELECT name, lower(type), "notnull" OR pk FROM pragma_table_info(?) ORDER BY cid'


class Shape:
    """Compares a ledger's file, `source`, with an empty one that was just made, `pattern`."""

    def __init__(self, source: sqlite3.Connection, pattern: sqlite3.Connection) -> None:
        self._source = source
        self._pattern = pattern

    def check_schema(self) -> None:
        """A trigger, a view or an index that was planted changes what statements do or read."""
        ours, theirs = (set(each.execute(_SCHEMA)) for each in (self._pattern, self._source))
        for kind, name, *_ in sorted(theirs - ours - BESIDE_ROWS, key=repr):
            known = any((kind, name) == row[:2] for row in ours)
            what = "is defined otherwise than this release defines it" if known else "is in the file, but in no ledger"
            raise Touched("", None, f"{kind} {name!r} {what}")
        for kind, name, *_ in sorted(ours - theirs, key=repr):
            raise Touched("", None, f"{kind} {name!r} is missing")

    def check_beside(self) -> None:
        """Bytes that are kept beside the ledger are those of their hash."""
        if not self._source.execute("SELECT 1 FROM sqlite_master WHERE name = 'beside'").fetchone():
            return
        for owner, sha256, content in self._source.execute("SELECT owner, sha256, content FROM beside"):
            if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != sha256:
                raise Touched("", None, f"bytes that {owner} keeps beside the ledger are not those of {sha256}")

    def check_types(self) -> None:
        """SQLite keeps a value of any type in any column."""
        for (table,) in self._pattern.execute(_TABLES).fetchall():
            columns = self._pattern.execute(_COLUMNS, (table,)).fetchall()
            wrong = {name: _wrong(name, kind, filled) for name, kind, filled in columns}
            found = self._source.execute(
                f"SELECT {', '.join(wrong.values())} FROM {table} WHERE {' OR '.join(wrong.values())} LIMIT 1"  # noqa: S608 - names of our own schema
            ).fetchone()
            if found is not None:
                column = next(name for name, is_wrong in zip(wrong, found, strict=True) if is_wrong)
                raise Touched("", None, f"table {table} has a value of another type in column {column}")


def _wrong(column: str, kind: str, filled: int) -> str:
    """The expression that is true of a value of another type."""
    allowed = f"'{kind}'" if filled else f"'{kind}', 'null'"
    return f"typeof({column}) NOT IN ({allowed})"
