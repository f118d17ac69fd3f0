"""One transaction's view of a ledger, and what it refuses before a peer is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.peer import Batch, KeyModification, KeyValue, Peer, Response, Transaction
from hlf_chaincode.stub._keys import (
    LAST_CODE_POINT,
    check_key,
    check_value,
    checked_writes,
    composite_key,
    simple_range,
)

__all__ = ["MAX_PAGE", "MAX_QUERY_BYTES", "MAX_RANGE", "LedgerStub", "Page"]

_QUERIES_ONLY: Final = "a transaction that reads a page, or a range of private data, may not write"
"""Fabric's rule (tx_simulator.go): the peer cannot check such reads again at commit."""

MAX_QUERY_BYTES: Final = 64 * 1024
"""UTF-8 bytes of a rich query."""
MAX_PAGE: Final = 1000
"""Entries of one page."""
MAX_RANGE: Final = 100_000
"""Entries of one unpaged iteration, at which it is refused: a peer ends its answer there (ledger.state.totalQueryLimit)
and does not say whether there would be more."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a range. `bookmark` starts the next page; "" at the end."""

    entries: tuple[KeyValue, ...]
    bookmark: str


def _check_collection(collection: str) -> str:
    if not collection:
        raise InvalidDocument("a private data collection has a name", field="collection", reason="empty")
    return collection


def _check_query(query: str) -> str:
    if len(query.encode()) > MAX_QUERY_BYTES:
        raise InvalidDocument(f"a query has at most {MAX_QUERY_BYTES} bytes", field="query", reason="too large")
    return query


def _check_page(page_size: int) -> int:
    if not 1 <= page_size <= MAX_PAGE:
        raise InvalidDocument(f"a page has 1 to {MAX_PAGE} entries", field="page_size", reason="out of bounds")
    return page_size


class LedgerStub:
    """One transaction's view of the ledger. Every method may raise what `Peer` raises."""

    __slots__ = ("_asked", "_event", "_has_written", "_is_read_only", "_known", "_peer", "transaction")

    def __init__(self, transaction: Transaction, peer: Peer) -> None:
        self.transaction = transaction
        self._peer = peer
        self._event: tuple[str, bytes] | None = None
        self._has_written = False
        self._is_read_only = False
        self._known: defaultdict[str, dict[str, bytes | None]] = defaultdict(dict)
        self._asked: defaultdict[str, dict[str, None]] | None = None

    # -- the transaction -------------------------------------------------------------------------------------------

    @property
    def channel(self) -> str:
        return self.transaction.channel

    @property
    def timestamp(self) -> datetime:
        return self.transaction.timestamp

    @property
    def transient(self) -> Mapping[str, bytes]:
        """Values that travel with the proposal and are written to no block: private data comes this way only."""
        return self.transaction.transient

    @property
    def event(self) -> tuple[str, bytes] | None:
        """The chaincode event set by this transaction: name and payload."""
        return self._event

    def set_event(self, name: str, payload: bytes) -> None:
        """Set the transaction's chaincode event; there is one at most, the last one set."""
        if not name:
            raise InvalidDocument("a chaincode event has a name", field="event", reason="empty")
        self._event = (name, payload)

    # -- public state ----------------------------------------------------------------------------------------------

    async def get_state(self, key: str) -> bytes | None:
        """The committed value, or None."""
        return await self._value("", key)

    async def get_states(self, keys: Sequence[str]) -> list[bytes | None]:
        """Many values in one request, in the order of `keys`."""
        return await self._values("", keys)

    async def put_state(self, key: str, value: bytes) -> None:
        self._begin_write()
        await self._peer.put_state(check_key(key), check_value(value))

    async def put_states(self, writes: Mapping[str, bytes]) -> None:
        """Many writes in one request."""
        if checked := checked_writes(writes):
            self._begin_write()
            await self._peer.put_states(checked)

    async def delete_state(self, key: str) -> None:
        self._begin_write()
        await self._peer.delete_state(check_key(key))

    def get_state_by_range(self, start: str, end: str) -> AsyncIterator[KeyValue]:
        """Keys from `start` (included) to `end` (excluded); "" is open. Composite keys are never among them."""
        return self._range(*simple_range(start, end), "")

    async def get_state_page(self, start: str, end: str, page_size: int, bookmark: str = "") -> Page:
        """One page of a range; `bookmark` is that of the page before."""
        return await self._page(*simple_range(start, end), page_size, bookmark)

    def get_state_by_partial_composite_key(
        self, object_type: str, attributes: Sequence[str]
    ) -> AsyncIterator[KeyValue]:
        """All keys of a type whose first attributes are these."""
        prefix = composite_key(object_type, attributes)
        return self._range(prefix, prefix + LAST_CODE_POINT, "")

    def get_state_by_composite_range(
        self, object_type: str, attributes: Sequence[str], first: str, last: str
    ) -> AsyncIterator[KeyValue]:
        """All keys of a type with these first attributes whose next attribute lies from `first` to `last`, included."""
        start = composite_key(object_type, [*attributes, first])
        return self._range(start, composite_key(object_type, [*attributes, last]) + LAST_CODE_POINT, "")

    async def get_state_page_by_partial_composite_key(
        self, object_type: str, attributes: Sequence[str], page_size: int, bookmark: str = ""
    ) -> Page:
        """One page of the keys of a type whose first attributes are these."""
        prefix = composite_key(object_type, attributes)
        return await self._page(prefix, prefix + LAST_CODE_POINT, page_size, bookmark)

    async def get_history_for_key(self, key: str) -> list[KeyModification]:
        """All writes of a key, newest first; not checked again at commit, so for queries only."""
        found: list[KeyModification] = []
        batch = await self._peer.get_history_for_key(check_key(key))
        while True:
            found.extend(entry for entry in batch.entries if isinstance(entry, KeyModification))
            if len(found) >= MAX_RANGE:
                if batch.has_more:
                    await self._peer.query_state_close(batch.iterator)
                raise InvalidDocument("too many changes of one key to list", field="key", reason="too many")
            if not batch.has_more:
                return found
            batch = await self._peer.query_state_next(batch.iterator)

    # -- key-level endorsement -------------------------------------------------------------------------------------

    async def get_state_validation_parameter(self, key: str) -> bytes | None:
        """The key's own endorsement policy as SignaturePolicyEnvelope bytes, or None."""
        return await self._peer.get_state_validation_parameter(check_key(key)) or None

    async def set_state_validation_parameter(self, key: str, policy: bytes) -> None:
        """From the next block on, a write of this key needs `policy` in place of the chaincode's."""
        self._begin_write()
        await self._peer.put_state_validation_parameter(check_key(key), policy)

    # -- private data ----------------------------------------------------------------------------------------------

    async def get_private_data(self, collection: str, key: str) -> bytes | None:
        return await self._value(_check_collection(collection), key)

    async def get_private_data_many(self, collection: str, keys: Sequence[str]) -> list[bytes | None]:
        """Many private values in one request, in the order of `keys`."""
        return await self._values(_check_collection(collection), keys)

    async def get_private_data_hash(self, collection: str, key: str) -> bytes | None:
        """SHA-256 of a private value; every member of the channel can ask."""
        return await self._peer.get_private_data_hash(_check_collection(collection), check_key(key)) or None

    async def put_private_data(self, collection: str, key: str, value: bytes) -> None:
        self._begin_write()
        await self._peer.put_state(check_key(key), check_value(value), _check_collection(collection))

    async def put_private_data_many(self, collection: str, writes: Mapping[str, bytes]) -> None:
        """Many private writes in one request."""
        if checked := checked_writes(writes):
            self._begin_write()
            await self._peer.put_states(checked, _check_collection(collection))

    async def delete_private_data(self, collection: str, key: str) -> None:
        self._begin_write()
        await self._peer.delete_state(check_key(key), _check_collection(collection))

    async def purge_private_data(self, collection: str, key: str) -> None:
        """Delete a private value and its past values from every peer; the hashes stay."""
        self._begin_write()
        await self._peer.purge_private_data(_check_collection(collection), check_key(key))

    def get_private_data_by_range(self, collection: str, start: str, end: str) -> AsyncIterator[KeyValue]:
        return self._range(*simple_range(start, end), _check_collection(collection))

    def get_private_data_by_partial_composite_key(
        self, collection: str, object_type: str, attributes: Sequence[str]
    ) -> AsyncIterator[KeyValue]:
        prefix = composite_key(object_type, attributes)
        return self._range(prefix, prefix + LAST_CODE_POINT, _check_collection(collection))

    async def get_private_data_validation_parameter(self, collection: str, key: str) -> bytes | None:
        return await self._peer.get_state_validation_parameter(check_key(key), _check_collection(collection)) or None

    async def set_private_data_validation_parameter(self, collection: str, key: str, policy: bytes) -> None:
        self._begin_write()
        await self._peer.put_state_validation_parameter(check_key(key), policy, _check_collection(collection))

    # -- rich queries, where a peer keeps its state in CouchDB -----------------------------------------------------

    def get_query_result(self, query: str) -> AsyncIterator[KeyValue]:
        """What a CouchDB selector (JSON text) finds. Raises `NotSupported` on LevelDB and on an embedded ledger.

        A peer checks the found keys again at commit, not whether others would be found by then.
        """
        return self._found(query, "")

    async def get_query_page(self, query: str, page_size: int, bookmark: str = "") -> Page:
        """One page of what a selector finds; CouchDB names a next page even after the last, which is empty."""
        self._begin_query()
        batch = await self._peer.get_query_result(
            _check_query(query), page_size=_check_page(page_size), bookmark=bookmark
        )
        return Page(_key_values(batch), batch.bookmark)

    def get_private_data_query_result(self, collection: str, query: str) -> AsyncIterator[KeyValue]:
        """As `get_query_result`, of a private collection; in transactions that write nothing."""
        return self._found(query, _check_collection(collection))

    # -- other chaincodes ------------------------------------------------------------------------------------------

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str = "") -> Response:
        """Call another chaincode with the caller's identity.

        On this channel ("") what it reads and writes is part of this transaction, and its own policy holds for its
        keys. On another channel it is a query: what it reads is in no read set, what it writes is lost. A chaincode
        that already answers this transaction cannot be called on the same channel: call the Python function.
        """
        if not chaincode or "/" in chaincode:
            raise InvalidDocument("a chaincode has a name", field="chaincode", reason="no name")
        return await self._peer.invoke_chaincode(chaincode, arguments, "" if channel == self.channel else channel)

    # -- reading ---------------------------------------------------------------------------------------------------

    async def read_ahead(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Ask for keys, by collection, that the contract is likely to read; and note from now on which it does read. A
        collection that the peer refuses is left for the contract to ask for."""
        self._asked = defaultdict(dict)
        for collection, wanted in keys.items():
            try:
                values = await self._peer.get_states(wanted, collection)
            except FabricError:
                continue
            self._know(collection, wanted, values)

    @property
    def asked(self) -> dict[str, list[str]]:
        """By collection, the keys that the contract has read since `read_ahead`."""
        return {collection: list(keys) for collection, keys in (self._asked or {}).items() if keys}

    async def _value(self, collection: str, key: str) -> bytes | None:
        """The value of a key, which is asked for once: a transaction reads one state from its beginning to its end, and
        not what it writes itself."""
        known = self._known[collection]
        unknown = self._unknown(collection, [key])
        if unknown:
            known[key] = await self._peer.get_state(key, collection) or None
        return known[key]

    async def _values(self, collection: str, keys: Sequence[str]) -> list[bytes | None]:
        """Those of several keys; what is not known yet is asked for at once."""
        unknown = self._unknown(collection, keys)
        if unknown:
            self._know(collection, unknown, await self._peer.get_states(unknown, collection))
        known = self._known[collection]
        return [known[key] for key in keys]

    def _unknown(self, collection: str, keys: Sequence[str]) -> list[str]:
        """Of the keys that the contract reads those that the peer was not asked for, each once."""
        known = self._known[collection]
        unknown = [check_key(key) for key in dict.fromkeys(keys) if key not in known]
        if self._asked is not None:
            self._asked[collection] |= dict.fromkeys(keys)
        return unknown

    def _know(self, collection: str, keys: Sequence[str], values: Sequence[bytes]) -> None:
        self._known[collection] |= {key: value or None for key, value in zip(keys, values, strict=True)}

    # -- ranges ----------------------------------------------------------------------------------------------------

    def _begin_write(self) -> None:
        if self._is_read_only:
            raise FabricError(_QUERIES_ONLY)
        self._has_written = True

    def _begin_query(self) -> None:
        """Before a page or a range of private data."""
        if self._has_written:
            raise FabricError(_QUERIES_ONLY)
        self._is_read_only = True

    async def _page(self, start: str, end: str, page_size: int, bookmark: str) -> Page:
        if bookmark and not start <= bookmark < end:  # a peer would start there, outside what was asked for
            raise InvalidDocument("not a bookmark of this list", field="bookmark", reason="of another list")
        self._begin_query()
        batch = await self._peer.get_state_by_range(start, end, page_size=_check_page(page_size), bookmark=bookmark)
        return Page(_key_values(batch), batch.bookmark)

    async def _range(self, start: str, end: str, collection: str) -> AsyncIterator[KeyValue]:
        if collection:
            self._begin_query()
        async for entry in self._all(await self._peer.get_state_by_range(start, end, collection)):
            yield entry

    async def _found(self, query: str, collection: str) -> AsyncIterator[KeyValue]:
        if collection:
            self._begin_query()
        async for entry in self._all(await self._peer.get_query_result(_check_query(query), collection)):
            yield entry

    async def _all(self, batch: Batch) -> AsyncIterator[KeyValue]:
        """The entries of a first batch and of those after it."""
        seen = 0
        exhausted = False
        try:
            while True:
                for entry in _key_values(batch):
                    yield entry
                seen += len(batch.entries)
                if seen >= MAX_RANGE:
                    raise InvalidDocument(
                        f"{MAX_RANGE} keys or more in one range: ask page by page", field="range", reason="too many"
                    )
                if not batch.has_more:
                    exhausted = True
                    return
                batch = await self._peer.query_state_next(batch.iterator)
        finally:
            if not exhausted and batch.has_more:
                await self._peer.query_state_close(batch.iterator)


def _key_values(batch: Batch) -> tuple[KeyValue, ...]:
    return tuple(entry for entry in batch.entries if isinstance(entry, KeyValue))
