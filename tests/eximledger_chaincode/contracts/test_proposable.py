"""What may be proposed for a loan as it stands, taken by itself: states, days, amounts, references, conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.eximledger_chaincode.lending.accounts.test_account import DAY, extended, loan, money, paid

from eximledger_chaincode.contracts.loanbook.proposable import require_proposable
from eximledger_chaincode.documents import Money
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_chaincode.errors import InvalidDocument, Refused

PAID = {Step.DISBURSEMENT, Step.REPAYMENT, Step.INDEMNITY}


def at(days: int) -> datetime:
    """Noon in China, so many days after the first."""
    return datetime(DAY.year, DAY.month, DAY.day, 4, tzinfo=UTC) + timedelta(days=days)


def said(step: Step, amount: str | Money = "100.00", days: int = 0, **more: object) -> Proposal:
    usual: dict[str, object] = {"reason": "as agreed"}
    if step in PAID:
        of = amount if isinstance(amount, Money) else money(amount)
        usual = {"amount": of, "day": DAY + timedelta(days=days), "reference": "N-1"}
    if step is Step.INDEMNITY:
        usual["insurer"] = "Sinosure"
    return Proposal.model_validate({"step": step} | usual | more)


def extension(days: int) -> Proposal:
    return said(Step.EXTENSION, matures_on=DAY + timedelta(days=days))


def drawn(amount: str = "100000.00", days: int = 0) -> Loan:
    return paid(loan(), Step.DISBURSEMENT, amount, days)


def closed_out(**changes: object) -> Loan:
    return loan().model_copy(update=changes)


SOUND = [
    (loan(), said(Step.DISBURSEMENT, "100000.00"), 0),
    (loan(), said(Step.DISBURSEMENT, days=3), 0),
    (loan(), said(Step.DISBURSEMENT, days=89), 89),
    (closed_out(draws_until=DAY), said(Step.DISBURSEMENT), 0),
    (closed_out(conditions=(Condition.SIGNED_CONTRACT,)),
     said(Step.DISBURSEMENT, conditions=[{"condition": "signed-contract", "reference": "SC-1"}]), 0),
    (drawn("99999.99"), said(Step.DISBURSEMENT, "0.01"), 0),
    (drawn(), said(Step.REPAYMENT, "100300.00", 30), 30),
    (drawn(), said(Step.REPAYMENT, "100.00", 29), 30),
    (drawn(), said(Step.REPAYMENT, reference="R-0"), 0),  # a disbursement has it
    (drawn(), said(Step.INDEMNITY, "1.00", 91), 91),
    (drawn(), extension(91), 30),
    (extended(drawn(), 10, 100), extension(101), 20),
    (drawn(), extension(121), 120),
    (loan(), said(Step.WITHDRAWAL), 0),
    (drawn(), said(Step.WRITE_OFF), 0),
]  # fmt: skip


@pytest.mark.parametrize(("of", "proposal", "days"), SOUND)
def test_what_fits_is_proposed(of: Loan, proposal: Proposal, days: int) -> None:
    require_proposable(of, proposal, at(days))


REFUSED = [
    (closed_out(state=LoanState.APPLIED), said(Step.WITHDRAWAL), 0, "one person withdraws it"),
    (drawn(), said(Step.WITHDRAWAL), 0, "one person withdraws it"),
    (loan(), said(Step.WRITE_OFF), 0, "follows on"),
    (loan(), said(Step.REPAYMENT), 0, "follows on"),
    (closed_out(state=LoanState.CHECKED), said(Step.DISBURSEMENT), 0, "follows on"),
    (loan(), said(Step.DISBURSEMENT, "100000.01"), 0, "approved and not drawn"),
    (drawn("60000.00"), said(Step.DISBURSEMENT, "40000.01"), 0, "approved and not drawn"),
    (loan(), said(Step.DISBURSEMENT, Money.of("100.00", "CNY")), 0, "the loan is in USD, not in CNY"),
    (drawn(), said(Step.INDEMNITY, Money.of("100.00", "CNY")), 0, "the loan is in USD, not in CNY"),
    (paid(drawn("1.00"), Step.DISBURSEMENT, "1.00", 2), said(Step.DISBURSEMENT, days=1), 2, "interest runs in order"),
    (extended(drawn(), 10, 100), said(Step.REPAYMENT, days=9), 10, "interest runs in order"),
    (drawn("1.00"), said(Step.DISBURSEMENT, reference="R-0"), 0, "has the reference R-0 already"),
    (closed_out(draws_until=DAY), said(Step.DISBURSEMENT, days=1), 0, "was to be drawn until"),
    (closed_out(draws_until=DAY), said(Step.DISBURSEMENT), 1, "was to be drawn until"),
    (loan(), said(Step.DISBURSEMENT, days=90), 88, "nothing is drawn then"),
    (loan(), said(Step.DISBURSEMENT, days=89), 90, "nothing is drawn then"),
    (closed_out(conditions=(Condition.SIGNED_CONTRACT, Condition.PLEDGE_REGISTRATION)),
     said(Step.DISBURSEMENT, conditions=[{"condition": "signed-contract", "reference": "SC-1"}]), 0,
     "give the number of pledge-registration$"),
    (drawn(), said(Step.REPAYMENT, days=31), 30, "is repaid when the money has come"),
    (drawn(), said(Step.REPAYMENT, "100300.01", 30), 30, "more than the 100,300.00 USD owed"),
    (drawn(), said(Step.REPAYMENT, "100300.00", 29), 30, "more than the 100,290.00 USD owed"),
    (drawn(), said(Step.REPAYMENT, source="insurer"), 0, "no indemnity was sought"),
    (drawn(), extension(90), 30, "an extension ends later"),
    (extended(drawn(), 10, 100), extension(100), 20, "an extension ends later"),
    (drawn(), extension(120), 120, "ends after the day on which it is agreed"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "proposal", "days", "reason"), REFUSED)
def test_what_does_not_fit_is_refused(of: Loan, proposal: Proposal, days: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason.replace(".", r"\.")):
        require_proposable(of, proposal, at(days))


@pytest.mark.parametrize("step", [Step.DISBURSEMENT, Step.REPAYMENT, Step.INDEMNITY])
def test_a_payment_is_of_a_day_near_the_transaction(step: Step) -> None:
    of = loan() if step is Step.DISBURSEMENT else drawn()
    with pytest.raises(InvalidDocument, match="day"):
        require_proposable(of, said(step, days=10), at(14))
    require_proposable(of, said(step, days=10), at(13))


def test_a_condition_that_was_met_stays_met() -> None:
    contract = {"condition": "signed-contract", "reference": "SC-1"}
    before = closed_out(conditions=(Condition.SIGNED_CONTRACT,))
    part = paid(before, Step.DISBURSEMENT, "1.00", 0, conditions=[contract])
    require_proposable(part, said(Step.DISBURSEMENT), at(0))


def test_the_insurer_repays_where_an_indemnity_was_sought() -> None:
    before = drawn()
    step = said(Step.INDEMNITY, "1.00", 91)
    taken = paid(before, Step.REPAYMENT, "1.00", 91).payments[-1].model_copy(update={"proposal": step})
    sought = before.model_copy(update={"payments": (*before.payments, taken), "state": LoanState.INDEMNITY_SOUGHT})
    require_proposable(sought, said(Step.REPAYMENT, days=91, source="insurer"), at(91))
