"""What may be proposed for a loan as it stands: asked when a step is proposed, and again when it is confirmed."""

from __future__ import annotations

from datetime import date, datetime

from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Loan, LoanState, require_taken_in
from eximledger_chaincode.lending.steps import Proposal, RepaidBy, Step
from eximledger_chaincode.lending.time import day_in_china, require_near
from hlf_chaincode.errors import Refused
from hlf_chaincode.wording import with_article

__all__ = ["require_proposable"]


def require_proposable(loan: Loan, proposal: Proposal, now: datetime) -> None:
    """Raises `Refused` where the loan does not stand where the step follows, or the step is not one that it takes;
    `InvalidDocument` for a day that is not near the transaction's."""
    step, today = proposal.step, day_in_china(now)
    if step is Step.WITHDRAWAL and loan.state is not LoanState.APPROVED:
        raise Refused(f"loan {loan.loan_id} is {loan.state}: one person withdraws it (loans:withdraw)")
    require_taken_in(loan, step)
    if proposal.day is not None:
        require_near(proposal.day, now, "day")
    if proposal.amount is not None:
        _require_money(loan, proposal)
    if step is Step.DISBURSEMENT:
        _require_drawing(loan, proposal, now)
    elif step is Step.REPAYMENT:
        _require_repayment(loan, proposal, today)
    elif proposal.matures_on is not None and proposal.matures_on <= loan.matures_on:
        raise _refused(loan, f"the loan matures on {loan.matures_on}: an extension ends later")
    elif proposal.matures_on is not None and proposal.matures_on <= today:
        raise _refused(loan, f"an extension ends after the day on which it is agreed, {today}")


def _require_money(loan: Loan, proposal: Proposal) -> None:
    """In the loan's currency, not before what was paid last, and under a reference that was not used for it before."""
    amount, day = proposal.amount, proposal.day
    if amount is None or day is None:
        return
    if amount.currency != loan.currency:
        raise _refused(loan, f"the loan is in {loan.currency}, not in {amount.currency}: say the amount in its "
                             "currency, and beside it what is paid in another one (exchange)")  # fmt: skip
    last = max((each.day for each in loan.payments), default=None)
    if last is not None and day < last:
        raise _refused(loan, f"day: {day} is before the last step of the loan, of {last}: interest runs in order")
    used = {each.proposal.reference for each in loan.taken(proposal.step)}
    if proposal.reference in used:
        raise _refused(
            loan, f"{with_article(proposal.step.value)} of the loan has the reference {proposal.reference} already"
        )


def _require_drawing(loan: Loan, proposal: Proposal, now: datetime) -> None:
    account, amount, day = account_of(loan, day_in_china(now)), proposal.amount, proposal.day
    if amount is None or day is None:
        return
    if amount > account.undrawn:
        raise _refused(loan, f"{amount} is more than the {account.undrawn} approved and not drawn yet")
    if loan.draws_until is not None and max(day, day_in_china(now)) > loan.draws_until:
        raise _refused(loan, f"the loan was to be drawn until {loan.draws_until}")
    if max(day, day_in_china(now)) >= loan.matures_on:
        raise _refused(loan, f"the loan matures on {loan.matures_on}: nothing is drawn then")
    met = {each.condition for each in (*loan.met, *proposal.conditions)}
    if missing := [condition for condition in loan.conditions if condition not in met]:
        raise _refused(loan, "conditions precedent are not met: give the number of "
                             f"{', '.join(condition.value for condition in missing)}")  # fmt: skip


def _require_repayment(loan: Loan, proposal: Proposal, today: date) -> None:
    amount, day = proposal.amount, proposal.day
    if amount is None or day is None:
        return
    if day > today:
        raise _refused(loan, f"day: {day} is after the day of the transaction, {today}: it is repaid when the "
                             "money has come, and nothing is free before")  # fmt: skip
    owed = account_of(loan, day).owed
    if amount > owed:
        raise _refused(loan, f"{amount} is more than the {owed} owed on {day}")
    if proposal.by is RepaidBy.INSURER and not loan.taken(Step.INDEMNITY):
        raise _refused(loan, "no indemnity was sought: propose it before the insurer's payment")


def _refused(loan: Loan, reason: str) -> Refused:
    return Refused(f"loan {loan.loan_id}: {reason}", loan_id=loan.loan_id)
