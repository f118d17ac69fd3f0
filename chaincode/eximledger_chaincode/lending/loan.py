"""A loan as the bank channel keeps it, and the steps of its life.

    applied -> checked -> approved -> disbursed -> closed
       |          |  \\        \\            \\
       |          |   referred  withdrawn    written-off
       +----------+---+-> rejected, withdrawn

An open loan (applied, checked, referred) may be applied for again, amended. An approved loan holds balance until it
is repaid or withdrawn, which frees the balance in the same transaction; written off, it holds for good. Money moves,
and an approved loan is withdrawn, by two persons in two transactions: one proposes, another confirms just that.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints, model_validator

from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Money, Record, Value
from eximledger_chaincode.documents.parts.base import Count, Day, Moment, Second, Version
from eximledger_chaincode.documents.parts.identifiers import MspId, Number
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.verdict import Verdict
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = [
    "HOLDING",
    "OPEN",
    "Application",
    "Decision",
    "Loan",
    "LoanHistoryItem",
    "LoanId",
    "LoanPage",
    "LoanState",
    "Override",
    "Payment",
    "Proposal",
    "Proposed",
    "Reason",
    "Step",
    "WrittenStep",
    "require_step",
]

LoanId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class LoanState(StrEnum):
    APPLIED = "applied"
    CHECKED = "checked"
    REFERRED = "referred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    DISBURSED = "disbursed"
    CLOSED = "closed"
    WRITTEN_OFF = "written-off"


OPEN: Final = frozenset({LoanState.APPLIED, LoanState.CHECKED, LoanState.REFERRED})
"""States of a loan that is not decided yet: it holds nothing and may be applied for again."""

HOLDING: Final = frozenset({LoanState.APPROVED, LoanState.DISBURSED, LoanState.WRITTEN_OFF})
"""States of a loan that holds balance. A loan that was written off holds it for good: the claim is still unpaid and
still pledged, and nobody lends on it again."""

_STEPS: Final[Mapping[LoanState, frozenset[LoanState]]] = {
    LoanState.APPLIED: OPEN,
    LoanState.CHECKED: OPEN,
    LoanState.REFERRED: OPEN,
    LoanState.REJECTED: OPEN,
    LoanState.WITHDRAWN: OPEN | {LoanState.APPROVED},
    LoanState.APPROVED: frozenset({LoanState.CHECKED, LoanState.REFERRED}),
    LoanState.DISBURSED: frozenset({LoanState.APPROVED}),
    LoanState.CLOSED: frozenset({LoanState.DISBURSED}),
    LoanState.WRITTEN_OFF: frozenset({LoanState.DISBURSED}),
}
"""From which states each state is reached."""


class Step(StrEnum):
    """A step that takes two persons."""

    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"
    WITHDRAWAL = "withdrawal"
    WRITE_OFF = "write-off"

    @property
    def leads_to(self) -> LoanState:
        return _LEADS_TO[self]


_LEADS_TO: Final[Mapping[Step, LoanState]] = {
    Step.DISBURSEMENT: LoanState.DISBURSED,
    Step.REPAYMENT: LoanState.CLOSED,
    Step.WITHDRAWAL: LoanState.WITHDRAWN,
    Step.WRITE_OFF: LoanState.WRITTEN_OFF,
}


class Proposal(Value):
    """What one person proposes and another confirms. A payment is an amount in CNY, a day and the bank's own
    reference; a withdrawal or a write-off has a reason."""

    step: Step
    amount: Money | None = None
    day: Day | None = None
    reference: Number | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        paid = (self.amount, self.day, self.reference)
        if self.step in {Step.DISBURSEMENT, Step.REPAYMENT}:
            if None in paid:
                raise ValueError(f"a {self.step} has an amount, a day and a reference")
            if self.reason is not None:
                raise ValueError(f"a {self.step} has no reason: it is an amount, a day and a reference alone")
            if self.amount is not None and (self.amount.currency != "CNY" or self.amount.amount <= 0):
                raise ValueError(f"amount: a {self.step} is in CNY, more than zero")
        elif self.reason is None:
            raise ValueError(f"a {self.step} has a reason")
        elif paid != (None, None, None):
            raise ValueError(f"a {self.step} is no payment: it has a reason alone")
        return self

    @property
    def words(self) -> str:
        """What is proposed, as a person reads it: of a payment all three parts."""
        return f"{self.amount}, {self.day}, {self.reference}" if self.amount is not None else self.reason or ""

    @property
    def id(self) -> str:
        """SHA-256 of the proposal: what the second person names to confirm just this."""
        return sha256_hex(canonical_json(self))


class Proposed(Value):
    """A proposal as it waits for the second person; nothing moves before. `sha256` is what that person names."""

    proposal: Proposal
    sha256: Hex256
    by: Person
    at: Moment


class Override(Value):
    """An officer's reason for setting aside one finding, named by `Finding.id`."""

    finding: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reason: Reason


class Decision(Value):
    """Who decided, when, and on what. `evidence_hash` is that of the verdict approved."""

    by: Person
    at: Moment
    outcome: LoanState
    evidence_hash: Hex256 | None = None
    overrides: tuple[Override, ...] = ()
    reason: str | None = None


class Payment(Value):
    """A step that two persons took: what was proposed and confirmed. `at` is the time of the confirmation."""

    proposal: Proposal
    proposed_by: Person
    confirmed_by: Person
    at: Moment


class Application(Value):
    """One version of a loan's application, by whom and when it was applied for. Each stands under a key of its own."""

    kind: Literal["loan-version"] = "loan-version"
    schema_version: Second = 2
    loan_id: str
    version: Version
    application: Record[LoanApplication]
    applied_by: Person
    applied_at: Moment
    policy_sha256: Hex256
    """Of the policy that was in force."""


class Loan(Value):
    """A loan's present state. `version` counts the applications for it, `applicants` are the persons of all of them."""

    kind: Literal["loan"] = "loan"
    schema_version: Second = 2
    loan_id: str
    bank: MspId
    state: LoanState
    version: Version
    application: Record[LoanApplication]
    applied_by: Person
    applied_at: Moment
    opened_at: Moment
    """When it was applied for first."""
    step: Count = 0
    """How many transactions have written it before."""
    applicants: tuple[Person, ...]
    policy_sha256: Hex256
    """Of the policy that was in force when this version was applied for."""
    verdict: Verdict | None = None
    checked_at: Moment | None = None
    decision: Decision | None = None
    """The last decision on this version: approved, rejected, referred or withdrawn."""
    approval: Decision | None = None
    """The approval, kept also where the loan was withdrawn after it."""
    proposed: Proposed | None = None
    disbursement: Payment | None = None
    repayment: Payment | None = None
    withdrawal: Payment | None = None
    write_off: Payment | None = None
    updated_at: Moment

    @property
    def items(self) -> tuple[FinancedDeclaration, ...]:
        return self.application.document.declarations

    @property
    def holds(self) -> bool:
        """Whether it holds balance of its declarations."""
        return self.state in HOLDING

    def taken(self, step: Step) -> Payment | None:
        """The step that two persons took, where they did."""
        return {
            Step.DISBURSEMENT: self.disbursement,
            Step.REPAYMENT: self.repayment,
            Step.WITHDRAWAL: self.withdrawal,
            Step.WRITE_OFF: self.write_off,
        }[step]


class LoanPage(Value):
    """One page of loans; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    loans: tuple[Loan, ...]


class LoanHistoryItem(Value):
    """The loan as one transaction left it."""

    loan: Loan
    transaction_id: str
    timestamp: Moment


class WrittenStep(Value):
    """A step of a loan as the collection has it, so that it can be held against a block, and the loan as it stands."""

    collection: str
    key: str
    """The collection's own."""
    value: str
    """Base64: salt, then the step's `LoanHistoryItem`."""
    loan: Loan


def require_step(loan: Loan, to: LoanState) -> None:
    """Raises `Refused` naming the states from which `to` is reached, when the loan stands elsewhere."""
    if loan.state not in _STEPS[to]:
        reached = ", ".join(state for state in LoanState if state in _STEPS[to])
        raise Refused(
            f"loan {loan.loan_id} is {loan.state}: {to} follows on {reached}",
            loan_id=loan.loan_id,
            state=loan.state,
        )
