"""A chaincode calls another one on its own channel: what both read and write is one transaction."""

from __future__ import annotations

import json

import pytest
from tests.conformance.listening import close, take
from tests.conformance.providers import ConformanceNetwork
from tests.conformance.stages import endorsed, ordered

from hlf_client import Ledger
from hlf_client.errors import FabricError


@pytest.fixture
async def neighbour(ledger_network: ConformanceNetwork) -> str:
    return await ledger_network.neighbour()


async def ask(ledger: Ledger, neighbour: str, *call: str) -> tuple[int, str, str]:
    """Status, message and payload of the neighbour's answer."""
    status, message, payload = json.loads(await ledger.evaluate("bank", "probe:ask", neighbour, "", list(call)))
    return status, message, payload


async def test_what_the_other_one_writes_is_written_under_its_own_name(exim: Ledger, neighbour: str) -> None:
    commit = await exim.submit("bank", "probe:ask", neighbour, "", ["state:put", "a", "1"])
    assert json.loads(commit.result) == [200, "", '"1"']
    assert await ask(exim, neighbour, "state:get", "a") == (200, "", '"1"')
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


async def test_one_transaction_writes_under_both_names(exim: Ledger, neighbour: str) -> None:
    await exim.submit("bank", "probe:ask", neighbour, "", ["state:put", "a", "theirs"])
    commit = await exim.submit("bank", "probe:copy_from", neighbour, "bank", "a", "copied")
    assert json.loads(commit.result) == '"theirs"'
    assert json.loads(await exim.evaluate("bank", "state:get", "copied")) == '"theirs"'


async def test_what_the_other_one_has_read_is_checked_at_commit(exim: Ledger, neighbour: str) -> None:
    await exim.submit("bank", "probe:ask", neighbour, "", ["state:put", "a", "first"])
    waiting = await endorsed(exim, "bank", "probe:copy_from", neighbour, "", "a", "copied")
    await exim.submit("bank", "probe:ask", neighbour, "", ["state:put", "a", "second"])
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    assert json.loads(await exim.evaluate("bank", "state:get", "copied")) is None


async def test_a_refusal_of_the_other_one_is_an_answer(exim: Ledger, neighbour: str) -> None:
    status, message, _ = await ask(exim, neighbour, "probe:fail", '"Refused"', "no")
    assert (status, json.loads(message)["message"]) == (422, "no")


async def test_an_event_is_the_called_chaincodes_alone(exim: Ledger, neighbour: str) -> None:
    start = (await exim.channel_info("bank")).height
    await exim.submit("bank", "probe:ask", neighbour, "", ["probe:put_with_event", "a", "1", "theirs"])
    await exim.submit("bank", "probe:put_with_event", "a", "1", "ours")
    events = exim.chaincode_events("bank", start=start)
    (event,) = await take(events, 1)
    assert event.name == "ours"
    await close(events)


async def test_the_other_one_cannot_call_back(ledger_network: ConformanceNetwork, exim: Ledger, neighbour: str) -> None:
    back = json.dumps(["state:get", "a"])
    status, message, _ = await ask(exim, neighbour, "probe:ask", ledger_network.chaincode, "", back)
    assert status >= 400
    assert message


async def test_an_endless_one_is_ended_and_the_caller_told(exim: Ledger, neighbour: str) -> None:
    status, message, _ = await ask(exim, neighbour, "excess:never_ends")
    assert status == 504
    assert "computed for longer" in json.loads(message)["message"]


async def test_one_that_is_not_there_is_an_error(exim: Ledger) -> None:
    with pytest.raises(FabricError):
        await exim.evaluate("bank", "probe:ask", "nothing", "", ["state:get", "a"])
