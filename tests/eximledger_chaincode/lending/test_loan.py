"""What a proposal must say, and from which states each state is reached."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.lending.loan import HOLDING, OPEN, Loan, LoanState, Proposal, Step, require_step
from hlf_chaincode.errors import Refused

PAID: dict[str, object] = {"amount": {"amount": "100.00", "currency": "CNY"}, "day": "2026-05-04", "reference": "P-1"}
WHY: dict[str, object] = {"reason": "the exporter asks for it"}
SOUND = {Step.DISBURSEMENT: PAID, Step.REPAYMENT: PAID, Step.WITHDRAWAL: WHY, Step.WRITE_OFF: WHY}


def proposal(step: Step, **changes: object) -> Proposal:
    return Proposal.model_validate(SOUND[step] | changes | {"step": step})


@pytest.mark.parametrize("step", [Step.DISBURSEMENT, Step.REPAYMENT])
@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None},
        {"day": None},
        {"reference": None},
        {"amount": {"amount": "0.00", "currency": "CNY"}},
        {"amount": {"amount": "-1.00", "currency": "CNY"}},
        {"amount": {"amount": "100.00", "currency": "USD"}},
        {"reference": ""},
        {"day": "2026-02-30"},
    ],
)
def test_a_payment_is_an_amount_a_day_and_a_reference(step: Step, changes: dict[str, object]) -> None:
    assert proposal(step).day == date(2026, 5, 4)
    with pytest.raises(ValidationError):
        proposal(step, **changes)


@pytest.mark.parametrize("step", [Step.DISBURSEMENT, Step.REPAYMENT])
def test_a_payment_shows_its_amount_and_nothing_in_its_place(step: Step) -> None:
    """A reason beside it could pass for the amount on the second person's screen."""
    assert proposal(step).words.startswith(str(proposal(step).amount))
    with pytest.raises(ValidationError, match="no reason"):
        proposal(step, reason="7,760,000.00 CNY, 2026-05-04, P-1")


@pytest.mark.parametrize("step", [Step.WITHDRAWAL, Step.WRITE_OFF])
@pytest.mark.parametrize("changes", [{"reason": None}, {"reason": ""}, *({name: PAID[name]} for name in PAID)])
def test_what_is_no_payment_has_a_reason_alone(step: Step, changes: dict[str, object]) -> None:
    assert proposal(step).reason is not None
    with pytest.raises(ValidationError):
        proposal(step, **changes)


def test_the_id_is_that_of_every_word() -> None:
    base = proposal(Step.DISBURSEMENT)
    others = [
        proposal(Step.REPAYMENT),
        proposal(Step.DISBURSEMENT, amount={"amount": "100.01", "currency": "CNY"}),
        proposal(Step.DISBURSEMENT, day="2026-05-05"),
        proposal(Step.DISBURSEMENT, reference="P-2"),
        proposal(Step.WITHDRAWAL),
        proposal(Step.WITHDRAWAL, reason="for another reason"),
        proposal(Step.WRITE_OFF),
    ]
    assert base.id == proposal(Step.DISBURSEMENT).id
    assert len({base.id, *(each.id for each in others)}) == len(others) + 1


@pytest.mark.parametrize("reason", ["x", "x" * 1000, "Zinsen gestundet\n和解"])
def test_a_reason_is_any_words(reason: str) -> None:
    assert proposal(Step.WITHDRAWAL, reason=reason).words == reason


@pytest.mark.parametrize("reason", ["x" * 1001, "paid\x00twice"])
def test_a_reason_is_no_book_and_has_no_end_within(reason: str) -> None:
    assert proposal(Step.WITHDRAWAL).words == WHY["reason"]
    with pytest.raises(ValidationError):
        proposal(Step.WITHDRAWAL, reason=reason)


S = LoanState
FOLLOWS_ON = {
    S.APPLIED: {S.APPLIED, S.CHECKED, S.REFERRED},
    S.CHECKED: {S.APPLIED, S.CHECKED, S.REFERRED},
    S.REFERRED: {S.APPLIED, S.CHECKED, S.REFERRED},
    S.REJECTED: {S.APPLIED, S.CHECKED, S.REFERRED},
    S.WITHDRAWN: {S.APPLIED, S.CHECKED, S.REFERRED, S.APPROVED},
    S.APPROVED: {S.CHECKED, S.REFERRED},
    S.DISBURSED: {S.APPROVED},
    S.CLOSED: {S.DISBURSED},
    S.WRITTEN_OFF: {S.DISBURSED},
}
"""Said once more, by hand: a state more would let money move out of a loan that nobody approved."""


def loan(state: LoanState) -> Loan:
    maker = cases.MAKER
    return Loan(
        loan_id="EX-7", bank=maker.msp_id, state=state, version=1, application=cases.record(cases.application()),
        applied_by=maker, applied_at=cases.APPLIED_AT, opened_at=cases.APPLIED_AT, applicants=(maker,),
        policy_sha256="0" * 64,
        updated_at=cases.APPLIED_AT,
    )  # fmt: skip


@pytest.mark.parametrize("to", LoanState)
@pytest.mark.parametrize("state", LoanState)
def test_each_state_follows_on_its_own_and_no_other(state: LoanState, to: LoanState) -> None:
    if state in FOLLOWS_ON[to]:
        require_step(loan(state), to)
    else:
        before = ", ".join(each for each in LoanState if each in FOLLOWS_ON[to])
        with pytest.raises(Refused, match=f"^loan EX-7 is {state}: {to} follows on {before}$"):
            require_step(loan(state), to)


@pytest.mark.parametrize("state", LoanState)
def test_a_loan_holds_from_its_approval_until_it_is_paid_or_withdrawn(state: LoanState) -> None:
    """Written off it is still unpaid, and the claim still pledged."""
    assert loan(state).holds == (state in {S.APPROVED, S.DISBURSED, S.WRITTEN_OFF})


def test_what_holds_and_what_is_open_are_apart() -> None:
    assert not OPEN & HOLDING
    assert {step.leads_to for step in Step} - HOLDING == {
        LoanState.CLOSED, LoanState.WITHDRAWN,
    }  # fmt: skip


def test_nothing_is_named_twice_in_an_application() -> None:
    """Or one hold would overwrite the other."""
    item = trade.application().declarations[0]
    with pytest.raises(ValidationError, match="named twice"):
        type(trade.application()).model_validate(
            trade.application().model_dump() | {"declarations": [item.model_dump(), item.model_dump()]}
        )
