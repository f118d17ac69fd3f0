"""What is told of a loan must be just what the block has the hashes of.

This value, under this key, in this collection, by this transaction. Here peers lie with the bank, or the block says
something else; all is signed as it should be.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable

import pytest
from tests.eximledger.proof.conftest import DECIDED_IN, KEY, NOW, PAPERS, SALT, Court, Told
from tests.eximledger.proof.signing import Endorsement, block, endorsed

from eximledger.proof import verify_proof
from eximledger.proof._file import BlockPart
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, WrittenStep
from hlf_chaincode.canonical import canonical_json
from hlf_client.errors import InvalidDocument
from hlf_client.wire.evidence import open_envelope, read_block

OTHER_KEY = "6f" * 32
OTHER_COLLECTION = "papers-TradebankMSP"


def larger(loan: Loan) -> Loan:
    """The same decision, on a loan of another amount."""
    record = loan.application
    document = record.document.model_copy(update={"amount": Money.of("9000000.00", "CNY")})
    return loan.model_copy(update={"application": record.model_copy(update={"document": document})})


def another_value(court: Court) -> Court:
    value = SALT + court.step(larger(court.loan))
    return court.but(told=Told(value=value), attested=larger(court.attested))


def another_salt(court: Court) -> Court:
    return court.but(told=Told(value=b"T" + court.value[1:]))


def without_salt(court: Court) -> Court:
    return court.but(told=Told(value=court.value[len(SALT) :]))


def another_key(court: Court) -> Court:
    return court.but(told=Told(key=OTHER_KEY))


def a_key_with_another_value(court: Court) -> Court:
    """The transaction writes the value that is told, but under another key than is told."""
    writes = {(PAPERS, KEY): court.value, (PAPERS, OTHER_KEY): SALT + b"{}"}
    return court.but(told=Told(key=OTHER_KEY), writes=writes)


def another_collection(court: Court) -> Court:
    return court.but(told=Told(collection=OTHER_COLLECTION))


def another_banks_collection(court: Court) -> Court:
    """Where the transaction has written it indeed."""
    return court.but(told=Told(collection=OTHER_COLLECTION), writes={(OTHER_COLLECTION, KEY): court.value})


def only_in_another_collection(court: Court) -> Court:
    return court.but(writes={(OTHER_COLLECTION, KEY): court.value, (PAPERS, OTHER_KEY): court.value})


def pruned(court: Court) -> Court:
    return court.but(writes={})


def deleted(court: Court) -> Court:
    return court.but(writes={(PAPERS, KEY): None})


def deleted_and_told_empty(court: Court) -> Court:
    return court.but(writes={(PAPERS, KEY): None}, told=Told(value=b""))


def of_an_invalid_transaction(court: Court) -> Court:
    """Peers have read what a later, valid one has written under the same key."""
    return court.but(read=(DECIDED_IN[0] + 1, 0))


def of_no_transaction(court: Court) -> Court:
    return court.but(read=None)


def a_step_of_another_transaction(court: Court) -> Court:
    item = LoanHistoryItem(loan=court.loan, transaction_id="f" * 64, timestamp=NOW)
    return court.but(written=canonical_json(item))


def a_step_of_another_time(court: Court) -> Court:
    item = LoanHistoryItem(loan=court.loan, transaction_id=court.decided_by, timestamp=NOW.replace(microsecond=0))
    return court.but(written=canonical_json(item))


def asked_for_another_step(court: Court) -> Court:
    return court.but(asked=(b"loans:written", court.loan_id.encode(), b"1", b"EximbankMSP"))


def asked_for_another_bank(court: Court) -> Court:
    return court.but(asked=(b"loans:written", court.loan_id.encode(), b"2", b"TradebankMSP"))


def asked_for_the_loan_alone(court: Court) -> Court:
    return court.but(asked=(b"loans:get", court.loan_id.encode(), b"EximbankMSP"))


@pytest.mark.parametrize(("change", "why"), [
    (another_value, "writes something else of loan DY-2026-001"),
    (another_salt, "writes something else"),
    (without_salt, "no step of a loan"),
    (another_key, "does not write what the peers read"),
    (a_key_with_another_value, "writes something else"),
    (another_collection, "stands in papers-TradebankMSP, where EximbankMSP has no loans"),
    (another_banks_collection, "where EximbankMSP has no loans"),
    (only_in_another_collection, "does not write what the peers read"),
    (pruned, "does not write what the peers read"),
    (deleted, "writes something else"),
    (deleted_and_told_empty, "no step of a loan"),
    (of_an_invalid_transaction, "it took no effect"),
    (of_no_transaction, "it took no effect"),
    (a_step_of_another_transaction, "names another transaction"),
    (a_step_of_another_time, "another time than its transaction"),
    (asked_for_another_step, "asked for another step"),
    (asked_for_another_bank, "another bank's loan"),
    (asked_for_the_loan_alone, "something else than the loan"),
], ids=lambda value: getattr(value, "__name__", ""))  # fmt: skip
def test_what_is_told_is_what_the_block_has_the_hashes_of(
    court: Court, change: Callable[[Court], Court], why: str
) -> None:
    forged = change(court)
    with pytest.raises(InvalidDocument, match=why):
        verify_proof(forged.file.content, forged.network)


def test_a_value_that_is_no_base64_is_refused(court: Court) -> None:
    answer = court.answer.model_dump(mode="json") | {"value": "%" + b64encode(court.value).decode()}
    said = Endorsement(
        (b"loans:written", court.loan_id.encode(), b"2", b"EximbankMSP"),
        canonical_json(WrittenStep.model_validate(answer)),
        {(PAPERS, KEY): DECIDED_IN},
        {},
        court.attesters,
    )
    signed = endorsed(court.bank.officer, "bank", NOW, said, b"2" * 24)
    part = court.file.statement.model_copy(update={"payload": signed.payload, "signature": signed.signature})
    with pytest.raises(InvalidDocument, match="no step of a loan"):
        verify_proof(court.file.model_copy(update={"statement": part}).content, court.network)


@pytest.mark.parametrize("read", [DECIDED_IN, (DECIDED_IN[0], 0)], ids=["the decision's", "its own"])
def test_another_transaction_of_the_block_is_not_the_decisions(court: Court, read: tuple[int, int]) -> None:
    """One that writes the same value, also where the peers say that they have read its."""
    answer = Endorsement((b"loans:approve",), b"sealed", {}, {(PAPERS, KEY): court.value}, court.endorsers)
    other = endorsed(court.bank.officer, "bank", NOW, answer, b"4" * 24)
    file = court.but(read=read).file
    data = [other.envelope, court.decision.envelope]
    stored = read_block(block(DECIDED_IN[0], data, (court.orderers.orderer,)))
    named = file.model_copy(update={"block": BlockPart.of(stored), "transaction_id": other.transaction_id})
    with pytest.raises(InvalidDocument, match="names another transaction"):
        verify_proof(named.content, court.network)


def test_a_transaction_of_the_block_that_writes_no_loan_decides_nothing(court: Court) -> None:
    answer = Endorsement((b"documents:put",), b"sealed", {}, {(PAPERS, OTHER_KEY): SALT + b"{}"}, court.endorsers)
    other = endorsed(court.bank.officer, "bank", NOW, answer, b"4" * 24)
    stored = read_block(block(DECIDED_IN[0], [other.envelope, court.decision.envelope], (court.orderers.orderer,)))
    named = court.file.model_copy(update={"block": BlockPart.of(stored), "transaction_id": other.transaction_id})
    with pytest.raises(InvalidDocument, match="does not write what the peers read"):
        verify_proof(named.content, court.network)


def test_the_block_holds_neither_key_nor_value(court: Court) -> None:
    """It has their hashes alone: what the proof shows beside it is what gives them a meaning."""
    payload, _ = open_envelope(court.decision.envelope)
    for shown in (KEY.encode(), court.value, court.value[len(SALT) :], court.loan_id.encode()):
        assert shown not in payload
    for hashed in (KEY.encode(), court.value):
        assert hashlib.sha256(hashed).digest() in payload
