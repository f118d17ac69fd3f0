"""A decision that three members have signed, as a file that proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.eximledger.proof.signing import Endorsement, Member, Signatory, Transaction, block, consenters, endorsed

from eximledger.proof import Authorities, ProofFile
from eximledger.proof._authorities import Authority
from eximledger.proof._file import BlockPart, StatementPart
from eximledger_chaincode.contracts.state.keys import loan_key
from eximledger_chaincode.documents import LoanApplication, Money, Record
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.verdict import Evidence, evidence_hash
from eximledger_chaincode.rules import Decision as Outcome
from eximledger_chaincode.rules import Verdict
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_client.wire.evidence import read_block

APPLICATION = Path(__file__).resolve().parents[3] / "examples" / "dongyu" / "application.json"
NOW = datetime(2026, 4, 20, 9, 30, 0, 250_000, UTC)
DECIDED_IN = (41, 1)
"""Block, and place in it, of the decision."""


@dataclass(frozen=True)
class Court:
    """Everybody who signs, and what they say; a test changes one thing and sees whether it is believed."""

    bank: Member
    safe: Member
    orderers: Member
    loan: Loan
    decider: Signatory
    endorsers: tuple[Signatory, ...]
    attesters: tuple[Signatory, ...]
    attested: Loan
    decided_at: datetime = NOW
    read: tuple[int, int] | None = DECIDED_IN
    asked: tuple[bytes, ...] = ()
    written: bytes | None = None
    bft: tuple[Signatory, ...] = ()
    """With BFT: the consenters that the configuration names."""
    ordering: tuple[Signatory, ...] = ()

    @property
    def loan_id(self) -> str:
        return self.loan.loan_id

    @property
    def decision(self) -> Transaction:
        written = canonical_json(self.loan) if self.written is None else self.written
        answer = Endorsement(
            (b"loans:approve", self.loan_id.encode()),
            written,
            {loan_key(self.loan_id): (40, 0)},
            {loan_key(self.loan_id): written},
            self.endorsers,
        )
        return endorsed(self.decider, "bank", self.decided_at, answer, b"1" * 24)

    @property
    def statement(self) -> Transaction:
        answer = Endorsement(
            self.asked or (b"loans:get", self.loan_id.encode()),
            canonical_json(self.attested),
            {loan_key(self.loan_id): self.read},
            {},
            self.attesters,
        )
        return endorsed(self.bank.officer, "bank", NOW + timedelta(days=30), answer, b"2" * 24)

    @property
    def stored_block(self) -> bytes:
        """The decision's block, as a peer stores it."""
        before = endorsed(self.bank.officer, "bank", NOW, Endorsement((), b"", {}, {}, ()), b"0" * 24)
        data = [before.envelope, self.decision.envelope]
        orderers = self.ordering or (self.orderers.orderer,)
        return block(DECIDED_IN[0], data, orderers, config=7 if self.bft else None)

    @property
    def file(self) -> ProofFile:
        stored = self.stored_block
        config = block(7, [consenters(self.bft)], self.bft, config=7) if self.bft else None
        statement = self.statement
        return ProofFile(
            loan_id=self.loan_id,
            channel="bank",
            transaction_id=self.decision.transaction_id,
            block=BlockPart.of(read_block(stored)),
            config=None if config is None else BlockPart.of(read_block(config)),
            statement=StatementPart(payload=statement.payload, signature=statement.signature),
        )

    @property
    def members(self) -> tuple[Member, ...]:
        return (self.bank, self.safe, self.orderers)

    @property
    def authorities(self) -> Authorities:
        return Authorities(tuple(Authority(each.msp_id, (each.authority.pem,)) for each in self.members))

    def but(self, **changes: object) -> Court:
        return replace(self, **changes)  # type: ignore[arg-type]  # any of the fields


@pytest.fixture(scope="session")
def court() -> Court:
    bank, safe, orderers = (Member.found(name, NOW) for name in ("EximbankMSP", "SafeMSP", "OrdererMSP"))
    loan = decided_loan(bank.officer)
    peers = (bank.peer, safe.peer)
    later = loan.model_copy(update={"state": LoanState.DISBURSED})
    return Court(bank, safe, orderers, loan, bank.officer, peers, peers, later)


@pytest.fixture(scope="session")
def proof(court: Court) -> ProofFile:
    """The court's file, signed once: signatures differ from one signing to the next."""
    return court.file


@pytest.fixture(scope="session")
def member() -> Callable[[str], Member]:
    """Another organisation."""
    return lambda msp_id: Member.found(msp_id, NOW)


def decided_loan(officer: Signatory) -> Loan:
    """The Dongyu loan, approved by this officer."""
    application = LoanApplication.model_validate_json(APPLICATION.read_bytes())
    sha256 = sha256_hex(canonical_json(application))
    record = Record[LoanApplication](
        kind="application",
        id=application.loan_id,
        number=application.loan_id,
        version=1,
        issuer=officer.msp_id,
        written_by="a" * 64,
        written_at=NOW,
        transaction_id="b" * 64,
        sha256=sha256,
        document=application,
    )
    evidence = (Evidence(channel="bank", kind="application", id=application.loan_id, version=1, sha256=sha256),)
    hashed = evidence_hash(evidence, (), "c" * 64, "rules")
    verdict = Verdict(
        verdict=Outcome.APPROVE,
        eligible=Money.of("7835754.74", "CNY"),
        findings=(),
        rule_set="rules",
        policy_sha256="c" * 64,
        evidence=evidence,
        evidence_hash=hashed,
    )
    return Loan(
        loan_id=application.loan_id,
        bank=officer.msp_id,
        state=LoanState.APPROVED,
        version=1,
        application=record,
        applied_by="a" * 64,
        applied_at=NOW,
        verdict=verdict,
        checked_at=NOW,
        decision=Decision(by=officer.certificate_hash, at=NOW, outcome=LoanState.APPROVED, evidence_hash=hashed),
        updated_at=NOW,
    )
