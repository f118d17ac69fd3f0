"""Stages and requests that are signed in another process: from their bytes, and from nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hlf_client.gateway.fake import FakePeer
from tests.hlf_client.gateway.test_listening import BLOCKS, NAMES, block, take

from hlf_client import Checkpoint
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.gateway import (
    BlocksRequest,
    CommitQuery,
    EventsRequest,
    GatewayLedger,
    prepared_from,
    proposal_from,
)
from hlf_client.identity import Identity, PrivateKeySigner

Start = Callable[[], Awaitable[FakePeer]]


@pytest.fixture
async def keyless(identity: Identity, peer: FakePeer) -> AsyncIterator[GatewayLedger]:
    """A connection of somebody whose key is elsewhere."""
    async with GatewayLedger(
        [peer.endpoint], Identity(identity.msp_id, identity.certificate), chaincode="exim"
    ) as ledger:
        yield ledger


@pytest.fixture
def vault(identity: Identity) -> Callable[[bytes], bytes]:
    """The other process: it is given a content, and signs it."""
    signer = identity.signer
    assert isinstance(signer, PrivateKeySigner)
    return lambda content: signer.sign(hashlib.sha256(content).digest())


async def test_a_transaction_passes_from_process_to_process_as_bytes(
    keyless: GatewayLedger, peer: FakePeer, vault: Callable[[bytes], bytes]
) -> None:
    made = keyless.propose("fx", "f", "1", endorsing_organizations=["SafeMSP"])
    proposal = proposal_from(made.content, endorsing_organizations=["SafeMSP"], signature=vault(made.content))
    assert proposal == made.signed(proposal.signature)
    assert await keyless.evaluate_proposal(proposal) == b"answer"
    endorsed = await keyless.endorse(proposal)
    assert endorsed.endorsing_organizations == ("SafeMSP", "BankMSP")
    prepared = prepared_from(endorsed.content, signature=vault(endorsed.content))
    assert prepared == endorsed.signed(prepared.signature)
    submitted = await keyless.order(prepared)
    asked = keyless.commit_query(submitted)
    query = CommitQuery.from_content(asked.content, signature=vault(asked.content))
    assert query == asked.signed(query.signature)
    assert (await keyless.query_commit(query)).is_valid
    assert [name for name, _ in peer.requests] == ["Evaluate", "Endorse", "Submit", "CommitStatus"]


async def test_a_key_that_is_elsewhere_does_not_sign_here(keyless: GatewayLedger, peer: FakePeer) -> None:
    with pytest.raises(NotAuthorized, match="sign the stage there"):
        await keyless.evaluate("fx", "f")
    assert not peer.requests


async def test_events_are_asked_for_with_a_signature_from_elsewhere(
    keyless: GatewayLedger, peer: FakePeer, vault: Callable[[bytes], bytes]
) -> None:
    peer.events = BLOCKS
    for begin, names in (
        ({"start": 3}, NAMES),
        ({"after": Checkpoint(3, "t1")}, NAMES[1:]),
        ({"after": Checkpoint(6)}, NAMES[2:]),
    ):
        asked = keyless.offline.chaincode_events_request("fx", **begin)
        request = EventsRequest.from_content(asked.content, signature=vault(asked.content))
        assert request == asked.signed(request.signature)
        found = await take(keyless.offline.chaincode_events(request), len(names))
        assert [event.name for event in found] == names
        assert request.digest == hashlib.sha256(asked.content).digest()


async def test_blocks_of_each_kind_are_asked_for_with_one_signature_each(
    keyless: GatewayLedger, peer: FakePeer, vault: Callable[[bytes], bytes]
) -> None:
    peer.blocks = [block(number, b"\x00") for number in range(9)]
    asked = keyless.offline.block_events_request("fx", after=Checkpoint(3, "t"))
    request = BlocksRequest.from_content(asked.content, signature=vault(asked.content))
    assert request == asked.signed(request.signature)
    assert request.first == 4
    offline = keyless.offline
    assert [each.number for each in await take(offline.block_events(request), 5)] == [4, 5, 6, 7, 8]
    assert [each.number for each in await take(offline.filtered_block_events(request), 5)] == [4, 5, 6, 7, 8]
    assert [each.block.number for each in await take(offline.private_data_events(request), 5)] == [4, 5, 6, 7, 8]
    assert request.digest == hashlib.sha256(asked.content).digest()


def test_without_a_place_a_request_begins_with_the_next_block(keyless: GatewayLedger) -> None:
    events = keyless.offline.chaincode_events_request("fx")
    blocks = keyless.offline.block_events_request("fx")
    assert EventsRequest.from_content(events.content).begin is None
    assert BlocksRequest.from_content(blocks.content).first is None


async def test_a_signature_opens_one_stream_and_the_next_goes_to_another_peer(
    start: Start, identity: Identity, vault: Callable[[bytes], bytes]
) -> None:
    first, second = await start(), await start()
    first.events = second.events = BLOCKS
    first.drop_after = [2]
    async with GatewayLedger(
        [first.endpoint, second.endpoint], Identity(identity.msp_id, identity.certificate), chaincode="exim"
    ) as ledger:
        request = ledger.offline.chaincode_events_request("fx", start=3)
        stream = ledger.offline.chaincode_events(request.signed(vault(request.content)))
        heard = [await anext(stream), await anext(stream)]
        with pytest.raises(LedgerUnavailable):
            await anext(stream)
        rest = ledger.offline.chaincode_events_request("fx", after=heard[-1].checkpoint)
        heard += await take(ledger.offline.chaincode_events(rest.signed(vault(rest.content))), 4)
        assert [event.name for event in heard] == NAMES
        assert len(second.calls("ChaincodeEvents")) == 1


@given(st.binary(max_size=100))
def test_bytes_that_are_no_stage_are_refused(content: bytes) -> None:
    for rebuild in (EventsRequest.from_content, BlocksRequest.from_content, prepared_from):
        with pytest.raises(InvalidDocument, match="the content is n"):
            rebuild(content)


def test_bytes_that_cannot_be_read_are_refused() -> None:
    for rebuild in (proposal_from, CommitQuery.from_content):
        with pytest.raises(InvalidDocument, match="the content is n"):
            rebuild(b"\xff")
