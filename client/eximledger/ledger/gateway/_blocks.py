"""Fabric's blocks, read: hashes as the chain has them, transactions with their validation codes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from eximledger.ledger._interface import BlockEvent, BlockTransaction
from eximledger.ledger.gateway._protos import (
    Block,
    BlockHeader,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    Payload,
    SerializedIdentity,
    SignatureHeader,
    TxValidationCode,
)

__all__ = ["block_event", "header_hash"]


def header_hash(header: BlockHeader) -> str:
    """SHA-256 (hex) of the header's DER: SEQUENCE of number, previous hash, data hash."""
    number = int(header.number)
    octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
    parts = _der(0x02, octets) + _der(0x04, header.previous_hash) + _der(0x04, header.data_hash)
    return hashlib.sha256(_der(0x30, parts)).hexdigest()


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def block_event(channel: str, block: Block) -> BlockEvent:
    """A block as listeners are told of it."""
    return BlockEvent(
        channel=channel,
        number=int(block.header.number),
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
            code=TxValidationCode.Name(code),
            creator_msp=SerializedIdentity.FromString(creator).mspid,
            timestamp=datetime.fromtimestamp(stamp.seconds, UTC).replace(microsecond=stamp.nanos // 1000),
        )
