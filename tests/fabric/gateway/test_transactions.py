"""Transactions: results, changes, transient data, and a chaincode's own words when it refuses."""

from __future__ import annotations

import json

import pytest
from tests.fabric.gateway.network import ANY

from hlf_client import SubmittedTransaction
from hlf_client.errors import EndorsementFailed
from hlf_client.gateway import GatewayLedger

pytestmark = pytest.mark.fabric


async def test_evaluate_gives_the_result(org1: GatewayLedger) -> None:
    assert json.loads(await org1.evaluate(ANY, "public:echo", "汇票 draft")) == "汇票 draft"


async def test_evaluate_changes_nothing(org1: GatewayLedger) -> None:
    assert json.loads(await org1.evaluate(ANY, "public:put", "evaluated", "1")) == "1"
    assert json.loads(await org1.evaluate(ANY, "public:get", ["evaluated"])) == [None]


async def test_submit_gives_the_result_and_changes_the_ledger(org1: GatewayLedger, org2: GatewayLedger) -> None:
    commit = await org1.submit(ANY, "public:put", "submitted", "1")
    assert json.loads(commit.result) == "1"
    assert json.loads(await org1.evaluate(ANY, "public:get", ["submitted"])) == ["1"]
    status = await org2.commit_status(SubmittedTransaction(commit.transaction_id, ANY, commit.result))
    assert (status.code, status.block_number) == ("VALID", commit.block_number)


async def test_transient_data_arrives(org1: GatewayLedger) -> None:
    transient = {"price": b"7760000", "note": "汉".encode()}
    expected = {"price": "7760000", "note": "汉"}
    assert json.loads(await org1.evaluate(ANY, "public:transient", transient=transient)) == expected
    assert json.loads((await org1.submit(ANY, "public:transient", transient=transient)).result) == expected


@pytest.mark.parametrize("call", ["evaluate", "submit"])
async def test_a_refusal_carries_the_chaincodes_message_and_the_peers_address_and_msp(
    org1: GatewayLedger, call: str
) -> None:
    method = org1.evaluate if call == "evaluate" else org1.submit
    with pytest.raises(EndorsementFailed, match="Org2MSP does not want to") as failure:
        await method(ANY, "public:put_unless_at", ["Org2MSP"], "k", "v", endorsing_organizations=["Org2MSP"])
    (peer,) = failure.value.peers
    assert (peer.address, peer.msp_id) == ("peer0.org2.internal:7051", "Org2MSP")
    assert peer.message == "chaincode response 422, Org2MSP does not want to"
