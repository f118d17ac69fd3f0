"""Failover: another gateway peer takes over, and what listens goes on by itself, exactly where it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.conformance.listening import close, take
from tests.fabric.gateway.fates import reconcile, submitting, until
from tests.fabric.gateway.faults import Faults
from tests.fabric.gateway.listeners import KINDS, listen, next_block, number
from tests.fabric.gateway.network import ANY, ScenarioNetwork

from eximledger import sync
from hlf_client.gateway import GatewayLedger

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]
GATEWAY = "peer0.org1"


async def test_another_gateway_peer_takes_over_and_every_submit_is_answered(
    faults: Faults, org1: GatewayLedger, org2: GatewayLedger
) -> None:
    start = await next_block(org2)
    async with submitting(org1, "taken-over") as attempts:
        await until(lambda: len(attempts.acknowledged) >= 20, "submits before")
        await asyncio.to_thread(faults.kill, GATEWAY)
        before = len(attempts.acknowledged)
        await until(lambda: len(attempts.acknowledged) >= before + 40, "submits without it")
    assert (attempts.unknown, attempts.refused) == ({}, {})
    await reconcile(org2, attempts, start)


@pytest.mark.parametrize("peers", [[0], [0, 1]], ids=["at the restarted peer", "at another peer"])
async def test_a_dropped_stream_of_each_kind_goes_on_by_itself(
    faults: Faults, connect: Connect, org2: GatewayLedger, peers: list[int]
) -> None:
    start = await next_block(org2)
    ledger = connect("org1", peers=peers)
    streams = {kind: listen(ledger, kind, start=start) for kind in KINDS}
    await org2.submit(ANY, "public:emit", "told", "before")
    heard = {kind: await take(stream, 1) for kind, stream in streams.items()}
    await asyncio.to_thread(faults.kill, GATEWAY)
    waiting = {kind: asyncio.create_task(take(stream, 3)) for kind, stream in streams.items()}
    for value in ("away", "still away"):
        await org2.submit(ANY, "public:emit", "told", value)
    if len(peers) == 1:
        await asyncio.to_thread(faults.start, GATEWAY)
    await org2.submit(ANY, "public:emit", "told", "after")
    for kind, task in waiting.items():
        heard[kind] += await task
        assert [number(event) for event in heard[kind]] == [start, start + 1, start + 2, start + 3], kind
        await close(streams[kind])


def test_the_synchronous_api_fails_over_under_its_threads(scenarios: ScenarioNetwork, faults: Faults) -> None:
    with sync.Ledger(scenarios.connect("org1")) as ledger, ThreadPoolExecutor(4) as threads:
        start = ledger.submit(ANY, "public:put", "mark", "1").block_number + 1
        keys = [f"thread-{number}" for number in range(80)]
        commits = [threads.submit(ledger.submit, ANY, "public:put", key, "1") for key in keys]
        commits[8].result()
        faults.kill(GATEWAY)
        told = {commit.result().transaction_id: commit.result().block_number for commit in commits}
        assert json.loads(ledger.evaluate(ANY, "public:get", keys)) == ["1"] * len(keys)
        height = ledger.channel_info(ANY).height
        events = ledger.block_events(ANY, start=start)
        blocks = [next(events) for _ in range(height - start)]
        events.close()
    found = {
        each.transaction_id: block.number for block in blocks for each in block.transactions if each.code == "VALID"
    }
    assert found == told
