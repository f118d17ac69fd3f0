"""Private data: whose peers hold it, who may read and write it, and who endorses when nobody is named.

More of it stands in tests/conformance/test_private_data.py, which runs on Fabric too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from tests.fabric.gateway.network import ANY

from hlf_client import SubmittedTransaction
from hlf_client.errors import CommitFailed, EndorsementFailed, FabricError
from hlf_client.gateway import GatewayLedger

pytestmark = pytest.mark.fabric


Put = Callable[..., Awaitable[None]]


@pytest.fixture
def put(org1: GatewayLedger, org2: GatewayLedger, org3: GatewayLedger) -> Put:
    """Writes a key of collections, named endorsers last; returns when every organisation's peer knows."""

    async def written(ledger: GatewayLedger, collections: list[str], key: str, *endorsers: str) -> None:
        transient = {"value": b"secret"}
        commit = await ledger.submit(
            ANY, "private:put", collections, key, transient=transient, endorsing_organizations=endorsers
        )
        asked = SubmittedTransaction(commit.transaction_id, ANY, commit.result)
        await asyncio.gather(*(each.commit_status(asked) for each in (org1, org2, org3)))

    return written


async def get(ledger: GatewayLedger, collection: str, key: str, *, at: str = "") -> object:
    answer = await ledger.evaluate(ANY, "private:get", collection, key, endorsing_organizations=[at] if at else None)
    return json.loads(answer)


async def test_an_organisation_writes_its_own_collection_and_reads_it_back(put: Put, org1: GatewayLedger) -> None:
    await put(org1, ["org1-only"], "own")
    assert await get(org1, "org1-only", "own") == "secret"


async def test_a_collection_cannot_be_read_through_another_organisations_peer(put: Put, org1: GatewayLedger) -> None:
    await put(org1, ["org1-only"], "elsewhere")
    with pytest.raises(
        EndorsementFailed, match="private data matching public hash version is not available"
    ) as failure:
        await get(org1, "org1-only", "elsewhere", at="Org2MSP")
    assert [peer.msp_id for peer in failure.value.peers] == ["Org2MSP"]


async def test_another_organisation_writes_into_a_collection_which_its_member_endorses_and_alone_reads(
    put: Put, org1: GatewayLedger, org2: GatewayLedger
) -> None:
    await put(org2, ["org1-inbox"], "letter", "Org1MSP")
    assert await get(org1, "org1-inbox", "letter") == "secret"
    for peer in ("Org2MSP", "Org1MSP"):
        with pytest.raises(EndorsementFailed, match="does not have read access"):
            await get(org2, "org1-inbox", "letter", at=peer)
    with pytest.raises(CommitFailed) as failure:
        await put(org2, ["org1-inbox"], "forged", "Org2MSP")
    assert failure.value.code == "ENDORSEMENT_POLICY_FAILURE"


async def test_a_shared_collection_is_read_by_its_members_only(
    put: Put, org1: GatewayLedger, org2: GatewayLedger, org3: GatewayLedger
) -> None:
    await put(org1, ["org1-org2"], "shared")
    assert await get(org1, "org1-org2", "shared") == "secret"
    assert await get(org2, "org1-org2", "shared") == "secret"
    with pytest.raises(EndorsementFailed, match="does not have read access"):
        await get(org3, "org1-org2", "shared")


async def test_a_shared_collection_is_not_written_by_whom_its_policy_leaves_out(
    put: Put, org2: GatewayLedger, org3: GatewayLedger
) -> None:
    with pytest.raises(CommitFailed) as failure:
        await put(org2, ["org1-org2"], "alone", "Org2MSP")
    assert failure.value.code == "ENDORSEMENT_POLICY_FAILURE"
    with pytest.raises(FabricError, match="does not have write access"):
        await put(org3, ["org1-org2"], "stranger")
    assert await get(org2, "org1-org2", "alone") is None


async def test_the_gateway_finds_who_must_endorse_a_collection(put: Put, org2: GatewayLedger) -> None:
    await put(org2, ["org1-org2"], "found")
    assert await get(org2, "org1-org2", "found") == "secret"


async def test_two_collections_at_once_fail_without_named_endorsers_and_the_error_says_what_to_do(
    put: Put, org1: GatewayLedger, org3: GatewayLedger
) -> None:
    both = ["org1-inbox", "org3-only"]
    with pytest.raises(EndorsementFailed, match="specifying trusted endorsing organizations") as failure:
        await put(org3, both, "both")
    assert all(collection in failure.value.message for collection in both)
    await put(org3, both, "both", "Org1MSP", "Org3MSP")
    assert await get(org1, "org1-inbox", "both") == await get(org3, "org3-only", "both") == "secret"
