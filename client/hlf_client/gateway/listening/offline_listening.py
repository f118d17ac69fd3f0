"""Streams that were signed elsewhere: one signature, one stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TypeVar, cast

import grpc
import grpc.aio

from hlf_client.errors import LedgerUnavailable
from hlf_client.gateway._errors import RpcFailure, typed_error
from hlf_client.gateway._offline import BlocksRequest, EventsRequest, Requests
from hlf_client.gateway._peers import Line, Peers
from hlf_client.gateway.listening.streams import (
    BLOCKS,
    FILTERED,
    PRIVATE,
    Delivery,
    Refused,
    blocks_once,
    events_once,
)
from hlf_client.ledger import BlockEvent, ChaincodeEvent, Checkpoint
from hlf_client.wire.blocks import FilteredBlockEvent, PrivateDataEvent

__all__ = ["OfflineListening"]

ItemT = TypeVar("ItemT")


class OfflineListening:
    """Events for a key that signs elsewhere: requests to be signed there, and the stream that each of them opens.

    A stream that drops raises `LedgerUnavailable`, for the place to go on from needs a signature of its own: make a new
    request after the checkpoint of the last event. A ledger whose identity has an asynchronous signer does that by
    itself, in `GatewayLedger.chaincode_events` and its like.
    """

    def __init__(self, peers: Peers, requests: Requests) -> None:
        self._peers = peers
        self._requests = requests

    def chaincode_events_request(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> EventsRequest:
        """An unsigned request for events of the ledger's chaincode: from block `start`, after a checkpoint, or from the
        next block on."""
        return self._requests.chaincode_events(channel, start=start, after=after)

    def block_events_request(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> BlocksRequest:
        """An unsigned request for blocks of any kind: from number `start`, after a checkpoint, or from the next one."""
        return self._requests.block_events(channel, self._peers.current.endpoint.tls_hash, start=start, after=after)

    def chaincode_events(self, request: EventsRequest) -> AsyncIterator[ChaincodeEvent]:
        """The events that a signed request asks for."""
        return self._stream(request.channel, lambda line: events_once(line, request))

    def block_events(self, request: BlocksRequest) -> AsyncIterator[BlockEvent]:
        """The blocks that a signed request asks for."""
        return self._blocks(request, BLOCKS)

    def filtered_block_events(self, request: BlocksRequest) -> AsyncIterator[FilteredBlockEvent]:
        """The same, filtered."""
        return self._blocks(request, FILTERED)

    def private_data_events(self, request: BlocksRequest) -> AsyncIterator[PrivateDataEvent]:
        """The same, with private data."""
        return self._blocks(request, PRIVATE)

    async def _blocks(self, request: BlocksRequest, delivery: Delivery[ItemT]) -> AsyncGenerator[ItemT, None]:
        stream = self._stream(request.channel, lambda line: blocks_once(line, request, delivery))
        async with aclosing(stream) as answers:
            async for answer in answers:
                yield delivery.read(request.channel, answer)

    async def _stream(
        self, channel: str, once: Callable[[Line], AsyncGenerator[ItemT, None]]
    ) -> AsyncGenerator[ItemT, None]:
        line, doing = self._peers.current, f"events of {channel}"
        try:
            with self._peers.open_while(doing):
                async with aclosing(once(line)) as items:
                    async for item in items:
                        yield item
        except (grpc.aio.AioRpcError, Refused) as error:
            typed = typed_error(cast("RpcFailure", error), doing=doing)
            if isinstance(typed, LedgerUnavailable):
                self._peers.turn_from(line)
            raise typed from error
        self._peers.turn_from(line)
        raise LedgerUnavailable(f"{doing}: {line.endpoint} ended the stream")
