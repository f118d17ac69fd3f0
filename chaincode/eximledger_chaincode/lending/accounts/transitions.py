"""What the steps of a loan make of it: pure, so that whoever knows the loan before knows it after.

Who may take a step, and what it reads and refuses, is the contracts' (`contracts.loanbook`); they number the loan's
steps as they save it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.accounts.account import (
    account_of,
    advance_interest,
    frames_after,
    held_after,
    split_repayment,
)
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Payment, Proposal, Proposed
from eximledger_chaincode.lending.verdict import Verdict

__all__ = ["approved", "checked", "disbursed", "proposed", "repaid", "settled", "with_payment"]


def checked(loan: Loan, verdict: Verdict, at: datetime) -> Loan:
    """The loan with the verdict of its case."""
    changes = {"state": LoanState.CHECKED, "verdict": verdict, "checked_at": at, "updated_at": at}
    return loan.model_copy(update=changes)


def approved(
    loan: Loan, decision: Decision, verdict: Verdict, conditions: Sequence[Condition], draws_until: date
) -> Loan:
    """The loan holding all that was applied for, to be drawn when the conditions are met."""
    changes = {
        "state": LoanState.APPROVED,
        "decision": decision,
        "approval": decision,
        "verdict": verdict,
        "held": loan.items,
        "held_frames": loan.application.document.frames,
        "conditions": tuple(conditions),
        "draws_until": draws_until,
        "updated_at": decision.at,
    }
    return loan.model_copy(update=changes)


def proposed(loan: Loan, proposal: Proposal, by: Person, at: datetime) -> Loan:
    """The loan with a step put before a second person, in the place of one that was proposed before."""
    waiting = Proposed(proposal=proposal, sha256=proposal.id, by=by, at=at)
    return loan.model_copy(update={"proposed": waiting, "updated_at": at})


def disbursed(loan: Loan, payment: Payment, evidence_hash: str | None) -> Loan:
    """The loan paid out by the case of this evidence; what it holds is `settled` after."""
    amount = payment.proposal.amount
    assert amount is not None  # noqa: S101 - held by the proposal's validator
    changes = {
        "principal": amount,
        "interest": advance_interest(loan, amount, payment.day),
        "evidence_hash": evidence_hash,
    }
    return with_payment(loan, payment.model_copy(update=changes), LoanState.DISBURSED)


def repaid(loan: Loan, payment: Payment) -> Loan:
    """The loan with a repayment, interest first; closed where nothing is owed any more. What it holds is `settled`
    after."""
    amount = payment.proposal.amount
    assert amount is not None  # noqa: S101 - held by the proposal's validator
    interest, principal = split_repayment(loan, amount, payment.day)
    after = with_payment(loan, payment.model_copy(update={"principal": principal, "interest": interest}), loan.state)
    owed = account_of(after, payment.day).owed
    return after if owed.amount else after.model_copy(update={"state": LoanState.CLOSED})


def with_payment(loan: Loan, payment: Payment, state: LoanState) -> Loan:
    """The loan in a state after a step that two persons took."""
    return loan.model_copy(update={"payments": (*loan.payments, payment), "state": state})


def settled(loan: Loan, at: datetime) -> Loan:
    """The loan after a step that two persons took: it holds what is left, and nothing is proposed."""
    changes = {"held": held_after(loan), "held_frames": frames_after(loan), "proposed": None, "updated_at": at}
    return loan.model_copy(update=changes)
