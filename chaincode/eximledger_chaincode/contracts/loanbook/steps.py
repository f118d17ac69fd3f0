"""The steps that take two persons: one proposes, another confirms just that, and only then anything moves."""

from __future__ import annotations

from eximledger_chaincode.contracts.loanbook.book import OpenedLoan, save_loan
from eximledger_chaincode.contracts.loanbook.converting import bill_application
from eximledger_chaincode.contracts.loanbook.proposable import require_proposable
from eximledger_chaincode.contracts.loanbook.taking import take
from eximledger_chaincode.contracts.papers.policy import bounded_policy, read_policy_book
from eximledger_chaincode.contracts.register.presenting import application_papers, present
from eximledger_chaincode.contracts.state.keys import POLICY_BOOK_KEY, presented_key
from eximledger_chaincode.documents import LoanApplication, TolerancePolicy
from eximledger_chaincode.lending.accounts.transitions import proposed
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Duty, person_of, require_duty
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, Refused

__all__ = ["confirm_step", "propose_step", "read_to_propose"]


def read_to_propose(loan_id: str, proposal: Proposal) -> tuple[str, ...]:
    """Keys of the bank's vault that are read with the loan of which a step is proposed."""
    looks_up = proposal.bill is not None or proposal.step is Step.DISBURSEMENT
    return (POLICY_BOOK_KEY, presented_key(loan_id)) if looks_up else ()


async def propose_step(context: Context, opened: OpenedLoan, proposal: Proposal) -> Loan:
    """Put a step before a second person; it takes the place of one that was proposed before,
    by whomever: whoever proposes last does not confirm."""
    loan, person = opened.loan, person_of(context.creator)
    before = loan.proposed
    if before is not None and before.proposal == proposal and before.by.is_same(person):
        return loan
    require_proposable(loan, proposal, context.timestamp)
    if proposal.bill is not None:
        await _present_papers(context, opened, bill_application(context, loan, proposal.bill))
    elif proposal.step is Step.DISBURSEMENT:
        await _present_papers(context, opened, loan.application.document)
    return await save_loan(context, opened.vault, loan, proposed(loan, proposal, person, context.timestamp))


async def _present_papers(context: Context, opened: OpenedLoan, application: LoanApplication) -> None:
    """Papers that came or were amended since the approval are looked up before money leaves, or the hold moves."""
    book = await read_policy_book(opened.vault, opened.loan.bank)
    policy, _ = bounded_policy(book, day_in_china(context.timestamp), opened.consortium.floors)
    tolerances = policy if isinstance(policy, TolerancePolicy) else policy.document
    papers = await application_papers(opened.vault, application, tolerances)
    await present(context, opened.consortium, opened.vault, opened.loan.loan_id, papers)


async def confirm_step(context: Context, opened: OpenedLoan, proposal_id: str) -> Loan:
    """Take just the step that another person proposed. Taken already and confirmed by this person: unchanged."""
    loan, person = opened.loan, require_duty(context.creator, Duty.CHECKER, "to confirm what was proposed")
    if any(each.proposal.id == proposal_id and each.confirmed_by.is_same(person) for each in loan.payments):
        return loan
    waiting = loan.proposed
    if waiting is None or waiting.sha256 != proposal_id:
        raise Refused(
            f"that is not what is proposed for loan {loan.loan_id}: look at it again (loans:get)", loan_id=loan.loan_id
        )
    if waiting.by.is_same(person):
        raise NotAuthorized(
            f"{person} proposed the {waiting.proposal.step}: another person confirms it", loan_id=loan.loan_id
        )
    require_proposable(loan, waiting.proposal, context.timestamp)
    return await save_loan(context, opened.vault, loan, await take(context, opened, waiting, person))
