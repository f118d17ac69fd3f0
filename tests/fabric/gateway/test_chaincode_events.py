"""Chaincode events across sessions. How they are received, replayed and resumed, conformance shows on Fabric."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.conformance.listening import close, take
from tests.fabric.gateway.listeners import next_block
from tests.fabric.gateway.network import ANY

from hlf_client import ChaincodeEvent, Commit
from hlf_client.gateway import Checkpointer, FileCheckpointer, GatewayLedger, MemoryCheckpointer

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]


async def emit(ledger: GatewayLedger, *values: str) -> list[Commit]:
    """Events of transactions that may share a block."""
    return await asyncio.gather(*(ledger.submit(ANY, "public:emit", "told", value) for value in values))


async def values(events: AsyncIterator[ChaincodeEvent], count: int) -> list[str]:
    return [json.loads(event.payload)["value"] for event in await take(events, count)]


async def test_listening_begins_again_after_a_session_was_closed(connect: Connect, org2: GatewayLedger) -> None:
    start = await next_block(org2)
    await emit(org2, "a")
    session = connect("org1")
    events = session.chaincode_events(ANY, start=start)
    assert await values(events, 1) == ["a"]
    await close(events)
    await session.close()
    await emit(org2, "b")
    again = connect("org1").chaincode_events(ANY, start=start)
    assert await values(again, 2) == ["a", "b"]
    await close(again)


@pytest.mark.parametrize("keeper", ["memory", "file"])
async def test_a_checkpointer_resumes_every_session_after_exactly_what_was_processed(
    connect: Connect, org2: GatewayLedger, tmp_path: Path, keeper: str
) -> None:
    checkpointer: Checkpointer = MemoryCheckpointer() if keeper == "memory" else FileCheckpointer(tmp_path / "place")
    start = await next_block(org2)
    told = {commit.transaction_id for commit in await emit(org2, *"abcd")}
    heard: list[str] = []
    for _ in told:
        session = connect("org1")
        at = checkpointer.load()
        events = session.chaincode_events(ANY, start=start, after=at)
        (event,) = await take(events, 1)
        checkpointer.save(event.checkpoint)
        heard.append(event.transaction_id)
        await close(events)
        await session.close()
    assert len(heard) == len(told)
    assert set(heard) == told
