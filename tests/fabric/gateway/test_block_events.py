"""Block events: the same five behaviours for whole blocks, filtered ones and ones with private data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conformance.listening import close, take
from tests.fabric.gateway.listeners import BLOCK_KINDS, Event, listen, next_block, number, transactions
from tests.fabric.gateway.network import ANY

from hlf_client import Checkpoint, Commit
from hlf_client.gateway import Checkpointer, FileCheckpointer, GatewayLedger, MemoryCheckpointer

pytestmark = [
    pytest.mark.fabric,
    pytest.mark.parametrize("kind", BLOCK_KINDS),
]

Connect = Callable[..., GatewayLedger]


async def put(ledger: GatewayLedger, count: int = 1) -> list[Commit]:
    """Transactions in blocks of their own."""
    return [await ledger.submit(ANY, "public:put", "any", str(value)) for value in range(count)]


def told(commits: list[Commit]) -> list[tuple[int, list[str]]]:
    return [(commit.block_number, [commit.transaction_id]) for commit in commits]


def heard(events: list[Event]) -> list[tuple[int, list[str]]]:
    return [(number(event), transactions(event)) for event in events]


async def test_a_block_is_received_when_it_comes(org1: GatewayLedger, org2: GatewayLedger, kind: str) -> None:
    events = listen(org1, kind, start=await next_block(org1))
    waiting = asyncio.create_task(take(events, 1))
    await asyncio.sleep(0)
    commits = await put(org2)
    assert heard(await waiting) == told(commits)
    await close(events)


async def test_without_a_start_only_what_comes_is_received(org1: GatewayLedger, kind: str) -> None:
    before = (await put(org1))[-1].block_number
    events = listen(org1, kind)
    waiting = asyncio.create_task(take(events, 1))
    while not waiting.done():
        await put(org1)
    assert number((await waiting)[0]) > before
    await close(events)


async def test_blocks_are_replayed_from_a_number(org1: GatewayLedger, kind: str) -> None:
    commits = await put(org1, 3)
    events = listen(org1, kind, start=commits[0].block_number)
    assert heard(await take(events, 3)) == told(commits)
    await close(events)


async def test_listening_begins_again_after_a_session_was_closed(
    connect: Connect, org2: GatewayLedger, kind: str
) -> None:
    commits = await put(org2, 2)
    first = connect("org1")
    events = listen(first, kind, start=commits[0].block_number)
    assert heard(await take(events, 1)) == told(commits[:1])
    await close(events)
    await first.close()
    commits += await put(org2)
    again = listen(connect("org1"), kind, start=commits[0].block_number)
    assert heard(await take(again, 3)) == told(commits)
    await close(again)


async def test_closing_one_listener_leaves_another_alone(org1: GatewayLedger, kind: str) -> None:
    commits = await put(org1)
    one = listen(org1, kind, start=commits[0].block_number)
    other = listen(org1, kind, start=commits[0].block_number)
    assert heard(await take(one, 1)) == heard(await take(other, 1)) == told(commits)
    await close(one)
    commits += await put(org1)
    assert heard(await take(other, 1)) == told(commits[1:])
    await close(other)


@pytest.mark.parametrize("keeper", ["memory", "file"])
async def test_a_checkpoint_of_blocks_resumes_after_exactly_what_was_processed(
    connect: Connect, org2: GatewayLedger, tmp_path: Path, kind: str, keeper: str
) -> None:
    checkpointer: Checkpointer = MemoryCheckpointer() if keeper == "memory" else FileCheckpointer(tmp_path / "place")
    commits = await put(org2, 4)
    checkpointer.save(Checkpoint(commits[0].block_number))
    for commit in commits:
        session = connect("org1")
        events = listen(session, kind, after=checkpointer.load())
        (event,) = await take(events, 1)
        assert heard([event]) == told([commit])
        checkpointer.save(event.checkpoint)
        await close(events)
        await session.close()


async def test_a_checkpoint_of_block_and_transaction_resumes_behind_the_block(org1: GatewayLedger, kind: str) -> None:
    """A block is handed on as one: whoever has seen a transaction of it has seen all of it."""
    commits = await put(org1, 3)
    for seen, commit in enumerate(commits[:-1], start=1):
        events = listen(org1, kind, after=Checkpoint(commit.block_number, commit.transaction_id))
        assert heard(await take(events, 3 - seen)) == told(commits[seen:])
        await close(events)
