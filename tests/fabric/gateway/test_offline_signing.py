"""Offline signing: the connecting process has no key; signatures are made elsewhere from what is to be signed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

import pytest
from tests.conformance.listening import close, take
from tests.fabric.gateway.listeners import KINDS, Event, number, transactions
from tests.fabric.gateway.network import ANY, ScenarioNetwork

from hlf_client.errors import FabricError, NotAuthorized
from hlf_client.gateway import (
    BlocksRequest,
    CommitQuery,
    EventsRequest,
    GatewayLedger,
    prepared_from,
    proposal_from,
)
from hlf_client.identity import Identity, sign_digest

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]


class NoKey:
    """The signer of a process that has none."""

    async def sign(self, digest: bytes) -> bytes:
        raise NotAuthorized("the key is elsewhere")


@pytest.fixture
def elsewhere(scenarios: ScenarioNetwork) -> Identity:
    """Where the key is."""
    return scenarios.identity("org1")


@pytest.fixture
def keyless(connect: Connect, elsewhere: Identity) -> GatewayLedger:
    """A connection in the same user's name, without the key."""
    return connect("org1", identity=Identity(elsewhere.msp_id, elsewhere.certificate, NoKey()))


async def test_evaluate_without_a_signature_fails(keyless: GatewayLedger) -> None:
    with pytest.raises(NotAuthorized, match="the key is elsewhere"):
        await keyless.evaluate(ANY, "public:echo", "a")
    with pytest.raises(FabricError, match="empty signature bytes"):
        await keyless.evaluate_proposal(keyless.propose(ANY, "public:echo", "a"))


async def test_evaluate_with_a_signature_made_elsewhere_from_the_digest_succeeds(
    keyless: GatewayLedger, elsewhere: Identity
) -> None:
    proposal = keyless.propose(ANY, "public:echo", "a")
    signature = await sign_digest(elsewhere.signer, proposal.digest)
    assert json.loads(await keyless.evaluate_proposal(proposal.signed(signature))) == "a"


async def test_submit_without_a_signature_fails_at_each_stage(keyless: GatewayLedger, elsewhere: Identity) -> None:
    proposal = keyless.propose(ANY, "public:put", "unsigned", "1")
    with pytest.raises(FabricError):
        await keyless.endorse(proposal)
    prepared = await keyless.endorse(proposal.signed(await sign_digest(elsewhere.signer, proposal.digest)))
    with pytest.raises(FabricError):
        await keyless.order(prepared)
    submitted = await keyless.order(prepared.signed(await sign_digest(elsewhere.signer, prepared.digest)))
    with pytest.raises(FabricError):
        await keyless.query_commit(keyless.commit_query(submitted))


async def test_submit_with_proposal_transaction_and_commit_signed_elsewhere_succeeds(
    keyless: GatewayLedger, elsewhere: Identity
) -> None:
    """Each stage travels as bytes, and is rebuilt from them with the signature."""
    drawn = keyless.propose(ANY, "public:put", "signed-elsewhere", "1")
    signature = await sign_digest(elsewhere.signer, drawn.digest)
    endorsed = await keyless.endorse(proposal_from(drawn.content, signature=signature))
    signature = await sign_digest(elsewhere.signer, endorsed.digest)
    asked = keyless.commit_query(await keyless.order(prepared_from(endorsed.content, signature=signature)))
    signature = await sign_digest(elsewhere.signer, asked.digest)
    status = await keyless.query_commit(CommitQuery.from_content(asked.content, signature=signature))
    assert (status.code, status.transaction_id) == ("VALID", drawn.transaction_id)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stream_is_opened_by_a_request_that_was_signed_elsewhere(
    keyless: GatewayLedger, elsewhere: Identity, org2: GatewayLedger, kind: str
) -> None:
    commit = await org2.submit(ANY, "public:emit", "told", "1")
    listening, start = keyless.offline, commit.block_number
    events: AsyncIterator[Event]
    if kind == "chaincode_events":
        asked = listening.chaincode_events_request(ANY, start=start)
        signature = await sign_digest(elsewhere.signer, asked.digest)
        events = listening.chaincode_events(EventsRequest.from_content(asked.content, signature=signature))
    else:
        wanted = listening.block_events_request(ANY, start=start)
        signature = await sign_digest(elsewhere.signer, wanted.digest)
        events = getattr(listening, kind)(BlocksRequest.from_content(wanted.content, signature=signature))
    (event,) = await take(events, 1)
    assert (number(event), transactions(event)) == (start, [commit.transaction_id])
    await close(events)
