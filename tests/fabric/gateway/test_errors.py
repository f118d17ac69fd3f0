"""Errors: each with its gRPC code, its type, the transaction's id, and one detail for each peer that refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

import pytest
from tests.fabric.gateway.network import ANY, MSPS, TWO, ScenarioNetwork

from hlf_client.errors import EndorsementFailed, FabricError, NotAuthorized
from hlf_client.gateway import GatewayLedger
from hlf_client.identity import CertificateAuthority, Identity, NodeRole, PrivateKeySigner, Subject, generate_key

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]
PEERS = {msp: f"peer0.{msp.removesuffix('MSP').lower()}.internal:7051" for msp in MSPS}


@pytest.fixture
async def crashing(scenarios: ScenarioNetwork) -> AsyncIterator[str]:
    """The organisation whose server may be crashed; it runs again afterwards, and everybody knows."""
    yield "Org3MSP"
    scenarios.serve("org3")
    await scenarios.settled()


def require_details(error: FabricError, code: str, words: str, *organizations: str) -> None:
    """One detail for each organisation's peer that refused, with its words."""
    assert error.grpc_code == code
    assert len(error.transaction_id) == 64
    assert {peer.msp_id: peer.address for peer in error.peers} == {each: PEERS[each] for each in organizations}
    assert len(error.peers) == len(organizations)
    for peer in error.peers:
        assert words in peer.message


async def test_evaluate_with_wrong_arguments(org2: GatewayLedger) -> None:
    with pytest.raises(EndorsementFailed) as failure:
        await org2.evaluate(ANY, "public:put", "only a key")
    words = "chaincode response 400, put takes 2 arguments (key, value), not 1"
    require_details(failure.value, "UNKNOWN", words, "Org2MSP")


async def test_submit_to_an_unknown_chaincode(connect: Connect) -> None:
    with pytest.raises(EndorsementFailed, match="No metadata was found for chaincode nowhere") as failure:
        await connect("org1", chaincode="nowhere").submit(ANY, "public:put", "k", "v")
    require_details(failure.value, "FAILED_PRECONDITION", "")


async def test_submit_of_an_unknown_transaction_name(org2: GatewayLedger) -> None:
    with pytest.raises(EndorsementFailed) as failure:
        await org2.submit(ANY, "public:nothing")
    words = "chaincode response 400, there is no function 'public:nothing'"
    require_details(failure.value, "ABORTED", words, "Org2MSP")


async def test_a_chaincode_that_crashes_during_evaluate(org1: GatewayLedger, crashing: str) -> None:
    with pytest.raises(EndorsementFailed) as failure:
        await org1.evaluate(ANY, "public:crash_at", [crashing], endorsing_organizations=[crashing])
    require_details(failure.value, "ABORTED", "chaincode stream terminated", crashing)


async def test_a_signer_of_an_msp_that_the_channel_does_not_know(connect: Connect) -> None:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca.nobody", "Nobody"))
    certificate = authority.enrol(Subject("user", "Nobody", NodeRole.CLIENT), key.public_key())
    stranger = connect("org2", identity=Identity("NobodyMSP", certificate, PrivateKeySigner(key)))
    with pytest.raises(NotAuthorized) as failure:
        await stranger.evaluate(ANY, "public:echo", "a")
    require_details(failure.value, "FAILED_PRECONDITION", "creator org unknown", "Org2MSP")
    with pytest.raises(NotAuthorized) as failure:
        await stranger.submit(ANY, "public:put", "k", "v")
    require_details(failure.value, "ABORTED", "creator org unknown", "Org2MSP")


async def test_organisation_3_fails_to_evaluate_and_another_peer_is_used_where_allowed(
    org3: GatewayLedger, crashing: str
) -> None:
    answer = await org3.evaluate(ANY, "public:crash_at", [crashing])
    assert json.loads(answer) in {"Org1MSP", "Org2MSP"}


async def test_organisation_3_fails_to_evaluate_and_the_detail_names_it_where_no_other_may(org1: GatewayLedger) -> None:
    with pytest.raises(EndorsementFailed) as failure:
        await org1.evaluate(ANY, "public:put_unless_at", ["Org3MSP"], "k", "v", endorsing_organizations=["Org3MSP"])
    require_details(failure.value, "UNKNOWN", "chaincode response 422, Org3MSP does not want to", "Org3MSP")


async def test_organisation_3_fails_to_endorse(org1: GatewayLedger) -> None:
    """Where two others are enough nobody notices; where it is named its words come back."""
    commit = await org1.submit(TWO, "public:put_unless_at", ["Org3MSP"], "without-3", "v")
    assert json.loads(await org1.evaluate(TWO, "public:get", ["without-3"])) == ["v"]
    assert commit.block_number > 0
    with pytest.raises(EndorsementFailed) as failure:
        await org1.submit(TWO, "public:put_unless_at", ["Org3MSP"], "k", "v", endorsing_organizations=MSPS)
    require_details(failure.value, "ABORTED", "chaincode response 422, Org3MSP does not want to", "Org3MSP")


@pytest.mark.parametrize("named", [(), MSPS], ids=["found", "named"])
async def test_organisations_2_and_3_fail_to_endorse(org1: GatewayLedger, named: tuple[str, ...]) -> None:
    unwilling = ["Org2MSP", "Org3MSP"]
    with pytest.raises(EndorsementFailed) as failure:
        await org1.submit(TWO, "public:put_unless_at", unwilling, "k", "v", endorsing_organizations=named)
    require_details(failure.value, "ABORTED", "does not want to", *unwilling)


async def test_a_transaction_that_is_not_deterministic(org1: GatewayLedger) -> None:
    """The first answer counts; whoever says something else is named."""
    with pytest.raises(EndorsementFailed) as failure:
        await org1.submit(TWO, "public:put_own_name", "k", endorsing_organizations=["Org2MSP", "Org3MSP"])
    (peer,) = failure.value.peers
    assert peer.msp_id in {"Org2MSP", "Org3MSP"}
    require_details(failure.value, "ABORTED", "ProposalResponsePayloads do not match", peer.msp_id)
