"""The steps that take two persons: one proposes, another confirms just that, and only then anything moves."""

from __future__ import annotations

from eximledger_chaincode.contracts.loanbook.book import OpenedLoan, save_loan
from eximledger_chaincode.contracts.loanbook.facts import open_case
from eximledger_chaincode.contracts.loanbook.screening import require_unlisted
from eximledger_chaincode.contracts.papers.policy import bounded_policy, read_policy_book
from eximledger_chaincode.contracts.register.holding import free, mark_disbursed
from eximledger_chaincode.contracts.register.presenting import application_papers, present
from eximledger_chaincode.contracts.state.calendar import require_business_day
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.loan import (
    Decision,
    Loan,
    LoanState,
    Payment,
    Proposal,
    Proposed,
    Step,
    require_step,
)
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.roles import Duty, Person, person_of, require_duty
from eximledger_chaincode.lending.time import day_in_china, require_near
from eximledger_chaincode.lending.verdict import Severity
from eximledger_chaincode.rules import Decision as Outcome
from eximledger_chaincode.rules import reconcile
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, Refused

__all__ = ["confirm_step", "propose_step", "require_proposable"]


async def propose_step(context: Context, opened: OpenedLoan, proposal: Proposal) -> Loan:
    """Put a step before a second person; it takes the place of one that was proposed before,
    by whomever: whoever proposes last does not confirm."""
    loan, person = opened.loan, person_of(context.creator)
    before = loan.proposed
    if before is not None and before.proposal == proposal and before.by.is_same(person):
        return loan
    require_proposable(loan, proposal)
    if proposal.day is not None:
        require_near(proposal.day, context.timestamp, "day")
    proposed = Proposed(proposal=proposal, sha256=proposal.id, by=person, at=context.timestamp)
    if proposal.step is Step.DISBURSEMENT:
        await _present_papers(context, opened)
    after = loan.model_copy(update={"proposed": proposed, "updated_at": context.timestamp})
    return await save_loan(context, opened.vault, loan, after)


async def _present_papers(context: Context, opened: OpenedLoan) -> None:
    """Papers that were amended since the approval are looked up before money leaves."""
    book = await read_policy_book(opened.vault, opened.loan.bank)
    policy, _ = bounded_policy(book, day_in_china(context.timestamp), opened.consortium.floors)
    tolerances = policy if isinstance(policy, TolerancePolicy) else policy.document
    papers = await application_papers(opened.vault, opened.loan.application.document, tolerances)
    await present(context, opened.consortium, opened.vault, opened.loan.loan_id, papers)


def require_proposable(loan: Loan, proposal: Proposal) -> None:
    """Raises `Refused` where the loan does not stand where the step follows, or the amount is not one that it takes."""
    step, amount = proposal.step, proposal.amount
    require_step(loan, step.leads_to)
    if step is Step.WITHDRAWAL and loan.state is not LoanState.APPROVED:
        raise Refused(f"loan {loan.loan_id} is {loan.state}: one person withdraws it (loans:withdraw)")
    if step is Step.DISBURSEMENT and amount is not None and amount > loan.application.document.amount:
        raise Refused(f"{amount} is more than the {loan.application.document.amount} approved", loan_id=loan.loan_id)
    paid = loan.disbursement.proposal.amount if loan.disbursement is not None else None
    if step is Step.REPAYMENT and amount is not None and paid is not None and amount < paid:
        raise Refused(
            f"{amount} is less than the {paid} disbursed: a loan is closed by its repayment in full",
            loan_id=loan.loan_id,
        )


async def confirm_step(context: Context, opened: OpenedLoan, proposal_id: str) -> Loan:
    """Take just the step that another person proposed. Taken already and confirmed by this person: unchanged."""
    loan, person = opened.loan, require_duty(context.creator, Duty.CHECKER, "to confirm what was proposed")
    for payment in (loan.taken(step) for step in Step):
        if payment is not None and payment.proposal.id == proposal_id and payment.confirmed_by.is_same(person):
            return loan
    proposed = loan.proposed
    if proposed is None or proposed.sha256 != proposal_id:
        raise Refused(
            f"that is not what is proposed for loan {loan.loan_id}: look at it again (loans:get)", loan_id=loan.loan_id
        )
    if proposed.by.is_same(person):
        raise NotAuthorized(
            f"{person} proposed the {proposed.proposal.step}: another person confirms it", loan_id=loan.loan_id
        )
    require_proposable(loan, proposed.proposal)
    if proposed.proposal.day is not None:
        require_near(proposed.proposal.day, context.timestamp, "day")
    return await _taken(context, opened, proposed, person)


async def _taken(context: Context, opened: OpenedLoan, proposed: Proposed, person: Person) -> Loan:
    loan, step = opened.loan, proposed.proposal.step
    payment = Payment(proposal=proposed.proposal, proposed_by=proposed.by, confirmed_by=person, at=context.timestamp)
    changes: dict[str, object] = {
        "state": step.leads_to,
        step.value.replace("-", "_"): payment,
        "proposed": None,
        "updated_at": context.timestamp,
    }
    if step is Step.DISBURSEMENT:
        await mark_disbursed(context, opened.vault, loan, await _still_supported(context, opened))
    elif step is not Step.WRITE_OFF:
        await free(context, opened.vault, loan)
    if step is Step.WITHDRAWAL:
        changes["decision"] = Decision(
            by=person, at=context.timestamp, outcome=LoanState.WITHDRAWN, reason=proposed.proposal.reason
        )
    return await save_loan(context, opened.vault, loan, loan.model_copy(update=changes))


async def _still_supported(context: Context, opened: OpenedLoan) -> tuple[PaperFingerprint, ...]:
    """The loan's papers as they are now. The case is judged again before money leaves: an approval may have been held
    back, or papers have changed since. Raises `Refused` where a finding rejects it now."""
    await require_business_day(context)
    found = await open_case(context, opened)
    verdict = reconcile(found.case)
    if verdict.verdict is Outcome.REJECT:
        rejecting = [each for each in verdict.findings if each.severity is Severity.REJECT]
        raise Refused(
            f"loan {opened.loan.loan_id} cannot be disbursed any more: "
            f"{' '.join(dict.fromkeys(f'{each.rule}: {each.message.en}' for each in rejecting[:3]))}",
            loan_id=opened.loan.loan_id,
        )
    require_unlisted(opened.loan, found.case, "disbursement")
    return found.papers
