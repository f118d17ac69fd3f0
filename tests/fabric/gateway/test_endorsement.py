"""Endorsement by the organisations that are named, signed with a key in a file and with one in an HSM."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from tests.fabric.gateway.network import ANY, ScenarioNetwork
from tests.softhsm import SoftHsm

from eximledger.proof import Authorities
from hlf_client.gateway import GatewayLedger
from hlf_client.identity import Identity
from hlf_client.identity.pkcs11 import Pkcs11Signer
from hlf_client.wire.evidence import open_envelope, read_block, transaction_id_of, verify_transaction

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]


@pytest.fixture(scope="module")
def hsm_identity(scenarios: ScenarioNetwork, softhsm: SoftHsm) -> Iterator[Identity]:
    """Organisation 1's user, whose key the HSM holds."""
    owner = scenarios.network.consortium.organization("org1")
    folder = scenarios.network.layout.user(owner, "user") / "msp"
    softhsm.keep("org1-user", "51", (folder / "keystore/key.pem").read_bytes())
    with Pkcs11Signer(softhsm.library, token=softhsm.token, pin=softhsm.pin, key="org1-user") as signer:
        yield Identity(owner.msp, (folder / "signcerts/cert.pem").read_bytes(), signer)


@pytest.fixture(params=["file", "hsm"])
def user(request: pytest.FixtureRequest, connect: Connect) -> GatewayLedger:
    """Organisation 1's user with its key in either place."""
    identity: Identity | None = request.getfixturevalue("hsm_identity") if request.param == "hsm" else None
    return connect("org1", identity=identity)


@pytest.fixture(scope="module")
def authorities(scenarios: ScenarioNetwork) -> Authorities:
    """Every organisation's authority, to check whose peers have endorsed."""
    layout = scenarios.network.layout
    return Authorities.read((owner.msp, layout.msp(owner)) for owner in scenarios.network.consortium.organizations)


@pytest.mark.parametrize(
    "organizations",
    [["Org1MSP"], ["Org2MSP"], ["Org3MSP"], ["Org1MSP", "Org3MSP"]],
    ids="&".join,
)
async def test_submit_is_endorsed_by_those_who_are_named_and_by_nobody_else(
    user: GatewayLedger, authorities: Authorities, organizations: list[str], request: pytest.FixtureRequest
) -> None:
    key = request.node.name
    commit = await user.submit(ANY, "public:put_only_at", organizations, key, endorsing_organizations=organizations)
    assert json.loads(await user.evaluate(ANY, "public:get", [key])) == [" and ".join(organizations)]
    block = read_block(await user.stored_block(ANY, commit.transaction_id))
    (envelope,) = [each for each in block.data if transaction_id_of(each) == commit.transaction_id]
    assert verify_transaction(*open_envelope(envelope), authorities.trust()).endorsed_by == tuple(organizations)


@pytest.mark.parametrize("organization", ["Org1MSP", "Org2MSP"])
async def test_evaluate_asks_a_peer_of_the_organisation_that_is_named(user: GatewayLedger, organization: str) -> None:
    answer = await user.evaluate(ANY, "public:peer", endorsing_organizations=[organization])
    assert json.loads(answer) == organization
