"""Key-level endorsement: a key's own policy in place of the chaincode's. Conformance has more of it."""

from __future__ import annotations

import json

import pytest
from tests.fabric.gateway.network import ANY

from hlf_client.errors import CommitFailed
from hlf_client.gateway import GatewayLedger

pytestmark = pytest.mark.fabric


async def guarded(ledger: GatewayLedger, key: str, policy: str) -> None:
    await ledger.submit(ANY, "public:put", key, "first")
    await ledger.submit(ANY, "public:guard", key, policy)


async def refused(ledger: GatewayLedger, key: str, *endorsers: str) -> bool:
    """Whether a change with these endorsements is in a block and changes nothing."""
    with pytest.raises(CommitFailed) as failure:
        await ledger.submit(ANY, "public:put", key, "forged", endorsing_organizations=endorsers)
    assert failure.value.code == "ENDORSEMENT_POLICY_FAILURE"
    return bool(json.loads(await ledger.evaluate(ANY, "public:get", [key])) == ["first"])


async def changed(ledger: GatewayLedger, key: str, *endorsers: str) -> bool:
    await ledger.submit(ANY, "public:put", key, "second", endorsing_organizations=endorsers)
    return bool(json.loads(await ledger.evaluate(ANY, "public:get", [key])) == ["second"])


async def test_a_key_of_organisation_1_changes_with_its_peer_only(org2: GatewayLedger) -> None:
    await guarded(org2, "of-1", "AND('Org1MSP.peer')")
    assert await refused(org2, "of-1", "Org2MSP")
    assert await changed(org2, "of-1", "Org1MSP")


@pytest.mark.parametrize("policy", [("Org1MSP", "Org3MSP"), ("Org2MSP", "Org3MSP")], ids="&".join)
async def test_the_gateway_finds_both_endorsers_of_a_key_also_where_its_own_is_none(
    org1: GatewayLedger, policy: tuple[str, str]
) -> None:
    key = "-".join(policy)
    await guarded(org1, key, f"AND('{policy[0]}.peer', '{policy[1]}.peer')")
    assert await changed(org1, key)


@pytest.mark.parametrize("wrong", [("Org1MSP",), ("Org3MSP",), ("Org1MSP", "Org2MSP")], ids="&".join)
async def test_a_key_of_two_does_not_change_when_the_wrong_ones_are_named(
    org1: GatewayLedger, wrong: tuple[str, ...]
) -> None:
    key = f"not-by-{'-'.join(wrong)}"
    await guarded(org1, key, "AND('Org1MSP.peer', 'Org3MSP.peer')")
    assert await refused(org1, key, *wrong)
    assert await changed(org1, key, "Org1MSP", "Org3MSP")
