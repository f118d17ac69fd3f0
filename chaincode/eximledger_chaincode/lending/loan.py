"""A loan as the bank channel keeps it, and the states of its life.

    applied -> checked -> approved -> disbursed (in parts) -> closed (repaid, in parts)
       |          |  \\       |  \\          |       |
       |          |   referred|   lapsed     |    overdue -> indemnity-sought -> closed
       +----------+-> rejected|              |       |
                      withdrawn              +-------+-> written-off

An open loan (applied, checked, referred) may be applied for again, amended. An approved loan holds balance; repaid in
part it frees it in proportion, in the same transaction. A packing loan holds contracts and credits; while it is
disbursed or overdue it becomes an export bill, and then holds declarations. Money moves, terms change, and an approved
loan is withdrawn, by two persons in two transactions (`steps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from eximledger_chaincode.documents import FinancedDeclaration, FinancedFrame, LoanApplication, Record, Value
from eximledger_chaincode.documents.parts.base import Count, Day, Moment, Second, Version
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.documents.parts.terms import Condition, DayCount, day_count_of
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import ConditionMet, Override, Payment, Proposed, Step
from eximledger_chaincode.lending.verdict import Verdict
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = [
    "HOLDING",
    "OPEN",
    "RUNNING",
    "Application",
    "Decision",
    "Loan",
    "LoanHistoryItem",
    "LoanId",
    "LoanPage",
    "LoanState",
    "LoanStep",
    "WrittenStep",
    "require_step",
    "require_taken_in",
]

LoanId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class LoanState(StrEnum):
    APPLIED = "applied"
    CHECKED = "checked"
    REFERRED = "referred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    LAPSED = "lapsed"
    """Approved and never drawn, until drawing ended."""
    DISBURSED = "disbursed"
    OVERDUE = "overdue"
    INDEMNITY_SOUGHT = "indemnity-sought"
    CLOSED = "closed"
    WRITTEN_OFF = "written-off"


OPEN: Final = frozenset({LoanState.APPLIED, LoanState.CHECKED, LoanState.REFERRED})
"""States of a loan that is not decided yet: it holds nothing and may be applied for again."""

RUNNING: Final = frozenset({LoanState.DISBURSED, LoanState.OVERDUE, LoanState.INDEMNITY_SOUGHT})
"""States of a loan that was paid out and is to be repaid."""

HOLDING: Final = RUNNING | {LoanState.APPROVED, LoanState.WRITTEN_OFF}
"""States of a loan that holds balance. A loan that was written off holds what is still owed on it: the claim is still
unpaid and still pledged, and nobody lends on it again. So does one that the insurer repaid, for what that paid."""

_REACHED: Final[Mapping[LoanState, frozenset[LoanState]]] = {
    LoanState.APPLIED: OPEN,
    LoanState.CHECKED: OPEN,
    LoanState.REFERRED: OPEN,
    LoanState.REJECTED: OPEN,
    LoanState.WITHDRAWN: OPEN | {LoanState.APPROVED},
    LoanState.APPROVED: frozenset({LoanState.CHECKED, LoanState.REFERRED}),
    LoanState.LAPSED: frozenset({LoanState.APPROVED}),
    LoanState.OVERDUE: frozenset({LoanState.DISBURSED}),
}
"""From which states each state is reached by an act of one person (and, withdrawn, of two)."""

_TAKEN_IN: Final[Mapping[Step, frozenset[LoanState]]] = {
    Step.DISBURSEMENT: frozenset({LoanState.APPROVED, LoanState.DISBURSED}),
    Step.REPAYMENT: RUNNING | {LoanState.WRITTEN_OFF},
    Step.EXTENSION: frozenset({LoanState.DISBURSED, LoanState.OVERDUE}),
    Step.CONVERSION: frozenset({LoanState.DISBURSED, LoanState.OVERDUE}),
    Step.INDEMNITY: frozenset({LoanState.DISBURSED, LoanState.OVERDUE}),
    Step.WITHDRAWAL: frozenset({LoanState.APPROVED}),
    Step.WRITE_OFF: RUNNING,
}
"""In which states each step of two persons is taken."""


class Decision(Value):
    """Who decided, when, and on what. `evidence_hash` is that of the verdict approved."""

    by: Person
    at: Moment
    outcome: LoanState
    evidence_hash: Hex256 | None = None
    overrides: tuple[Override, ...] = ()
    reason: str | None = None


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
    payments: tuple[Payment, ...] = ()
    """The steps that two persons took, in their order."""
    held: tuple[FinancedDeclaration, ...] = ()
    """What it holds of its declarations now."""
    held_frames: tuple[FinancedFrame, ...] = ()
    """What a packing loan holds of its contracts and letters of credit now."""
    conditions: tuple[Condition, ...] = ()
    """What must be there before it is paid out; from its approval on."""
    draws_until: Day | None = None
    """The last day on which it is paid out; from its approval on."""
    updated_at: Moment

    @property
    def items(self) -> tuple[FinancedDeclaration, ...]:
        return self.application.document.declarations

    @property
    def currency(self) -> str:
        return self.application.document.amount.currency

    @property
    def holds(self) -> bool:
        """Whether it holds balance of its declarations, or of contracts and credits."""
        return bool(self.held or self.held_frames)

    @property
    def converted(self) -> Payment | None:
        """The step by which a packing loan became an export bill."""
        return next(iter(self.taken(Step.CONVERSION)), None)

    @property
    def matures_on(self) -> date:
        """As the last step that changed it has it."""
        said = [each.proposal.matures_on for each in self.agreed]
        return next((day for day in reversed(said) if day is not None), self.application.document.matures_on)

    @property
    def rate_percent(self) -> Decimal:
        """Per cent a year, as the last step that changed it has it."""
        said = [each.proposal.rate_percent for each in self.agreed]
        return next((rate for rate in reversed(said) if rate is not None), self.application.document.terms.rate_percent)

    @property
    def day_count(self) -> DayCount:
        return self.application.document.terms.day_count or day_count_of(self.currency)

    @property
    def met(self) -> tuple[ConditionMet, ...]:
        """The conditions precedent that were met when it was paid out, or became an export bill."""
        return tuple(met for each in self.payments for met in each.proposal.conditions)

    @property
    def agreed(self) -> tuple[Payment, ...]:
        """The steps that may change maturity or rate, in their order."""
        return tuple(each for each in self.payments if each.proposal.step in {Step.EXTENSION, Step.CONVERSION})

    def taken(self, step: Step) -> tuple[Payment, ...]:
        """The times that two persons took a step, in their order."""
        return tuple(each for each in self.payments if each.proposal.step is step)


class LoanPage(Value):
    """One page of loans; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    loans: tuple[Loan, ...]


class LoanHistoryItem(Value):
    """The loan as one transaction left it."""

    loan: Loan
    transaction_id: str
    timestamp: Moment


class LoanStep(Value):
    """What a block keeps of a transaction's answer: which step of the loan it is about, and the hash of the loan as it
    was then. Who wants the loan reads the step (`loans:step`), which nothing writes again."""

    loan_id: str
    step: Count
    sha256: Hex256

    @classmethod
    def of(cls, loan: Loan) -> LoanStep:
        """The step at which a loan stands."""
        return cls(loan_id=loan.loan_id, step=loan.step, sha256=sha256_hex(canonical_json(loan)))


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
    if loan.state not in _REACHED[to]:
        reached = _listed(_REACHED[to])
        raise Refused(
            f"loan {loan.loan_id} is {loan.state}: {to} follows on {reached}",
            loan_id=loan.loan_id,
            state=loan.state,
        )


def require_taken_in(loan: Loan, step: Step) -> None:
    """Raises `Refused` naming the states in which a step of two persons is taken, when the loan stands elsewhere."""
    if loan.state not in _TAKEN_IN[step]:
        raise Refused(
            f"loan {loan.loan_id} is {loan.state}: {step} follows on {_listed(_TAKEN_IN[step])}",
            loan_id=loan.loan_id,
            state=loan.state,
        )


def _listed(states: frozenset[LoanState]) -> str:
    return ", ".join(state for state in LoanState if state in states)
