"""A peer that goes silent, and many calls at several peers, on real Fabric."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import pytest
from tests.conformance.listening import close, take
from tests.fabric.gateway.fates import until
from tests.fabric.gateway.faults import Faults
from tests.fabric.gateway.listeners import listen, next_block, number
from tests.fabric.gateway.network import ANY

from hlf_client.gateway import Balance, GatewayLedger

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]


async def test_the_silent_loss_of_the_only_peer_is_noticed_within_fifteen_seconds(
    faults: Faults, connect: Connect, org2: GatewayLedger, caplog: pytest.LogCaptureFixture
) -> None:
    start = await next_block(org2)
    ledger = connect("org1", peers=[0])
    stream = listen(ledger, "block_events", start=start)
    await org2.submit(ANY, "public:put", "heard", "1")
    await take(stream, 1)
    following = asyncio.create_task(take(stream, 1))
    with caplog.at_level(logging.WARNING, "hlf_client.gateway"):
        await asyncio.to_thread(faults.pause, "peer0.org1")
        lost = time.monotonic()
        await until(lambda: "dropped the stream" in caplog.text, "the loss is noticed")
        noticed = time.monotonic() - lost
        await asyncio.to_thread(faults.resume, "peer0.org1")
    await org2.submit(ANY, "public:put", "heard", "2")
    assert [number(event) for event in await following] == [start + 1]
    await close(stream)
    assert noticed < 15


async def test_a_quiet_stream_is_not_taken_for_lost(connect: Connect, org2: GatewayLedger) -> None:
    """A peer has no health service, and says so: that is an answer."""
    start = await next_block(org2)
    ledger = connect("org1", peers=[0])
    stream = listen(ledger, "block_events", start=start)
    waiting = asyncio.create_task(take(stream, 1))
    done, _ = await asyncio.wait([waiting], timeout=12)
    assert not done
    assert not ledger._peers.current._opened  # nothing was opened anew
    await org2.submit(ANY, "public:put", "quiet", "1")
    await waiting
    await close(stream)


@pytest.mark.parametrize("balance", ["round_robin", "least_outstanding"])
@pytest.mark.parametrize("flight", [32, 128])
async def test_many_calls_in_flight_over_two_peers_do_not_fail(connect: Connect, balance: Balance, flight: int) -> None:
    ledger = connect("org1", balance=balance)
    keys = [f"{balance}-{flight}-{number}" for number in range(flight)]
    commits = await asyncio.gather(*(ledger.submit(ANY, "public:put", key, "1") for key in keys))
    assert len({commit.transaction_id for commit in commits}) == flight
    await asyncio.gather(*(ledger.evaluate(ANY, "public:echo", key) for key in keys))
