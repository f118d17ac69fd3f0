"""How transactions become blocks: together when many come at once, alone when one does, none spoiled by another."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.conformance.stages import endorsed, ordered
from tests.hlf_client.embedded.probing import Opener, as_member

from eximledger.testing import LedgerNetwork, ManualClock
from hlf_client.embedded import verify_file
from hlf_client.embedded.committing import committer
from hlf_client.embedded.committing.validation import Ordered, Validator
from hlf_client.errors import LedgerUnavailable


async def test_many_concurrent_submits_share_blocks(network: LedgerNetwork) -> None:
    ledger = as_member(network)
    commits = await asyncio.gather(*(ledger.submit("bank", "state:put", f"k{n}", "1") for n in range(200)))
    assert len({commit.block_number for commit in commits}) < 40
    assert verify_file(network.path).is_good


async def test_channels_of_one_batch_have_a_block_each(network: LedgerNetwork) -> None:
    ledger = as_member(network)
    commits = await asyncio.gather(
        *(ledger.submit(channel, "state:put", "k", "1") for channel in ("bank", "fx", "customs"))
    )
    assert [commit.block_number for commit in commits] == [1, 1, 1]


async def test_no_more_wait_than_the_queue_holds(network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "MAX_WAITING", 5)
    ledger = as_member(network)
    results = await asyncio.gather(
        *(ledger.submit("bank", "state:put", f"k{n}", "1") for n in range(20)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert refused
    assert all(isinstance(each, LedgerUnavailable) for each in refused)
    stored = json.loads(await ledger.evaluate("bank", "state:range", "k", "l"))
    assert len(stored) == 20 - len(refused)


async def test_one_that_breaks_the_writer_spoils_no_other(
    network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = as_member(network)
    check = Validator.check

    def breaking(self: Validator, item: Ordered, *rest: object) -> object:
        if b"poison" in item.content:
            raise RuntimeError("a bug in validation")
        return check(self, item, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Validator, "check", breaking)
    results = await asyncio.gather(
        *(ledger.submit("bank", "state:put", f"k{n}", "poison" if n == 3 else "1") for n in range(8)),
        return_exceptions=True,
    )
    assert [isinstance(result, RuntimeError) for result in results] == [n == 3 for n in range(8)]
    assert verify_file(network.path).is_good


async def test_a_submit_that_is_cancelled_harms_no_other(network: LedgerNetwork) -> None:
    ledger = as_member(network)
    tasks = [asyncio.create_task(ledger.submit("bank", "state:put", f"k{n}", "1")) for n in range(10)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(not isinstance(result, BaseException) for result in results[1::2])
    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert verify_file(network.path).is_good


async def test_large_calls_leave_the_event_loop_free(network: LedgerNetwork) -> None:
    ledger = as_member(network)
    values = {f"k{number:05}": "x" * 400 for number in range(3000)}
    large = asyncio.create_task(ledger.submit("bank", "state:put_many", values))
    turns = 0
    while not large.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    assert len(json.loads(await ledger.evaluate("bank", "state:range", "k", "l"))) == 3000


async def test_a_purged_value_is_in_the_file_no_more(network: LedgerNetwork) -> None:
    ledger = as_member(network)
    secret = b"a value that must be forgotten"
    await ledger.submit("bank", "private:put", "exim-safe", "k", transient={"value": secret + b" first"})
    await ledger.submit("bank", "private:put", "exim-safe", "k", transient={"value": secret + b" again"})
    assert any(secret in data for data in bytes_of(network.path))
    await ledger.submit("bank", "private:purge", "exim-safe", "k")
    await network.finish()
    assert not any(secret in data for data in bytes_of(network.path))


def bytes_of(path: Path) -> list[bytes]:
    return [file.read_bytes() for file in path.parent.glob(path.name + "*") if file.is_file()]


async def test_private_values_wait_across_openings(opener: Opener, tmp_path: Path) -> None:
    first = opener(tmp_path / "exim.db")
    prepared = await endorsed(as_member(first), "bank", "private:put", "exim-safe", "k", transient={"value": b"secret"})
    await first.finish()
    first.close()
    second = as_member(opener(tmp_path / "exim.db"))
    assert await ordered(second, prepared) == "VALID"
    assert json.loads(await second.evaluate("bank", "private:get", "exim-safe", "k")) == "secret"


async def test_the_contracts_clock_is_the_proposals(opener: Opener, tmp_path: Path) -> None:
    clock = ManualClock()
    ledger = as_member(opener(tmp_path / "exim.db", clock=clock))
    await ledger.submit("bank", "state:put", "k", "1")
    blocks = ledger.block_events("bank", start=1)
    assert (await anext(blocks)).transactions[0].timestamp == clock.now


async def test_strict_mode_refuses_a_contract_that_is_not_deterministic(opener: Opener, tmp_path: Path) -> None:
    from hlf_client.errors import EndorsementFailed

    strict, loose = opener(tmp_path / "strict.db", strict=True), opener(tmp_path / "loose.db")
    with pytest.raises(EndorsementFailed, match="not deterministic") as failure:
        await as_member(strict).submit("bank", "probe:random", "k")
    assert failure.value.peers[0].msp_id == "EximbankMSP"
    await as_member(loose).submit("bank", "probe:random", "k")
