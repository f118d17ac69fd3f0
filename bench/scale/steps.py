"""What a transaction reads, writes and carries: recorded on the embedded ledger, replayed as the ceiling on Fabric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.peer import Batch, Peer, Response
from hlf_chaincode.stub import LedgerStub

__all__ = ["Reads", "Recorded", "RecordingChaincode", "Step", "Writes"]


@dataclass(frozen=True, slots=True)
class Reads:
    """Keys of one collection of one channel ("" is the public state) that a transaction reads; `found` have values."""

    channel: str
    collection: str
    found: int
    absent: int
    size: int
    """Of all values found, in bytes."""


@dataclass(frozen=True, slots=True)
class Writes:
    """Keys of one collection that a transaction writes, and the bytes of their values."""

    collection: str
    keys: int
    size: int


@dataclass(frozen=True, slots=True)
class Step:
    """A transaction without its meaning."""

    name: str
    channel: str
    endorsers: tuple[str, ...]
    carried: int
    """Bytes that travel by transient."""
    answer: int
    reads: tuple[Reads, ...]
    writes: tuple[Writes, ...]

    def body(self) -> dict[str, Any]:
        """As the ceiling's client reads it."""
        return asdict(self)


@dataclass
class Recorded:
    """What one simulation asked of its peer; calls to other channels are part of it."""

    transaction_id: str
    channel: str
    carried: int
    answer: int = 0
    found: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By channel and collection: keys found, keys absent, bytes."""
    written: dict[str, dict[str, int]] = field(default_factory=dict)

    def read(self, channel: str, collection: str, value: bytes) -> None:
        counts = self.found.setdefault((channel, collection), [0, 0, 0])
        counts[0 if value else 1] += 1
        counts[2] += len(value)

    def step(self, name: str, endorsers: Sequence[str]) -> Step:
        reads = (Reads(channel, collection, *counts) for (channel, collection), counts in sorted(self.found.items()))
        writes = (Writes(where, len(keys), sum(keys.values())) for where, keys in sorted(self.written.items()))
        return Step(name, self.channel, tuple(endorsers), self.carried, self.answer, tuple(reads), tuple(writes))


_current: Final[ContextVar[Recorded | None]] = ContextVar("recorded", default=None)


class RecordingChaincode(Chaincode):
    """Runs another chaincode's contracts and keeps what each transaction asked: the newest simulation of each."""

    def __init__(self, inner: Chaincode) -> None:
        super().__init__(inner.name, list(inner.contracts.values()))
        self.recorded: dict[str, Recorded] = {}

    async def invoke(self, stub: LedgerStub) -> Response:
        transaction, outer = stub.transaction, _current.get()
        if outer is not None:
            stub._peer = _RecordingPeer(stub._peer, outer, transaction.channel)
            return await super().invoke(stub)
        made = Recorded(transaction.id, transaction.channel, sum(map(len, transaction.transient.values())))
        stub._peer = _RecordingPeer(stub._peer, made, transaction.channel)
        token = _current.set(made)
        try:
            answer = await super().invoke(stub)
        finally:
            _current.reset(token)
        made.answer = len(answer.payload)
        self.recorded[transaction.id] = made
        return answer


class _RecordingPeer:
    """A peer whose answers are counted. Of ranges the entries are; the rest is passed on."""

    def __init__(self, peer: Peer, made: Recorded, channel: str) -> None:
        self._peer, self._made, self._channel = peer, made, channel

    def __getattr__(self, name: str) -> Any:
        return getattr(self._peer, name)

    async def get_state(self, key: str, collection: str = "") -> bytes:
        value = await self._peer.get_state(key, collection)
        self._made.read(self._channel, collection, value)
        return value

    async def get_states(self, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        values = await self._peer.get_states(keys, collection)
        for value in values:
            self._made.read(self._channel, collection, value)
        return values

    async def get_state_by_range(
        self, start: str, end: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        batch = await self._peer.get_state_by_range(start, end, collection, page_size=page_size, bookmark=bookmark)
        for entry in batch.entries:
            self._made.read(self._channel, collection, entry.value)
        return batch

    async def put_state(self, key: str, value: bytes, collection: str = "") -> None:
        await self.put_states({key: value}, collection)

    async def put_states(self, writes: Mapping[str, bytes], collection: str = "") -> None:
        self._made.written.setdefault(collection, {}).update({key: len(value) for key, value in writes.items()})
        await self._peer.put_states(writes, collection)
