"""What another process signs: stages rebuilt from their bytes, and requests for events that wait for a signature.

Proposals and transactions are the Ledger interface's own classes; what only a gateway knows is defined here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from google.protobuf.message import DecodeError

from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Payload
from hlf_chaincode.protos.gateway.gateway_pb2 import ChaincodeEventsRequest, CommitStatusRequest
from hlf_chaincode.protos.orderer.ab_pb2 import SeekInfo, SeekPosition
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Checkpoint, PreparedTransaction, Proposal, Signable
from hlf_client.wire.messages import blocks_request, events_request, read_endorsed, read_proposal

__all__ = ["BlocksRequest", "CommitQuery", "EventsRequest", "Requests", "prepared_from", "proposal_from"]


def proposal_from(content: bytes, *, endorsing_organizations: Sequence[str] = (), signature: bytes = b"") -> Proposal:
    """A proposal from its content. The organisations that are to endorse are no part of what is signed.

    Raises `InvalidDocument` when it is none.
    """
    channel, transaction_id = read_proposal(content)
    return Proposal(content, transaction_id, channel, tuple(endorsing_organizations), signature)


def prepared_from(content: bytes, *, signature: bytes = b"") -> PreparedTransaction:
    """An endorsed transaction from its content. Raises `InvalidDocument` when it is none."""
    found = read_endorsed(content)
    return PreparedTransaction(
        content, found.transaction_id, found.channel, found.result, signature, found.organizations
    )


@dataclass(frozen=True, slots=True)
class CommitQuery(Signable):
    """The question for a transaction's fate, to be signed here or elsewhere."""

    content: bytes = field(repr=False)
    transaction_id: str
    channel: str
    signature: bytes = b""

    @classmethod
    def from_content(cls, content: bytes, *, signature: bytes = b"") -> Self:
        """The question from its bytes. Raises `InvalidDocument` when it is none."""
        try:
            asked = CommitStatusRequest.FromString(content)
        except DecodeError:
            raise _no("commit query") from None
        return cls(content, asked.transaction_id, asked.channel_id, signature)


@dataclass(frozen=True, slots=True)
class EventsRequest(Signable):
    """The request for a chaincode's events after `begin`, or from the next block on where that is None.

    One signature opens one stream, from there.
    """

    content: bytes = field(repr=False)
    channel: str
    chaincode: str
    begin: Checkpoint | None
    signature: bytes = b""

    @classmethod
    def from_content(cls, content: bytes, *, signature: bytes = b"") -> Self:
        """The request from its bytes. Raises `InvalidDocument` when it is none."""
        try:
            asked = ChaincodeEventsRequest.FromString(content)
        except DecodeError:
            raise _no("request for events") from None
        number = _number(asked.start_position, "request for events")
        begin = None if number is None else Checkpoint(number, asked.after_transaction_id or None)
        return cls(content, asked.channel_id, asked.chaincode_id, begin, signature)


@dataclass(frozen=True, slots=True)
class BlocksRequest(Signable):
    """The request for blocks from number `first` on, or from the next one where that is None.

    Which kind of blocks (whole, filtered, with private data) says the method that it is handed to. One signature opens
    one stream, and within 15 minutes of `content` being made: peers compare its time with their clock.
    """

    content: bytes = field(repr=False)
    channel: str
    first: int | None
    signature: bytes = b""

    @classmethod
    def from_content(cls, content: bytes, *, signature: bytes = b"") -> Self:
        """The request from its bytes. Raises `InvalidDocument` when it is none."""
        try:
            payload = Payload.FromString(content)
            channel = ChannelHeader.FromString(payload.header.channel_header).channel_id
            start = SeekInfo.FromString(payload.data).start
        except DecodeError:
            raise _no("request for blocks") from None
        return cls(content, channel, _number(start, "request for blocks"), signature)


class Requests:
    """Makes unsigned requests for events in the name of an identity."""

    def __init__(self, creator: bytes, chaincode: str) -> None:
        self._creator = creator
        self._chaincode = chaincode

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> EventsRequest:
        """For the chaincode's events from block `start`, or after a checkpoint, or from the next block on."""
        begin = after or (None if start is None else Checkpoint(start))
        content = events_request(self._creator, channel, self._chaincode, begin)
        return EventsRequest(content, channel, self._chaincode, begin)

    def block_events(
        self, channel: str, tls_hash: bytes, *, start: int | None = None, after: Checkpoint | None = None
    ) -> BlocksRequest:
        """For blocks from `start`, or after a checkpoint, or from the next one on, over an endpoint's connection."""
        first = start if after is None else after.next_block
        return BlocksRequest(blocks_request(self._creator, channel, first, tls_hash), channel, first)


def _number(position: SeekPosition, what: str) -> int | None:
    match position.WhichOneof("Type"):
        case "specified":
            return int(position.specified.number)
        case "next_commit":
            return None
        case _:
            raise _no(what)


def _no(what: str) -> InvalidDocument:
    reason = f"is no {what}"
    return InvalidDocument(f"the content {reason}", field="content", reason=reason)
