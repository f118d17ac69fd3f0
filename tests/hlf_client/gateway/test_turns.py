"""How much is asked of one peer at once, and in which order the rest comes to its turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.hlf_client.gateway.fake import FakePeer

from hlf_client.errors import InvalidDocument
from hlf_client.gateway import GatewayLedger, Timeouts
from hlf_client.identity import Identity


@asynccontextmanager
async def connected(peer: FakePeer, identity: Identity, at_once: int) -> AsyncIterator[GatewayLedger]:
    async with GatewayLedger([peer.endpoint], identity, chaincode="exim", at_once=at_once) as ledger:
        yield ledger


async def reached(peer: FakePeer, method: str, calls: int) -> None:
    """The peer has been asked so often; what more could go on has had its turn since."""
    async with asyncio.timeout(10):
        while len(peer.calls(method)) < calls:  # noqa: ASYNC110 - the fake peer sets no event of ours
            await asyncio.sleep(0.01)
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("method", ["Evaluate", "Endorse"])
async def test_a_peer_simulates_no_more_at_once_than_is_said_and_no_call_fails(
    peer: FakePeer, identity: Identity, method: str
) -> None:
    async with connected(peer, identity, 2) as ledger, connected(peer, identity, 2) as other:
        peer.hangs_in = method
        calls = [(ledger.evaluate if method == "Evaluate" else ledger.submit)("fx", "f", str(n)) for n in range(3)]
        calls += [(other.evaluate if method == "Evaluate" else other.submit)("fx", "f", "other") for n in range(2)]
        tasks = [asyncio.create_task(call) for call in calls]
        await reached(peer, method, 2)
        assert len(peer.calls(method)) == 2  # of both connections together
        peer.hangs_in = ""
        for task in tasks[:2]:
            task.cancel()
        assert len(await asyncio.gather(*tasks[2:])) == 3


async def test_orders_and_fates_wait_for_no_turn(peer: FakePeer, identity: Identity) -> None:
    async with connected(peer, identity, 1) as ledger:
        proposal = ledger.propose("fx", "f")
        prepared = await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
        signed = prepared.signed(await ledger.sign_content(prepared.content))
        peer.hangs_in = "Evaluate"
        hanging = asyncio.create_task(ledger.evaluate("fx", "f"))
        await reached(peer, "Evaluate", 1)
        assert (await ledger.commit_status(await ledger.order(signed))).is_valid
        hanging.cancel()


async def test_waiting_for_a_turn_is_none_of_a_calls_time(peer: FakePeer, identity: Identity) -> None:
    async with connected(peer, identity, 1) as ledger:
        peer.hangs_in = "Evaluate"
        hanging = asyncio.create_task(ledger.evaluate("fx", "f"))
        await reached(peer, "Evaluate", 1)
        waiting = asyncio.create_task(ledger.with_timeouts(evaluate=0.2).evaluate("fx", "f"))
        await asyncio.sleep(0.4)
        assert not waiting.done()
        peer.hangs_in = ""
        hanging.cancel()
        assert await waiting == b"answer"


async def test_another_peer_has_turns_of_its_own(peer: FakePeer, identity: Identity) -> None:
    other = await FakePeer.start()
    try:
        async with connected(peer, identity, 1) as ledger, connected(other, identity, 1) as elsewhere:
            peer.hangs_in = "Evaluate"
            hanging = asyncio.create_task(ledger.evaluate("fx", "f"))
            await reached(peer, "Evaluate", 1)
            assert await elsewhere.evaluate("fx", "f") == b"answer"
            hanging.cancel()
    finally:
        await other.stop()


async def test_none_at_once_is_no_bound(peer: FakePeer, identity: Identity) -> None:
    with pytest.raises(InvalidDocument, match="at_once"):
        GatewayLedger([peer.endpoint], identity, chaincode="exim", timeouts=Timeouts(), at_once=0)
