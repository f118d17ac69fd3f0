"""Blocks with the private data that a member may see.

A block has hashes of private keys and values; the file has their values as they stand. Which key a hash is of is found
by an index of this listener's own, beside the file and gone with it. It is a help and no truth: what it finds is hashed
again, and where it does not know a key that stands it is made anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from typing import Final

from hlf_client.embedded.committing.events import (
    Announcer,
    block_transaction,
    blocks_from,
    ordinary,
    transactions_of,
    wait,
)
from hlf_client.embedded.storage.certificates import Certificates
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.snapshots import Snapshot, Snapshots
from hlf_client.embedded.storage.transaction import Transaction
from hlf_client.ledger import BlockEvent
from hlf_client.wire.blocks import PrivateDataEvent, PrivateWrite
from hlf_client.wire.written import Caller, HashedWrite, PublicWrite

__all__ = ["caller_of", "private_data_events"]

_KEYS: Final = "SELECT key, id FROM state WHERE namespace = ?"
_NEW_KEYS: Final = "SELECT namespace, key, id FROM state WHERE id > ?"
_NEWEST: Final = "SELECT coalesce(max(id), 0) FROM state"
_HASH: Final = "SELECT value FROM state WHERE namespace = ? AND key = ?"
_ROW: Final = "SELECT namespace, key, value FROM state WHERE id = ?"


async def private_data_events(
    snapshots: Snapshots, announcer: Announcer, channel: Channel, certificates: Certificates, msp_id: str, first: int
) -> AsyncIterator[PrivateDataEvent]:
    """Blocks from number `first` on, without end; one is in memory at a time."""
    with announcer.listen() as news, contextlib.closing(_Places(channel, msp_id)) as places:
        while True:
            news.clear()
            event = None
            async with snapshots.open() as snapshot:
                for number, block_hash, previous in blocks_from(snapshot, channel, first, 1):
                    rows = transactions_of(snapshot, channel, number)
                    decoded = [(code, ordinary(channel, content)) for _, code, content in rows]
                    transactions = tuple(block_transaction(channel, *row) for row in rows)
                    block = BlockEvent(channel.name, number, block_hash.hex(), previous.hex(), transactions)
                    valid = [each for code, each in decoded if each is not None and code == ValidationCode.VALID]
                    event = PrivateDataEvent(
                        block,
                        tuple([write async for write in _private_writes(snapshot, places, valid)]),
                        tuple(write for each in valid for write in _public_writes(each)),
                        tuple(write for each in valid for write in _hashed_writes(each)),
                        tuple(caller_of(snapshot, certificates, each) for _, each in decoded if each is not None),
                    )
            if event is None:
                await wait(news)
                continue
            first += 1
            yield event


def caller_of(snapshot: Snapshot, certificates: Certificates, transaction: Transaction) -> Caller:
    """Who signed a transaction, and what it called."""
    call = transaction.call
    certificate = certificates.find(snapshot.rows, call.certificate_hash)
    function = call.arguments[0].decode(errors="replace") if call.arguments else ""
    return Caller(call.transaction_id, call.creator_msp, certificate, call.chaincode, function)


def _public_writes(transaction: Transaction) -> Iterator[PublicWrite]:
    call = transaction.call
    for chaincode, changes in transaction.result.changes.of(call.chaincode):
        for key, value in changes.writes.items():
            yield PublicWrite(call.transaction_id, chaincode, key, value)


def _hashed_writes(transaction: Transaction) -> Iterator[HashedWrite]:
    call = transaction.call
    for collection, changes in transaction.result.changes.private.items():
        for key_hash, value_hash in changes.writes.items():
            yield HashedWrite(call.transaction_id, call.chaincode, collection, key_hash, value_hash)


async def _private_writes(
    snapshot: Snapshot, places: _Places, transactions: Sequence[Transaction]
) -> AsyncIterator[PrivateWrite]:
    """Deletions are told in `hashed` alone: of a key that is gone nobody knows the name."""
    for transaction in transactions:
        call = transaction.call
        for collection, changes in transaction.result.changes.private.items():
            if not places.has(call.chaincode, collection):
                continue
            for key_hash, value_hash in changes.writes.items():
                if value_hash is None:
                    continue
                found = await places.find(snapshot, call.chaincode, collection, key_hash, value_hash)
                if found is not None:
                    key, value = found
                    yield PrivateWrite(call.transaction_id, call.chaincode, collection, key.decode(), value)


async def _to_its_end(work: Coroutine[object, object, None]) -> None:
    """Await work in a thread; who is cancelled meanwhile leaves after it, for it uses files that are closed then."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise


class _Places:
    """Where keys stand in the file, by their hashes: an index in a temporary file of SQLite's own."""

    def __init__(self, channel: Channel, msp_id: str) -> None:
        self._spaces = dict(_own_spaces(channel, msp_id))
        self._clear = {clear for clear, _ in self._spaces.values()}
        self._index: sqlite3.Connection | None = None
        self._newest = 0

    def has(self, chaincode: str, collection: str) -> bool:
        """Whether the member is one of the collection's."""
        return (chaincode, collection) in self._spaces

    async def find(
        self, snapshot: Snapshot, chaincode: str, collection: str, key_hash: bytes, value_hash: bytes
    ) -> tuple[bytes, bytes] | None:
        """Key and value of a write, None where it does not stand any more."""
        clear, hashed = self._spaces[chaincode, collection]
        stands = snapshot.rows(_HASH, (hashed, key_hash))
        if not stands or bytes(stands[0][0]) != value_hash:
            return None
        for refresh in (None, self._add_new, self._make):
            if refresh is not None:
                await _to_its_end(asyncio.to_thread(refresh, snapshot))
            found = self._look(snapshot, clear, key_hash, value_hash)
            if found is not None:
                return found
        return None

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def _look(self, snapshot: Snapshot, clear: int, key_hash: bytes, value_hash: bytes) -> tuple[bytes, bytes] | None:
        if self._index is None:
            return None
        known = self._index.execute("SELECT id FROM place WHERE space = ? AND hash = ?", (clear, key_hash)).fetchone()
        for space, key, value in snapshot.rows(_ROW, known) if known else ():
            fits = space == clear and hashlib.sha256(key).digest() == key_hash
            if fits and hashlib.sha256(value).digest() == value_hash:
                return bytes(key), bytes(value)
        return None

    def _add_new(self, snapshot: Snapshot) -> None:
        """Rows that came since: a new key has a new number, unless the last one was deleted before."""
        if self._index is None:
            self._make(snapshot)
            return
        newest = snapshot.rows(_NEWEST)[0][0]
        rows = snapshot.rows(_NEW_KEYS, (self._newest,))
        self._put(self._index, ((space, key, id_) for space, key, id_ in rows if space in self._clear))
        self._newest = newest

    def _make(self, snapshot: Snapshot) -> None:
        self.close()
        self._index = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._index.execute(
            "CREATE TABLE place (space INTEGER, hash BLOB, id INTEGER, PRIMARY KEY (space, hash)) WITHOUT ROWID"
        )
        for space in sorted(self._clear):
            self._put(self._index, ((space, key, id_) for key, id_ in snapshot.each(_KEYS, (space,))))
        self._newest = snapshot.rows(_NEWEST)[0][0]

    @staticmethod
    def _put(index: sqlite3.Connection, rows: Iterator[tuple[int, bytes, int]]) -> None:
        index.execute("BEGIN")
        index.executemany(
            "INSERT OR REPLACE INTO place (space, hash, id) VALUES (?, ?, ?)",
            ((space, hashlib.sha256(key).digest(), id_) for space, key, id_ in rows),
        )
        index.execute("COMMIT")


def _own_spaces(channel: Channel, msp_id: str) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """The namespaces of each collection that the member belongs to: values, and hashes."""
    spaces: Mapping[tuple[str, str, bool], int] = channel.namespaces
    for (chaincode, collection, is_hashed), space in spaces.items():
        if collection and not is_hashed and msp_id in channel.collection(chaincode, collection).members:
            yield (chaincode, collection), (space, spaces[chaincode, collection, True])
