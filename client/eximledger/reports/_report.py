"""What a report is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.rules import Verdict

__all__ = ["Report", "Step", "life_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a loan's life: the state reached or the step that two persons took, when, by whom, who confirmed it,
    and what was noted."""

    state: str
    at: datetime
    by: str = ""
    confirmed_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict on an application; with the loan where there is one on a ledger."""

    application: LoanApplication
    verdict: Verdict
    loan: Loan | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The loan's life so far, oldest first; empty for papers that are on no ledger."""
        return () if self.loan is None else life_of(self.loan)


def life_of(loan: Loan) -> tuple[Step, ...]:
    """The loan's life so far, oldest first."""
    return tuple(sorted(_steps(loan), key=lambda step: step.at))


def _steps(loan: Loan) -> Iterator[Step]:
    yield Step("applied", loan.applied_at, loan.applied_by.name)
    if loan.checked_at is not None:
        yield Step("checked", loan.checked_at)
    confirmed = {payment.at for payment in loan.payments}
    for decision in dict.fromkeys((loan.approval, loan.decision)):
        if decision is not None and decision.at not in confirmed:
            yield Step(decision.outcome.value, decision.at, decision.by.name, note=decision.reason or "")
    for payment in loan.payments:
        note = payment.proposal.words
        yield Step(payment.proposal.step.value, payment.at, payment.proposed_by.name, payment.confirmed_by.name, note)
