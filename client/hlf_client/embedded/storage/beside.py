"""Bytes beside the ledger, in its file: what members keep off the ledger and know by hash.

No block says anything of it, and no peer has it; a member's bytes are found by its MSP id and their SHA-256.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from hlf_client.embedded.storage.database import Storage, open_read_only, require_file, storage_errors

__all__ = ["BESIDE", "BESIDE_ROWS", "Beside"]

_COLUMNS: Final = "beside (owner TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL, UNIQUE (owner, sha256))"
BESIDE: Final = f"CREATE TABLE {_COLUMNS}"
"""Made when something is kept first: a file without it is a whole ledger."""
BESIDE_ROWS: Final = frozenset({
    ("table", "beside", "beside", BESIDE), ("index", "sqlite_autoindex_beside_1", "beside", None),
})  # fmt: skip
"""What the file's schema may have more for it."""


class Beside:
    """The bytes in one ledger's file. Blocks; raises `LedgerUnavailable`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, owner: str, sha256: str, content: bytes) -> None:
        """Keep bytes, durably once this returns; the same again changes nothing."""
        require_file(self._path)
        with contextlib.closing(Storage(self._path).connect()) as connection, storage_errors(self._path):
            connection.execute(BESIDE.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            connection.execute("INSERT OR REPLACE INTO beside VALUES (?, ?, ?)", (owner, sha256, content))

    def get(self, owner: str, sha256: str) -> bytes | None:
        """The bytes as they are in the file, None where there are none."""
        with contextlib.closing(open_read_only(self._path)) as connection, storage_errors(self._path):
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'beside'").fetchone():
                return None
            row = connection.execute(
                "SELECT content FROM beside WHERE owner = ? AND sha256 = ?", (owner, sha256)
            ).fetchone()
        return None if row is None else bytes(row[0])
