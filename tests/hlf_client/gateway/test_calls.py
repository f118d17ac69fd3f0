"""Evaluate, endorse, order, commit status: what is sent, what is answered, and what is done when a peer is away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from tests.hlf_client.gateway.fake import AT_ONCE, FakePeer, Refusal, arguments_of

from hlf_chaincode.protos.common import common_pb2
from hlf_chaincode.protos.gateway import gateway_pb2
from hlf_chaincode.protos.peer import chaincode_pb2, proposal_pb2
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.protos.peer.proposal_pb2 import SignedProposal
from hlf_chaincode.shim.stream.proposal import transaction_of
from hlf_client import Commit, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.errors import (
    CommitFailed,
    Conflict,
    EndorsementFailed,
    FabricError,
    InvalidDocument,
    LedgerUnavailable,
    NotAuthorized,
    NotFound,
    PeerRefusal,
    Refused,
)
from hlf_client.gateway import CommitQuery, GatewayLedger
from hlf_client.identity import Identity, load_certificate, verify_signature
from hlf_client.wire.refusals import refusals

Start = Callable[[], Awaitable[FakePeer]]
Connect = Callable[[Sequence[FakePeer]], GatewayLedger]
CODES = grpc.StatusCode
ATTEMPTS = AT_ONCE.attempts


def assert_signed(identity: Identity, content: bytes, signature: bytes) -> None:
    key = load_certificate(identity.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert verify_signature(key, signature, hashlib.sha256(content).digest())


async def test_evaluate_asks_with_a_signed_proposal(ledger: GatewayLedger, peer: FakePeer, identity: Identity) -> None:
    answer = await ledger.evaluate("fx", "documents:get", "rate", {"b": 1, "a": 2}, transient={"paper": b"secret"})
    assert answer == b"answer"
    (request,) = peer.calls("Evaluate")
    signed = request.proposed_transaction
    assert_signed(identity, signed.proposal_bytes, signed.signature)
    proposal = proposal_pb2.Proposal.FromString(signed.proposal_bytes)
    header = common_pb2.Header.FromString(proposal.header)
    channel = common_pb2.ChannelHeader.FromString(header.channel_header)
    creator = common_pb2.SignatureHeader.FromString(header.signature_header)
    assert (channel.channel_id, request.channel_id) == ("fx", "fx")
    assert channel.tx_id == request.transaction_id == hashlib.sha256(creator.nonce + creator.creator).hexdigest()
    payload = proposal_pb2.ChaincodeProposalPayload.FromString(proposal.payload)
    assert dict(payload.TransientMap) == {"paper": b"secret"}
    call = chaincode_pb2.ChaincodeInvocationSpec.FromString(payload.input).chaincode_spec
    assert call.chaincode_id.name == "exim"
    assert list(call.input.args) == [b"documents:get", b"rate", b'{"a":2,"b":1}']


def test_a_proposal_says_the_time_that_contracts_read_in_it(ledger: GatewayLedger) -> None:
    proposal = ledger.propose("fx", "documents:get", "rate")
    message = ChaincodeMessage(proposal=SignedProposal(proposal_bytes=proposal.content))
    assert transaction_of(message).timestamp == proposal.timestamp


async def test_submit_walks_every_stage_and_gives_the_result(
    ledger: GatewayLedger, peer: FakePeer, identity: Identity
) -> None:
    commit = await ledger.submit("fx", "financing:reserve", "L-1", endorsing_organizations=["SafeMSP"])
    assert [name for name, _ in peer.requests] == ["Endorse", "Submit", "CommitStatus"]
    endorse, submit, status = (request for _, request in peer.requests)
    assert list(endorse.endorsing_organizations) == ["SafeMSP"]
    envelope = submit.prepared_transaction
    assert_signed(identity, envelope.payload, envelope.signature)
    assert_signed(identity, status.request, status.signature)
    asked = gateway_pb2.CommitStatusRequest.FromString(status.request)
    assert asked.transaction_id == endorse.transaction_id
    assert commit == Commit(endorse.transaction_id, 7, b"answer")


async def test_an_invalid_transaction_is_said_to_be_so(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.code = 11
    with pytest.raises(CommitFailed) as caught:
        await ledger.submit("fx", "financing:reserve", "L-1")
    assert (caught.value.code, caught.value.block_number) == ("MVCC_READ_CONFLICT", 7)
    assert caught.value.transaction_id == peer.calls("Endorse")[0].transaction_id
    assert caught.value.is_read_conflict


@pytest.mark.parametrize("error", [InvalidDocument, NotAuthorized, NotFound, Conflict, Refused])
@pytest.mark.parametrize("call", ["Evaluate", "Endorse"])
async def test_a_contracts_error_comes_back_as_what_it_was(
    ledger: GatewayLedger, peer: FakePeer, call: str, error: type[FabricError]
) -> None:
    message = error("no, 不行: {it} cannot", loan_id="L-1").to_message()
    said = f"chaincode response {error.status}, {message}"
    peer.refuse[call] = [Refusal(CODES.ABORTED, "failed to endorse", (("peer0:7051", "SafeMSP", said),))]
    with pytest.raises(error) as caught:
        await (ledger.evaluate if call == "Evaluate" else ledger.submit)("fx", "loans:get", "L-1")
    assert type(caught.value) is error
    assert (caught.value.message, caught.value.details) == ("no, 不行: {it} cannot", {"loan_id": "L-1"})
    assert [each.msp_id for each in caught.value.peers] == ["SafeMSP"]


async def test_another_chaincodes_refusal_keeps_every_peers_words(ledger: GatewayLedger, peer: FakePeer) -> None:
    peers = (("peer0.a:7051", "AMSP", "chaincode response 500, out of stock"), ("peer0.b:7051", "BMSP", "went away"))
    peer.refuse["Endorse"] = [Refusal(CODES.ABORTED, "failed to endorse transaction", peers)]
    with pytest.raises(EndorsementFailed, match="500: out of stock") as caught:
        await ledger.submit("fx", "buy", "1")
    assert caught.value.peers == tuple(PeerRefusal(*each) for each in peers)
    assert len(caught.value.transaction_id) == 64


@pytest.mark.parametrize(
    ("refusal", "error", "words"),
    [
        (Refusal(CODES.UNAVAILABLE, "peer is down"), LedgerUnavailable, "peer is down"),
        (Refusal(CODES.DEADLINE_EXCEEDED, "too slow"), LedgerUnavailable, "too slow"),
        (Refusal(CODES.PERMISSION_DENIED, "no access"), NotAuthorized, "no access"),
        (
            Refusal(CODES.UNAVAILABLE, "failed to connect to all addresses; Unwrap failed (TSI_DATA_CORRUPTED)"),
            NotAuthorized,
            "client.tlsCerts.client",
        ),
        (Refusal(CODES.UNAVAILABLE, "Unwrap failed (TSI_DATA_CORRUPTED)"), LedgerUnavailable, "does not answer"),
        (
            Refusal(CODES.FAILED_PRECONDITION, "failed", (("p:1", "AMSP", "access denied: channel [fx]"),)),
            NotAuthorized,
            "do not let this identity in",
        ),
        (
            Refusal(CODES.FAILED_PRECONDITION, "failed", (("p:1", "AMSP", "proposal client identity expired"),)),
            NotAuthorized,
            "do not let this identity in",
        ),
        (
            Refusal(
                CODES.FAILED_PRECONDITION,
                "failed",
                (
                    (
                        "p:1",
                        "AMSP",
                        "Failed on channel [fx] with policy [/Channel/Application/Writers]: [0 sub-policies]",
                    ),
                ),
            ),
            NotAuthorized,
            "do not let this identity in",
        ),
        (Refusal(CODES.INVALID_ARGUMENT, "a channel is needed"), InvalidDocument, "a channel is needed"),
        (Refusal(CODES.RESOURCE_EXHAUSTED, "too many requests"), LedgerUnavailable, "too much to do"),
        (
            Refusal(CODES.RESOURCE_EXHAUSTED, "message larger than max (2 vs. 1)"),
            InvalidDocument,
            "larger than the peers take",
        ),
        (Refusal(CODES.UNIMPLEMENTED, "unknown service"), LedgerUnavailable, "no gateway"),
        (
            Refusal(CODES.FAILED_PRECONDITION, "no combination of peers can be derived"),
            EndorsementFailed,
            "no combination of peers",
        ),
        (Refusal(CODES.ABORTED, "ProposalResponsePayloads do not match"), EndorsementFailed, "do not match"),
    ],
)
async def test_what_a_gateway_says_is_typed(
    ledger: GatewayLedger, peer: FakePeer, refusal: Refusal, error: type[FabricError], words: str
) -> None:
    peer.refuse["Endorse"] = [refusal] * ATTEMPTS
    with pytest.raises(error, match=words) as caught:
        await ledger.submit("fx", "f")
    (said,) = {(caught.value.grpc_code, caught.value.transaction_id, caught.value.peers)}
    assert said == (
        refusal.code.name, peer.calls("Endorse")[0].transaction_id, tuple(PeerRefusal(*each) for each in refusal.peers)
    )  # fmt: skip
    assert not peer.calls("Submit")


@pytest.mark.parametrize("method", ["Evaluate", "Endorse", "Submit", "CommitStatus"])
async def test_every_stages_error_names_transaction_status_and_each_peer(
    ledger: GatewayLedger, peer: FakePeer, method: str
) -> None:
    """Also a contract's own error, whose type says nothing of networks."""
    peers = (("a:7051", "AMSP", "chaincode response 404, gone"), ("b:7051", "BMSP", "access denied: channel [fx]"))
    message = NotFound("there is no loan", loan_id="L-1").to_message()
    for each in (peers, peers[1:], (("a:7051", "AMSP", f"chaincode response 404, {message}"),)):
        peer.requests.clear()
        peer.refuse[method] = [Refusal(CODES.FAILED_PRECONDITION, "see the details", each)]
        with pytest.raises(FabricError) as caught:
            await (ledger.evaluate if method == "Evaluate" else ledger.submit)("fx", "f")
        asked = peer.requests[0][1]
        assert caught.value.transaction_id == asked.transaction_id
        assert caught.value.grpc_code == "FAILED_PRECONDITION"
        assert caught.value.peers == tuple(PeerRefusal(*one) for one in each)


async def test_peers_that_do_not_know_the_signer_are_quoted(ledger: GatewayLedger, peer: FakePeer) -> None:
    said = "access denied: channel [fx] creator org [NobodyMSP]"
    peer.refuse["Evaluate"] = [Refusal(CODES.FAILED_PRECONDITION, "see the details", (("a:7051", "AMSP", said),))]
    with pytest.raises(NotAuthorized, match=r"creator org \[NobodyMSP\]"):
        await ledger.evaluate("fx", "f")


async def test_a_wrong_clock_is_named_and_not_tried_elsewhere(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.refuse["Endorse"] = [Refusal(CODES.UNAVAILABLE, "failed", (("p:1", "AMSP", "incorrect timestamp"),))]
    with pytest.raises(EndorsementFailed, match="clock"):
        await connect([first, second]).submit("fx", "f")
    assert not second.requests


async def test_an_orderers_refusal_of_the_signature_is_not_authorized(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.refuse["Submit"] = [Refusal(CODES.ABORTED, "no orderers could successfully process transaction",
                                     (("o:7050", "OMSP", "received unsuccessful response: FORBIDDEN"),))]  # fmt: skip
    with pytest.raises(NotAuthorized):
        await ledger.submit("fx", "f")


@pytest.mark.parametrize("method", ["Evaluate", "Endorse", "Submit", "CommitStatus"])
async def test_the_next_gateway_peer_is_asked_when_one_is_away(start: Start, connect: Connect, method: str) -> None:
    first, second = await start(), await start()
    ledger = connect([first, second])
    first.refuse[method] = [Refusal(CODES.UNAVAILABLE, "shutting down")]
    if method == "Evaluate":
        assert await ledger.evaluate("fx", "f") == b"answer"
    else:
        assert (await ledger.submit("fx", "f")).result == b"answer"
    assert [request.SerializeToString() for request in first.calls(method)] == [
        request.SerializeToString() for request in second.calls(method)
    ]
    first.requests.clear()
    await ledger.evaluate("fx", "f")
    assert not first.requests  # who answered last is asked first


async def test_a_dead_peer_is_passed_over_and_all_dead_is_said_with_the_transaction(
    start: Start, connect: Connect
) -> None:
    first, second = await start(), await start()
    ledger = connect([first, second])
    await first.stop()
    assert (await ledger.submit("fx", "f")).result == b"answer"
    await second.stop()
    with pytest.raises(LedgerUnavailable) as caught:
        await ledger.submit("fx", "f")
    assert len(caught.value.details["transaction_id"]) == 64
    assert caught.value.retryable


async def test_the_fate_of_an_envelope_is_learnt_after_the_gateway_died(start: Start, connect: Connect) -> None:
    """It took the envelope and went before it could say so: the same envelope goes to the next peer."""
    first, second = await start(), await start()
    ledger = connect([first, second])
    first.dies_in = "Submit"
    commit = await ledger.submit("fx", "f")
    (taken,), (again,) = first.calls("Submit"), second.calls("Submit")
    assert taken == again
    assert commit.transaction_id == taken.transaction_id


async def test_every_stage_is_signed_elsewhere_and_rebuilt_from_its_bytes(
    ledger: GatewayLedger, connect: Connect, peer: FakePeer, identity: Identity
) -> None:
    proposal = ledger.propose("fx", "f", "1")
    signature = await ledger.sign(proposal.digest)
    other = connect([peer])
    rebuilt = Proposal(proposal.content, proposal.transaction_id, proposal.channel, signature=signature)
    prepared = await other.endorse(rebuilt)
    signature = await ledger.sign(prepared.digest)
    sent = PreparedTransaction(prepared.content, prepared.transaction_id, "fx", prepared.result, signature)
    submitted = await other.order(sent)
    query = other.commit_query(SubmittedTransaction(submitted.transaction_id, "fx", submitted.result))
    signed = CommitQuery(query.content, query.transaction_id, query.channel, await ledger.sign(query.digest))
    assert (await other.query_commit(signed)).is_valid
    for request, of in (("Endorse", "proposed_transaction"), ("Submit", "prepared_transaction")):
        (found,) = peer.calls(request)
        part = getattr(found, of)
        assert_signed(identity, getattr(part, "proposal_bytes", None) or part.payload, part.signature)


async def test_a_call_without_a_channel_is_refused_before_it_is_sent(ledger: GatewayLedger, peer: FakePeer) -> None:
    with pytest.raises(InvalidDocument, match="channel"):
        await ledger.evaluate("", "f")
    assert not peer.requests


@dataclass(frozen=True, slots=True)
class Failed:
    """A call as it failed, with what its trailer has."""

    status: grpc.StatusCode
    text: str
    trailer: bytes

    def code(self) -> grpc.StatusCode:
        return self.status

    def details(self) -> str:
        return self.text

    def trailing_metadata(self) -> object:
        return (("other", "text"), ("grpc-status-details-bin", self.trailer))


@given(st.binary(max_size=200))
def test_details_that_are_no_details_are_left_out(junk: bytes) -> None:
    assert isinstance(refusals(Failed(CODES.ABORTED, "", junk)), tuple)


@given(
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.text(max_size=500)), max_size=5),
    st.text(max_size=300),
)
def test_details_are_read_as_they_were_written(peers: list[tuple[str, str, str]], text: str) -> None:
    try:
        details = Refusal(CODES.ABORTED, text, tuple(peers)).details()
    except (UnicodeEncodeError, ValueError):  # half a surrogate pair
        return
    assert refusals(Failed(CODES.ABORTED, text, details)) == tuple(PeerRefusal(*peer) for peer in peers)
    assert refusals(Failed(CODES.ABORTED, f"{text}.", details)) == (), "it belongs to another status"
    for cut in range(len(details)):
        assert isinstance(refusals(Failed(CODES.ABORTED, text, details[:cut])), tuple)


def test_a_contracts_message_may_hold_anything() -> None:
    assert json.loads(Refused("a, b: {c}").to_message())["message"] == "a, b: {c}"


async def test_a_peer_of_one_organisation_signs_the_block_that_it_has(ledger: GatewayLedger, peer: FakePeer) -> None:
    attested = await ledger.attested_block("bank", 0, "SafeMSP")
    (request,) = peer.calls("Endorse")
    assert list(request.endorsing_organizations) == ["SafeMSP"]
    assert arguments_of(request.proposed_transaction.proposal_bytes) == [b"GetBlockByNumber", b"bank", b"0"]
    assert b"qscc" in request.proposed_transaction.proposal_bytes
    assert request.proposed_transaction.signature
    assert (attested.channel, attested.result) == ("bank", b"answer")
