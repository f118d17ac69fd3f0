"""Listening: streams that go on where they broke off.

A stream is opened at a block, and after a transaction of it where that is known. When it drops, the next gateway peer
is asked for the same from the last event that was handed on: nothing is left out and nothing comes twice.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeAlias, TypeVar, cast

from eximledger.ledger._interface import BlockEvent, ChaincodeEvent, Checkpoint
from eximledger.ledger.gateway._blocks import (
    FilteredBlockEvent,
    PrivateDataEvent,
    block_event,
    filtered_block_event,
    private_data_event,
)
from eximledger.ledger.gateway._errors import RpcFailure, typed_error
from eximledger.ledger.gateway._messages import envelope, seek_payload
from eximledger.ledger.gateway._peers import Endpoint, Peers
from eximledger.ledger.gateway._protos import (
    ChaincodeEventsRequest,
    DeliverResponse,
    SeekInfo,
    SeekPosition,
    SeekSpecified,
    SignedChaincodeEventsRequest,
    grpc,
)

__all__ = ["Sign", "blocks", "chaincode_events", "filtered_blocks", "private_data"]

EventT = TypeVar("EventT", ChaincodeEvent, DeliverResponse)

Sign: TypeAlias = Callable[[bytes], Awaitable[bytes]]
"""Signs a message."""

_log = logging.getLogger("eximledger.gateway")

_ENDLESS: Final = 2**64 - 1
_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_DROPPED: Final = frozenset({
    grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.ABORTED, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED,
})  # fmt: skip
"""What a connection that broke, or a peer that went, looks like. Others say that asking again is of no use."""


async def chaincode_events(
    peers: Peers, sign: Sign, creator: bytes, channel: str, chaincode: str, begin: Checkpoint
) -> AsyncIterator[ChaincodeEvent]:
    """Events of a chaincode's valid transactions from a checkpoint on, without end."""

    async def once(endpoint: Endpoint, at: Checkpoint) -> AsyncIterator[ChaincodeEvent]:
        request = ChaincodeEventsRequest(
            channel_id=channel,
            chaincode_id=chaincode,
            identity=creator,
            start_position=SeekPosition(specified=SeekSpecified(number=at.block_number)),
            after_transaction_id=at.transaction_id or "",
        ).SerializeToString()
        signed = SignedChaincodeEventsRequest(request=request, signature=await sign(request))
        call = peers.gateway(endpoint).ChaincodeEvents(signed)
        try:
            async for answer in call:
                for event in answer.events:
                    yield ChaincodeEvent(
                        channel=channel,
                        block_number=int(answer.block_number),
                        transaction_id=event.tx_id,
                        chaincode=event.chaincode_id,
                        name=event.event_name,
                        payload=bytes(event.payload),
                    )
        finally:
            call.cancel()

    async for event in _resumed(peers, once, begin, lambda event: event.checkpoint, f"events of {channel}"):
        yield event


async def blocks(peers: Peers, sign: Sign, creator: bytes, channel: str, first: int) -> AsyncIterator[BlockEvent]:
    """Blocks from number `first` on, without end."""
    async for answer in _delivered(peers, sign, creator, channel, first, "Deliver", "block", _number_of_block):
        yield block_event(channel, answer.block)


async def filtered_blocks(
    peers: Peers, sign: Sign, creator: bytes, channel: str, first: int
) -> AsyncIterator[FilteredBlockEvent]:
    """Filtered blocks from number `first` on, without end."""
    kind = "filtered_block"
    async for answer in _delivered(peers, sign, creator, channel, first, "DeliverFiltered", kind, _number_of_filtered):
        yield filtered_block_event(channel, answer.filtered_block)


async def private_data(
    peers: Peers, sign: Sign, creator: bytes, channel: str, first: int
) -> AsyncIterator[PrivateDataEvent]:
    """Blocks from number `first` on with the private data that the peer may show this identity, without end."""
    kind, number = "block_and_private_data", _number_of_private
    async for answer in _delivered(peers, sign, creator, channel, first, "DeliverWithPrivateData", kind, number):
        yield private_data_event(channel, answer.block_and_private_data)


def _number_of_block(answer: DeliverResponse) -> int:
    return int(answer.block.header.number)


def _number_of_filtered(answer: DeliverResponse) -> int:
    return int(answer.filtered_block.number)


def _number_of_private(answer: DeliverResponse) -> int:
    return int(answer.block_and_private_data.block.header.number)


async def _delivered(
    peers: Peers,
    sign: Sign,
    creator: bytes,
    channel: str,
    first: int,
    method: str,
    kind: str,
    number: Callable[[DeliverResponse], int],
) -> AsyncIterator[DeliverResponse]:
    """What one of the deliver service's methods sends, from block `first` on, without end."""

    async def once(endpoint: Endpoint, at: Checkpoint) -> AsyncIterator[DeliverResponse]:
        seek = SeekInfo(
            start=SeekPosition(specified=SeekSpecified(number=at.block_number)),
            stop=SeekPosition(specified=SeekSpecified(number=_ENDLESS)),
            behavior=SeekInfo.SeekBehavior.BLOCK_UNTIL_READY,
        )
        payload = seek_payload(creator, channel, seek)
        call = getattr(peers.deliver(endpoint), method)()
        try:
            await call.write(envelope(payload, await sign(payload)))
            async for answer in call:
                if answer.WhichOneof("Type") != kind:
                    raise _Refused(answer.status)
                yield answer
        finally:
            call.cancel()

    def after(answer: DeliverResponse) -> Checkpoint:
        return Checkpoint(number(answer) + 1)

    async for answer in _resumed(peers, once, Checkpoint(first), after, f"blocks of {channel}"):
        yield answer


class _Refused(Exception):
    """A peer ended the delivery with a status of its own (common.Status)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status

    def code(self) -> grpc.StatusCode:
        """As gRPC would have said it."""
        return {
            400: grpc.StatusCode.INVALID_ARGUMENT,
            403: grpc.StatusCode.PERMISSION_DENIED,
            404: grpc.StatusCode.NOT_FOUND,
        }.get(self.status, grpc.StatusCode.UNAVAILABLE)

    def details(self) -> str:
        return f"the peer ended the delivery with status {self.status}"

    def trailing_metadata(self) -> tuple[()]:
        return ()


async def _resumed(
    peers: Peers,
    once: Callable[[Endpoint, Checkpoint], AsyncIterator[EventT]],
    at: Checkpoint,
    after: Callable[[EventT], Checkpoint],
    what: str,
) -> AsyncIterator[EventT]:
    pause = _PAUSE
    while True:
        endpoint = peers.current
        try:
            async for event in once(endpoint, at):
                pause, at = _PAUSE, after(event)
                yield event
        except (grpc.aio.AioRpcError, _Refused) as error:
            failure = cast("RpcFailure", error)
            if failure.code() not in _DROPPED:
                raise typed_error(failure, doing=what) from error
            _log.warning("%s: %s dropped the stream (%s), going on at block %d", what, endpoint, failure.code().name,
                         at.block_number)  # fmt: skip
        peers.turn_from(endpoint)
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads clients, keeps no secret
        pause = min(_LONGEST_PAUSE, pause * 2)
