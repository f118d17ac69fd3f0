"""The SQLite file: its tables, its connections, and the one place where SQLite's errors become ours.

State rows are small-keyed and large-valued, so tables keep SQLite's rowid and find keys through a unique index: a new
key appends its value and touches one index leaf, an update touches its own row only. Numbers that order things are one
integer: `version` = block << 20 | position in the block, `place` = channel << 52 | version. A private value is
two rows: itself, of version 0, and its hash in a namespace of its own, with version and policy.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hlf_client.errors import LedgerUnavailable

__all__ = [
    "MAX_BLOCK_TRANSACTIONS",
    "Storage",
    "block_of",
    "channel_of",
    "check_place",
    "open_read_only",
    "place_of",
    "require_file",
    "storage_errors",
    "unavailable",
    "version_of",
]

APPLICATION_ID: Final = 0x4558494D
"""`EXIM`, in the file's header."""
FORMAT: Final = 1
MAX_BLOCK_TRANSACTIONS: Final = 1 << 20
_CHANNEL_SHIFT: Final = 52
_READ_ONLY: Final = "{} may not be written: it, its folder or its disk is read-only"
_NO_LEDGER: Final = "{} is not a ledger: give the path of a ledger, or of a file that does not exist yet"

SCHEMA: Final = (
    """CREATE TABLE ledger (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE channel (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, height INTEGER NOT NULL, last_hash BLOB NOT NULL)""",
    """CREATE TABLE namespace (
        id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, chaincode TEXT NOT NULL, collection TEXT NOT NULL,
        hashed INTEGER NOT NULL, UNIQUE (channel, chaincode, collection, hashed))""",
    """CREATE TABLE certificate (
        hash BLOB PRIMARY KEY, msp_id TEXT NOT NULL, pem BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE block (
        channel INTEGER NOT NULL, number INTEGER NOT NULL, previous_hash BLOB NOT NULL, data_hash BLOB NOT NULL,
        hash BLOB NOT NULL, signer BLOB NOT NULL, signature BLOB NOT NULL,
        PRIMARY KEY (channel, number)) WITHOUT ROWID""",
    """CREATE TABLE tx (
        place INTEGER PRIMARY KEY, channel INTEGER NOT NULL, id BLOB NOT NULL, code INTEGER NOT NULL,
        signature BLOB NOT NULL, content BLOB NOT NULL, UNIQUE (id, channel))""",
    """CREATE TABLE state (
        id INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL,
        policy BLOB, value BLOB NOT NULL, UNIQUE (namespace, key))""",
    """CREATE TABLE history (
        namespace INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL,
        PRIMARY KEY (namespace, key, version)) WITHOUT ROWID""",
    """CREATE TABLE transient (
        channel INTEGER NOT NULL, id BLOB NOT NULL, since INTEGER NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (channel, id)) WITHOUT ROWID""",
)


def version_of(block: int, position: int) -> int:
    """A transaction's place in its channel; later is larger."""
    return block << 20 | position


def block_of(version: int) -> int:
    return version >> 20


def place_of(channel: int, version: int) -> int:
    """A transaction's place in the file."""
    return channel << _CHANNEL_SHIFT | version


def channel_of(place: int) -> int:
    return place >> _CHANNEL_SHIFT


@dataclass(frozen=True, slots=True)
class Storage:
    """Where a ledger is kept. `durable` off is for ledgers that end with their process (in memory)."""

    path: Path
    durable: bool = True

    def reader(self) -> sqlite3.Connection:
        """A connection for what only reads; where this user may not write, one that cannot."""
        return open_read_only(self.path) if self.is_closed_to_writers() else self.connect()

    def is_closed_to_writers(self) -> bool:
        """Whether there is a file, and it, its folder (where the log stands) or its disk is read-only."""
        return self.path.is_file() and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))

    def connect(self) -> sqlite3.Connection:
        """A connection in autocommit mode; transactions are begun by hand.

        WAL lets readers keep their snapshot while one writer goes on; synchronous=FULL makes COMMIT wait until the
        disk has the transaction (a committer that shares an fsync waits after it). Raises `LedgerUnavailable`.
        """
        if self.is_closed_to_writers():
            raise LedgerUnavailable(_READ_ONLY.format(self.path))
        with storage_errors(self.path):
            connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=0, cached_statements=256
            )
            try:
                connection.execute("PRAGMA page_size = 8192")
                connection.execute("PRAGMA busy_timeout = 5000")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(f"PRAGMA synchronous = {'FULL' if self.durable else 'OFF'}")
                connection.execute("PRAGMA cache_size = -32768")
                connection.execute("PRAGMA trusted_schema = OFF")
            except BaseException:
                connection.close()
                raise
            return connection

    def guard(self) -> None:
        """Make the file, for its owner's eyes only: it holds every member's private data. SQLite keeps that mode.

        One that is there is not opened: see `check_place`."""
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            raise LedgerUnavailable(f"{self.path} cannot be made: {error.strerror}") from error

    def create(self, connection: sqlite3.Connection) -> None:
        """The tables, inside the caller's transaction."""
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")

    def is_created(self, connection: sqlite3.Connection) -> bool:
        """Whether the tables are there. Raises `LedgerUnavailable` for another program's file or another format."""
        return check_format(connection, self.path)


def check_format(connection: sqlite3.Connection, path: Path) -> bool:
    """False for an empty file, True for a ledger of this format; raises `LedgerUnavailable` for anything else."""
    with storage_errors(path):
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        form = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables:
        return False
    if application != APPLICATION_ID:
        raise LedgerUnavailable(f"{path} is an SQLite file of another program: give the path of a ledger")
    if form != FORMAT:
        raise LedgerUnavailable(f"{path} has format {form}, this release reads {FORMAT}: use the release that wrote it")
    return True


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for looking at a ledger from outside, also on a read-only disk.

    Raises `LedgerUnavailable` when there is no ledger.
    """
    _require_regular(path)
    wal = path.with_name(path.name + "-wal")
    last: LedgerUnavailable | None = None
    for mode in ("mode=ro", *([] if wal.exists() and wal.stat().st_size else ["mode=ro&immutable=1"])):
        try:
            with storage_errors(path):
                connection = sqlite3.connect(
                    f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
                )
            try:
                connection.execute("PRAGMA trusted_schema = OFF")
                if not check_format(connection, path):
                    raise LedgerUnavailable(f"{path} is empty: no ledger was ever made there")
            except BaseException:
                connection.close()
                raise
            return connection
        except LedgerUnavailable as error:
            last = last or error
    raise last or LedgerUnavailable(f"{path} cannot be read")


def require_file(path: Path) -> None:
    """Raises `LedgerUnavailable` where no ledger was made."""
    with contextlib.closing(open_read_only(path)):
        pass


def _require_regular(path: Path) -> None:
    try:
        found = path.is_file()
    except OSError as error:
        raise LedgerUnavailable(f"{path} cannot be looked at: {error.strerror}") from error
    if not found:
        raise LedgerUnavailable(f"there is no ledger at {path}: it is made by the first paper that is filed in it")


def check_place(path: Path | None) -> None:
    """Raises `LedgerUnavailable` for where no ledger can be, as far as a look shows: what connecting may wait for.

    Only SQLite opens the file. Its locks are the process's: closing any other descriptor would let go of those of a
    ledger that is open here, and the next process that closes it would delete the log under us.
    """
    if path is None:
        return
    if not path.parent.is_dir():
        raise LedgerUnavailable(f"there is no folder {path.parent} for the ledger: make it first")
    if path.is_dir():
        raise LedgerUnavailable(f"{path} is a folder: give the path of a ledger file in it")
    if path.is_file() and _is_of_another_program(path):
        raise LedgerUnavailable(_NO_LEDGER.format(path))


def _is_of_another_program(path: Path) -> bool:
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB
    return False


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as `LedgerUnavailable`, each a sentence that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise unavailable(error, path) from error


def unavailable(error: sqlite3.Error, path: Path) -> LedgerUnavailable:
    """SQLite's error as ours."""
    return LedgerUnavailable(_sentence(error, path))


def _sentence(error: sqlite3.Error, path: Path) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return f"the disk that holds {path} is full: free some space and repeat"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return _READ_ONLY.format(path)
        case sqlite3.SQLITE_CANTOPEN:
            return f"{path} cannot be opened: does its folder exist, and may this user read and write there?"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"another process is writing to {path}: repeat later"
        case sqlite3.SQLITE_NOTADB:
            return _NO_LEDGER.format(path)
        case sqlite3.SQLITE_CORRUPT:
            return f"{path} is damaged: verify the ledger and restore a copy"
        case sqlite3.SQLITE_IOERR:
            return (
                f"the disk failed while {path} was read or written ({error}): check its space and health, then repeat"
            )
        case _:
            return f"{path} cannot be read or written at the moment: {error}"
