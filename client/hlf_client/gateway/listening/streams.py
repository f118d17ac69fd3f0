"""One stream of a gateway peer: a chaincode's events, or blocks of one kind, until it ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import grpc

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.gateway.gateway_pb2 import SignedChaincodeEventsRequest
from hlf_chaincode.protos.peer.events_pb2 import DeliverResponse
from hlf_client.gateway._offline import BlocksRequest, EventsRequest
from hlf_client.gateway._peers import Line
from hlf_client.ledger import BlockEvent, ChaincodeEvent
from hlf_client.wire.blocks import (
    FilteredBlockEvent,
    PrivateDataEvent,
    block_event,
    filtered_block_event,
    private_data_event,
)
from hlf_client.wire.messages import envelope

__all__ = ["BLOCKS", "FILTERED", "PRIVATE", "RAW", "Delivery", "Refused", "blocks_once", "events_once"]

ItemT = TypeVar("ItemT")
ItemT_co = TypeVar("ItemT_co", covariant=True)


class Stream(Protocol[ItemT_co]):
    """A call that brings more than one answer."""

    def cancel(self) -> bool: ...

    def __aiter__(self) -> AsyncIterator[ItemT_co]: ...


@dataclass(frozen=True, slots=True)
class Delivery(Generic[ItemT]):
    """A kind of blocks: the deliver service's method, the field of its answers, and how one is read."""

    method: str
    field: str
    number: Callable[[DeliverResponse], int]
    read: Callable[[str, DeliverResponse], ItemT]


BLOCKS: Final[Delivery[BlockEvent]] = Delivery(
    "Deliver",
    "block",
    lambda answer: int(answer.block.header.number),
    lambda channel, answer: block_event(channel, answer.block),
)
RAW: Final[Delivery[Block]] = Delivery("Deliver", "block", BLOCKS.number, lambda _channel, answer: answer.block)
FILTERED: Final[Delivery[FilteredBlockEvent]] = Delivery(
    "DeliverFiltered",
    "filtered_block",
    lambda answer: int(answer.filtered_block.number),
    lambda channel, answer: filtered_block_event(channel, answer.filtered_block),
)
PRIVATE: Final[Delivery[PrivateDataEvent]] = Delivery(
    "DeliverWithPrivateData",
    "block_and_private_data",
    lambda answer: int(answer.block_and_private_data.block.header.number),
    lambda channel, answer: private_data_event(channel, answer.block_and_private_data),
)


async def events_once(line: Line, request: EventsRequest) -> AsyncGenerator[ChaincodeEvent, None]:
    signed = SignedChaincodeEventsRequest(request=request.content, signature=request.signature)
    call = line.gateway.ChaincodeEvents(signed)
    try:
        async for answer in _watched(line, call):
            for event in answer.events:
                yield ChaincodeEvent(
                    channel=request.channel,
                    block_number=int(answer.block_number),
                    transaction_id=event.tx_id,
                    chaincode=event.chaincode_id,
                    name=event.event_name,
                    payload=bytes(event.payload),
                )
    finally:
        call.cancel()


async def blocks_once(
    line: Line, request: BlocksRequest, delivery: Delivery[ItemT]
) -> AsyncGenerator[DeliverResponse, None]:
    call = getattr(line.deliver, delivery.method)()
    try:
        await call.write(envelope(request.content, request.signature))
        async for answer in _watched(line, call):
            if answer.WhichOneof("Type") != delivery.field:
                raise Refused(answer.status)
            yield answer
    finally:
        call.cancel()


async def _watched(line: Line, call: Stream[ItemT]) -> AsyncGenerator[ItemT, None]:
    """What a stream brings; raises `Silence` where its peer is gone without a word."""
    with line.pulse.awaiting(call):
        async for answer in call:
            line.pulse.heard()
            yield answer


class Refused(Exception):
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
