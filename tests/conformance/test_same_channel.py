"""A chaincode calls another one on its own channel: what both read and write is one transaction.

The other one serves all tests, so each has keys of its own.
"""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from tests.conformance.listening import close, take
from tests.conformance.probe import NEIGHBOUR
from tests.conformance.providers import ConformanceNetwork
from tests.conformance.stages import endorsed, ordered

from hlf_client import Ledger
from hlf_client.errors import FabricError


@pytest.fixture
def key() -> str:
    return uuid4().hex


async def ask(ledger: Ledger, *call: str) -> tuple[int, str, str]:
    """Status, message and payload of the neighbour's answer."""
    status, message, payload = json.loads(await ledger.evaluate("bank", "probe:ask", NEIGHBOUR, "", list(call)))
    return status, message, payload


async def test_what_the_other_one_writes_is_written_under_its_own_name(exim: Ledger, key: str) -> None:
    commit = await exim.submit("bank", "probe:ask", NEIGHBOUR, "", ["state:put", key, "1"])
    assert json.loads(commit.result) == [200, "", '"1"']
    assert await ask(exim, "state:get", key) == (200, "", '"1"')
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


async def test_what_the_other_one_reads_is_written_here(exim: Ledger, key: str) -> None:
    await exim.submit("bank", "probe:ask", NEIGHBOUR, "", ["state:put", key, "theirs"])
    commit = await exim.submit("bank", "probe:copy_from", NEIGHBOUR, "bank", key, "copied")
    assert json.loads(commit.result) == '"theirs"'
    assert json.loads(await exim.evaluate("bank", "state:get", "copied")) == '"theirs"'


async def test_what_the_other_one_has_read_is_checked_at_commit(exim: Ledger, key: str) -> None:
    await exim.submit("bank", "probe:ask", NEIGHBOUR, "", ["state:put", key, "first"])
    waiting = await endorsed(exim, "bank", "probe:copy_from", NEIGHBOUR, "", key, "copied")
    await exim.submit("bank", "probe:ask", NEIGHBOUR, "", ["state:put", key, "second"])
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    assert json.loads(await exim.evaluate("bank", "state:get", "copied")) is None


async def test_a_refusal_of_the_other_one_is_an_answer(exim: Ledger) -> None:
    status, message, _ = await ask(exim, "probe:fail", '"Refused"', "no")
    assert (status, json.loads(message)["message"]) == (422, "no")


async def test_an_event_is_the_called_chaincodes_alone(exim: Ledger, key: str) -> None:
    start = (await exim.channel_info("bank")).height
    await exim.submit("bank", "probe:ask", NEIGHBOUR, "", ["probe:put_with_event", key, "1", "theirs"])
    await exim.submit("bank", "probe:put_with_event", "a", "1", "ours")
    events = exim.chaincode_events("bank", start=start)
    (event,) = await take(events, 1)
    assert event.name == "ours"
    await close(events)


async def test_the_other_one_cannot_call_back(ledger_network: ConformanceNetwork, exim: Ledger) -> None:
    back = json.dumps(["state:get", "a"])
    status, message, _ = await ask(exim, "probe:ask", ledger_network.chaincode, "", back)
    assert status >= 400
    assert message


async def test_an_endless_one_is_ended_and_the_caller_told(exim: Ledger) -> None:
    status, message, _ = await ask(exim, "excess:never_ends")
    assert status == 504
    assert "computed for longer" in json.loads(message)["message"]


async def test_one_that_is_not_there_is_an_error(exim: Ledger) -> None:
    with pytest.raises(FabricError):
        await exim.evaluate("bank", "probe:ask", "nothing", "", ["state:get", "a"])
