"""Durable after COMMIT: one fsync for the blocks of all processes that committed before it began.

While several processes write, COMMIT only puts a batch into the write-ahead log, where others see it, and the turn is
given away (SQLite's `synchronous=NORMAL`). Then whoever finds a place syncs the log for all and notes how far that was;
the others find themselves under the mark. Nobody is answered before that: no submit, and no read of what was written.

An fsync of the log is enough, whatever became of the log meanwhile. SQLite moves it into the file only after syncing
it, and begins it anew or cuts it off only when all of it is in the file and the file is synced. It is made, with its
entry in the folder, by a header that SQLite syncs, and stays while a connection is open, as one is here. The file
itself is never opened here: closing it would let go of SQLite's locks, which are those of the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Final

from hlf_client.embedded.committing.mark import Mark, has_failed
from hlf_client.embedded.storage.database import Storage, storage_errors
from hlf_client.embedded.storage.snapshots import BLOCKS
from hlf_client.errors import LedgerUnavailable

__all__ = ["Syncing", "sync_log"]

_PATIENCE: Final = 1.0
"""Seconds after which one syncs without a place: who has it may have been stopped."""
_AGAIN: Final = 0.0005
"""Seconds between two looks at the mark."""


class Syncing:
    """Of one opened file that lasts. For any thread; what says so blocks."""

    def __init__(self, storage: Storage, threads: Executor) -> None:
        self._storage = storage
        self._threads = threads
        self._mutex = threading.Lock()
        self._known = 0
        self._has_failed = False
        self._is_closed = False
        self._connection: sqlite3.Connection | None = None
        self._log: int | None = None
        self._mark = Mark.open(storage.path, mend=self._mend)

    def covers(self, blocks: int) -> bool:
        """Whether so many blocks are known to be durable."""
        if blocks > self._known and self._mark is not None:
            self._known = max(self._known, self._mark.blocks)
        return blocks <= self._known

    async def cover(self, blocks: int) -> None:
        """Wait until so many blocks, which are committed, are durable. Raises `LedgerUnavailable`."""
        if not self.covers(blocks):
            await asyncio.get_running_loop().run_in_executor(self._threads, self.make_durable, blocks)

    def check(self) -> None:
        """Raises `LedgerUnavailable` once an fsync has failed: a later one would not tell that blocks are lost."""
        if self._has_failed or (self._mark is not None and self._mark.has_failed):
            raise _failed(self._storage.path)

    def note(self, blocks: int) -> None:
        """So many are durable: they were committed before an fsync that is done."""
        self._known = max(self._known, blocks)
        if self._mark is not None:
            self._mark.raise_to(blocks)

    def make_durable(self, blocks: int) -> None:
        """As `cover`: sync where nobody else does. Blocks."""
        with self._mutex:
            patience = time.monotonic() + _PATIENCE
            while not self.covers(blocks):
                self.check()
                with self._place() as may_sync:
                    if self.covers(blocks):  # by who has just given the place back
                        return
                    if may_sync or time.monotonic() > patience:
                        self._sync_all()
                        return
                time.sleep(_AGAIN)

    def sync(self) -> None:
        """Make durable what is committed, be it in a block or not. Blocks."""
        with self._mutex:
            self.check()
            self._sync_all()

    def committed(self, connection: sqlite3.Connection) -> int:
        """How many blocks a connection sees."""
        blocks: int = connection.execute(BLOCKS).fetchone()[0]
        return blocks

    def close(self) -> None:
        with self._mutex:
            self._is_closed = True
            if self._log is not None:
                os.close(self._log)
            if self._connection is not None:
                self._connection.close()
            if self._mark is not None:
                self._mark.close()
            self._log = self._connection = self._mark = None

    @contextlib.contextmanager
    def _place(self) -> Iterator[bool]:
        """Whether one may sync; where nobody can note what was synced, all may."""
        descriptor = self._mark.place() if self._mark is not None else None
        try:
            yield descriptor is not None or self._mark is None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _sync_all(self) -> None:
        if self._is_closed:
            raise LedgerUnavailable(f"{self._storage.path} was closed: connect again")
        with storage_errors(self._storage.path):
            if self._connection is None:
                self._connection = self._storage.reader()
            blocks = self.committed(self._connection)  # before the fsync: what is committed meanwhile may not be in it
        try:
            self._sync_log()
        except OSError as error:
            self._has_failed = True
            if self._mark is not None:
                self._mark.fail()
            raise _failed(self._storage.path) from error
        self.check()  # another process's may have failed meanwhile
        self.note(blocks)

    def _sync_log(self) -> None:
        log = _log_of(self._storage.path)
        if self._log is None:
            if self._storage.is_closed_to_writers() and not log.exists():  # all is in the file
                return
            self._log = os.open(log, os.O_RDONLY)
        ours, there = os.fstat(self._log), log.stat()
        if (ours.st_dev, ours.st_ino) != (there.st_dev, there.st_ino):
            raise OSError(errno.ESTALE, "the log was replaced while it was open", str(log))
        _sync(self._log)

    def _mend(self) -> None:
        """After a failed fsync, for who has the file alone: what can be read of the log is written into the file."""
        with contextlib.closing(self._storage.connect()) as connection, storage_errors(self._storage.path):
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise _failed(self._storage.path)


def sync_log(path: Path) -> None:
    """For who has read a file without opening the ledger: what was read is durable once this returns. Blocks."""
    log = _log_of(path)
    try:
        if not log.stat().st_size:  # all is in the file, and synced
            return
        descriptor = os.open(log, os.O_RDONLY)
    except FileNotFoundError:  # as well: the last who had it open has moved it
        return
    except OSError as error:
        raise LedgerUnavailable(f"{log} cannot be read: {error.strerror}") from error
    try:
        _sync(descriptor)
    except OSError as error:
        raise _failed(path) from error
    finally:
        os.close(descriptor)
    if has_failed(path):
        raise _failed(path)


def _sync(descriptor: int) -> None:
    """As SQLite does: on macOS a plain fsync, too (its `fullfsync` is off)."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _failed(path: Path) -> LedgerUnavailable:
    return LedgerUnavailable(
        f"the disk failed while {path} was synced, and its last blocks may be lost: look at the disk, close the ledger "
        "everywhere, open it again and verify it"
    )
