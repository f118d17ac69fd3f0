"""The writer: orders what arrives into blocks and makes them durable, one SQLite transaction at a time.

While the disk is busy with one batch, what arrives meanwhile waits and becomes the next: many concurrent submits share
one block and one fsync, a lone one waits for nobody. What waits for the disk (checkpoints, and COMMIT unless the disk
is quick) runs on a thread; the rest takes microseconds per transaction and gives way to the event loop in between.

Other processes may write to the same file: every batch takes its turn and SQLite's write lock, waits for them without
blocking the loop, and reads heights and versions inside.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from hlf_client.embedded.committing.finishing import Finishing
from hlf_client.embedded.committing.syncing import Syncing
from hlf_client.embedded.committing.turns import Turns
from hlf_client.embedded.committing.validation import Ordered, Validator
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.storage.blocks import Header, data_hash, signed_digest
from hlf_client.embedded.storage.certificates import Certificates, Note
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import Storage, block_of, place_of, storage_errors, unavailable, version_of
from hlf_client.embedded.storage.presence import Presence, folder_of_keys
from hlf_client.errors import LedgerUnavailable
from hlf_client.identity import Identity, PrivateKeySigner
from hlf_client.ledger import CommitStatus

__all__ = ["MAX_BATCH", "MAX_WAITING", "Committer"]

MAX_BATCH: Final = 256
"""Transactions of one batch."""
_MAX_BATCH_BYTES: Final = 16 * 1024 * 1024
MAX_WAITING: Final = 10_000
"""Transactions that may wait for their batch; more are refused."""
_LOCK_DEADLINE: Final = 15.0
"""Seconds to wait for the turn, and for a write lock of who takes no turns."""
_QUICK: Final = 0.001
"""Seconds of a COMMIT that is not worth a thread: a hop and back takes a good part of it."""
_WAL_BYTES: Final = 8 * 1024 * 1024
"""Size of the write-ahead log from which on it is moved into the file."""
_CHECK_WAL: Final = 16
"""Batches after which its size is looked at."""
_TRANSIENT_BLOCKS: Final = 1000
"""Blocks after which private values that were endorsed but never ordered are forgotten."""

_BLOCK: Final = """INSERT INTO block (channel, number, previous_hash, data_hash, hash, signer, signature)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
_TX: Final = "INSERT INTO tx (place, channel, id, code, signature, content) VALUES (?, ?, ?, ?, ?, ?)"
_HEIGHT: Final = "SELECT height, last_hash FROM channel WHERE id = ?"
_ADVANCE: Final = "UPDATE channel SET height = ?, last_hash = ? WHERE id = ?"
_FORGET: Final = "DELETE FROM transient WHERE channel = ? AND (id = ? OR since < ?)"
_FIRST: Final = "SELECT place, code, content FROM tx WHERE id = ? AND channel = ?"


@dataclass(slots=True)
class _Waiting:
    """Something for the next batch: notes to write first, then perhaps a transaction."""

    done: asyncio.Future[CommitStatus | None]
    notes: Sequence[Note]
    channel: Channel | None = None
    ordered: Ordered | None = None


@dataclass(slots=True)
class _Block:
    """A channel's block while it grows."""

    channel: Channel
    number: int
    previous_hash: bytes
    entries: list[tuple[Ordered, ValidationCode]] = field(default_factory=list)


class Committer:
    """One writer connection, used by one event loop."""

    def __init__(
        self,
        storage: Storage,
        presence: Presence,
        syncing: Syncing | None,
        certificates: Certificates,
        signatures: Signatures,
        orderer: Callable[[], Identity],
        clock: Callable[[], datetime],
        threads: Executor,
        committed: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._presence = presence
        self._certificates = certificates
        self._signatures = signatures
        self._orderer = orderer
        self._clock = clock
        self._threads = threads
        self._committed = committed
        self._waiting: deque[_Waiting] = deque()
        self._connection: sqlite3.Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._commit_seconds = 1.0
        self._batches = 0
        self._heights: dict[int, int] = {}
        self._turns = Turns(folder_of_keys(storage.path))
        self._finishing = Finishing(syncing, self._turns)

    async def order(self, channel: Channel, ordered: Ordered, notes: Sequence[Note] = ()) -> CommitStatus:
        """Put a transaction into a block; returns when the block is durable, with the transaction's fate."""
        status = await self._put(_Waiting(asyncio.get_running_loop().create_future(), notes, channel, ordered))
        if status is None:
            raise LedgerUnavailable("the transaction was not taken into a block: repeat")
        return status

    async def write(self, notes: Sequence[Note]) -> None:
        """Write notes durably, in no block."""
        await self._put(_Waiting(asyncio.get_running_loop().create_future(), notes))

    async def close(self) -> None:
        """Finish what waits, then let go of the file."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self.close_now()

    def close_now(self) -> None:
        """Let go of the file; for a writer that is not at work."""
        if self._connection is not None and (self._task is None or self._task.done()):
            self._connection.close()
            self._connection = None

    async def _put(self, waiting: _Waiting) -> CommitStatus | None:
        if len(self._waiting) >= MAX_WAITING:
            raise LedgerUnavailable(f"{MAX_WAITING} transactions are waiting to be written: repeat later")
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        return await waiting.done

    async def _run(self) -> None:
        await asyncio.sleep(0)  # others that are ready now come along
        while self._waiting:
            batch = self._take()
            try:
                await self._write(batch)
            except BaseException:
                _fail([*batch, *self._waiting], asyncio.CancelledError())
                raise

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        """Commit a batch and tell its waiters. A batch that fails by one of its own is written one by one."""
        if not batch:
            return
        try:
            statuses = await self._commit(batch)
        except LedgerUnavailable as error:
            _fail(batch, error)
        except Exception as error:
            if len(batch) == 1:
                _fail(batch, error)
            for each in batch if len(batch) > 1 else ():
                await self._write([each])
        else:
            for waiting, status in zip(batch, statuses, strict=True):
                if not waiting.done.done():
                    waiting.done.set_result(status)
            self._committed()
            self._batches += 1
            purged = any(each.ordered and _purges(each.ordered) for each in batch)
            if purged or self._batches % _CHECK_WAL == 0:
                await self._checkpoint(purged=purged)

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < MAX_BATCH and size < _MAX_BATCH_BYTES:
            waiting = self._waiting.popleft()
            if waiting.done.cancelled():  # given up before it was ordered
                continue
            size += len(waiting.ordered.content) if waiting.ordered else 0
            batch.append(waiting)
        return batch

    async def _commit(self, batch: Sequence[_Waiting]) -> list[CommitStatus | None]:
        connection = self._open()
        try:
            await self._take_turn()
            return await self._commit_alone(connection, batch)
        finally:
            self._turns.give()

    async def _take_turn(self) -> None:
        try:
            await self._turns.take(_LOCK_DEADLINE)
        except TimeoutError:
            raise LedgerUnavailable(f"another process is writing to {self._storage.path}: repeat later") from None

    async def _commit_alone(
        self, connection: sqlite3.Connection, batch: Sequence[_Waiting]
    ) -> list[CommitStatus | None]:
        with storage_errors(self._storage.path):
            self._finishing.prepare(connection)
        await self._begin(connection)
        self._heights = {}
        try:
            with storage_errors(self._storage.path):
                statuses = await self._process(connection, batch)
                await self._finish(connection)
            self._presence.confirm(self._heights)
        except BaseException:
            self._abandon(connection)
            raise
        return statuses

    async def _finish(self, connection: sqlite3.Connection) -> None:
        """COMMIT. On a thread, unless the disk has lately answered sooner than a thread would; waited for when
        this task is cancelled meanwhile."""
        finish = partial(self._finishing.commit, connection, makes_blocks=bool(self._heights))
        if self._commit_seconds < _QUICK and not self._finishing.is_shared:
            self._commit_seconds = 0.9 * self._commit_seconds + 0.1 * finish()
            return
        commit = asyncio.get_running_loop().run_in_executor(self._threads, finish)
        try:
            self._commit_seconds = await asyncio.shield(commit)
        except asyncio.CancelledError:
            await asyncio.wait({commit})
            raise

    async def _checkpoint(self, *, purged: bool) -> None:
        """Move the write-ahead log into the file when it has grown; takes the disk's time, on a thread.

        After a purge at once, and the log is emptied: it must not keep what was purged.
        """
        wal = self._storage.path.with_name(self._storage.path.name + "-wal")
        if self._connection is None or not (purged or wal.stat().st_size >= _WAL_BYTES):  # an inode
            return
        mode = "TRUNCATE" if purged else "PASSIVE"
        loop = asyncio.get_running_loop()
        with contextlib.suppress(sqlite3.Error):  # the next batch, or the next process, does it
            await loop.run_in_executor(self._threads, _checkpoint, self._connection, mode)

    def _open(self) -> sqlite3.Connection:
        self._presence.check()
        if self._connection is None:
            self._connection = self._storage.connect()
            with storage_errors(self._storage.path):
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute("PRAGMA wal_autocheckpoint = 0")
                self._connection.execute("PRAGMA secure_delete = ON")
        return self._connection

    async def _begin(self, connection: sqlite3.Connection) -> None:
        """Take the write lock; who takes no turns (what is kept beside the ledger) holds it for milliseconds."""
        deadline = time.monotonic() + _LOCK_DEADLINE
        wait = 0.001
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
                if not busy or time.monotonic() > deadline:
                    raise unavailable(error, self._storage.path) from error
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311  # jitter, not a secret
            wait = min(wait * 2, 0.05)

    def _abandon(self, connection: sqlite3.Connection) -> None:
        """After a failure: nothing of the batch stays, and the next one starts with a fresh connection."""
        self._connection = None
        self._certificates.forget()
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        connection.close()

    async def _process(self, connection: sqlite3.Connection, batch: Sequence[_Waiting]) -> list[CommitStatus | None]:
        validator = Validator(connection, self._certificates, self._signatures)
        now = self._clock()
        blocks: dict[int, _Block] = {}
        statuses: list[CommitStatus | None] = []
        slice_end = time.perf_counter() + 0.005
        for waiting in batch:
            for statement, parameters in waiting.notes:
                connection.execute(statement, parameters)
            if waiting.ordered is None or waiting.channel is None:
                statuses.append(None)
                continue
            statuses.append(self._place(connection, validator, blocks, waiting.channel, waiting.ordered, now))
            if time.perf_counter() > slice_end:
                await asyncio.sleep(0)
                slice_end = time.perf_counter() + 0.005
        for block in blocks.values():
            self._seal(connection, block)
        return statuses

    def _place(
        self,
        connection: sqlite3.Connection,
        validator: Validator,
        blocks: dict[int, _Block],
        channel: Channel,
        ordered: Ordered,
        now: datetime,
    ) -> CommitStatus:
        """Validate a transaction, apply it if it is valid, and give it its place in the channel's growing block."""
        block = blocks.get(channel.id)
        if block is None:
            height, last_hash = connection.execute(_HEIGHT, (channel.id,)).fetchone()
            block = _Block(channel, height, last_hash)
        transaction_id = ordered.transaction.call.transaction_id
        code = validator.check(ordered, channel, now)
        if code is ValidationCode.DUPLICATE_TXID:
            return self._first(connection, channel, ordered)
        blocks[channel.id] = block
        version = version_of(block.number, len(block.entries))
        if code is ValidationCode.VALID:
            validator.apply(ordered, channel, version)
        connection.execute(
            _TX,
            (
                place_of(channel.id, version), channel.id, bytes.fromhex(transaction_id), int(code),
                ordered.signature, ordered.content,
            ),
        )  # fmt: skip
        if ordered.transaction.result.changes.private:
            since = max(0, block.number - _TRANSIENT_BLOCKS)
            connection.execute(_FORGET, (channel.id, bytes.fromhex(transaction_id), since))
        block.entries.append((ordered, code))
        return CommitStatus(transaction_id, block.number, code.name)

    def _first(self, connection: sqlite3.Connection, channel: Channel, ordered: Ordered) -> CommitStatus:
        """The fate of the transaction that took this id first: an envelope sent twice is committed once."""
        name = ordered.transaction.call.transaction_id
        place, code, content = connection.execute(_FIRST, (bytes.fromhex(name), channel.id)).fetchone()
        same = content == ordered.content
        fate = ValidationCode(code) if same else ValidationCode.DUPLICATE_TXID
        return CommitStatus(name, block_of(place - place_of(channel.id, 0)), fate.name)

    def _seal(self, connection: sqlite3.Connection, block: _Block) -> None:
        """Hash, sign and chain a block."""
        header = Header(
            block.channel.name,
            block.number,
            block.previous_hash,
            data_hash((ordered.content, ordered.signature) for ordered, _ in block.entries),
        )
        identity = self._orderer()
        signer = bytes.fromhex(identity.certificate_hash)
        digest = signed_digest(header.hash, [code for _, code in block.entries], signer)
        if not isinstance(identity.signer, PrivateKeySigner):
            raise LedgerUnavailable("the orderer's key is not at hand: blocks cannot be signed")
        signature = identity.signer.sign(digest)
        if not self._certificates.is_stored(signer):
            connection.execute(*self._certificates.note(signer, identity.msp_id, identity.certificate))
            self._certificates.find(lambda sql, values: connection.execute(sql, values).fetchall(), signer)
        connection.execute(
            _BLOCK,
            (block.channel.id, block.number, block.previous_hash, header.data_hash, header.hash, signer, signature),
        )
        connection.execute(_ADVANCE, (block.number + 1, header.hash, block.channel.id))
        self._heights[block.channel.id] = block.number + 1


def _checkpoint(connection: sqlite3.Connection, mode: str) -> None:
    connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()


def _purges(ordered: Ordered) -> bool:
    return any(changes.purges for changes in ordered.transaction.result.changes.private.values())


def _fail(batch: Sequence[_Waiting], error: BaseException) -> None:
    for waiting in batch:
        if waiting.done.done():
            continue
        if isinstance(error, Exception):
            waiting.done.set_exception(error)
        else:
            waiting.done.cancel()
