"""What the mirror answers with: plain values, named as the ledger names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from eximledger_chaincode.documents import Money

__all__ = [
    "Act",
    "ChannelStatus",
    "FindingRow",
    "Hit",
    "HoldRow",
    "LoanRow",
    "LoanStep",
    "NamedPaper",
    "Officer",
    "OverrideRow",
    "Page",
    "PaperParty",
    "PaperReference",
    "PaperRow",
    "PaperVersion",
    "PaymentRow",
]

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """A page of a list. `cursor` asks for the next one; empty at the end."""

    rows: tuple[RowT, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of a member, with the roles that the certificate gave."""

    msp_id: str
    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan as a list shows it. `proposed` is the step that waits for a second person."""

    bank: str
    loan_id: str
    state: str
    version: int
    financing: str
    applicant: str
    applicant_name: str
    amount: Money
    drawn: Money
    repaid: Money
    outstanding: Money
    undrawn: Money
    eligible: Money | None
    rate_percent: Decimal | None
    applied_on: date
    matures_on: date
    draws_until: date | None
    due_on: date | None
    verdict: str | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    proposed: str | None
    proposed_words: str | None
    proposed_id: str | None
    proposed_by: str | None
    proposed_at: datetime | None
    applied_by: str
    opened_at: datetime
    checked_at: datetime | None
    updated_at: datetime
    rule_set: str | None
    evidence_hash: str | None


@dataclass(frozen=True, slots=True)
class LoanStep:
    """What was done to a loan: `act` as the contract calls it, `taken` which step of two persons it was about."""

    bank: str
    loan_id: str
    step: int
    act: str
    taken: str | None
    state: str
    at: datetime
    by: Officer
    amount: Money | None
    words: str | None
    reason: str | None
    transaction_id: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A step that two persons took."""

    position: int
    taken: str
    day: date
    amount: Money | None
    principal: Money | None
    interest: Money | None
    reference: str | None
    receipt: str | None
    proposed_by: str
    confirmed_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldRow:
    """What a loan asks to hold, and holds now."""

    kind: str
    number: str
    asked: Money
    held: Money


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A paper that an application names, with the ledger's id of it where the mirror has just one such."""

    kind: str
    number: str
    id: str | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What the last check found, and why it was set aside at approval."""

    position: int
    finding_id: str
    rule: str
    severity: str
    message_en: str
    message_zh: str
    papers: str
    override: OverrideRow | None


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """Why an officer set a finding aside. `at_step` is approval, or the step of two persons (`payment 2`)."""

    at_step: str
    finding_id: str
    rule: str
    reason: str
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as a list shows it, in its latest version. `bank` is empty for what is no bank's own."""

    bank: str
    kind: str
    id: str
    number: str
    exporter: str | None
    exporter_name: str | None
    counterparty: str | None
    country: str | None
    dated: date | None
    status: str | None
    amount: Money | None
    version: int
    issuer: str
    written_by: str
    written_at: datetime
    filed_at: datetime
    transaction_id: str
    sha256: str
    note: str | None


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """One version of a paper; `body` is the paper as JSON."""

    version: int
    written_by: str
    written_at: datetime
    transaction_id: str
    sha256: str
    body: str


@dataclass(frozen=True, slots=True)
class PaperParty:
    role: str
    party: str
    name: str
    uscc: str | None


@dataclass(frozen=True, slots=True)
class PaperReference:
    """A number that a paper carries: `what` is number, bill, container, contract, declaration, invoice."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: a loan or a paper, and by which of its marks."""

    what: Literal["loan", "paper"]
    bank: str
    kind: str
    id: str
    number: str
    name: str
    by: str
    """number, party, bill, container, contract, declaration or invoice."""
    value: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Act:
    """A transaction and who signed it."""

    channel: str
    block: int
    position: int
    transaction_id: str
    code: str
    at: datetime
    by: Officer
    function: str
    certificate_hash: str


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How far a channel has been read; `height` is the number of blocks in the mirror."""

    channel: str
    height: int
    block_hash: str
    block_at: datetime | None
    written_at: datetime
    awaited: int
    """Private values that the peer has not shown yet."""
