"""What was committed, as the ledger's own blocks say it: who called what, and which keys got which value.

What blocks hide is filled in. The private values that a block has the hashes of are taken from where SAFE's peer keeps
them, and compared with those; the arguments, which no block has, are those that the players' own clients sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    HeaderType,
    Payload,
    SignatureHeader,
)
from hlf_chaincode.protos.ledger.rwset.kvrwset.kv_rwset_pb2 import HashedRWSet, KVRWSet
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import NsReadWriteSet, TxReadWriteSet
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeInvocationSpec
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction, ChaincodeProposalPayload
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction
from hlf_client.embedded.storage.database import open_read_only
from hlf_client.embedded.storage.transaction import Transaction as StoredTransaction
from hlf_client.embedded.storage.transaction import decode_config
from hlf_client.embedded.storage.writeset import CollectionSet
from hlf_client.gateway import GatewayLedger

__all__ = ["CHANNELS", "LOST", "Chain", "Committed", "EmbeddedChain", "FabricChain", "Sent"]

CHANNELS: Final = ("customs", "fx", "bank")
_CHAINCODE: Final = "exim"
_SECONDS: Final = 60.0
_SALT: Final = 16
_PLACES: Final = 52
LOST: Final = b""
"""In place of a private value that another transaction has overwritten since."""
PrivateKey: TypeAlias = tuple[str, str]
"""Collection, and SHA-256 of the key, in hex."""
Sent: TypeAlias = Mapping[str, Sequence[bytes]]
"""By transaction the arguments that its client sent privately."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A transaction in a block. An invalid one wrote nothing."""

    channel: str
    transaction_id: str
    is_valid: bool
    creator: str
    """SHA-256 of the certificate, in hex."""
    at: datetime
    arguments: tuple[bytes, ...]
    """The function, and what the client sent."""
    writes: Mapping[str, bytes | None]
    private: Mapping[PrivateKey, bytes | None]

    @property
    def function(self) -> str:
        return self.arguments[0].decode() if self.arguments else ""

    @property
    def wrote(self) -> bool:
        """Whether it changed anything."""
        return bool(self.writes or self.private)


class Chain(Protocol):
    """The blocks of the three channels, each transaction told once."""

    async def new(self) -> list[Committed]:
        """What was committed since the last call."""
        ...


@dataclass
class EmbeddedChain:
    """Of a ledger's file."""

    path: Path
    sent: Sent
    _seen: dict[str, int] = field(default_factory=dict)
    _rows: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _last_row: int = 0

    def __post_init__(self) -> None:
        self._database = open_read_only(self.path)
        self._ids = dict(self._database.execute("SELECT name, id FROM channel"))

    async def new(self) -> list[Committed]:
        return [each for channel in CHANNELS for each in self._of(channel)]

    def _of(self, channel: str) -> Iterator[Committed]:
        first = self._seen.get(channel, self._ids[channel] << _PLACES)
        with closing(self._database.cursor()) as cursor:
            rows = cursor.execute(
                "SELECT place, code, content FROM tx WHERE place >= ? AND place < ? ORDER BY place",
                (first, (self._ids[channel] + 1) << _PLACES),
            ).fetchall()
        if rows:
            self._look_at_rows(self._last_row)
        for place, code, content in rows:
            self._seen[channel] = place + 1
            if decode_config(content) is not None:
                continue
            stored = StoredTransaction.decode(content)
            call, changes = stored.call, stored.result.changes
            private: dict[PrivateKey, bytes | None] = {}
            for name, collection in changes.private.items() if code == 0 else ():
                private |= self._private(channel, name, collection)
            yield Committed(
                channel, call.transaction_id, code == 0, call.certificate_hash.hex(), call.timestamp,
                (*call.arguments, *self.sent.get(call.transaction_id, ())),
                dict(changes.writes) if code == 0 else {}, private,
            )  # fmt: skip

    def _private(self, channel: str, collection: str, changes: CollectionSet) -> dict[PrivateKey, bytes | None]:
        """What a block has the hashes of, as SAFE's peer keeps it, without salt."""
        found: dict[PrivateKey, bytes | None] = {}
        for key, digest in changes.writes.items():
            name = collection, key.hex()
            if digest is None:
                found[name] = None
                continue
            value = self._value(channel, name)
            if hashlib.sha256(value).digest() != digest:  # of a row that was deleted since, or overwritten
                self._look_at_rows(0)
                value = self._value(channel, name)
            found[name] = value[_SALT:] if hashlib.sha256(value).digest() == digest else LOST
        return found

    def _value(self, channel: str, name: PrivateKey) -> bytes:
        row = self._database.execute(
            "SELECT value FROM state WHERE id = ?", (self._rows.get((channel, *name), -1),)
        ).fetchone()
        return bytes(row[0]) if row else LOST

    def _look_at_rows(self, after: int) -> None:
        """Where private values stand, by the hashes of their keys: a row keeps its place as long as it is there."""
        rows = self._database.execute(
            "SELECT state.id, channel.name, collection, key "
            "FROM state JOIN namespace ON namespace.id = state.namespace JOIN channel "
            "ON channel.id = namespace.channel WHERE state.id > ? AND collection <> '' AND NOT hashed",
            (after,),
        ).fetchall()
        for row, channel, collection, key in rows:
            self._rows[channel, collection, hashlib.sha256(key).hexdigest()] = row
            self._last_row = max(self._last_row, row)

    def close(self) -> None:
        self._database.close()


@dataclass
class FabricChain:
    """Of the members' peers, from now on: for each channel the connections of everybody who has it. A commit is told by
    one peer, so the others are waited for."""

    ledgers: Mapping[str, Sequence[GatewayLedger]]
    safe: GatewayLedger
    """Whose peer has all that is private."""
    sent: Sent
    _seen: dict[str, int] = field(default_factory=dict)

    async def new(self) -> list[Committed]:
        found: list[Committed] = []
        for channel in CHANNELS:
            height = await self._settled(channel)
            for number in range(self._seen.get(channel, height), height):
                stored = Block.FromString(await self.ledgers[channel][0].stored_block(channel, number))
                found += [await self._whole(each, number) for each in _transactions(channel, stored)]
            self._seen[channel] = height
        return found

    async def _whole(self, committed: Committed, number: int) -> Committed:
        """With what its client sent, and the private values. They may come to SAFE's peer after the block."""
        sent = (*committed.arguments, *self.sent.get(committed.transaction_id, ()))
        private, deadline = committed.private, time.monotonic() + _SECONDS
        while any(value == LOST for value in private.values()):
            assert time.monotonic() < deadline, f"SAFE's peer lacks private values of {committed.function}"
            kept = await self._kept(committed, number)
            private = {name: None if value is None else kept.get(name, LOST) for name, value in private.items()}
        return replace(committed, arguments=sent, private=private)

    async def _kept(self, committed: Committed, number: int) -> dict[PrivateKey, bytes]:
        async for event in self.safe.private_data_events(committed.channel, start=number):
            return {
                (write.collection, hashlib.sha256(write.key.encode()).hexdigest()): write.value[_SALT:]
                for write in event.writes
                if write.transaction_id == committed.transaction_id and write.value is not None
            }
        raise AssertionError("unreachable")

    async def _settled(self, channel: str) -> int:
        deadline = time.monotonic() + _SECONDS
        while True:
            told = await asyncio.gather(*(ledger.channel_info(channel) for ledger in self.ledgers[channel]))
            heights = {each.height for each in told}
            if len(heights) == 1:
                return heights.pop()
            assert time.monotonic() < deadline, f"the peers do not come to one height of {channel}: {heights}"
            await asyncio.sleep(0.02)


def _transactions(channel: str, block: Block) -> Iterator[Committed]:
    codes = block.metadata.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER]
    for code, data in zip(codes, block.data.data, strict=False):
        payload = Payload.FromString(Envelope.FromString(data).payload)
        header = ChannelHeader.FromString(payload.header.channel_header)
        if header.type != HeaderType.ENDORSER_TRANSACTION:
            continue
        creator = SerializedIdentity.FromString(SignatureHeader.FromString(payload.header.signature_header).creator)
        certificate = x509.load_pem_x509_certificate(creator.id_bytes).public_bytes(Encoding.DER)
        action = ChaincodeActionPayload.FromString(Transaction.FromString(payload.data).actions[0].payload)
        proposed = ChaincodeProposalPayload.FromString(action.chaincode_proposal_payload)
        called = ChaincodeInvocationSpec.FromString(proposed.input).chaincode_spec
        stamp = header.timestamp
        yield Committed(
            channel, header.tx_id, code == 0, hashlib.sha256(certificate).hexdigest(),
            datetime.fromtimestamp(stamp.seconds, UTC), tuple(called.input.args),
            _writes(action) if code == 0 else {}, _hashed(action) if code == 0 else {},
        )  # fmt: skip


def _written(action: ChaincodeActionPayload) -> Iterator[NsReadWriteSet]:
    answered = ProposalResponsePayload.FromString(action.action.proposal_response_payload)
    written = TxReadWriteSet.FromString(ChaincodeAction.FromString(answered.extension).results)
    return (namespace for namespace in written.ns_rwset if namespace.namespace == _CHAINCODE)


def _writes(action: ChaincodeActionPayload) -> dict[str, bytes | None]:
    return {
        write.key: None if write.is_delete else bytes(write.value)
        for namespace in _written(action)
        for write in KVRWSet.FromString(namespace.rwset).writes
    }


def _hashed(action: ChaincodeActionPayload) -> dict[PrivateKey, bytes | None]:
    """What was written privately, its values still to be found."""
    return {
        (hashed.collection_name, write.key_hash.hex()): None if write.is_delete else LOST
        for namespace in _written(action)
        for hashed in namespace.collection_hashed_rwset
        for write in HashedRWSet.FromString(hashed.hashed_rwset).hashed_writes
    }
