"""Listening: streams that go on where they broke off.

A stream is opened at a block, and after a transaction of it where that is known. When it drops, the next gateway peer
is asked for the same from the last event that was handed on: nothing is left out and nothing comes twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Final, TypeAlias, TypeVar, cast

import grpc
import grpc.aio

from hlf_client.gateway._errors import RpcFailure, typed_error
from hlf_client.gateway._offline import Requests
from hlf_client.gateway._peers import Line, Peers
from hlf_client.gateway._pulse import Silence
from hlf_client.gateway._system import SystemQueries
from hlf_client.gateway._telemetry import reopened
from hlf_client.gateway.listening.streams import Delivery, Refused, blocks_once, events_once
from hlf_client.ledger import ChaincodeEvent, Checkpoint
from hlf_client.wire.endpoint import is_turned_away
from hlf_client.wire.timeouts import Retries

__all__ = ["Listening"]

ItemT = TypeVar("ItemT")
Sign: TypeAlias = Callable[[bytes], Awaitable[bytes]]
"""Signs a message."""

_log = logging.getLogger("hlf_client.gateway")

_SETTLED: Final = 30.0
"""Seconds after which a stream counts as having been open, though a quiet channel sent nothing."""
_DROPPED: Final = frozenset({
    grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.ABORTED, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED,
})  # fmt: skip
"""What a connection that broke, or a peer that went, looks like. Others say that asking again is of no use."""


class Listening:
    """Opens streams at the gateway peers, and opens them again. A signature is made for each stream."""

    def __init__(self, peers: Peers, retries: Retries, requests: Requests, sign: Sign, system: SystemQueries) -> None:
        self._peers = peers
        self._retries = retries
        self._requests = requests
        self._sign = sign
        self._system = system

    async def events(
        self, channel: str, start: int | None, after: Checkpoint | None
    ) -> AsyncGenerator[ChaincodeEvent, None]:
        """Events of the chaincode's valid transactions from a place on, without end."""
        place = _Place(await self._system.begin(channel, start, after))

        async def once(line: Line) -> AsyncGenerator[ChaincodeEvent, None]:
            request = self._requests.chaincode_events(channel, after=place.checkpoint)
            signed = request.signed(await self._sign(request.content))
            async with aclosing(events_once(line, signed)) as stream:
                async for event in place.unseen(stream):
                    yield event

        async with aclosing(self._resumed("ChaincodeEvents", channel, once, lambda: place.checkpoint)) as events:
            async for event in events:
                yield event

    async def blocks(
        self, delivery: Delivery[ItemT], channel: str, start: int | None, after: Checkpoint | None
    ) -> AsyncGenerator[ItemT, None]:
        """Blocks from a place on, without end."""
        following = await self._system.first_block(channel, start, after)

        async def once(line: Line) -> AsyncGenerator[ItemT, None]:
            nonlocal following
            request = self._requests.block_events(channel, line.endpoint.tls_hash, start=following)
            signed = request.signed(await self._sign(request.content))
            async with aclosing(blocks_once(line, signed, delivery)) as stream:
                async for answer in stream:
                    following = delivery.number(answer) + 1
                    yield delivery.read(channel, answer)

        async with aclosing(self._resumed(delivery.method, channel, once, lambda: Checkpoint(following))) as blocks:
            async for block in blocks:
                yield block

    async def _resumed(
        self,
        method: str,
        channel: str,
        once: Callable[[Line], AsyncGenerator[ItemT, None]],
        place: Callable[[], Checkpoint],
    ) -> AsyncGenerator[ItemT, None]:
        failures, down_since = 0, time.monotonic()
        while True:
            line, opened, code = self._peers.current, time.monotonic(), grpc.StatusCode.OK
            try:
                with self._peers.open_while(f"events of {channel}"):
                    async with aclosing(once(line)) as items:
                        async for item in items:
                            failures = 0
                            yield item
            except (grpc.aio.AioRpcError, Refused, Silence) as error:
                failure = cast("RpcFailure", error)
                code = failure.code()
                if failures == 0 or time.monotonic() - opened > _SETTLED:
                    failures, down_since = 0, time.monotonic()
                is_over = time.monotonic() - down_since > self._retries.outage
                if code not in _DROPPED or is_turned_away(failure.details() or "") or is_over:
                    raise typed_error(failure, doing=f"events of {channel}") from error
            failures += 1
            _log.warning("%s of %s: %s dropped the stream (%s), going on at block %d", method, channel, line.endpoint,
                         code.name, place().block_number)  # fmt: skip
            reopened(method, channel, code.name)
            self._peers.turn_from(line)
            await asyncio.sleep(self._retries.pause_after(failures))


class _Place:
    """How far events have been handed on.

    A gateway can begin after a transaction, not within one: so the place is before the transaction whose event came
    last, and how many of its events came.
    """

    def __init__(self, begin: Checkpoint) -> None:
        self.checkpoint = begin
        self._latest: tuple[int, str] | None = None
        self._handed = 0

    async def unseen(self, events: AsyncIterator[ChaincodeEvent]) -> AsyncIterator[ChaincodeEvent]:
        """A stream that begins at this place, without the events that have been handed on; moves the place along."""
        seen = self._handed
        async for event in events:
            if seen and (event.block_number, event.transaction_id) == self._latest:
                seen -= 1
                continue
            seen = 0
            self._move(event.block_number, event.transaction_id)
            yield event

    def _move(self, block_number: int, transaction_id: str) -> None:
        if self._latest != (block_number, transaction_id):
            if self._latest is not None and self._latest[0] == block_number:
                self.checkpoint = Checkpoint(*self._latest)
            elif self.checkpoint.block_number != block_number:
                self.checkpoint = Checkpoint(block_number)
            self._latest, self._handed = (block_number, transaction_id), 0
        self._handed += 1
