"""A transaction's writes, kept until they are sent together.

From Fabric 3.1 on a peer takes many writes in one message. No read of a transaction sees its own writes, so nothing is
changed by sending them last, in their order; one round trip stands for all. Peers of 2.5 get each at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hlf_chaincode.protos.peer.chaincode_shim_pb2 import (
    ChaincodeMessage,
    DelState,
    PurgePrivateState,
    PutState,
    PutStateMetadata,
    StateMetadata,
    WriteBatchState,
    WriteRecord,
)
from hlf_chaincode.shim.stream.request import Request

__all__ = ["VALIDATION_PARAMETER", "Write", "batches", "delete", "guard", "purge", "put"]

VALIDATION_PARAMETER: Final = "VALIDATION_PARAMETER"
"""The metadata entry of a key that holds its own endorsement policy."""

_OVERHEAD: Final = 32
"""Bytes of a record beside key, value and collection, at most."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write in both of its forms."""

    record: WriteRecord
    size: int

    def alone(self) -> Request:
        """As a message of its own."""
        record, kinds = self.record, WriteRecord.Type
        key, collection = record.key, record.collection
        if record.type == kinds.PUT_STATE:
            put_state = PutState(key=key, value=record.value, collection=collection)
            return Request(ChaincodeMessage.PUT_STATE, put_state.SerializeToString())
        if record.type == kinds.DEL_STATE:
            return Request(ChaincodeMessage.DEL_STATE, DelState(key=key, collection=collection).SerializeToString())
        if record.type == kinds.PURGE_PRIVATE_DATA:
            purge = PurgePrivateState(key=key, collection=collection)
            return Request(ChaincodeMessage.PURGE_PRIVATE_DATA, purge.SerializeToString())
        metadata = PutStateMetadata(key=key, collection=collection, metadata=record.metadata)
        return Request(ChaincodeMessage.PUT_STATE_METADATA, metadata.SerializeToString())


def put(key: str, value: bytes, collection: str) -> Write:
    record = WriteRecord(type=WriteRecord.PUT_STATE, key=key, value=value, collection=collection)
    return Write(record, len(value) + 4 * len(key) + _OVERHEAD)


def delete(key: str, collection: str) -> Write:
    return Write(WriteRecord(type=WriteRecord.DEL_STATE, key=key, collection=collection), 4 * len(key) + _OVERHEAD)


def purge(key: str, collection: str) -> Write:
    record = WriteRecord(type=WriteRecord.PURGE_PRIVATE_DATA, key=key, collection=collection)
    return Write(record, 4 * len(key) + _OVERHEAD)


def guard(key: str, policy: bytes, collection: str) -> Write:
    """The key's own endorsement policy, from the next block on."""
    metadata = StateMetadata(metakey=VALIDATION_PARAMETER, value=policy)
    record = WriteRecord(type=WriteRecord.PUT_STATE_METADATA, key=key, collection=collection, metadata=metadata)
    return Write(record, len(policy) + 4 * len(key) + _OVERHEAD)


def batches(writes: list[Write], most: int, most_bytes: int) -> Iterator[Request]:
    """All writes in their order, at most `most` and about `most_bytes` in one request."""
    part: list[WriteRecord] = []
    size = 0
    for write in writes:
        if part and (len(part) >= most or size + write.size > most_bytes):
            yield _batch(part)
            part, size = [], 0
        part.append(write.record)
        size += write.size
    if part:
        yield _batch(part)


def _batch(records: list[WriteRecord]) -> Request:
    return Request(ChaincodeMessage.WRITE_BATCH_STATE, WriteBatchState(rec=records).SerializeToString())
