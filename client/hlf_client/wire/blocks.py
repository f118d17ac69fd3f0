"""Fabric's blocks, read: whole with the chain's hashes, filtered, and with the private data that a peer may show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from google.protobuf.message import DecodeError

from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockHeader,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    Payload,
    SignatureHeader,
)
from hlf_chaincode.protos.ledger.rwset.kvrwset.kv_rwset_pb2 import KVRWSet
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import TxPvtReadWriteSet
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.events_pb2 import BlockAndPrivateData, FilteredBlock
from hlf_chaincode.protos.peer.transaction_pb2 import TxValidationCode
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import BlockEvent, BlockTransaction, Checkpoint
from hlf_client.wire.written import Caller, HashedWrite, PublicWrite, written_in

__all__ = [
    "FilteredBlockEvent",
    "FilteredTransaction",
    "PrivateDataEvent",
    "PrivateWrite",
    "block_event",
    "filtered_block_event",
    "header_bytes",
    "header_hash",
    "private_data_event",
]


@dataclass(frozen=True, slots=True)
class FilteredTransaction:
    """What everybody who may read a channel's events may know of a transaction."""

    transaction_id: str
    code: str
    """Its validation code, VALID or the reason why not."""
    events: tuple[tuple[str, str], ...]
    """Chaincode and name of each event; payloads are left out."""


@dataclass(frozen=True, slots=True)
class FilteredBlockEvent:
    """A block without arguments, results and payloads."""

    channel: str
    number: int
    transactions: tuple[FilteredTransaction, ...]

    @property
    def checkpoint(self) -> Checkpoint:
        """Where to go on after this block."""
        return Checkpoint(self.number + 1)


@dataclass(frozen=True, slots=True)
class PrivateWrite:
    """One write of a valid transaction to a private collection. `value` is None for a deleted key."""

    transaction_id: str
    chaincode: str
    collection: str
    key: str
    value: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrivateDataEvent:
    """A block, and what was written in it to the collections of which the listening member is one.

    `writes` are those whose values the peer has; `hashed` are all that the block tells of, every collection's.
    """

    block: BlockEvent
    writes: tuple[PrivateWrite, ...]
    public: tuple[PublicWrite, ...] = ()
    hashed: tuple[HashedWrite, ...] = ()
    callers: tuple[Caller, ...] = ()

    @property
    def checkpoint(self) -> Checkpoint:
        """Where to go on after this block."""
        return self.block.checkpoint


def header_bytes(number: int, previous_hash: bytes, data_hash: bytes) -> bytes:
    """A block's header as it is hashed and signed: the DER SEQUENCE of its three fields."""
    octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return _der(0x30, _der(0x02, octets) + _der(0x04, previous_hash) + _der(0x04, data_hash))


def header_hash(header: BlockHeader) -> str:
    """SHA-256 (hex) of the header, by which the next block names this one."""
    return hashlib.sha256(header_bytes(int(header.number), header.previous_hash, header.data_hash)).hexdigest()


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


@contextmanager
def _readable(channel: str, number: int) -> Iterator[None]:
    """What is in a block is other members' work, too: one that cannot be read is refused as a whole."""
    try:
        yield
    except (DecodeError, ValueError, OverflowError, OSError, IndexError):
        reason = "holds what is no transaction"
        raise InvalidDocument(f"block {number} of {channel} {reason}", field="block", reason=reason) from None


def block_event(channel: str, block: Block) -> BlockEvent:
    """A block as listeners are told of it. Raises `InvalidDocument`."""
    number = int(block.header.number)
    with _readable(channel, number):
        return BlockEvent(
            channel=channel,
            number=number,
            hash=header_hash(block.header),
            previous_hash=bytes(block.header.previous_hash).hex(),
            transactions=tuple(_transactions(block)),
        )


def _transactions(block: Block) -> Iterator[BlockTransaction]:
    metadata = block.metadata.metadata
    place = BlockMetadataIndex.TRANSACTIONS_FILTER
    codes = metadata[place] if len(metadata) > place else b""
    for number, data in enumerate(block.data.data):
        header = Payload.FromString(Envelope.FromString(data).payload).header
        channel_header = ChannelHeader.FromString(header.channel_header)
        creator = SignatureHeader.FromString(header.signature_header).creator
        code = codes[number] if number < len(codes) else TxValidationCode.NOT_VALIDATED
        stamp = channel_header.timestamp
        yield BlockTransaction(
            transaction_id=channel_header.tx_id,
            code=_code(code),
            creator_msp=SerializedIdentity.FromString(creator).mspid,
            timestamp=datetime.fromtimestamp(stamp.seconds, UTC).replace(microsecond=stamp.nanos // 1000),
        )


def _code(number: int) -> str:
    """A validation code's name; the number of one that a newer peer has."""
    return str(TxValidationCode.Name(number)) if number in TxValidationCode.values() else f"CODE_{number}"


def filtered_block_event(channel: str, block: FilteredBlock) -> FilteredBlockEvent:
    """A filtered block as listeners are told of it."""
    return FilteredBlockEvent(
        channel,
        int(block.number),
        tuple(
            FilteredTransaction(
                each.txid,
                _code(each.tx_validation_code),
                tuple(
                    (action.chaincode_event.chaincode_id, action.chaincode_event.event_name)
                    for action in each.transaction_actions.chaincode_actions
                ),
            )
            for each in block.filtered_transactions
        ),
    )


def private_data_event(channel: str, delivered: BlockAndPrivateData) -> PrivateDataEvent:
    """A block with private data as listeners are told of it; writes in the order of transactions, then as written."""
    event = block_event(channel, delivered.block)
    private = delivered.private_data_map
    with _readable(channel, event.number):
        writes = [
            write
            for number in sorted(private)
            for write in _private_writes(event.transactions[number].transaction_id, private[number])
        ]
        seen = written_in(delivered.block)
    return PrivateDataEvent(event, tuple(writes), seen.public, seen.hashed, seen.callers)


def _private_writes(transaction_id: str, written: TxPvtReadWriteSet) -> Iterator[PrivateWrite]:
    for namespace in written.ns_pvt_rwset:
        for collection in namespace.collection_pvt_rwset:
            for write in KVRWSet.FromString(collection.rwset).writes:
                value = None if write.is_delete else bytes(write.value)
                yield PrivateWrite(transaction_id, namespace.namespace, collection.collection_name, write.key, value)
