"""Which of several gateway peers a call goes to."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence

import grpc
import pytest
from tests.hlf_client.gateway.conftest import Start
from tests.hlf_client.gateway.fake import FakePeer, Refusal

from hlf_client.errors import InvalidDocument
from hlf_client.gateway import Balance, GatewayLedger, Retries
from hlf_client.identity import Identity

AWAY = Refusal(grpc.StatusCode.UNAVAILABLE, "away")
Balanced = Callable[[Sequence[FakePeer], Balance], GatewayLedger]


@pytest.fixture
async def balanced(identity: Identity) -> AsyncIterator[Balanced]:
    opened: list[GatewayLedger] = []

    def connected(peers: Sequence[FakePeer], balance: Balance) -> GatewayLedger:
        endpoints, retries = [peer.endpoint for peer in peers], Retries(pause=0)
        opened.append(GatewayLedger(endpoints, identity, chaincode="exim", balance=balance, retries=retries))
        return opened[-1]

    yield connected
    for ledger in opened:
        await ledger.close()


def asked(peers: Sequence[FakePeer]) -> list[int]:
    return [len(peer.calls("Evaluate")) for peer in peers]


async def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.005)


async def test_one_channel_carries_as_many_calls_as_are_allowed(start: Start, identity: Identity) -> None:
    """What bounds a client is `at_once`, not its one channel to a peer."""
    peer = await start()
    peer.hangs_in = "Evaluate"
    async with GatewayLedger([peer.endpoint], identity, chaincode="exim", at_once=300) as ledger:
        calls = [asyncio.create_task(ledger.evaluate("fx", "f")) for _ in range(300)]
        try:
            await until(lambda: len(peer.calls("Evaluate")) == len(calls))
        finally:
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)


async def test_failover_stays_with_who_answers(start: Start, balanced: Balanced) -> None:
    peers = [await start() for _ in range(3)]
    ledger = balanced(peers, "failover")
    for _ in range(6):
        await ledger.evaluate("fx", "f")
    assert asked(peers) == [6, 0, 0]


@pytest.mark.parametrize("balance", ["round_robin", "least_outstanding"])
async def test_one_after_another_goes_round(start: Start, balanced: Balanced, balance: Balance) -> None:
    peers = [await start() for _ in range(3)]
    ledger = balanced(peers, balance)
    for _ in range(9):
        await ledger.evaluate("fx", "f")
    assert asked(peers) == [3, 3, 3]


@pytest.mark.parametrize(("balance", "at_the_slow_one"), [("round_robin", 10), ("least_outstanding", 1)])
async def test_a_slow_peer_gets_its_turn_by_the_one_rule_and_is_spared_by_the_other(
    start: Start, balanced: Balanced, balance: Balance, at_the_slow_one: int
) -> None:
    slow, quick = await start(), await start()
    slow.hangs_in = "Evaluate"
    ledger = balanced([slow, quick], balance)
    calls = list[asyncio.Task[bytes]]()
    for _ in range(20):
        hanging = asked([slow])[0]
        calls.append(asyncio.create_task(ledger.evaluate("fx", "f")))
        await until(lambda: calls[-1].done() or asked([slow])[0] > hanging)  # noqa: B023 - awaited here
    assert asked([slow, quick])[0] == at_the_slow_one
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


@pytest.mark.parametrize("balance", ["round_robin", "least_outstanding"])
async def test_a_peer_that_does_not_answer_is_asked_last_for_a_while(
    start: Start, balanced: Balanced, balance: Balance
) -> None:
    peers = [await start() for _ in range(3)]
    peers[1].refuse["Evaluate"] = [AWAY] * 50
    ledger = balanced(peers, balance)
    for _ in range(12):
        assert await ledger.evaluate("fx", "f") == b"answer"
    assert asked(peers)[1] == 1
    assert min(asked(peers)[0], asked(peers)[2]) >= 5


async def test_streams_are_spread_too(start: Start, balanced: Balanced) -> None:
    peers = [await start() for _ in range(2)]
    ledger = balanced(peers, "round_robin")

    async def listen() -> None:
        async for _ in ledger.block_events("fx", start=0):
            pass

    listeners = [asyncio.create_task(listen()) for _ in range(4)]
    await until(lambda: sum(len(peer.calls("Deliver")) for peer in peers) == 4)
    assert Counter(len(peer.calls("Deliver")) for peer in peers) == {2: 2}
    for each in listeners:
        each.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)


def test_another_word_is_refused(identity: Identity, balanced: Balanced) -> None:
    with pytest.raises(InvalidDocument, match="round_robin"):
        balanced([FakePeer(port=1)], "random")  # type: ignore[arg-type]


@pytest.mark.parametrize("balance", ["failover", "round_robin", "least_outstanding"])
@pytest.mark.parametrize("flight", [32, 128])
async def test_many_calls_in_flight_do_not_fail(
    start: Start, balanced: Balanced, balance: Balance, flight: int
) -> None:
    peers = [await start() for _ in range(2)]
    ledger = balanced(peers, balance)
    commits = await asyncio.gather(*(ledger.submit("fx", "f") for _ in range(flight)))
    assert len({commit.transaction_id for commit in commits}) == flight
