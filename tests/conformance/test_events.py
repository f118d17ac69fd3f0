"""Contract and block events: replayed from a block, live, and resumed from a checkpoint without loss or repeat."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest
from tests.conformance.listening import close, take
from tests.conformance.providers import ConformanceNetwork
from tests.conformance.stages import endorsed, ordered

from hlf_client import ChaincodeEvent, Checkpoint, Ledger
from hlf_client.errors import FabricError


async def emit(ledger: Ledger, *keys: str) -> list[str]:
    return [(await ledger.submit("bank", "probe:put_with_event", key, "1", "put")).transaction_id for key in keys]


def keys_of(events: list[ChaincodeEvent]) -> list[str]:
    return [json.loads(event.payload)["key"] for event in events]


async def test_an_event_says_what_and_where(ledger_network: ConformanceNetwork, exim: Ledger, safe: Ledger) -> None:
    start = (await safe.channel_info("bank")).height
    events = safe.chaincode_events("bank", start=start)
    commit = await exim.submit("bank", "probe:put_with_event", "a", "1", "filed")
    (event,) = await take(events, 1)
    assert (event.name, event.channel, event.chaincode) == ("filed", "bank", ledger_network.chaincode)
    assert (event.transaction_id, event.block_number) == (commit.transaction_id, commit.block_number)
    assert json.loads(event.payload) == {"key": "a"}
    await close(events)


async def test_a_listener_hears_only_what_comes_after_it(exim: Ledger) -> None:
    """From when it is first awaited; how soon a ledger then listens is its own affair."""
    await emit(exim, "before")
    events = exim.chaincode_events("bank")
    waiting = asyncio.create_task(take(events, 1))
    while not waiting.done():
        await emit(exim, "after")
    assert keys_of(await waiting) == ["after"]
    await close(events)


async def test_events_are_replayed_from_a_block(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    await emit(exim, "a", "b", "c")
    events = exim.chaincode_events("bank", start=start)
    assert keys_of(await take(events, 3)) == ["a", "b", "c"]
    await close(events)


async def test_a_waiting_listener_is_woken(exim: Ledger) -> None:
    events = exim.chaincode_events("bank")
    waiting = asyncio.create_task(take(events, 2))
    await asyncio.sleep(0)
    await emit(exim, "a", "b")
    assert keys_of(await waiting) == ["a", "b"]
    await close(events)


async def test_invalid_transactions_and_those_without_an_event_say_nothing(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    waiting = await endorsed(exim, "bank", "state:add", "n", 1)
    await exim.submit("bank", "state:add", "n", 1)
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    await emit(exim, "a")
    events = exim.chaincode_events("bank", start=start)
    assert keys_of(await take(events, 1)) == ["a"]
    await close(events)


async def test_a_checkpoint_resumes_after_exactly_what_was_processed(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    await asyncio.gather(*(emit(exim, key) for key in "abcdef"))
    whole = exim.chaincode_events("bank", start=start)
    every = await take(whole, 6)
    await close(whole)
    for seen, event in enumerate(every[:-1], start=1):
        rest = exim.chaincode_events("bank", after=event.checkpoint)
        assert await take(rest, 6 - seen) == every[seen:]
        await close(rest)
    last = exim.chaincode_events("bank", after=every[-1].checkpoint)
    await emit(exim, "g")
    assert keys_of(await take(last, 1)) == ["g"]
    await close(last)


async def test_an_unknown_transaction_in_a_checkpoint_skips_its_block(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    await emit(exim, "a", "b")
    events = exim.chaincode_events("bank", after=Checkpoint(start, "0" * 64))
    assert keys_of(await take(events, 1)) == ["b"]
    await close(events)


async def test_a_checkpoint_of_a_block_alone_begins_there(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    await emit(exim, "a", "b")
    events = exim.chaincode_events("bank", after=Checkpoint(start + 1))
    assert keys_of(await take(events, 1)) == ["b"]
    await close(events)


async def test_closing_one_listener_leaves_another_alone(exim: Ledger, safe: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    first, second = exim.chaincode_events("bank", start=start), safe.chaincode_events("bank", start=start)
    await emit(exim, "a")
    assert keys_of(await take(first, 1)) == ["a"]
    await close(first)
    await emit(exim, "b")
    assert keys_of(await take(second, 2)) == ["a", "b"]
    await close(second)


async def test_events_stay_on_their_channel(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    await exim.submit("fx", "probe:put_with_event", "other", "1", "put")
    await emit(exim, "a")
    events = exim.chaincode_events("bank", start=start)
    assert keys_of(await take(events, 1)) == ["a"]
    await close(events)


async def test_blocks_are_chained_and_tell_the_fate_of_every_transaction(exim: Ledger) -> None:
    waiting = await endorsed(exim, "bank", "state:add", "n", 1)
    valid = (await exim.submit("bank", "state:add", "n", 1)).transaction_id
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    info = await exim.channel_info("bank")
    events = exim.block_events("bank", start=0)
    blocks = await take(events, info.height)
    assert [block.number for block in blocks] == list(range(info.height))
    assert all(after.previous_hash == before.hash for before, after in pairwise(blocks))
    assert blocks[-1].hash == info.last_hash
    fates = {each.transaction_id: each for block in blocks for each in block.transactions}
    assert fates[valid].code == "VALID"
    assert fates[valid].creator_msp == "EximbankMSP"
    assert fates[waiting.transaction_id].code == "MVCC_READ_CONFLICT"
    await close(events)


async def test_block_events_resume_from_a_checkpoint_and_go_on_live(exim: Ledger) -> None:
    await emit(exim, "a", "b")
    events = exim.block_events("bank", start=0)
    first = (await take(events, 1))[0]
    await close(events)
    rest = exim.block_events("bank", after=first.checkpoint)
    assert [block.number for block in await take(rest, 2)] == [1, 2]
    live = asyncio.create_task(take(rest, 1))
    await emit(exim, "c")
    assert (await live)[0].number == 3
    await close(rest)


async def test_another_organisations_peer_says_how_far_it_is(exim: Ledger) -> None:
    commit = await exim.submit("bank", "state:add", "n", 1)
    own = await exim.channel_info("bank", organization=exim.msp_id)
    assert own.height > commit.block_number
    async with asyncio.timeout(30):
        while (await exim.channel_info("bank", organization="SafeMSP")).height < own.height:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    with pytest.raises(FabricError):
        await exim.channel_info("bank", organization="CustomsMSP")
