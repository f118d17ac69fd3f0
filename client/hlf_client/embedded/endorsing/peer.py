"""The peer's side of one simulation: answers from a snapshot, notes down what was read, keeps what shall be written.

A read never sees this transaction's writes. Private values are answered as the peer of one organisation would: only in
that organisation's collections, and to creators that the collection lets read.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from hlf_chaincode.peer import Batch, KeyModification, KeyValue, Response, Transaction
from hlf_chaincode.policies import EndorsementPolicy
from hlf_client.embedded.endorsing.metering import Pause
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.database import place_of
from hlf_client.embedded.storage.snapshots import Row, Snapshot
from hlf_client.embedded.storage.transaction import Transaction as Stored
from hlf_client.embedded.storage.writeset import PrivateKey, RangeRead, ReadWriteSet, range_digest
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized, NotSupported

__all__ = ["Frame", "Nested", "Reach", "SnapshotPeer"]

BATCH: Final = 100
"""Entries of one batch of a range or history, as Fabric's peer sends them."""
_SLICE: Final = 0.005
"""Seconds after which a long read lets the event loop do something else."""
_NEWEST: Final = 1 << 62

Frame = tuple[str, str]
"""Channel and chaincode of a call that is being answered."""


@dataclass(slots=True)
class Reach:
    """What an organisation must have to answer as this simulation did: channels joined, collections shared.

    Collections are named by channel, chaincode and name; `denied` are those that the simulating organisation would
    have had to share but does not.
    """

    channels: set[str] = field(default_factory=set)
    read: set[tuple[str, str, str]] = field(default_factory=set)
    written: set[tuple[str, str, str]] = field(default_factory=set)
    denied: set[tuple[str, str, str]] = field(default_factory=set)


Nested: TypeAlias = "Callable[[SnapshotPeer, Frame, Sequence[bytes]], Awaitable[Response]]"
"""Answers a call to another chaincode."""


@dataclass(slots=True)
class _Cursor:
    """A range that is being read: how far it has been answered, and what was in it so far."""

    namespace: int
    start: str
    end: str
    collection: str
    rest: bytes | None = b""
    seen: list[tuple[bytes, int]] = field(default_factory=list)

    @property
    def following(self) -> str:
        """The key after those that were answered; "" at the end."""
        return "" if self.rest is None else self.rest.decode()

    def read(self) -> RangeRead:
        """What has been read of it: the whole range, or up to the last key that was answered."""
        end = self.end if self.rest is None else self.seen[-1][0].decode() + "\x00"
        return RangeRead(self.start, end, range_digest(self.seen))


@dataclass(slots=True)
class _HistoryCursor:
    namespace: int
    key: str
    before: int


class SnapshotPeer:
    """One simulation's `Peer`, on one channel, as the peer of `organization`."""

    def __init__(
        self,
        channel: Channel,
        chaincode: str,
        transaction: Transaction,
        organization: str,
        snapshot: Snapshot,
        nested: Nested,
        frames: frozenset[Frame],
        reach: Reach,
        *,
        is_called: bool = False,
    ) -> None:
        """`is_called`: by another chaincode on the same channel, as part of its transaction."""
        self.channel = channel
        self.chaincode = chaincode
        self.transaction = transaction
        self.organization = organization
        self.snapshot = snapshot
        self.frames = frames
        self.reach = reach
        self.is_called = is_called
        self.changes = ReadWriteSet()
        self.root: SnapshotPeer = self
        """The peer of the chaincode that the client has called on this channel: its set holds those of the others."""
        self.private_values: dict[PrivateKey, bytes | None] = {}
        self._nested = nested
        self._public = channel.namespaces[chaincode, "", False]
        self._cursors: dict[str, _Cursor | _HistoryCursor] = {}
        self._ranges: list[_Cursor] = []
        self._next_yield = time.perf_counter() + _SLICE

    def finish(self) -> ReadWriteSet:
        """Reads and writes of the whole simulation."""
        self.changes.ranges += [cursor.read() for cursor in self._ranges]
        self._ranges.clear()
        return self.changes

    # -- state -----------------------------------------------------------------------------------------------------

    async def get_state(self, key: str, collection: str = "") -> bytes:
        return self._get(key, collection)

    async def get_states(self, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        values: list[bytes] = []
        namespace = self._readable(collection)
        for start in range(0, len(keys), BATCH):
            named = [(key, _utf8(key)) for key in keys[start : start + BATCH]]
            rows = self.snapshot.get_many(namespace, [raw for _, raw in named])
            values += [self._noted(key, raw, rows.get(raw), collection) for key, raw in named]
            await self._pause()
        return values

    def _get(self, key: str, collection: str) -> bytes:
        namespace = self._readable(collection)
        raw = _utf8(key)
        return self._noted(key, raw, self.snapshot.get(namespace, raw), collection)

    def _noted(self, key: str, raw: bytes, row: Row | None, collection: str) -> bytes:
        """Note the version that was read, and answer the value."""
        if collection:  # a private value's version is that of its hash
            self._note_hash_read(collection, hashlib.sha256(raw).digest())
        else:
            self.changes.reads[key] = row[0] if row else None
        return row[1] if row else b""

    def _note_hash_read(self, collection: str, hashed: bytes) -> bytes:
        """Note the read of a private key, and answer the hash of its value."""
        row = self.snapshot.get(self.channel.namespaces[self.chaincode, collection, True], hashed)
        self.changes.collection(collection).reads[hashed] = row[0] if row else None
        return row[1] if row else b""

    async def put_state(self, key: str, value: bytes, collection: str = "") -> None:
        self._put(key, value, collection)

    async def put_states(self, writes: Mapping[str, bytes], collection: str = "") -> None:
        for key, value in writes.items():
            self._put(key, value, collection)

    async def delete_state(self, key: str, collection: str = "") -> None:
        self._put(key, None, collection)

    def _put(self, key: str, value: bytes | None, collection: str) -> bytes:
        raw = _utf8(key)
        if not collection:
            self.changes.writes[key] = value
            return raw
        self._check_writable(collection)
        hashed = hashlib.sha256(raw).digest()
        changes = self.changes.collection(collection)
        changes.writes[hashed] = None if value is None else hashlib.sha256(value).digest()
        changes.purges.discard(hashed)
        self.private_values[collection, key] = value
        return hashed

    async def purge_private_data(self, collection: str, key: str) -> None:
        hashed = self._put(key, None, collection)
        self.changes.collection(collection).purges.add(hashed)

    async def get_private_data_hash(self, collection: str, key: str) -> bytes:
        self.channel.collection(self.chaincode, collection)
        return self._note_hash_read(collection, hashlib.sha256(_utf8(key)).digest())

    # -- ranges and history ----------------------------------------------------------------------------------------

    async def get_state_by_range(
        self, start: str, end: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        namespace = self._readable(collection)
        paged = page_size > 0 and not collection
        cursor = _Cursor(namespace, (bookmark or start) if paged else start, end, collection)
        cursor.rest = _utf8(cursor.start)
        entries = self._advance(cursor, page_size if paged else BATCH)
        if not collection:  # as on Fabric, private ranges are not checked again at commit
            self._ranges.append(cursor)
        if paged:
            following = cursor.following
            cursor.end, cursor.rest = following or end, None
            return Batch(entries, has_more=False, iterator="", bookmark=following)
        return await self._batch(cursor, entries)

    def _advance(self, cursor: _Cursor, count: int) -> tuple[KeyValue, ...]:
        """The next entries; `rest` becomes the key after them, None at the end of the range."""
        if cursor.rest is None:
            return ()
        rows = self.snapshot.range(cursor.namespace, cursor.rest, _utf8(cursor.end), count + 1)
        cursor.rest = rows[count][0] if len(rows) > count else None
        cursor.seen += [(key, version) for key, version, _ in rows[:count]]
        return tuple(KeyValue(key.decode(), value) for key, _, value in rows[:count])

    async def _batch(self, cursor: _Cursor, entries: tuple[KeyValue, ...]) -> Batch:
        await self._pause()
        if cursor.rest is None:
            return Batch(entries, has_more=False, iterator="")
        return Batch(entries, has_more=True, iterator=self._keep(cursor))

    async def get_query_result(
        self, query: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        raise NotSupported("rich queries need CouchDB; this ledger keeps its state as LevelDB does")

    async def get_history_for_key(self, key: str) -> Batch:
        return await self._modifications(_HistoryCursor(self._public, key, _NEWEST))

    async def _modifications(self, cursor: _HistoryCursor) -> Batch:
        await self._pause()
        versions = self.snapshot.history(cursor.namespace, _utf8(cursor.key), cursor.before, BATCH + 1)
        entries = tuple(self._modification(cursor.key, version) for version in versions[:BATCH])
        if len(versions) <= BATCH:
            return Batch(entries, has_more=False, iterator="")
        cursor.before = versions[BATCH - 1]
        return Batch(entries, has_more=True, iterator=self._keep(cursor))

    def _modification(self, key: str, version: int) -> KeyModification:
        content = self.snapshot.content(place_of(self.channel.id, version))
        if content is None:
            raise FabricError("the history of this key points to no transaction: verify the ledger")
        stored = Stored.decode(content)
        value = dict(stored.result.changes.of(stored.call.chaincode))[self.chaincode].writes.get(key)
        return KeyModification(stored.call.transaction_id, value or b"", value is None, stored.call.timestamp)

    async def query_state_next(self, iterator: str) -> Batch:
        cursor = self._cursors.pop(iterator, None)
        match cursor:
            case _Cursor():
                return await self._batch(cursor, self._advance(cursor, BATCH))
            case _HistoryCursor():
                return await self._modifications(cursor)
            case None:
                raise FabricError("there is no such iterator: it was closed or read to its end")

    async def query_state_close(self, iterator: str) -> None:
        self._cursors.pop(iterator, None)

    def _keep(self, cursor: _Cursor | _HistoryCursor) -> str:
        name = f"{id(cursor):x}"
        self._cursors[name] = cursor
        return name

    async def _pause(self) -> None:
        """Give way to others on this event loop when this simulation has had its slice."""
        if time.perf_counter() >= self._next_yield:
            await Pause()
            self._next_yield = time.perf_counter() + _SLICE

    # -- key-level endorsement -------------------------------------------------------------------------------------

    async def get_state_validation_parameter(self, key: str, collection: str = "") -> bytes:
        raw = _utf8(key)
        if collection:
            self.channel.collection(self.chaincode, collection)
            raw = hashlib.sha256(raw).digest()
        row = self.snapshot.policy(self.channel.namespaces[self.chaincode, collection, bool(collection)], raw)
        version = row[0] if row else None
        if collection:
            self.changes.collection(collection).reads[raw] = version
        else:
            self.changes.reads[key] = version
        return (row[1] or b"") if row else b""

    async def put_state_validation_parameter(self, key: str, policy: bytes, collection: str = "") -> None:
        EndorsementPolicy.from_bytes(policy)  # what is no policy would make the key unwritable for ever
        if collection:
            self._check_writable(collection)
            self.changes.collection(collection).policies[hashlib.sha256(_utf8(key)).digest()] = policy
        else:
            self.changes.policies[key] = policy

    # -- other chaincodes --------------------------------------------------------------------------------------------

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str) -> Response:
        channel = channel or self.channel.name
        frame = (channel, chaincode)
        if frame in self.frames:
            raise FabricError(f"chaincode {chaincode} on channel {channel} is already answering this transaction")
        return await self._nested(self, frame, arguments)

    # -- who may see what ------------------------------------------------------------------------------------------

    def _readable(self, collection: str) -> int:
        """The namespace to read from. Raises `NotAuthorized` where this peer has no copy or the creator no right."""
        if not collection:
            return self._public
        found = self.channel.collection(self.chaincode, collection)
        if found.member_only_read and self.transaction.creator_msp not in found.members:
            raise NotAuthorized(
                f"{self.transaction.creator_msp} may not read private collection {collection}: only its members may",
                collection=collection,
            )
        place = (self.channel.name, self.chaincode, collection)
        self.reach.read.add(place)
        if self.organization not in found.members:
            self.reach.denied.add(place)
            raise NotAuthorized(
                f"the peer of {self.organization} does not hold private collection {collection}", collection=collection
            )
        return self.channel.namespaces[self.chaincode, collection, False]

    def _check_writable(self, collection: str) -> None:
        if self.is_called:
            raise NotSupported("a chaincode that another one has called writes no private data on an embedded ledger")
        found = self.channel.collection(self.chaincode, collection)
        if found.member_only_write and self.transaction.creator_msp not in found.members:
            raise NotAuthorized(
                f"{self.transaction.creator_msp} may not write private collection {collection}: only its members may",
                collection=collection,
            )
        self.reach.written.add((self.channel.name, self.chaincode, collection))


def _utf8(key: str) -> bytes:
    try:
        return key.encode()
    except UnicodeEncodeError:
        raise InvalidDocument("a key is Unicode text", field="key", reason="a lone surrogate") from None
