"""Serialisability: a transaction counts only if what it read is still so when it is committed."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.conformance.providers import ConformanceNetwork
from tests.conformance.stages import endorsed, fate, ordered

from hlf_client import Ledger
from hlf_client.errors import CommitFailed, FabricError

KEYS = {f"k{number}": "x" for number in range(5)}


async def test_of_two_that_read_one_key_the_second_is_invalid(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "state:put", "n", "10")
    first = await endorsed(exim, "bank", "state:add", "n", 1)
    second = await endorsed(trade, "bank", "state:add", "n", 5)
    assert await ordered(exim, first) == "VALID"
    assert await ordered(trade, second) == "MVCC_READ_CONFLICT"
    assert json.loads(await exim.evaluate("bank", "state:get", "n")) == "11"


async def test_a_key_that_was_missing_and_now_exists_is_a_conflict(exim: Ledger) -> None:
    waiting = await endorsed(exim, "bank", "state:touch", "new", "target")
    await exim.submit("bank", "state:put", "new", "1")
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    assert json.loads(await exim.evaluate("bank", "state:get", "target")) is None


async def test_a_key_that_was_deleted_meanwhile_is_a_conflict(exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    waiting = await endorsed(exim, "bank", "state:touch", "a", "target")
    await exim.submit("bank", "state:delete", "a")
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"


async def test_a_key_written_again_with_the_same_value_is_a_conflict(exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    waiting = await endorsed(exim, "bank", "state:touch", "a", "target")
    await exim.submit("bank", "state:put", "a", "1")
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"


async def test_blind_writes_do_not_conflict(exim: Ledger) -> None:
    first = await endorsed(exim, "bank", "state:put", "a", "1")
    second = await endorsed(exim, "bank", "state:put", "a", "2")
    assert await ordered(exim, second) == "VALID"
    assert await ordered(exim, first) == "VALID"
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) == "1"


async def test_an_invalid_transaction_raises_from_submit_and_takes_a_place_in_a_block(exim: Ledger) -> None:
    waiting = await endorsed(exim, "bank", "state:add", "n", 1)
    await exim.submit("bank", "state:add", "n", 1)
    before = await exim.channel_info("bank")
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    assert (await exim.channel_info("bank")).height == before.height + 1


async def test_concurrent_submits_lose_no_update(exim: Ledger) -> None:
    results = await asyncio.gather(
        *(exim.submit("bank", "state:add", "n", 1) for _ in range(20)), return_exceptions=True
    )
    failures = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(failure, CommitFailed) and failure.is_read_conflict for failure in failures)
    assert json.loads(await exim.evaluate("bank", "state:get", "n")) == str(20 - len(failures))


@pytest.mark.parametrize(
    ("change", "arguments"),
    [("state:put", ("k2x", "inserted")), ("state:put", ("k2", "changed")), ("state:delete", ("k2",))],
    ids=["insert", "change", "delete"],
)
async def test_a_change_inside_a_range_that_was_read_is_a_phantom(
    exim: Ledger, change: str, arguments: tuple[str, ...]
) -> None:
    await exim.submit("bank", "state:put_many", KEYS)
    waiting = await endorsed(exim, "bank", "state:count_into", "k", "l", "target")
    await exim.submit("bank", change, *arguments)
    assert await ordered(exim, waiting) == "PHANTOM_READ_CONFLICT"
    assert json.loads(await exim.evaluate("bank", "state:get", "target")) is None


@pytest.mark.parametrize("key", ["j", "l", "m"])
async def test_a_change_outside_the_range_is_none(exim: Ledger, key: str) -> None:
    await exim.submit("bank", "state:put_many", KEYS)
    waiting = await endorsed(exim, "bank", "state:count_into", "k", "l", "target")
    await exim.submit("bank", "state:put", key, "1")
    assert await ordered(exim, waiting) == "VALID"


async def test_an_empty_range_that_is_filled_is_a_phantom(exim: Ledger) -> None:
    waiting = await endorsed(exim, "bank", "state:count_into", "k", "l", "target")
    await exim.submit("bank", "state:put", "k", "1")
    assert await ordered(exim, waiting) == "PHANTOM_READ_CONFLICT"


async def test_what_read_a_page_may_not_write(exim: Ledger) -> None:
    """A page is not checked again at commit."""
    await exim.submit("bank", "state:put_many", KEYS)
    with pytest.raises(FabricError, match="may not write"):
        await exim.submit("bank", "state:page_into", "k", "l", 3, "target")


async def test_an_iterator_closed_early_has_read_one_batch(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", {f"k{number:03}": "x" for number in range(300)})
    inside = await endorsed(exim, "bank", "state:first_into", "k", "l", 2, "one")
    beyond = await endorsed(exim, "bank", "state:first_into", "k", "l", 2, "two")
    assert json.loads(inside.result) == ["k000", "k001"]
    await exim.submit("bank", "state:put", "k250x", "1")
    assert await ordered(exim, beyond) == "VALID"
    await exim.submit("bank", "state:put", "k000x", "1")
    assert await ordered(exim, inside) == "PHANTOM_READ_CONFLICT"


async def test_a_range_is_not_disturbed_by_its_own_transaction(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", KEYS)
    assert await fate(exim, "bank", "state:count_into", "k", "l", "k9") == "VALID"
    assert json.loads(await exim.evaluate("bank", "state:get", "k9")) == "5"


async def test_reads_on_another_channel_are_not_checked_again(ledger_network: ConformanceNetwork, exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    waiting = await endorsed(exim, "fx", "probe:copy_from", ledger_network.chaincode, "bank", "a", "copied")
    await exim.submit("bank", "state:put", "a", "2")
    assert await ordered(exim, waiting) == "VALID"
    copied = json.loads(await exim.evaluate("fx", "state:get", "copied"))
    assert json.loads(copied) == "1"
