"""A chaincode asks a chaincode on another channel: it reads with the caller's identity and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest
from tests.conformance.providers import ConformanceNetwork, Connect

from hlf_client import Ledger
from hlf_client.errors import FabricError
from hlf_client.identity import certificate_hash

Call: TypeAlias = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def call(ledger_network: ConformanceNetwork) -> Call:
    """Ask the probe on one channel to ask itself on another: status, message and payload of the answer."""

    async def ask(ledger: Ledger, channel: str, target: str, *parts: str) -> tuple[int, str, str]:
        answer = await ledger.evaluate(channel, "probe:ask", ledger_network.chaincode, target, list(parts))
        status, message, payload = json.loads(answer)
        return status, message, payload

    return ask


async def test_it_reads_the_other_channels_state(call: Call, exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    assert await call(exim, "fx", "bank", "state:get", "a") == (200, "", '"1"')


async def test_what_it_writes_there_is_lost(ledger_network: ConformanceNetwork, exim: Ledger) -> None:
    commit = await exim.submit("fx", "probe:ask", ledger_network.chaincode, "bank", ["state:put", "a", "1"])
    assert json.loads(commit.result)[0] == 200
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


async def test_the_callers_identity_travels(call: Call, connect: Connect) -> None:
    checker = connect("eximbank/checker")
    _, _, payload = await call(checker, "fx", "bank", "probe:creator")
    assert json.loads(payload)[:2] == ["EximbankMSP", checker.certificate_hash]
    assert certificate_hash(checker.certificate) == checker.certificate_hash


async def test_private_data_is_read_as_the_peer_and_the_caller_may(call: Call, exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient={"value": b"secret"})
    assert (await call(exim, "fx", "bank", "private:get", "exim-safe", "a"))[2] == '"secret"'
    assert (await call(trade, "fx", "bank", "private:get", "exim-safe", "a"))[0] == 403


async def test_an_error_there_is_a_response_here(call: Call, exim: Ledger) -> None:
    status, message, _ = await call(exim, "fx", "bank", "probe:fail", '"Refused"', "no")
    assert status == 422
    assert json.loads(message)["message"] == "no"


async def test_who_has_no_access_there_gets_an_error(call: Call, connect: Connect) -> None:
    with pytest.raises(FabricError):
        await call(connect("customs"), "customs", "bank", "state:get", "a")


async def test_an_unknown_channel_or_chaincode_is_an_error(call: Call, exim: Ledger) -> None:
    with pytest.raises(FabricError):
        await call(exim, "bank", "nowhere", "state:get", "a")
    with pytest.raises(FabricError):
        await exim.evaluate("bank", "probe:ask", "nothing", "fx", ["state:get", "a"])


@pytest.mark.parametrize("target", ["bank", ""])
async def test_it_cannot_call_itself_on_its_own_channel(call: Call, exim: Ledger, target: str) -> None:
    with pytest.raises(FabricError):
        await call(exim, "bank", target, "state:get", "a")


async def test_nor_reach_itself_back_through_another_channel(
    call: Call, ledger_network: ConformanceNetwork, exim: Ledger
) -> None:
    nested = json.dumps(["state:get", "a"])
    name = ledger_network.chaincode
    status, message, _ = await call(exim, "bank", "fx", "probe:ask", name, "bank", nested)
    assert status >= 400
    assert message
