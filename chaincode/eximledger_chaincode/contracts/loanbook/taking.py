"""What each step of two persons does when it is taken: the loan after it, and what the register has of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from eximledger_chaincode.contracts.loanbook.approval import require_decider, require_overridden, require_stranger
from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.loanbook.converting import convert
from eximledger_chaincode.contracts.loanbook.judging import judge_again, require_indemnity
from eximledger_chaincode.contracts.loanbook.receipts import take_receipt
from eximledger_chaincode.contracts.loanbook.screening import require_unlisted, screen_loan
from eximledger_chaincode.contracts.register.holding import mark_disbursed, mark_undrawn, release, release_frames
from eximledger_chaincode.contracts.state.calendar import require_business_day
from eximledger_chaincode.lending.accounts.transitions import disbursed, repaid, settled, with_payment
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Payment, Proposed, Step
from hlf_chaincode.contract import Context

__all__ = ["take"]

_Taking: TypeAlias = Callable[[Context, OpenedLoan, Payment], Awaitable[Loan]]


async def take(context: Context, opened: OpenedLoan, proposed: Proposed, person: Person) -> Loan:
    """The loan after the step that was proposed, with nothing proposed; not saved yet. Raises `Refused`."""
    payment = Payment(proposal=proposed.proposal, proposed_by=proposed.by, confirmed_by=person, at=context.timestamp)
    after = settled(await _TAKING[proposed.proposal.step](context, opened, payment), context.timestamp)
    if proposed.proposal.step is not Step.CONVERSION:  # which has moved the hold itself
        await release(context, opened.vault, opened.loan, after.held)
        await release_frames(opened.vault, opened.loan, after.held_frames)
    return after


async def _disburse(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    """The case is judged again before money leaves: an approval may have been held back, or papers have changed since;
    a finding that rejects it now stops it."""
    loan = opened.loan
    await require_business_day(context)
    found = await judge_again(context, opened, "disbursed any more")
    require_unlisted(loan, found.verdict.findings, "disbursement")
    await mark_disbursed(context, opened.vault, loan, found.papers)
    return disbursed(loan, payment, found.verdict.evidence_hash)


async def _repay(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    await screen_loan(context, opened, "repayment")
    if payment.proposal.receipt is not None:
        await take_receipt(context, opened, payment.proposal)
    return repaid(opened.loan, payment)


async def _extend(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    """A new maturity is judged as an approval is: what rejects stops it, what refers is set aside by name, and who
    confirms neither applied for the loan nor wrote a paper of it."""
    require_decider(opened.loan, context.creator)
    await require_business_day(context)
    found = await judge_again(context, opened, "extended", matures_on=payment.proposal.matures_on)
    require_stranger(found.case, payment.confirmed_by)
    require_overridden(opened.loan.loan_id, found.verdict, payment.proposal.overrides)
    return with_payment(
        opened.loan, payment.model_copy(update={"evidence_hash": found.verdict.evidence_hash}), LoanState.DISBURSED
    )


async def _seek_indemnity(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    await require_indemnity(context, opened, payment.proposal)
    return with_payment(opened.loan, payment, LoanState.INDEMNITY_SOUGHT)


async def _withdraw(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    await mark_undrawn(context, opened.vault, opened.loan)
    decision = Decision(
        by=payment.confirmed_by, at=payment.at, outcome=LoanState.WITHDRAWN, reason=payment.proposal.reason
    )
    return with_payment(opened.loan, payment, LoanState.WITHDRAWN).model_copy(update={"decision": decision})


async def _write_off(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    return with_payment(opened.loan, payment, LoanState.WRITTEN_OFF)


_TAKING: Final[Mapping[Step, _Taking]] = {
    Step.DISBURSEMENT: _disburse,
    Step.REPAYMENT: _repay,
    Step.EXTENSION: _extend,
    Step.CONVERSION: convert,
    Step.INDEMNITY: _seek_indemnity,
    Step.WITHDRAWAL: _withdraw,
    Step.WRITE_OFF: _write_off,
}
