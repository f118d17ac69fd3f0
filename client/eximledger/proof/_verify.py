"""Checking a proof: from the file's bytes and the trusted authorities alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from eximledger.proof._authorities import Authorities
from eximledger.proof._file import ProofFile
from eximledger_chaincode.contracts.state.keys import loan_key
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.roles import Person, person_of
from hlf_chaincode.creator import creator_of
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.wire.evidence import (
    Anchors,
    Endorsed,
    identity_of,
    open_envelope,
    transaction_id_of,
    verify_block,
    verify_transaction,
)

__all__ = ["ProvenDecision", "verify_proof"]

_WITNESSES = 2
"""Members whose peers must have computed the same: the bank alone does not prove its own decision."""


@dataclass(frozen=True, slots=True)
class ProvenDecision:
    """What a proof shows. Members are MSP ids, sorted; times are UTC."""

    loan: Loan
    """As the decision wrote it: with application, verdict and evidence hashes."""
    decision: Decision
    channel: str
    chaincode: str
    transaction_id: str
    decided_by: str
    """The member whose officer signed; `decision.by` is that certificate's hash."""
    endorsed_by: tuple[str, ...]
    """The members whose peers computed the decision."""
    block_number: int
    block_hash: str
    """SHA-256 (hex) of the block's header: the same on every honest peer."""
    ordered_by: tuple[str, ...]
    state: LoanState
    """Where the loan stood when peers were asked for it last."""
    attested_by: tuple[str, ...]
    """The members whose peers said then that the decision stands."""
    attested_at: datetime
    vouched_for: Mapping[str, str]
    """The name of the trusted authority behind each of these members."""
    sha256: str
    """Of the file."""


def verify_proof(content: bytes, authorities: Authorities, required: Collection[str] = ()) -> ProvenDecision:
    """What the file proves, when only these authorities are trusted.

    `required` are members (MSP ids) whose peers must be among those that endorsed the decision and attested it; two
    members must in any case.

    Raises `InvalidDocument` for any changed byte and for what does not fit together, `NotAuthorized` for a signer whom
    no trusted authority vouches for and for too few witnesses.
    """
    file, anchors = ProofFile.read(content), authorities.trust()
    decided, place = _decided(file, anchors)
    ordered = verify_block(
        file.block.evidence,
        None if file.config is None else file.config.evidence,
        anchors,
        decided.transaction.timestamp,
    )
    loan, decision = _decision(file, decided)
    attested = _attested(file, anchors, decided, place, decision)
    for witnesses in (decided.endorsed_by, attested.endorsed_by):
        _require_witnesses(witnesses, required)
    return ProvenDecision(
        loan=loan,
        decision=decision,
        channel=file.channel,
        chaincode=decided.transaction.chaincode,
        transaction_id=file.transaction_id,
        decided_by=decided.creator.msp_id,
        endorsed_by=decided.endorsed_by,
        block_number=ordered.block.number,
        block_hash=ordered.block.hash,
        ordered_by=ordered.signed_by,
        state=_loan(attested.transaction.result).state,
        attested_by=attested.endorsed_by,
        attested_at=attested.transaction.timestamp,
        vouched_for={msp_id: authority.name for authority, msp_id in anchors.members.items()},
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _decided(file: ProofFile, anchors: Anchors) -> tuple[Endorsed, int]:
    """The decision's transaction, and its place in the block."""
    places = [place for place, one in enumerate(file.block.data) if transaction_id_of(one) == file.transaction_id]
    if not places:
        raise _contradiction(f"block {file.block.number} does not hold transaction {file.transaction_id}")
    place = places[0]  # a second one of the same id is a copy that peers took no notice of
    decided = verify_transaction(*open_envelope(file.block.data[place]), anchors)
    if decided.transaction.channel != file.channel:
        raise _contradiction(f"the decision is of channel {decided.transaction.channel}")
    return decided, place


def _decision(file: ProofFile, decided: Endorsed) -> tuple[Loan, Decision]:
    """The loan as the decision's transaction wrote it."""
    transaction = decided.transaction
    written = transaction.writes.get((transaction.chaincode, loan_key(file.loan_id)))
    if written is None:
        raise _contradiction(f"the transaction does not write loan {file.loan_id}")
    loan = _loan(written)
    decision = loan.decision
    if loan.loan_id != file.loan_id or decision is None:
        raise _contradiction(f"the transaction does not decide on loan {file.loan_id}")
    if decided.creator.msp_id != loan.bank or not _signer(decided).is_same(decision.by):
        raise _contradiction("the decision names another officer than the one who signed it")
    if decision.at != transaction.timestamp:
        raise _contradiction("the decision names another time than its transaction")
    _require_evidence(loan, decision)
    return loan, decision


def _signer(decided: Endorsed) -> Person:
    """The person behind the decision's signature."""
    msp_id, certificate = identity_of(decided.transaction.creator)
    return person_of(creator_of(msp_id, certificate))


def _require_evidence(loan: Loan, decision: Decision) -> None:
    """An approval goes by a verdict; a verdict's hash is that of the evidence and findings which it lists."""
    verdict = loan.verdict
    if verdict is None:
        if decision.evidence_hash is not None:
            raise _contradiction("the decision goes by a verdict that is absent")
        return
    computed = verdict.computed_hash
    if verdict.evidence_hash != computed or decision.evidence_hash not in (None, computed):
        raise _contradiction("the evidence listed is not that of the verdict")


def _attested(file: ProofFile, anchors: Anchors, decided: Endorsed, place: int, decision: Decision) -> Endorsed:
    """What peers said of the loan afterwards. That they have read this very version, or a later one with the same
    decision, shows that the decision's transaction was valid."""
    attested = verify_transaction(file.statement.payload, file.statement.signature, anchors)
    said, before = attested.transaction, decided.transaction
    asked = (b"loans:get", file.loan_id.encode())
    if (said.channel, said.chaincode, said.arguments) != (file.channel, before.chaincode, asked):
        raise _contradiction("the peers were asked for something else than the loan")
    read = said.reads.get((said.chaincode, loan_key(file.loan_id)))
    if read is None or read < (file.block.number, place):
        raise _contradiction("the peers read the loan as it was before the decision")
    loan = _loan(said.result)
    if loan.loan_id != file.loan_id or loan.decision != decision:
        raise _contradiction("the peers know of another decision")
    return attested


def _require_witnesses(witnesses: Collection[str], required: Collection[str]) -> None:
    absent = sorted(set(required) - set(witnesses))
    if absent:
        raise NotAuthorized(f"no peer of {', '.join(absent)} has signed it")
    if len(set(witnesses)) < _WITNESSES:
        raise NotAuthorized(f"only {', '.join(witnesses) or 'nobody'} has signed it: {_WITNESSES} members must")


def _loan(content: bytes) -> Loan:
    try:
        return Loan.model_validate_json(content)
    except ValidationError:
        raise _contradiction("what was written is not a loan") from None


def _contradiction(reason: str) -> InvalidDocument:
    return InvalidDocument(f"this proves nothing: {reason}", field="file", reason=reason)
