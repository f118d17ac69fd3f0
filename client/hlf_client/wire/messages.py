"""Fabric's messages for a client: proposals, results, commit queries. Source: fabric-protos, docs of the Gateway."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from google.protobuf.message import DecodeError, Message

from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Envelope, Header, HeaderType, Payload, SignatureHeader
from hlf_chaincode.protos.gateway.gateway_pb2 import ChaincodeEventsRequest, CommitStatusRequest
from hlf_chaincode.protos.google.protobuf.timestamp_pb2 import Timestamp
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.orderer.ab_pb2 import SeekInfo, SeekNextCommit, SeekPosition, SeekSpecified
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput, ChaincodeInvocationSpec, ChaincodeSpec
from hlf_chaincode.protos.peer.proposal_pb2 import (
    ChaincodeAction,
    ChaincodeHeaderExtension,
    ChaincodeProposalPayload,
    Proposal,
)
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Checkpoint, encode_transient

__all__ = [
    "Drafted",
    "Endorsed",
    "blocks_request",
    "commit_query",
    "draft",
    "envelope",
    "events_request",
    "read_endorsed",
    "read_proposal",
    "read_transaction",
    "require_same",
    "serialized_identity",
]

_NONCE_BYTES: Final = 24
_ENDLESS: Final = 2**64 - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A proposal's bytes, the transaction id that follows from its nonce and creator, and the time that it bears."""

    content: bytes
    transaction_id: str
    timestamp: datetime


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
    channel_header.extension = _extension(chaincode)
    header = Header(
        channel_header=_bytes(channel_header),
        signature_header=_bytes(SignatureHeader(creator=creator, nonce=nonce)),
    )
    call = ChaincodeInvocationSpec(chaincode_spec=ChaincodeSpec(chaincode_id=name, input=ChaincodeInput(args=args)))
    payload = ChaincodeProposalPayload(input=_bytes(call), TransientMap=encode_transient(transient))
    content = _bytes(Proposal(header=_bytes(header), payload=_bytes(payload)))
    return Drafted(content, transaction_id, _moment(channel_header.timestamp))


def _moment(stamp: Timestamp) -> datetime:
    """As contracts read it: in whole microseconds."""
    return _EPOCH + timedelta(seconds=stamp.seconds, microseconds=stamp.nanos // 1000)


@lru_cache(maxsize=64)
def _extension(chaincode: str) -> bytes:
    return _bytes(ChaincodeHeaderExtension(chaincode_id=ChaincodeID(name=chaincode)))


@dataclass(frozen=True, slots=True)
class Endorsed:
    """What stands in an endorsed transaction."""

    channel: str
    transaction_id: str
    result: bytes
    organizations: tuple[str, ...]
    """Whose peers endorsed it, by MSP id, each once."""


def read_endorsed(payload: bytes) -> Endorsed:
    """What an endorsed transaction (an envelope's payload) says. Raises `InvalidDocument`."""
    try:
        content = Payload.FromString(payload)
        header = ChannelHeader.FromString(content.header.channel_header)
        transaction = Transaction.FromString(content.data)
        action = ChaincodeActionPayload.FromString(transaction.actions[0].payload).action
        extension = ProposalResponsePayload.FromString(action.proposal_response_payload).extension
        result = bytes(ChaincodeAction.FromString(extension).response.payload)
        endorsers = [SerializedIdentity.FromString(each.endorser).mspid for each in action.endorsements]
    except (DecodeError, IndexError):
        raise _unreadable("is not an endorsed transaction") from None
    return Endorsed(header.channel_id, header.tx_id, result, tuple(dict.fromkeys(endorsers)))


def read_proposal(content: bytes) -> tuple[str, str]:
    """The channel and the transaction id of a proposal. Raises `InvalidDocument`."""
    try:
        header = Header.FromString(Proposal.FromString(content).header)
        signed = ChannelHeader.FromString(header.channel_header)
    except DecodeError:
        raise _unreadable("is not a proposal") from None
    return signed.channel_id, signed.tx_id


def read_transaction(content: bytes) -> tuple[str, str]:
    """The channel and the id of an endorsed transaction. Raises `InvalidDocument`."""
    try:
        signed = ChannelHeader.FromString(Payload.FromString(content).header.channel_header)
    except DecodeError:
        raise _unreadable("is not an endorsed transaction") from None
    return signed.channel_id, signed.tx_id


def require_same(found: tuple[str, str], channel: str, transaction_id: str) -> None:
    """Raise `InvalidDocument` unless channel and id that were read in a content are those beside it.

    A gateway goes by the signed content alone; so whoever was handed content, channel and id could be told of another
    transaction than the one that they ask about.
    """
    if found != (channel, transaction_id):
        raise _unreadable(f"is not transaction {transaction_id} on {channel}")


def _unreadable(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the content {reason}", field="content", reason=reason)


def commit_query(creator: bytes, channel: str, transaction_id: str) -> bytes:
    """The request for a transaction's commit status, to be signed."""
    return _bytes(CommitStatusRequest(transaction_id=transaction_id, channel_id=channel, identity=creator))


def events_request(creator: bytes, channel: str, chaincode: str, begin: Checkpoint | None) -> bytes:
    """The request for a chaincode's events from a checkpoint, or from the next block on, to be signed."""
    return _bytes(
        ChaincodeEventsRequest(
            channel_id=channel,
            chaincode_id=chaincode,
            identity=creator,
            start_position=_position(None if begin is None else begin.block_number),
            after_transaction_id="" if begin is None else begin.transaction_id or "",
        )
    )


def blocks_request(creator: bytes, channel: str, first: int | None, tls_hash: bytes) -> bytes:
    """The payload of an envelope that asks a peer for blocks from `first`, or from the next one on, to be signed.

    `tls_hash` is SHA-256 of the client's TLS certificate, where it shows one.
    """
    channel_header = _channel_header(HeaderType.DELIVER_SEEK_INFO, channel, "")
    channel_header.tls_cert_hash = tls_hash
    header = Header(
        channel_header=_bytes(channel_header),
        signature_header=_bytes(SignatureHeader(creator=creator, nonce=secrets.token_bytes(_NONCE_BYTES))),
    )
    seek = SeekInfo(
        start=_position(first),
        stop=SeekPosition(specified=SeekSpecified(number=_ENDLESS)),
        behavior=SeekInfo.SeekBehavior.BLOCK_UNTIL_READY,
    )
    return _bytes(Payload(header=header, data=_bytes(seek)))


def _position(number: int | None) -> SeekPosition:
    if number is None:
        return SeekPosition(next_commit=SeekNextCommit())
    return SeekPosition(specified=SeekSpecified(number=number))


def envelope(payload: bytes, signature: bytes) -> Envelope:
    """A signed payload."""
    return Envelope(payload=payload, signature=signature)


def _channel_header(kind: int, channel: str, transaction_id: str) -> ChannelHeader:
    seconds, nanos = divmod(time.time_ns(), 10**9)
    now = Timestamp(seconds=seconds, nanos=nanos)
    return ChannelHeader(type=kind, channel_id=channel, tx_id=transaction_id, timestamp=now)


def _bytes(message: Message) -> bytes:
    return message.SerializeToString()
