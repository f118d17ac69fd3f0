"""Endorsement policies: the chaincode's, a key's own, and who is asked when nobody is named."""

from __future__ import annotations

import json

import pytest
from tests.conformance.providers import ConformanceNetwork
from tests.conformance.stages import endorsed, fate, ordered, words

from hlf_client import Ledger
from hlf_client.errors import CommitFailed, EndorsementFailed, FabricError

SAFE_AND_EXIM = "AND('SafeMSP.peer', 'EximbankMSP.peer')"


async def get(ledger: Ledger, key: str) -> object:
    return json.loads(await ledger.evaluate("bank", "state:get", key))


@pytest.mark.parametrize("organizations", [["EximbankMSP"], ["TradebankMSP"], ["SafeMSP"], ["EximbankMSP", "SafeMSP"]])
async def test_any_member_may_endorse_where_the_policy_says_so(exim: Ledger, organizations: list[str]) -> None:
    commit = await exim.submit("bank", "state:put", "a", "1", endorsing_organizations=organizations)
    assert commit.block_number > 0


@pytest.mark.parametrize("organization", ["EximbankMSP", "TradebankMSP"])
async def test_a_query_may_be_asked_of_another_members_peer(exim: Ledger, organization: str) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    answer = await exim.evaluate("bank", "state:get", "a", endorsing_organizations=[organization])
    assert json.loads(answer) == "1"


async def test_the_needed_organisations_are_found(exim: Ledger) -> None:
    commit = await exim.submit("fx", "state:put", "a", "1")
    assert json.loads(commit.result) == "1"


async def test_too_few_endorsements_are_invalid(exim: Ledger) -> None:
    with pytest.raises(CommitFailed) as failure:
        await exim.submit("fx", "state:put", "a", "1", endorsing_organizations=["EximbankMSP"])
    assert failure.value.code == "ENDORSEMENT_POLICY_FAILURE"
    assert json.loads(await exim.evaluate("fx", "state:get", "a")) is None


async def test_an_organisation_outside_the_channel_cannot_endorse(exim: Ledger) -> None:
    with pytest.raises(FabricError):
        await exim.submit("fx", "state:put", "a", "1", endorsing_organizations=["CustomsMSP"])


async def test_a_creator_whose_peer_may_not_endorse_still_may_submit(safe: Ledger, exim: Ledger) -> None:
    await exim.submit("customs", "state:put", "a", "1")
    assert json.loads(await safe.evaluate("customs", "state:get", "a")) == "1"


async def test_a_keys_own_policy_replaces_the_chaincodes(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    await exim.submit("bank", "probe:guard", "a", SAFE_AND_EXIM)
    assert json.loads(await trade.evaluate("bank", "probe:policy", "a")) == SAFE_AND_EXIM
    for organizations in (["TradebankMSP"], ["SafeMSP"], ["TradebankMSP", "SafeMSP"]):
        code = await fate(trade, "bank", "state:put", "a", "2", endorsing_organizations=organizations)
        assert code == "ENDORSEMENT_POLICY_FAILURE"
    assert await get(trade, "a") == "1"
    assert await fate(trade, "bank", "state:put", "a", "2") == "VALID"
    assert await get(trade, "a") == "2"


async def test_a_guarded_keys_policy_is_changed_only_under_itself(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    await exim.submit("bank", "probe:guard", "a", SAFE_AND_EXIM)
    takeover = ("bank", "probe:guard", "a", "AND('TradebankMSP.peer')")
    assert await fate(trade, *takeover, endorsing_organizations=["TradebankMSP"]) == "ENDORSEMENT_POLICY_FAILURE"
    assert await fate(exim, *takeover) == "VALID"
    assert await fate(exim, "bank", "state:put", "a", "2", endorsing_organizations=["EximbankMSP"]) == (
        "ENDORSEMENT_POLICY_FAILURE"
    )
    assert await fate(exim, "bank", "state:delete", "a", endorsing_organizations=["TradebankMSP"]) == "VALID"


async def test_the_policy_holds_against_a_transaction_endorsed_before_it(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    waiting = await endorsed(trade, "bank", "state:put", "a", "2", endorsing_organizations=["TradebankMSP"])
    await exim.submit("bank", "probe:guard", "a", SAFE_AND_EXIM)
    assert await ordered(trade, waiting) == "ENDORSEMENT_POLICY_FAILURE"


async def test_other_keys_keep_the_chaincodes_policy(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    await exim.submit("bank", "probe:guard", "a", SAFE_AND_EXIM)
    assert await fate(trade, "bank", "state:put", "b", "1", endorsing_organizations=["TradebankMSP"]) == "VALID"


async def test_a_deleted_key_loses_its_policy(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    await exim.submit("bank", "probe:guard", "a", SAFE_AND_EXIM)
    await exim.submit("bank", "state:delete", "a")
    assert json.loads(await trade.evaluate("bank", "probe:policy", "a")) is None
    assert await fate(trade, "bank", "state:put", "a", "2", endorsing_organizations=["TradebankMSP"]) == "VALID"


async def test_a_policy_for_a_key_that_does_not_exist_is_lost(exim: Ledger) -> None:
    assert await fate(exim, "bank", "probe:guard", "nothing", SAFE_AND_EXIM) == "VALID"
    assert json.loads(await exim.evaluate("bank", "probe:policy", "nothing")) is None


async def test_reading_a_policy_conflicts_with_changing_it(exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    waiting = await endorsed(exim, "bank", "state:touch", "a", "target")
    await exim.submit("bank", "probe:guard", "a", SAFE_AND_EXIM)
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"


async def test_endorsers_that_disagree_are_found_out(ledger_network: ConformanceNetwork, exim: Ledger) -> None:
    if not ledger_network.compares_endorsements:
        pytest.skip("this ledger runs a transaction once for all endorsers")
    with pytest.raises(EndorsementFailed) as failure:
        await exim.submit("fx", "probe:random", "a")
    assert "do not match" in words(failure.value)
    with pytest.raises(EndorsementFailed):
        await exim.submit("bank", "probe:random", "a", endorsing_organizations=["EximbankMSP", "SafeMSP"])
