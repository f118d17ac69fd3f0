"""What the server keeps between requests: one SQLite file in its state folder, worked on by one thread."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from hlf_client.errors import LedgerUnavailable

__all__ = ["Store"]

FoundT = TypeVar("FoundT")

_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE session (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL, how TEXT NOT NULL, opened REAL NOT NULL, seen REAL NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account);
CREATE TABLE link (hash TEXT PRIMARY KEY, account TEXT NOT NULL, until REAL NOT NULL) STRICT;
CREATE TABLE flow (
    hash TEXT PRIMARY KEY, nonce TEXT NOT NULL, verifier TEXT NOT NULL, until REAL NOT NULL
) STRICT;
CREATE TABLE token (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, account TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
    made REAL NOT NULL, until REAL NOT NULL, used REAL
) STRICT;
CREATE INDEX token_account ON token (account);
CREATE TABLE answered (
    account TEXT NOT NULL, key TEXT NOT NULL, asked TEXT NOT NULL, begun REAL NOT NULL, run TEXT NOT NULL,
    status INTEGER, headers TEXT, body BLOB, PRIMARY KEY (account, key)
) STRICT;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, account TEXT NOT NULL, how TEXT NOT NULL,
    client TEXT NOT NULL, method TEXT NOT NULL, route TEXT NOT NULL, status INTEGER NOT NULL, request TEXT NOT NULL
) STRICT;
"""


class Store:
    """One file, made at its first use; in memory without a path. Processes may share a file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="serving-state")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], FoundT]) -> FoundT:
        """Do some work in one transaction. Raises `LedgerUnavailable` where the file cannot be written."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._within, work)

    async def close(self) -> None:
        """Let go of the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _within(self, work: Callable[[sqlite3.Connection], FoundT]) -> FoundT:
        try:
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                found = work(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"the server's own state cannot be read or written: {error}") from error
        return found

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = _open(self._path)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _make(path: Path) -> None:
    """For its owner's eyes. One that is there is not opened: closing it would let go of SQLite's locks on it, which are
    the process's."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if not found:
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_FORMAT}")
        connection.execute("COMMIT")
        if found not in {0, _FORMAT}:
            raise LedgerUnavailable(f"{path} was written by another release of this server")
    except BaseException:
        connection.close()
        raise
    return connection
