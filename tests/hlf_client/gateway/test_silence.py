"""A peer that goes silent: no connection is closed, no error comes, and still the client notices."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc
import pytest
from tests.hlf_client.gateway.fake import FakePeer
from tests.hlf_client.gateway.swallowing import Swallowing

from hlf_client.errors import LedgerUnavailable
from hlf_client.gateway import Endpoint, GatewayLedger, Retries, Timeouts
from hlf_client.identity import Identity

Through = Callable[..., Awaitable[tuple[GatewayLedger, Swallowing]]]


@pytest.fixture
async def through(peer: FakePeer, identity: Identity) -> AsyncIterator[Through]:
    """Connects to the only peer by a way that can swallow."""
    opened: list[GatewayLedger | Swallowing] = []

    async def connected(silence: float = 0.9, **timeouts: float) -> tuple[GatewayLedger, Swallowing]:
        way = await Swallowing.to(peer.endpoint.address)
        ledger = GatewayLedger(
            [Endpoint(f"127.0.0.1:{way.port}")],
            identity,
            chaincode="exim",
            retries=Retries(pause=0.05, longest_pause=0.2, silence=silence),
            timeouts=Timeouts(**timeouts),
        )
        opened[:0] = [ledger, way]
        return ledger, way

    yield connected
    for each in opened:
        await each.close()


async def until(condition: Callable[[], object], seconds: float) -> float:
    """Seconds until it holds. Fails where it does not in time."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "not in time"
        await asyncio.sleep(0.02)
    return time.monotonic() - begun


async def test_a_listener_notices_that_its_only_peer_is_gone_and_goes_on_when_it_is_back(
    through: Through, peer: FakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    ledger, way = await through()
    came: list[int] = []

    async def listen() -> None:
        async for event in ledger.block_events("fx", start=0):
            came.append(event.number)

    listening = asyncio.create_task(listen())
    await until(lambda: peer.calls("Deliver"), 10)
    way.swallows = True
    with caplog.at_level(logging.WARNING, "hlf_client.gateway"):
        await until(lambda: "dropped the stream (UNAVAILABLE)" in caplog.text, 10)
    before = len(peer.calls("Deliver"))
    way.swallows = False
    await until(lambda: len(peer.calls("Deliver")) > before, 15)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_by_default_it_is_noticed_within_fifteen_seconds() -> None:
    retries = Retries()
    longest = retries.silence + retries.silence / 3  # the last word came just before the watch looked
    assert longest <= 15


async def test_a_call_to_a_silent_peer_fails_long_before_its_own_time(through: Through, peer: FakePeer) -> None:
    ledger, way = await through(evaluate=120)
    await ledger.evaluate("fx", "f")
    way.swallows = True
    begun = time.monotonic()
    with pytest.raises(LedgerUnavailable):
        await ledger.evaluate("fx", "f")
    assert time.monotonic() - begun < 30
    way.swallows = False
    await ledger.evaluate("fx", "f")


async def test_without_the_question_it_waits_for_its_own_time(through: Through) -> None:
    ledger, way = await through(silence=math.inf, evaluate=2)
    await ledger.evaluate("fx", "f")
    way.swallows = True
    begun = time.monotonic()
    with pytest.raises(LedgerUnavailable) as late:
        await ledger.evaluate("fx", "f")
    assert late.value.grpc_code == grpc.StatusCode.DEADLINE_EXCEEDED.name
    assert time.monotonic() - begun > 1.5


async def test_a_quiet_stream_of_a_peer_that_is_there_goes_on(
    through: Through, peer: FakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    ledger, _ = await through(silence=0.3)

    async def listen() -> None:
        async for _ in ledger.block_events("fx", start=0):
            pass

    listening = asyncio.create_task(listen())
    await until(lambda: peer.calls("Deliver"), 10)
    begun = len(peer.calls("Deliver"))
    with pytest.raises(AssertionError, match="not in time"):
        await until(lambda: "dropped" in caplog.text, 2)
    assert len(peer.calls("Deliver")) == begun
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_peer_that_takes_its_time_over_a_call_is_not_silent(through: Through, peer: FakePeer) -> None:
    ledger, _ = await through(silence=0.3, evaluate=2)
    peer.hangs_in = "Evaluate"
    with pytest.raises(LedgerUnavailable) as late:
        await ledger.evaluate("fx", "f")
    assert late.value.grpc_code == grpc.StatusCode.DEADLINE_EXCEEDED.name
    assert len(peer.calls("Evaluate")) == 1


async def test_who_cancels_its_own_call_gets_its_own_cancellation(through: Through) -> None:
    ledger, way = await through(silence=60)
    await ledger.evaluate("fx", "f")
    way.swallows = True
    asking = asyncio.create_task(ledger.evaluate("fx", "f"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
