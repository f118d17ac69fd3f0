"""Errors reach the caller with their type, and nothing is changed by what failed."""

from __future__ import annotations

import json

import pytest
from tests.conformance.probe import FAILURES
from tests.conformance.providers import Connect

from hlf_client import Ledger
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized, NotFound


@pytest.mark.parametrize("kind", sorted(FAILURES))
@pytest.mark.parametrize("call", ["evaluate", "submit"])
async def test_a_contracts_error_keeps_its_type_words_and_details(exim: Ledger, kind: str, call: str) -> None:
    method = exim.evaluate if call == "evaluate" else exim.submit
    with pytest.raises(FabricError) as failure:
        await method("bank", "probe:fail", json.dumps(kind), "拒绝 because")
    assert type(failure.value) is FAILURES[kind]
    assert failure.value.message == "拒绝 because"
    assert failure.value.details["hint"] == "of the probe"
    assert json.loads(await exim.evaluate("bank", "state:get", "failed")) is None


@pytest.mark.parametrize("call", ["evaluate", "submit"])
async def test_a_bug_in_a_contract_is_an_error_without_its_contents(exim: Ledger, call: str) -> None:
    method = exim.evaluate if call == "evaluate" else exim.submit
    with pytest.raises(FabricError) as failure:
        await method("bank", "probe:crash")
    assert "secret" not in str(failure.value)


async def test_wrong_arguments_name_the_field(exim: Ledger) -> None:
    with pytest.raises(InvalidDocument) as failure:
        await exim.submit("bank", "state:add", "a", "not a number")
    assert failure.value.field.startswith("amount")
    with pytest.raises(InvalidDocument):
        await exim.evaluate("bank", "state:get")
    with pytest.raises(InvalidDocument):
        await exim.evaluate("bank", "state:nothing")


async def test_a_float_is_no_argument(exim: Ledger) -> None:
    with pytest.raises(TypeError):
        await exim.submit("bank", "state:put", "a", 1.5)


async def test_unknown_channels_are_refused(exim: Ledger) -> None:
    with pytest.raises(NotFound):
        await exim.evaluate("nowhere", "state:get", "a")
    with pytest.raises(NotFound):
        await exim.submit("nowhere", "state:put", "a", "1")


async def test_channels_are_those_of_the_members_organisation(connect: Connect) -> None:
    assert connect("eximbank").channels == ("bank", "customs", "fx")
    assert connect("customs").channels == ("customs",)


async def test_a_stranger_to_a_channel_neither_reads_nor_writes_nor_listens(connect: Connect) -> None:
    """Fabric does not tell a stranger from one who asks for a channel that nobody has: its own peer knows neither."""
    customs, refused = connect("customs"), (NotAuthorized, NotFound)
    with pytest.raises(refused):
        await customs.evaluate("bank", "state:get", "a")
    with pytest.raises(refused):
        await customs.submit("bank", "state:put", "a", "1")
    with pytest.raises(refused):
        await customs.channel_info("bank")
    with pytest.raises(refused):
        await anext(customs.chaincode_events("bank", start=0))
    with pytest.raises(refused):
        await anext(customs.block_events("bank", start=0))


async def test_a_contract_learns_who_calls(connect: Connect) -> None:
    checker = connect("eximbank/checker")
    answer = json.loads(await checker.evaluate("bank", "probe:creator"))
    assert answer[:2] == [checker.msp_id, checker.certificate_hash]
    assert checker.certificate_hash != connect("eximbank").certificate_hash


async def test_transient_values_arrive_and_stay_out_of_the_result(exim: Ledger) -> None:
    answer = await exim.evaluate("bank", "probe:transient", transient={"b": b"2", "a": "汉".encode()})
    assert json.loads(answer) == {"a": "汉", "b": "2"}
