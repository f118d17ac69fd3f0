"""Mutual TLS on real Fabric: nodes let nobody in who shows no certificate of a member's TLS authority."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest
from tests.conformance.hfc import hfc_environment
from tests.conformance.listening import close, take
from tests.fabric.gateway.chaincode import CHAINCODE
from tests.fabric.gateway.listeners import BLOCK_KINDS, listen, transactions
from tests.fabric.gateway.network import ANY, TWO, ScenarioNetwork, running_scenarios, scenario_consortium

from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.gateway import BlocksRequest, Endpoint, GatewayLedger
from hlf_client.hfc import Environment, HfcLedger
from hlf_client.identity import CertificateAuthority, Subject, generate_key, private_key_pem
from hlf_network.consortium import Tls
from hlf_network.testing import missing_for

pytestmark = pytest.mark.fabric

NAME = "exim-mutual-tls"
Change = Callable[[Endpoint], Endpoint]


@pytest.fixture(scope="module")
def mutual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScenarioNetwork]:
    """The scenarios' network whose nodes demand client certificates, as `up` makes it from the file's one setting."""
    consortium = scenario_consortium(NAME, tls=Tls(client_auth="required"))
    if reason := missing_for(consortium):
        pytest.skip(reason)
    with running_scenarios(consortium, tmp_path_factory.mktemp("mutual")) as mutual:
        yield mutual


@pytest.fixture
async def org1(mutual: ScenarioNetwork) -> AsyncIterator[GatewayLedger]:
    """Organisation 1's user by the profile that `up` has written."""
    async with mutual.connect("org1") as ledger:
        yield ledger


def with_none(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, certificate=None, key=None)


def with_a_strangers(endpoint: Endpoint) -> Endpoint:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("tlsca", "Stranger"))
    certificate = authority.issue_tls(Subject("client", "Stranger"), key.public_key())
    return replace(endpoint, certificate=certificate, key=private_key_pem(key))


@pytest.fixture(params=[with_none, with_a_strangers])
async def turned_away(mutual: ScenarioNetwork, request: pytest.FixtureRequest) -> AsyncIterator[GatewayLedger]:
    """Organisation 1's user with no TLS certificate, or with another authority's."""
    change: Change = request.param
    endpoints = [change(endpoint) for endpoint in mutual.profile("org1").endpoints()]
    async with GatewayLedger(endpoints, mutual.identity("org1"), chaincode=CHAINCODE) as ledger:
        yield ledger


def test_the_network_is_whole_and_another_up_finds_nothing_to_do(mutual: ScenarioNetwork) -> None:
    assert mutual.network.status().is_healthy
    assert mutual.network.up().changes == ()


async def test_questions_and_transactions_pass(org1: GatewayLedger) -> None:
    assert await org1.evaluate(ANY, "public:echo", "hello") == b'"hello"'
    commit = await org1.submit(TWO, "public:put", "over", "mutual TLS")  # which another member's peer endorses, too
    assert commit.result == b'"mutual TLS"'
    assert await org1.evaluate(TWO, "public:get", ["over"]) == b'["mutual TLS"]'


async def test_contract_events_pass(org1: GatewayLedger) -> None:
    commit = await org1.submit(ANY, "public:emit", "told", "over mutual TLS")
    events = org1.chaincode_events(ANY, start=commit.block_number)
    (event,) = await take(events, 1)
    assert (event.transaction_id, event.name) == (commit.transaction_id, "told")
    await close(events)


@pytest.mark.parametrize("kind", BLOCK_KINDS)
async def test_blocks_pass_by_requests_that_name_the_connections_certificate(org1: GatewayLedger, kind: str) -> None:
    commit = await org1.submit(ANY, "public:put", "block", kind)
    events = listen(org1, kind, start=commit.block_number)
    (event,) = await take(events, 1)
    assert transactions(event) == [commit.transaction_id]
    await close(events)


async def test_a_request_for_blocks_is_good_on_no_connection_but_its_own(mutual: ScenarioNetwork) -> None:
    """So it is of no use to whoever has copied it."""
    owner, who = mutual.network.consortium.organization("org1"), mutual.identity("org1")
    own = mutual.profile("org1").endpoints()[0]
    tls = mutual.network.layout.user(owner, "admin") / "tls"
    another = replace(own, certificate=(tls / "client.crt").read_bytes(), key=(tls / "client.key").read_bytes())
    async with (
        GatewayLedger([own], who, chaincode="exim") as ledger,
        GatewayLedger([another], who, chaincode="exim") as elsewhere,
    ):
        request = ledger.offline.block_events_request(ANY, start=0)
        signed = BlocksRequest.from_content(request.content, signature=await ledger.sign(request.digest))
        blocks = ledger.offline.block_events(signed)
        assert (await take(blocks, 1))[0].number == 0
        await close(blocks)
        with pytest.raises(InvalidDocument, match="400"):
            await take(elsewhere.offline.block_events(signed), 1)


async def test_who_shows_no_certificate_that_is_known_is_told_what_to_do(turned_away: GatewayLedger) -> None:
    for refused in (
        turned_away.evaluate(ANY, "public:echo", "hello"),
        turned_away.submit(ANY, "public:put", "no", "way"),
        take(turned_away.chaincode_events(ANY, start=0), 1),
        take(turned_away.block_events(ANY, start=0), 1),
    ):
        with pytest.raises(NotAuthorized, match=r"client\.tlsCerts\.client"):
            await refused


@pytest.fixture(scope="module")
def environment(request: pytest.FixtureRequest) -> Environment:
    return hfc_environment(request.config)


async def test_hfc_passes_too(mutual: ScenarioNetwork, environment: Environment) -> None:
    profile = mutual.profile("org1")
    async with HfcLedger(profile, mutual.identity("org1"), chaincode=CHAINCODE, environment=environment) as ledger:
        commit = await ledger.submit(TWO, "public:emit", "told", "through hfc")
        assert commit.result == b'"through hfc"'
        (event,) = await take(ledger.chaincode_events(TWO, start=commit.block_number), 1)
        assert event.transaction_id == commit.transaction_id


async def test_hfc_without_a_certificate_is_turned_away(mutual: ScenarioNetwork, environment: Environment) -> None:
    profile = mutual.profile("org1")
    without = replace(profile, client=replace(profile.client, tls=type(profile.client.tls)()))
    async with HfcLedger(without, mutual.identity("org1"), chaincode=CHAINCODE, environment=environment) as ledger:
        with pytest.raises(NotAuthorized, match=r"client\.tlsCerts\.client"):
            await ledger.evaluate(ANY, "public:echo", "hello")
