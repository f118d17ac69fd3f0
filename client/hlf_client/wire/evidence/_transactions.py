"""A transaction's evidence: who asked, what the endorsers were asked, what they read and wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Envelope, Payload, SignatureHeader
from hlf_chaincode.protos.ledger.rwset.kvrwset.kv_rwset_pb2 import HashedRWSet, KVReadHash
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import TxReadWriteSet
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeInvocationSpec
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction, ChaincodeProposalPayload
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction
from hlf_client.identity import CertifiedKey, NodeRole
from hlf_client.wire.evidence._signers import (
    Anchors,
    certified,
    identity_of,
    parsed,
    require_signature,
    unproven,
)

__all__ = [
    "Endorsed",
    "HashedKey",
    "SignedTransaction",
    "Version",
    "endorsers_of",
    "open_envelope",
    "transaction_id_of",
    "verify_transaction",
]

HashedKey = tuple[str, str, bytes]
"""Chaincode, collection, and SHA-256 of a private key."""
Version = tuple[int, int]
"""Block, and place in it, of the transaction that wrote a value."""


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """What a transaction says. Nothing of it is believed before `verify_transaction`."""

    transaction_id: str
    channel: str
    chaincode: str
    arguments: tuple[bytes, ...]
    timestamp: datetime
    """By its creator's clock, which the peers held to within 15 minutes of their own."""
    creator: bytes
    result: bytes
    private_reads: Mapping[HashedKey, Version | None]
    """Which version was read; None where there was no value."""
    private_writes: Mapping[HashedKey, bytes | None]
    """SHA-256 of what is written; None for a deletion."""
    responses: bytes = field(repr=False)
    """What the endorsers signed."""
    endorsements: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    """Identity and signature of each endorser."""


@dataclass(frozen=True, slots=True)
class Endorsed:
    """A transaction that was checked: its creator, and the peers that endorsed it."""

    transaction: SignedTransaction
    creator: CertifiedKey
    endorsers: tuple[CertifiedKey, ...]

    @property
    def endorsed_by(self) -> tuple[str, ...]:
        """The members whose peers endorsed it (MSP ids), each once, sorted."""
        return tuple(sorted({each.msp_id for each in self.endorsers}))


def open_envelope(envelope: bytes) -> tuple[bytes, bytes]:
    """Payload and signature. Raises `InvalidDocument`."""
    opened = parsed(Envelope, envelope)
    return bytes(opened.payload), bytes(opened.signature)


def transaction_id_of(envelope: bytes) -> str:
    """The id in an envelope's header; configurations have none. Raises `InvalidDocument`."""
    header = parsed(Payload, open_envelope(envelope)[0]).header
    return str(parsed(ChannelHeader, header.channel_header).tx_id)


def verify_transaction(payload: bytes, signature: bytes, anchors: Anchors) -> Endorsed:
    """The transaction in a signed payload, whether a block holds it or not.

    Raises `InvalidDocument` for what does not fit together and for a signature that is not good, `NotAuthorized` for a
    signer whom the trusted authorities do not vouch for at the transaction's time.
    """
    transaction = _read(payload)
    name, moment = f"transaction {transaction.transaction_id[:16]}", transaction.timestamp
    creator = certified(anchors, identity_of(transaction.creator), moment, NodeRole.CLIENT, NodeRole.ADMIN)
    require_signature(creator, signature, payload, name)
    endorsers = []
    for identity, signed in transaction.endorsements:
        key = certified(anchors, identity_of(identity), moment, NodeRole.PEER)
        require_signature(key, signed, transaction.responses + identity, name)
        endorsers.append(key)
    return Endorsed(transaction, creator, tuple(endorsers))


def endorsers_of(payload: bytes) -> tuple[tuple[str, bytes], ...]:
    """MSP id and certificate (PEM) of each endorser that a payload names; none is checked. Raises `InvalidDocument`."""
    return tuple(identity_of(identity) for identity, _ in _read(payload).endorsements)


def _read(payload: bytes) -> SignedTransaction:
    """The payload taken apart, and each part held against the hash by which another names it."""
    outer = parsed(Payload, payload)
    channel_header = parsed(ChannelHeader, outer.header.channel_header)
    signature_header = parsed(SignatureHeader, outer.header.signature_header)
    transaction_id = hashlib.sha256(signature_header.nonce + signature_header.creator).hexdigest()
    if channel_header.tx_id != transaction_id:
        raise unproven("transaction", "its id does not follow from its creator and nonce")
    actions = parsed(Transaction, outer.data).actions
    if len(actions) != 1:
        raise unproven("transaction", "it has not one action")
    action = parsed(ChaincodeActionPayload, actions[0].payload)
    response = parsed(ProposalResponsePayload, action.action.proposal_response_payload)
    asked = outer.header.channel_header + outer.header.signature_header + action.chaincode_proposal_payload
    if hashlib.sha256(asked).digest() != response.proposal_hash:
        raise unproven("transaction", "its endorsers were asked something else")
    proposal = parsed(ChaincodeProposalPayload, action.chaincode_proposal_payload)
    spec = parsed(ChaincodeInvocationSpec, proposal.input).chaincode_spec
    outcome = parsed(ChaincodeAction, response.extension)
    private_reads, private_writes = _hashed_set(outcome.results)
    stamp = channel_header.timestamp
    return SignedTransaction(
        transaction_id=transaction_id,
        channel=str(channel_header.channel_id),
        chaincode=str(outcome.chaincode_id.name),
        arguments=tuple(bytes(each) for each in spec.input.args),
        timestamp=_moment(stamp.seconds, stamp.nanos),
        creator=bytes(signature_header.creator),
        result=bytes(outcome.response.payload),
        private_reads=private_reads,
        private_writes=private_writes,
        responses=bytes(action.action.proposal_response_payload),
        endorsements=tuple((bytes(each.endorser), bytes(each.signature)) for each in action.action.endorsements),
    )


def _moment(seconds: int, nanos: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanos // 1000)
    except (OverflowError, ValueError, OSError):
        raise unproven("transaction", "its time is none") from None


def _hashed_set(results: bytes) -> tuple[dict[HashedKey, Version | None], dict[HashedKey, bytes | None]]:
    """Of private collections a transaction has hashes alone."""
    reads: dict[HashedKey, Version | None] = {}
    writes: dict[HashedKey, bytes | None] = {}
    for namespace in parsed(TxReadWriteSet, results).ns_rwset:
        for collection in namespace.collection_hashed_rwset:
            place = namespace.namespace, collection.collection_name
            found = parsed(HashedRWSet, collection.hashed_rwset)
            for read in found.hashed_reads:
                reads[*place, bytes(read.key_hash)] = _version(read)
            for write in found.hashed_writes:
                is_gone = write.is_delete or write.is_purge
                writes[*place, bytes(write.key_hash)] = None if is_gone else bytes(write.value_hash)
    return reads, writes


def _version(read: KVReadHash) -> Version | None:
    return (int(read.version.block_num), int(read.version.tx_num)) if read.HasField("version") else None
