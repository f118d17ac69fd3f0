"""What a proof's check believes, and that it believes nothing else."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger.proof.conftest import DECIDED_IN, NOW, Court, authorities, decided_loan
from tests.eximledger.proof.signing import Member

from eximledger.proof import ProofFile, TrustedNetwork, verify_proof
from eximledger_chaincode.lending.loan import LoanState
from hlf_chaincode.canonical import canonical_json
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized
from hlf_client.identity import NodeRole


def check(court: Court, network: TrustedNetwork | None = None) -> None:
    verify_proof(court.file.content, network or court.network)


def test_it_says_who_decided_what_and_who_vouches_for_it(court: Court) -> None:
    content = court.file.content
    proven = verify_proof(content, court.network)
    assert proven.loan == court.loan
    assert proven.decision == court.loan.decision
    assert (proven.decided_by, proven.chaincode, proven.channel) == ("EximbankMSP", "exim", "bank")
    assert proven.endorsed_by == proven.attested_by == ("EximbankMSP", "SafeMSP")
    assert proven.ordered_by == ("OrdererMSP",)
    assert proven.block_number == DECIDED_IN[0]
    assert (proven.state, proven.attested_at) == (LoanState.DISBURSED, NOW + timedelta(days=30))
    assert set(proven.vouched_for) == {"EximbankMSP", "SafeMSP"}
    assert "ca.SafeMSP" in proven.vouched_for["SafeMSP"]
    assert set(proven.vouched_for_orderers) == {"OrdererMSP"}
    assert proven.network == court.network.genesis


_DAMAGED = pytest.mark.filterwarnings("ignore::UserWarning")
"""`cryptography` warns of some certificates before it is said that they are not to be trusted."""


@_DAMAGED
@given(st.data())
@settings(max_examples=400, deadline=None)
def test_any_changed_byte_is_found(court: Court, proof: ProofFile, data: st.DataObject) -> None:
    content = proof.content
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    with pytest.raises((InvalidDocument, NotAuthorized)):
        verify_proof(bytes(changed), court.network)


@_DAMAGED
@pytest.mark.skipif(not os.environ.get("EXIM_TRUST"), reason="a minute: `make trust` runs it")
def test_no_byte_at_all_can_be_changed(court: Court, proof: ProofFile) -> None:
    content = proof.content
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        with pytest.raises((InvalidDocument, NotAuthorized)):
            verify_proof(bytes(changed), court.network)


_BLOBS = [
    ("block", "previous_hash"), ("block", "data_hash"), ("block", "metadata"), ("block", "data", 0),
    ("block", "data", 1), ("block", "signatures", 0, "header"), ("block", "signatures", 0, "signature"),
    ("statement", "payload"), ("statement", "signature"), ("shown", 0, "payload"), ("shown", 1, "signature"),
]  # fmt: skip


@_DAMAGED
@pytest.mark.parametrize("path", _BLOBS, ids=lambda path: ".".join(map(str, path)))
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_any_changed_byte_is_found_also_where_the_file_is_written_anew(
    court: Court, proof: ProofFile, path: tuple[str | int, ...], data: st.DataObject
) -> None:
    """A forger writes correct JSON: what gives it away are hashes and signatures."""
    body = proof.model_dump(mode="json")
    *above, last = path
    inner = body
    for step in above:
        inner = inner[step]  # type: ignore[index]  # lists by number, objects by name
    blob = bytearray(b64decode(inner[last]))  # type: ignore[index]
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(1, 255))
    inner[last] = b64encode(blob).decode()  # type: ignore[index]
    forged = ProofFile.model_validate(body).content
    with pytest.raises((InvalidDocument, NotAuthorized)):
        verify_proof(forged, court.network)


@given(st.binary(max_size=400))
def test_anything_else_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        ProofFile.read(content)
    assert caught.value.field == "file"


def test_the_decisions_word_is_that_of_its_signer(court: Court, member: Callable[[str], Member]) -> None:
    other = member("EximbankMSP").officer
    with pytest.raises(NotAuthorized, match="EximbankMSP"):
        check(court.but(decider=other))  # another authority of the same name
    with pytest.raises(InvalidDocument, match="another officer"):
        check(court.but(decider=court.safe.officer))
    with pytest.raises(NotAuthorized, match="peer"):
        check(court.but(decider=court.bank.peer))


def test_only_peers_endorse_and_only_orderers_order(court: Court) -> None:
    with pytest.raises(NotAuthorized, match="client of SafeMSP"):
        check(court.but(endorsers=(court.bank.peer, court.safe.officer)))
    with pytest.raises(NotAuthorized, match="client of SafeMSP"):
        check(court.but(attesters=(court.bank.peer, court.safe.officer)))
    with pytest.raises(NotAuthorized, match="signer of SafeMSP"):
        check(court.but(ordering=(court.safe.peer,)))


def test_one_member_alone_proves_nothing(court: Court) -> None:
    for alone in ((court.bank.peer,), (court.bank.peer, court.bank.peer), ()):
        with pytest.raises(NotAuthorized, match="no peer of SafeMSP"):
            check(court.but(endorsers=alone))
        with pytest.raises(NotAuthorized, match="no peer of SafeMSP"):
            check(court.but(attesters=alone))
    for alone in ((court.safe.peer,), (court.safe.peer, court.safe.another(NodeRole.PEER, NOW))):
        with pytest.raises(NotAuthorized, match="2 members must"):
            check(court.but(endorsers=alone))
        with pytest.raises(NotAuthorized, match="2 members must"):
            check(court.but(attesters=alone))


def test_required_members_must_be_among_the_witnesses(court: Court) -> None:
    with pytest.raises(NotAuthorized, match="CustomsMSP"):
        check(court, replace(court.network, required=frozenset({"CustomsMSP"})))


def test_the_decision_must_have_taken_effect(court: Court) -> None:
    for other in (None, (DECIDED_IN[0], 0), (40, 9), (DECIDED_IN[0] + 5, 0)):
        with pytest.raises(InvalidDocument, match="it took no effect"):
            check(court.but(read=other))


def test_peers_must_know_of_the_same_decision(court: Court) -> None:
    decision = court.loan.decision
    assert decision is not None
    other = decision.model_copy(update={"outcome": LoanState.REJECTED})
    with pytest.raises(InvalidDocument, match="another decision"):
        check(court.but(attested=court.attested.model_copy(update={"decision": other})))
    with pytest.raises(InvalidDocument, match="something else"):
        check(court.but(asked=(b"loans:written", b"another")))


def test_evidence_must_be_that_of_the_verdict(court: Court) -> None:
    verdict = court.loan.verdict
    assert verdict is not None
    lies = court.loan.model_copy(update={"verdict": verdict.model_copy(update={"evidence": ()})})
    with pytest.raises(InvalidDocument, match="evidence"):
        check(court.but(loan=lies))


def test_a_decision_goes_by_the_verdict_in_it(court: Court) -> None:
    decision = court.loan.decision
    assert decision is not None
    other = decision.model_copy(update={"evidence_hash": "0" * 64})
    for change in ({"decision": other}, {"verdict": None}):
        loan = court.loan.model_copy(update=change)
        attested = court.attested.model_copy(update=change)
        with pytest.raises(InvalidDocument, match=r"evidence listed|verdict that is absent"):
            check(court.but(loan=loan, attested=attested))


def test_a_decision_is_of_its_transactions_time(court: Court) -> None:
    with pytest.raises(InvalidDocument, match="another time than its transaction"):
        check(court.but(decided_at=NOW - timedelta(hours=1)))


def test_a_transaction_that_decides_nothing_proves_nothing(court: Court) -> None:
    for written in (
        b"{}",
        b"[",
        canonical_json(court.loan),
        court.step(court.loan.model_copy(update={"decision": None})),
    ):
        with pytest.raises(InvalidDocument, match="proves nothing"):
            check(court.but(written=written))


def test_signers_must_have_been_certified_at_that_time(court: Court) -> None:
    late = NOW + timedelta(days=5000)
    decision = court.loan.decision
    assert decision is not None
    loan = court.loan.model_copy(update={"decision": decision.model_copy(update={"at": late})})
    with pytest.raises(NotAuthorized, match="expired"):
        check(court.but(decided_at=late, loan=loan, attested=loan))


# -- Ed25519 -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ed25519(court: Court) -> Court:
    """The same, all signed with Ed25519: by an officer, SAFE's peer and the orderer."""
    officer = court.bank.with_ed25519(NodeRole.CLIENT, NOW)
    loan = decided_loan(officer)
    peers = (court.bank.peer, court.safe.with_ed25519(NodeRole.PEER, NOW))
    ordering = (court.orderers.with_ed25519(NodeRole.ORDERER, NOW),)
    later = loan.model_copy(update={"state": LoanState.DISBURSED})
    return court.but(loan=loan, decider=officer, endorsers=peers, attesters=peers, attested=later, ordering=ordering)


def test_who_signs_with_ed25519_is_believed_as_others_are(ed25519: Court) -> None:
    proven = verify_proof(ed25519.file.content, ed25519.network)
    assert proven.decision.by == ed25519.decider.person
    assert proven.attested_by == ("EximbankMSP", "SafeMSP")


def test_a_signature_of_another_ed25519_key_proves_nothing(ed25519: Court) -> None:
    impostor = replace(ed25519.decider, key=Ed25519PrivateKey.generate())
    with pytest.raises(InvalidDocument, match="signature of EximbankMSP"):
        check(ed25519.but(decider=impostor))
    peer = replace(ed25519.endorsers[1], key=Ed25519PrivateKey.generate())
    with pytest.raises(InvalidDocument, match="signature of SafeMSP"):
        check(ed25519.but(endorsers=(ed25519.bank.peer, peer)))
    orderer = replace(ed25519.ordering[0], key=Ed25519PrivateKey.generate())
    with pytest.raises(InvalidDocument, match="signature of OrdererMSP"):
        check(ed25519.but(ordering=(orderer,)))


# -- BFT ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def bft(court: Court, member: Callable[[str], Member]) -> tuple[Court, list[Member]]:
    """The same, ordered by three of four consenters of four members; and the three members more."""
    extra = [member(name) for name in ("AMSP", "BMSP", "CMSP")]
    consenters = (court.orderers.orderer, *(each.orderer for each in extra))
    return court.but(bft=consenters, ordering=consenters[:3]), extra


def _trusting(court: Court, extra: list[Member]) -> TrustedNetwork:
    return replace(court.network, orderers=authorities(court.orderers, *extra))


def test_a_quorum_of_consenters_must_have_signed(bft: tuple[Court, list[Member]]) -> None:
    court, extra = bft
    network = _trusting(court, extra)
    proven = verify_proof(court.file.content, network)
    assert proven.ordered_by == ("AMSP", "BMSP", "OrdererMSP")
    with pytest.raises(InvalidDocument, match="too few"):
        check(court.but(ordering=court.bft[:2]), network)


def test_consenters_are_those_of_the_configuration(bft: tuple[Court, list[Member]]) -> None:
    court, extra = bft
    network = _trusting(court, extra)
    with pytest.raises(FabricError):
        check(court.but(ordering=court.bft[1:4]), network)  # signed under others' numbers
    with pytest.raises(InvalidDocument, match="none of the consenters"):
        check(court.but(bft=court.bft[:2]), network)
    without = court.file.model_copy(update={"config": None})
    with pytest.raises(InvalidDocument, match="configuration"):
        verify_proof(without.content, network)


def test_a_configuration_that_nothing_needs_is_refused(court: Court, bft: tuple[Court, list[Member]]) -> None:
    padded = court.file.model_copy(update={"config": bft[0].file.config})
    with pytest.raises(InvalidDocument, match="needs no configuration"):
        verify_proof(padded.content, court.network)
