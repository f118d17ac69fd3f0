"""A decision that three members have signed, as a file that proves it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.eximledger.proof.signing import (
    Endorsement,
    Member,
    Signatory,
    Transaction,
    Writes,
    block,
    consenters,
    endorsed,
    genesis,
    shown,
)

from eximledger.proof import Authorities, ProofFile, TrustedNetwork
from eximledger.proof._authorities import Authority
from eximledger.proof._file import BlockPart, StatementPart
from eximledger_chaincode.documents import LoanApplication, Money, Record
from eximledger_chaincode.lending.loan import Decision, Loan, LoanHistoryItem, LoanState, WrittenStep
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.verdict import Evidence, evidence_hash
from eximledger_chaincode.rules import Decision as Outcome
from eximledger_chaincode.rules import Verdict
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_client.wire.evidence import read_block

APPLICATION = Path(__file__).resolve().parents[3] / "examples" / "dongyu" / "application.json"
NOW = datetime(2026, 4, 20, 9, 30, 0, 250_000, UTC)
LATER = NOW + timedelta(days=30)
DECIDED_IN = (41, 1)
"""Block, and place in it, of the decision."""
PAPERS = "papers-EximbankMSP"
KEY = "5e" * 32
"""Under which the decision stands in that collection."""
SALT = b"salt" * 4


@dataclass(frozen=True)
class Told:
    """What peers tell of the step, where one of it is not so."""

    collection: str = PAPERS
    key: str = KEY
    value: bytes | None = None


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
    """Another step than the loan's, as everybody has it."""
    writes: Writes | None = None
    """What the block has hashes of, where that is something else."""
    told: Told = Told()
    bft: tuple[Signatory, ...] = ()
    """With BFT: the consenters that the configuration names."""
    config_in: int = 7
    """The block with that configuration."""
    ordering: tuple[Signatory, ...] = ()
    channel: str = "bank"
    chaincode: str = "exim"
    began: bytes = b""
    """Another first block than the court's own."""
    showing: tuple[Signatory, ...] = ()
    """Who shows how the channel began, where not those who attest."""
    transaction_id: str = ""
    """Another than follows from creator and nonce."""
    nonce: bytes = b"1" * 24

    @property
    def loan_id(self) -> str:
        return self.loan.loan_id

    @property
    def decision(self) -> Transaction:
        writes = {(PAPERS, KEY): self.value} if self.writes is None else self.writes
        answer = Endorsement(
            (b"loans:approve",), b"sealed", {(PAPERS, "an older key"): (40, 0)}, writes, self.endorsers
        )
        return endorsed(
            self.decider,
            self.channel,
            self.decided_at,
            answer,
            self.nonce,
            chaincode=self.chaincode,
            transaction_id=self.transaction_id,
        )

    @property
    def value(self) -> bytes:
        """The decision's step as the collection has it."""
        return SALT + (self.step(self.loan) if self.written is None else self.written)

    def step(self, loan: Loan) -> bytes:
        """The loan as the decision's transaction would have left it."""
        return canonical_json(LoanHistoryItem(loan=loan, transaction_id=self.decided_by, timestamp=self.decided_at))

    @property
    def decided_by(self) -> str:
        """The decision's transaction."""
        return self.transaction_id or hashlib.sha256(self.nonce + self.decider.serialized).hexdigest()

    @property
    def answer(self) -> WrittenStep:
        """What peers tell of the loan."""
        value = self.value if self.told.value is None else self.told.value
        return WrittenStep(
            collection=self.told.collection,
            key=self.told.key,
            value=b64encode(value).decode(),
            loan=self.attested,
        )

    @property
    def statement(self) -> Transaction:
        loan, told = self.loan, self.told
        answer = Endorsement(
            self.asked or (b"loans:written", loan.loan_id.encode(), str(loan.step).encode(), loan.bank.encode()),
            canonical_json(self.answer),
            {(PAPERS, "the newest key"): (60, 0), (told.collection, told.key): self.read},
            {},
            self.attesters,
        )
        return endorsed(self.bank.officer, self.channel, LATER, answer, b"2" * 24, chaincode=self.chaincode)

    @property
    def stored_block(self) -> bytes:
        """The decision's block, as a peer stores it."""
        before = endorsed(self.bank.officer, self.channel, NOW, Endorsement((), b"", {}, {}, ()), b"0" * 24)
        data = [before.envelope, self.decision.envelope]
        orderers = self.ordering or (self.orderers.orderer,)
        return block(DECIDED_IN[0], data, orderers, config=self.config_in if self.bft else None)

    @property
    def genesis(self) -> bytes:
        """The channel's first block, as a peer stores it."""
        return self.began or first_block(self, consenting=() if self.config_in else self.bft)

    @property
    def config(self) -> bytes | None:
        """The block with the configuration that names the consenters, with BFT only."""
        if not self.bft:
            return None
        if not self.config_in:
            return first_block(self, consenting=self.bft)
        return block(self.config_in, [consenters(self.bft)], self.bft, config=self.config_in)

    @property
    def shown(self) -> tuple[Transaction, ...]:
        """What each peer that attests shows of its own chain."""
        blocks = [self.genesis] if self.config is None or not self.config_in else [self.genesis, self.config]
        peers = self.showing or self.attesters
        return tuple(
            shown(self.bank.officer, peer, each, LATER, channel=self.channel) for peer in peers for each in blocks
        )

    @property
    def file(self) -> ProofFile:
        stored, config = self.stored_block, self.config
        statement = self.statement
        return ProofFile(
            loan_id=self.loan_id,
            channel=self.channel,
            transaction_id=self.decision.transaction_id,
            block=BlockPart.of(read_block(stored)),
            config=None if config is None else BlockPart.of(read_block(config)),
            statement=_part(statement),
            shown=tuple(_part(each) for each in self.shown),
        )

    @property
    def network(self) -> TrustedNetwork:
        """What an auditor trusts who knows this network."""
        return TrustedNetwork(
            read_block(first_block(self)).hash,
            authorities(self.bank, self.safe),
            authorities(self.orderers),
        )

    def but(self, **changes: object) -> Court:
        return replace(self, **changes)  # type: ignore[arg-type]  # any of the fields


def first_block(court: Court, channel: str = "bank", consenting: tuple[Signatory, ...] = ()) -> bytes:
    """What the court's channel began with."""
    members = {each.msp_id: each.authority.pem for each in (court.bank, court.safe)}
    return genesis(channel, members, {court.orderers.msp_id: court.orderers.authority.pem}, consenting)


def authorities(*members: Member) -> Authorities:
    """Each by its own name."""
    return Authorities(tuple(Authority(each.msp_id, (each.authority.pem,)) for each in members))


def _part(transaction: Transaction) -> StatementPart:
    return StatementPart(payload=transaction.payload, signature=transaction.signature)


@pytest.fixture(scope="session")
def court() -> Court:
    bank, safe, orderers = (Member.found(name, NOW) for name in ("EximbankMSP", "SafeMSP", "OrdererMSP"))
    loan = decided_loan(bank.officer)
    peers = (bank.peer, safe.peer)
    later = loan.model_copy(update={"state": LoanState.DISBURSED, "step": 4})
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
        written_by="maker",
        written_at=NOW,
        filed_at=NOW,
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
        applied_by=Person(msp_id=officer.msp_id, name="maker"),
        applied_at=NOW,
        opened_at=NOW,
        step=2,
        applicants=(Person(msp_id=officer.msp_id, name="maker"),),
        policy_sha256="c" * 64,
        verdict=verdict,
        checked_at=NOW,
        decision=Decision(by=officer.person, at=NOW, outcome=LoanState.APPROVED, evidence_hash=hashed),
        updated_at=NOW,
    )
