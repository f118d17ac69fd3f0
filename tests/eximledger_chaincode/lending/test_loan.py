"""What a proposal must say, and from which states each state is reached."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.lending.loan import (
    HOLDING,
    OPEN,
    RUNNING,
    Loan,
    LoanId,
    LoanState,
    require_step,
    require_taken_in,
)
from eximledger_chaincode.lending.steps import Proposal, Step
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
    with pytest.raises(ValidationError, match="nothing else"):
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
    S.LAPSED: {S.APPROVED},
    S.OVERDUE: {S.DISBURSED},
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


TAKEN_IN = {
    Step.DISBURSEMENT: {S.APPROVED, S.DISBURSED},
    Step.REPAYMENT: {S.DISBURSED, S.OVERDUE, S.INDEMNITY_SOUGHT, S.WRITTEN_OFF},
    Step.EXTENSION: {S.DISBURSED, S.OVERDUE},
    Step.CONVERSION: {S.DISBURSED, S.OVERDUE},
    Step.INDEMNITY: {S.DISBURSED, S.OVERDUE},
    Step.WITHDRAWAL: {S.APPROVED},
    Step.WRITE_OFF: {S.DISBURSED, S.OVERDUE, S.INDEMNITY_SOUGHT},
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", LoanState)
def test_each_step_of_two_persons_is_taken_in_its_own_states_and_no_other(state: LoanState, step: Step) -> None:
    if state in TAKEN_IN[step]:
        require_taken_in(loan(state), step)
    else:
        before = ", ".join(each for each in LoanState if each in TAKEN_IN[step])
        with pytest.raises(Refused, match=f"^loan EX-7 is {state}: {step} follows on {before}$"):
            require_taken_in(loan(state), step)


@pytest.mark.parametrize("to", FOLLOWS_ON)
@pytest.mark.parametrize("state", LoanState)
def test_each_state_follows_on_its_own_and_no_other(state: LoanState, to: LoanState) -> None:
    if state in FOLLOWS_ON[to]:
        require_step(loan(state), to)
    else:
        before = ", ".join(each for each in LoanState if each in FOLLOWS_ON[to])
        with pytest.raises(Refused, match=f"^loan EX-7 is {state}: {to} follows on {before}$"):
            require_step(loan(state), to)


def test_what_holds_and_what_is_open_are_apart() -> None:
    assert not OPEN & HOLDING
    assert {LoanState.REJECTED, LoanState.WITHDRAWN, LoanState.LAPSED, LoanState.CLOSED} == {
        *LoanState
    } - OPEN - HOLDING


def test_nothing_is_named_twice_in_an_application() -> None:
    """Or one hold would overwrite the other."""
    item = trade.application().declarations[0]
    with pytest.raises(ValidationError, match="named twice"):
        type(trade.application()).model_validate(
            trade.application().model_dump() | {"declarations": [item.model_dump(), item.model_dump()]}
        )


def test_undecided_running_and_holding_are_just_these() -> None:
    """What is undecided holds nothing; what was paid out, or may be, or was lost, holds."""
    assert {each.value for each in OPEN} == {"applied", "checked", "referred"}
    assert {each.value for each in RUNNING} == {"disbursed", "overdue", "indemnity-sought"}
    assert {each.value for each in HOLDING} == {*RUNNING, "approved", "written-off"}


@pytest.mark.parametrize("wrong", ["", " L-1", "L 1", "L/1", "-1", ".hidden", "L\u200b1", "\uff2c1", "L" * 65, "L-1\n"])
def test_a_loans_id_is_plain_and_short(wrong: str) -> None:
    """It is shown on every terminal and is part of keys."""
    ids = TypeAdapter[str](LoanId)
    assert ids.validate_python("L" * 64) == "L" * 64
    assert ids.validate_python("2026.L_1-a") == "2026.L_1-a"
    with pytest.raises(ValidationError):
        ids.validate_python(wrong)
