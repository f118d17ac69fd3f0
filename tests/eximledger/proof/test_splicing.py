"""Parts of true proofs put together otherwise, and parts that were true at another time: none of it is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from tests.eximledger.proof.conftest import DECIDED_IN, NOW, Court, decided_loan
from tests.eximledger.proof.signing import Member, Signatory, block

from eximledger.proof import ProofFile, verify_proof
from eximledger.proof._file import BlockPart, StatementPart
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import Loan
from hlf_chaincode.protos.common.common_pb2 import Block, BlockMetadataIndex, Payload
from hlf_chaincode.protos.peer import transaction_pb2
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import NodeRole
from hlf_client.identity.certificate_authority import CERTIFICATE_DAYS
from hlf_client.wire.evidence import read_block


def refuse(court: Court, file: ProofFile, why: str) -> None:
    with pytest.raises(InvalidDocument, match=why):
        verify_proof(file.content, court.network)


def renamed(loan: Loan, loan_id: str) -> Loan:
    """The same for another loan, in words and in writing."""
    record = loan.application
    document = record.document.model_copy(update={"loan_id": loan_id})
    return loan.model_copy(update={"loan_id": loan_id, "application": record.model_copy(update={"document": document})})


@pytest.fixture(scope="session")
def second(court: Court) -> Court:
    """Another loan of the same bank, decided by the same people in a block of the same number."""
    loan = renamed(court.loan, "SECOND-1")
    return court.but(loan=loan, attested=renamed(court.attested, "SECOND-1"), nonce=b"3" * 24)


def test_parts_of_two_proofs_make_none(court: Court, second: Court) -> None:
    one, other = court.file, second.file
    verify_proof(other.content, second.network)
    refuse(court, one.model_copy(update={"block": other.block}), "does not hold transaction")
    refuse(court, one.model_copy(update={"statement": other.statement}), "something else than the loan")
    refuse(court, one.model_copy(update={"loan_id": "SECOND-1"}), "something else than the loan")
    refuse(court, one.model_copy(update={"transaction_id": other.transaction_id}), "does not hold transaction")


def test_a_transaction_belongs_to_its_block(court: Court, second: Court) -> None:
    one, other = court.file.block, second.file.block
    moved = one.model_copy(update={"data": (other.data[0], one.data[1])})
    refuse(court, court.file.model_copy(update={"block": moved}), "not those of its header")
    rehashed = moved.model_copy(update={"data_hash": read_block(block(41, moved.data, ())).data_hash})
    refuse(court, court.file.model_copy(update={"block": rehashed}), "signature of OrdererMSP on block 41")


def test_an_orderers_signature_is_on_its_own_block(court: Court) -> None:
    file = court.file
    elsewhere = BlockPart.of(read_block(block(DECIDED_IN[0] + 1, file.block.data, (court.orderers.orderer,))))
    for part in ("signatures", "metadata", "number", "previous_hash"):
        other = {**elsewhere.model_dump(), "metadata": b"\x0a\x02\x08\x09", "previous_hash": b"q" * 32}[part]
        changed = BlockPart.model_validate({**file.block.model_dump(), part: other})
        refuse(court, file.model_copy(update={"block": changed}), "signature of OrdererMSP|it took no effect")
    twice = file.block.model_copy(update={"signatures": file.block.signatures * 2})
    refuse(court, file.model_copy(update={"block": twice}), "stands there twice")
    unsigned = file.block.model_copy(update={"signatures": ()})
    refuse(court, file.model_copy(update={"block": unsigned}), "no orderer has signed")


def test_peers_have_answered_what_they_were_asked(court: Court) -> None:
    """The bank asks for one thing and puts another question above the answer: it signs that alone."""
    answered = court.but(asked=(b"loans:find", b"any")).statement
    outer = Payload.FromString(answered.payload)
    transaction = transaction_pb2.Transaction.FromString(outer.data)
    action = transaction_pb2.ChaincodeActionPayload.FromString(transaction.actions[0].payload)
    question = transaction_pb2.ChaincodeActionPayload.FromString(
        transaction_pb2.Transaction.FromString(Payload.FromString(court.statement.payload).data).actions[0].payload
    )
    action.chaincode_proposal_payload = question.chaincode_proposal_payload
    transaction.actions[0].payload = action.SerializeToString()
    outer.data = transaction.SerializeToString()
    payload = outer.SerializeToString()
    part = StatementPart(payload=payload, signature=court.bank.officer.sign(payload))
    refuse(court, court.file.model_copy(update={"statement": part}), "endorsers were asked something else")


def test_a_transactions_id_follows_from_who_asked(court: Court) -> None:
    refuse(court, court.but(transaction_id="f" * 64).file, "does not follow from its creator and nonce")


def test_what_a_peer_noted_of_validity_is_not_believed(court: Court) -> None:
    """Nobody signs a block's validation codes: a proof holds none, and says the same whatever they were."""
    codes = BlockMetadataIndex.TRANSACTIONS_FILTER
    stored = Block.FromString(court.stored_block)
    forged = Block.FromString(stored.SerializeToString())
    forged.metadata.metadata[codes] = bytes([11, 11])
    assert read_block(forged.SerializeToString()) == read_block(stored.SerializeToString())
    invalid = court.but(read=(DECIDED_IN[0] - 1, 0))  # peers took no notice of it, whatever the block says
    refuse(court, invalid.file, "it took no effect")


def test_the_loan_in_words_is_the_loan_in_writing(court: Court) -> None:
    other = renamed(court.loan, "SECOND-1")
    words = court.loan.model_copy(update={"application": other.application})
    refuse(court, court.but(written=court.step(words)).file, "the application in it is for another loan")
    inner = court.loan.model_copy(update={"loan_id": "SECOND-1"})
    refuse(court, court.but(written=court.step(inner)).file, "does not decide on loan")


@pytest.mark.parametrize("change", [{"version": 2}, {"bank": "TradebankMSP"}, {"loan_id": "SECOND-1"}], ids=str)
def test_peers_must_mean_the_same_loan(court: Court, change: dict[str, object]) -> None:
    refuse(court, court.but(attested=court.attested.model_copy(update=change)).file, "know of another loan")


def test_peers_must_mean_the_same_application(court: Court) -> None:
    """A rejection names no evidence: two of them, on two applications, may say the same."""
    record = court.loan.application
    other = record.model_copy(update={"document": record.document.model_copy(update={"amount": Money.of("1", "CNY")})})
    attested = court.attested.model_copy(update={"application": other})
    refuse(court, court.but(attested=attested).file, "another application for the loan")


# -- certificates at their time ----------------------------------------------------------------------------------------


def expired(member: Member, role: NodeRole) -> Signatory:
    """Somebody whose certificate ran out before the decision."""
    return member.another(role, NOW - timedelta(days=CERTIFICATE_DAYS + 30))


def _orders(court: Court) -> Court:
    return court.but(ordering=(expired(court.orderers, NodeRole.ORDERER),))


def _endorses(court: Court) -> Court:
    return court.but(endorsers=(court.bank.peer, expired(court.safe, NodeRole.PEER)))


def _attests(court: Court) -> Court:
    return court.but(attesters=(court.bank.peer, expired(court.safe, NodeRole.PEER)))


def _decides(court: Court) -> Court:
    officer = expired(court.bank, NodeRole.CLIENT)
    loan = decided_loan(officer)
    return court.but(decider=officer, loan=loan, attested=loan)


@pytest.mark.parametrize("change", [_orders, _endorses, _attests, _decides])
def test_a_certificate_must_have_held_when_it_signed(court: Court, change: Callable[[Court], Court]) -> None:
    late = change(court)
    with pytest.raises(NotAuthorized, match="expired on"):
        verify_proof(late.file.content, late.network)


def test_these_certificates_fail_for_their_time_alone(court: Court) -> None:
    """The same people, enrolled a year later, are believed: so it is the time that is judged above."""
    fresh = court.but(
        ordering=(court.orderers.another(NodeRole.ORDERER, NOW),),
        endorsers=(court.bank.peer, court.safe.another(NodeRole.PEER, NOW)),
    )
    verify_proof(fresh.file.content, fresh.network)


# -- the same member counted twice -------------------------------------------------------------------------------------


def test_two_peers_of_one_member_are_one_witness(court: Court) -> None:
    peers = (court.safe.peer, court.safe.another(NodeRole.PEER, NOW))
    assert all(one.certificate != other.certificate for one, other in pairwise(peers))
    for change in ({"endorsers": peers}, {"attesters": peers}):
        with pytest.raises(NotAuthorized, match="only SafeMSP has signed it: 2 members must"):
            verify_proof(replace(court, **change).file.content, court.network)  # type: ignore[arg-type]  # either of two
