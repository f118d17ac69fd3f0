"""What a block shows of its transactions beside their fate: who signed each, what it called, and what it wrote.

Of private collections a block has hashes alone. So whoever reads private data beside it knows what is lacking: what the
peer has not got yet, or has no more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError

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
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import TxReadWriteSet
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeInvocationSpec
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction, ChaincodeProposalPayload
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction, TxValidationCode
from hlf_client.errors import NotFound

__all__ = ["Caller", "HashedWrite", "PublicWrite", "Written", "caller_in", "written_in"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a transaction, valid or not, and which function it called; both empty where it shows none."""

    transaction_id: str
    msp_id: str
    certificate: bytes = field(repr=False)
    """PEM."""
    chaincode: str
    function: str


@dataclass(frozen=True, slots=True)
class PublicWrite:
    """One write of a valid transaction to the public state. `value` is None for a deleted key."""

    transaction_id: str
    chaincode: str
    key: str
    value: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class HashedWrite:
    """One write of a valid transaction to a private collection, as every member sees it. `value_hash` is None for a
    key that was deleted or purged."""

    transaction_id: str
    chaincode: str
    collection: str
    key_hash: bytes
    value_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Written:
    """All of a block, in the order of its transactions."""

    callers: tuple[Caller, ...]
    public: tuple[PublicWrite, ...]
    hashed: tuple[HashedWrite, ...]


def caller_in(stored: bytes, transaction_id: str) -> Caller:
    """Who signed one transaction of a block as a peer stores it (`common.Block`). Raises `NotFound`."""
    found = (each for each in written_in(Block.FromString(stored)).callers if each.transaction_id == transaction_id)
    caller = next(found, None)
    if caller is None:
        raise NotFound(f"the block has no transaction {transaction_id}")
    return caller


def written_in(block: Block) -> Written:
    """What a block shows. Raises protobuf's `DecodeError` where a valid transaction cannot be read."""
    metadata = block.metadata.metadata
    place = BlockMetadataIndex.TRANSACTIONS_FILTER
    codes = metadata[place] if len(metadata) > place else b""
    callers: list[Caller] = []
    public: list[PublicWrite] = []
    hashed: list[HashedWrite] = []
    for number, data in enumerate(block.data.data):
        payload = Payload.FromString(Envelope.FromString(data).payload)
        header = ChannelHeader.FromString(payload.header.channel_header)
        is_valid = number < len(codes) and codes[number] == TxValidationCode.VALID
        is_call = header.type == HeaderType.ENDORSER_TRANSACTION
        creator = SerializedIdentity.FromString(SignatureHeader.FromString(payload.header.signature_header).creator)
        callers.append(
            Caller(
                header.tx_id, creator.mspid, bytes(creator.id_bytes), *(_called(payload.data) if is_call else ("", ""))
            )
        )
        if is_valid and is_call:
            for results in _results(payload.data):
                public += _public(header.tx_id, results)
                hashed += _hashed(header.tx_id, results)
    return Written(tuple(callers), tuple(public), tuple(hashed))


def _called(data: bytes) -> tuple[str, str]:
    """Chaincode and function; of what is no call nothing, for an invalid transaction may hold anything."""
    with contextlib.suppress(DecodeError, IndexError, UnicodeDecodeError):
        action = ChaincodeActionPayload.FromString(Transaction.FromString(data).actions[0].payload)
        asked = ChaincodeProposalPayload.FromString(action.chaincode_proposal_payload).input
        spec = ChaincodeInvocationSpec.FromString(asked).chaincode_spec
        return str(spec.chaincode_id.name), bytes(spec.input.args[0]).decode() if spec.input.args else ""
    return "", ""


def _results(data: bytes) -> Iterator[TxReadWriteSet]:
    for action in Transaction.FromString(data).actions:
        endorsed = ChaincodeActionPayload.FromString(action.payload).action.proposal_response_payload
        outcome = ChaincodeAction.FromString(ProposalResponsePayload.FromString(endorsed).extension)
        yield TxReadWriteSet.FromString(outcome.results)


def _public(transaction_id: str, results: TxReadWriteSet) -> Iterator[PublicWrite]:
    for namespace in results.ns_rwset:
        for write in KVRWSet.FromString(namespace.rwset).writes:
            value = None if write.is_delete else bytes(write.value)
            yield PublicWrite(transaction_id, namespace.namespace, write.key, value)


def _hashed(transaction_id: str, results: TxReadWriteSet) -> Iterator[HashedWrite]:
    for namespace in results.ns_rwset:
        for collection in namespace.collection_hashed_rwset:
            for write in HashedRWSet.FromString(collection.hashed_rwset).hashed_writes:
                is_gone = write.is_delete or write.is_purge
                value_hash = None if is_gone else bytes(write.value_hash)
                name = collection.collection_name
                yield HashedWrite(transaction_id, namespace.namespace, name, bytes(write.key_hash), value_hash)
