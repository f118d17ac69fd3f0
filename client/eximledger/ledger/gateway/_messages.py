"""Fabric's messages for a client: proposals, results, commit queries. Source: fabric-protos, docs of the Gateway."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eximledger.errors import InvalidDocument
from eximledger.ledger.gateway._protos import (
    ChaincodeAction,
    ChaincodeActionPayload,
    ChaincodeHeaderExtension,
    ChaincodeID,
    ChaincodeInput,
    ChaincodeInvocationSpec,
    ChaincodeProposalPayload,
    ChaincodeSpec,
    ChannelHeader,
    CommitStatusRequest,
    DecodeError,
    Envelope,
    Header,
    HeaderType,
    Payload,
    Proposal,
    ProposalResponsePayload,
    SeekInfo,
    SerializedIdentity,
    SignatureHeader,
    Timestamp,
    Transaction,
)

__all__ = [
    "Drafted",
    "commit_query",
    "draft",
    "envelope",
    "require_own_header",
    "result_of",
    "seek_payload",
    "serialized_identity",
]

_NONCE_BYTES = 24


@dataclass(frozen=True, slots=True)
class Drafted:
    """A proposal's bytes and the transaction id that follows from its nonce and creator."""

    content: bytes
    transaction_id: str


def serialized_identity(msp_id: str, certificate: bytes) -> bytes:
    """An identity as it travels: the MSP and the certificate as PEM."""
    return _bytes(SerializedIdentity(mspid=msp_id, id_bytes=certificate))


def draft(
    creator: bytes, channel: str, chaincode: str, args: Sequence[bytes], transient: Mapping[str, bytes] | None
) -> Drafted:
    """A proposal to call a chaincode, with a fresh nonce and the time of now."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    transaction_id = hashlib.sha256(nonce + creator).hexdigest()
    name = ChaincodeID(name=chaincode)
    channel_header = _channel_header(HeaderType.ENDORSER_TRANSACTION, channel, transaction_id)
    channel_header.extension = _bytes(ChaincodeHeaderExtension(chaincode_id=name))
    header = Header(
        channel_header=_bytes(channel_header),
        signature_header=_bytes(SignatureHeader(creator=creator, nonce=nonce)),
    )
    call = ChaincodeInvocationSpec(chaincode_spec=ChaincodeSpec(chaincode_id=name, input=ChaincodeInput(args=args)))
    payload = ChaincodeProposalPayload(input=_bytes(call), TransientMap=dict(transient or {}))
    return Drafted(_bytes(Proposal(header=_bytes(header), payload=_bytes(payload))), transaction_id)


def result_of(payload: bytes) -> bytes:
    """The chaincode's answer inside an endorsed transaction (an envelope's payload). Raises `InvalidDocument`."""
    try:
        transaction = Transaction.FromString(Payload.FromString(payload).data)
        action = ChaincodeActionPayload.FromString(transaction.actions[0].payload).action
        extension = ProposalResponsePayload.FromString(action.proposal_response_payload).extension
        return bytes(ChaincodeAction.FromString(extension).response.payload)
    except (DecodeError, IndexError):
        reason = "is not an endorsed transaction"
        raise InvalidDocument(f"the content {reason}", field="content", reason=reason) from None


def require_own_header(content: bytes, channel: str, transaction_id: str, *, endorsed: bool) -> None:
    """Raise `InvalidDocument` unless a proposal, or an `endorsed` transaction, is for this channel and id.

    A gateway goes by the signed content alone; so whoever was handed content, channel and id could be told of another
    transaction than the one that they ask about.
    """
    try:
        if endorsed:
            header = Payload.FromString(content).header
        else:
            header = Header.FromString(Proposal.FromString(content).header)
        signed = ChannelHeader.FromString(header.channel_header)
    except DecodeError:
        signed = None
    if signed is None or (signed.channel_id, signed.tx_id) != (channel, transaction_id):
        reason = f"is not transaction {transaction_id} on {channel}"
        raise InvalidDocument(f"the content {reason}", field="content", reason=reason)


def commit_query(creator: bytes, channel: str, transaction_id: str) -> bytes:
    """The request for a transaction's commit status, to be signed."""
    return _bytes(CommitStatusRequest(transaction_id=transaction_id, channel_id=channel, identity=creator))


def seek_payload(creator: bytes, channel: str, seek: SeekInfo) -> bytes:
    """The payload of an envelope that asks a peer to deliver blocks, to be signed."""
    header = Header(
        channel_header=_bytes(_channel_header(HeaderType.DELIVER_SEEK_INFO, channel, "")),
        signature_header=_bytes(SignatureHeader(creator=creator, nonce=secrets.token_bytes(_NONCE_BYTES))),
    )
    return _bytes(Payload(header=header, data=_bytes(seek)))


def envelope(payload: bytes, signature: bytes) -> Envelope:
    """A signed payload."""
    return Envelope(payload=payload, signature=signature)


def _channel_header(kind: int, channel: str, transaction_id: str) -> ChannelHeader:
    now = Timestamp()
    now.GetCurrentTime()
    return ChannelHeader(type=kind, channel_id=channel, tx_id=transaction_id, timestamp=now)


def _bytes(message: object) -> bytes:
    return bytes(message.SerializeToString(deterministic=True))  # type: ignore[attr-defined]  # untyped protobuf
