"""A loan's account: what is drawn is what was repaid and what is outstanding, whatever is paid, in every currency."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Money, minor_units
from eximledger_chaincode.documents.parts.terms import InterestPaid, LoanTerms
from eximledger_chaincode.lending.accounts.account import (
    account_of,
    advance_interest,
    held_after,
    schedule_of,
    split_repayment,
)
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Payment, Proposal, RepaidBy, Step

DAY: Final = date(2026, 4, 1)
MATURES: Final = DAY + timedelta(days=90)


def loan(
    amount: str = "100000.00", currency: str = "USD", *, held: tuple[str, ...] = ("125000.00",), **terms: object
) -> Loan:
    """An approved loan on as many declarations as are held."""
    items = tuple(
        FinancedDeclaration(declaration_number=f"{224820260000418800 + serial}", amount=Money.of(each, "EUR"))
        for serial, each in enumerate(held)
    )
    application = cases.application().model_copy(
        update={
            "amount": Money.of(amount, currency), "matures_on": MATURES, "declarations": items,
            "terms": LoanTerms.model_validate({"rate_percent": "3.6"} | terms),
        }
    )  # fmt: skip
    assert isinstance(application, LoanApplication)
    maker = cases.MAKER
    return Loan(
        loan_id="EX-7", bank=maker.msp_id, state=LoanState.APPROVED, version=1, application=cases.record(application),
        applied_by=maker, applied_at=cases.APPLIED_AT, opened_at=cases.APPLIED_AT, applicants=(maker,),
        policy_sha256="0" * 64, held=items, updated_at=cases.APPLIED_AT,
    )  # fmt: skip


def paid(before: Loan, step: Step, amount: str | Money, after_days: int, **said: object) -> Loan:
    """The loan after a payment, as the contract books it."""
    day = DAY + timedelta(days=after_days)
    money = amount if isinstance(amount, Money) else Money.of(amount, before.currency)
    proposal = Proposal.model_validate(
        {"step": step, "amount": money, "day": day, "reference": f"R-{len(before.payments)}"} | said
    )
    if step is Step.DISBURSEMENT:
        interest, principal = advance_interest(before, money, day), money
    else:
        interest, principal = split_repayment(before, money, day)
    payment = Payment(
        proposal=proposal, proposed_by=cases.MAKER, confirmed_by=cases.MAKER,
        at=datetime.combine(day, cases.APPLIED_AT.timetz()), principal=principal, interest=interest,
    )  # fmt: skip
    after = before.model_copy(update={"payments": (*before.payments, payment), "state": LoanState.DISBURSED})
    closed = step is Step.REPAYMENT and not account_of(after, day).owed.amount
    return after.model_copy(update={"state": LoanState.CLOSED}) if closed else after


def extended(before: Loan, after_days: int, matures_after: int, rate: str | None = None) -> Loan:
    proposal = Proposal.model_validate({
        "step": "extension", "matures_on": DAY + timedelta(days=matures_after), "rate_percent": rate, "reason": "late",
    })  # fmt: skip
    at = datetime.combine(DAY + timedelta(days=after_days), cases.APPLIED_AT.timetz())
    payment = Payment(proposal=proposal, proposed_by=cases.MAKER, confirmed_by=cases.MAKER, at=at)
    return before.model_copy(update={"payments": (*before.payments, payment)})


def money(text: str, currency: str = "USD") -> Money:
    return Money.of(text, currency)


def test_a_repayment_pays_the_interest_that_has_run_and_then_principal() -> None:
    out = paid(loan(), Step.DISBURSEMENT, "100000.00", 0)
    account = account_of(out, DAY + timedelta(days=30))
    assert (account.interest_due, account.owed) == (money("300.00"), money("100300.00"))
    part = paid(out, Step.REPAYMENT, "40300.00", 30)
    (payment,) = part.taken(Step.REPAYMENT)
    assert (payment.interest, payment.principal) == (money("300.00"), money("40000.00"))
    later = account_of(part, DAY + timedelta(days=60))
    assert (later.outstanding, later.interest_due) == (money("60000.00"), money("180.00"))
    assert [(row.days, row.interest) for row in schedule_of(part)] == [(30, money("300.00")), (60, money("360.00"))]


def test_the_last_cent_of_the_largest_loan_bears_interest_no_longer_once_it_is_repaid() -> None:
    most = f"{'9' * 28}.99"
    out = paid(loan(most), Step.DISBURSEMENT, most, 0)
    part = paid(out, Step.REPAYMENT, f"{'1' * 28}.11", 0)
    left = account_of(part, DAY).outstanding
    assert left == money(f"{'8' * 28}.88")
    assert schedule_of(part)[0].principal == left


def test_less_than_the_interest_repays_no_principal() -> None:
    part = paid(paid(loan(), Step.DISBURSEMENT, "100000.00", 0), Step.REPAYMENT, "299.99", 30)
    account = account_of(part, DAY + timedelta(days=30))
    assert (account.outstanding, account.interest_due) == (money("100000.00"), money("0.01"))
    assert held_after(part) == part.items


def test_interest_in_advance_is_kept_back_and_used_up_by_the_days() -> None:
    out = paid(loan(interest=InterestPaid.ADVANCE), Step.DISBURSEMENT, "100000.00", 0)
    (payment,) = out.payments
    assert (payment.principal, payment.interest) == (money("100000.00"), money("900.00"))
    assert account_of(out, MATURES).owed == money("100000.00")
    early = account_of(paid(out, Step.REPAYMENT, "100000.00", 30), DAY + timedelta(days=30))
    assert (early.outstanding, early.interest_ahead) == (money("0.00"), money("600.00"))
    late = account_of(out, MATURES + timedelta(days=10))
    assert late.interest_due == money("150.00")  # ten days at 5.4 %


def test_overdue_and_non_performing() -> None:
    out = paid(loan(), Step.DISBURSEMENT, "100000.00", 0)
    for days, overdue, bad in ((90, 0, False), (91, 1, False), (180, 90, False), (181, 91, True)):
        account = account_of(out, DAY + timedelta(days=days))
        assert (account.days_overdue, account.non_performing) == (overdue, bad)
    assert account_of(out, DAY + timedelta(days=100)).interest_due == money("1050.00")
    longer = extended(out, 100, 130, "4.8")
    account = account_of(longer, DAY + timedelta(days=130))
    assert (account.days_overdue, account.interest_due) == (0, money("1450.00"))
    assert (longer.matures_on, longer.rate_percent) == (DAY + timedelta(days=130), Decimal("4.8"))


def test_where_interest_is_paid_in_arrears_nothing_is_kept_back() -> None:
    assert advance_interest(loan(), money("100000.00"), DAY) == money("0.00")


def test_what_is_repaid_is_not_overdue() -> None:
    closed = paid(paid(loan(), Step.DISBURSEMENT, "100000.00", 0), Step.REPAYMENT, "100300.00", 30)
    assert account_of(closed, MATURES + timedelta(days=200)).days_overdue == 0
    assert account_of(loan(), MATURES + timedelta(days=200)).days_overdue == 0, "nothing was drawn"


def test_the_last_extension_that_says_so_sets_maturity_and_rate() -> None:
    out = extended(paid(loan(), Step.DISBURSEMENT, "100000.00", 0), 10, 120, "4.8")
    longer = extended(extended(out, 20, 130), 30, 140, "5.1")
    assert (out.matures_on, out.rate_percent) == (DAY + timedelta(days=120), Decimal("4.8"))
    assert (longer.matures_on, longer.rate_percent) == (DAY + timedelta(days=140), Decimal("5.1"))
    assert extended(longer, 40, 150).rate_percent == Decimal("5.1")
    other = extended(out, 20, 130)  # ten days at 3.6 %, then at 4.8 %
    assert account_of(other, DAY + timedelta(days=30)).interest_due == money("366.67")
    part = paid(longer, Step.REPAYMENT, "10.00", 50)  # which says neither
    assert (part.matures_on, part.rate_percent) == (longer.matures_on, longer.rate_percent)
    assert [each.proposal.step for each in part.agreed] == [Step.EXTENSION] * 3


def test_the_year_is_that_of_the_terms_before_that_of_the_currency() -> None:
    assert (loan().day_count, loan(currency="GBP").day_count, loan(day_count=365).day_count) == (360, 365, 365)
    out = paid(loan(day_count=365), Step.DISBURSEMENT, "100000.00", 0)
    assert account_of(out, DAY + timedelta(days=30)).interest_due == money("295.89")


def test_drawn_in_parts() -> None:
    out = paid(paid(loan(), Step.DISBURSEMENT, "30000.00", 0), Step.DISBURSEMENT, "50000.00", 10)
    account = account_of(out, DAY + timedelta(days=20))
    assert (account.drawn, account.undrawn, account.interest_due) == (
        money("80000.00"), money("20000.00"), money("110.00"),
    )  # fmt: skip


# -- what is held ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repaid", "held"),
    [("0.01", "124999.99"), ("50000.00", "62500.00"), ("33333.33", "83333.34"), ("99999.99", "0.02")],
)
def test_balance_is_freed_in_proportion_and_never_too_much(repaid: str, held: str) -> None:
    out = paid(paid(loan(rate_percent="0"), Step.DISBURSEMENT, "100000.00", 0), Step.REPAYMENT, repaid, 1)
    assert [str(item.amount.amount) for item in held_after(out)] == [held]


def test_what_is_not_drawn_yet_is_held_until_the_loan_ends() -> None:
    out = paid(paid(loan(rate_percent="0"), Step.DISBURSEMENT, "40000.00", 0), Step.REPAYMENT, "39999.00", 1)
    assert [str(item.amount.amount) for item in held_after(out)] == ["75001.25"]
    assert held_after(paid(out, Step.REPAYMENT, "1.00", 2)) == ()


def test_what_the_insurer_paid_frees_nothing() -> None:
    out = paid(loan(rate_percent="0"), Step.DISBURSEMENT, "100000.00", 0)
    part = paid(out, Step.REPAYMENT, "10000.00", 100)
    closed = paid(part, Step.REPAYMENT, "90000.00", 120, source=RepaidBy.INSURER)
    assert closed.state is LoanState.CLOSED
    assert [str(item.amount.amount) for item in held_after(closed)] == ["112500.00"]


def test_written_off_it_holds_what_is_owed() -> None:
    out = paid(paid(loan(rate_percent="0"), Step.DISBURSEMENT, "80000.00", 0), Step.REPAYMENT, "30000.00", 1)
    off = out.model_copy(update={"state": LoanState.WRITTEN_OFF})
    assert [str(item.amount.amount) for item in held_after(off)] == ["62500.00"]


@pytest.mark.parametrize("state", [LoanState.WITHDRAWN, LoanState.LAPSED])
def test_what_ended_undrawn_holds_nothing(state: LoanState) -> None:
    assert held_after(loan().model_copy(update={"state": state})) == ()


def test_the_schedule_ends_at_maturity_or_on_the_day_that_is_asked() -> None:
    out = paid(loan(), Step.DISBURSEMENT, "100000.00", 0)
    assert [row.until for row in schedule_of(out)] == [MATURES]
    assert [row.until for row in schedule_of(out, DAY + timedelta(days=10))] == [DAY + timedelta(days=10)]
    late = schedule_of(out, MATURES + timedelta(days=5))
    assert [(row.until, row.overdue) for row in late] == [(MATURES, False), (MATURES + timedelta(days=5), True)]


CURRENCIES: Final = ("CNY", "USD", "JPY", "KWD", "HKD")


@given(
    st.sampled_from(CURRENCIES),
    st.integers(1, 10**12),
    st.lists(
        st.tuples(st.booleans(), st.integers(1, 10**12), st.integers(0, 60), st.sampled_from(RepaidBy)), max_size=12
    ),
    st.integers(0, 1000),
    st.sampled_from(InterestPaid),
)
def test_drawn_is_repaid_and_outstanding_always(
    currency: str, approved: int, payments: list[tuple[bool, int, int, RepaidBy]], rate: int, when: InterestPaid
) -> None:
    unit = Decimal(1).scaleb(-minor_units(currency))
    now = loan(str(approved * unit), currency, rate_percent=str(Decimal(rate) / 100), interest=when)
    days, held_before = 0, held_after(now)
    for draws, units, wait, source in payments:
        days += wait
        before = account_of(now, DAY + timedelta(days=days))
        if now.state is LoanState.CLOSED:
            break
        if draws and before.undrawn.amount:
            now = paid(now, Step.DISBURSEMENT, min(Money.of(units * unit, currency), before.undrawn), days)
        elif before.owed.amount:
            now = paid(now, Step.REPAYMENT, min(Money.of(units * unit, currency), before.owed), days, source=source)
        account = account_of(now, DAY + timedelta(days=days))
        assert account.drawn == account.repaid + account.outstanding
        assert account.drawn <= account.approved
        assert account.outstanding.amount >= 0
        assert account.interest_due.amount * account.interest_ahead.amount == 0
        assert account.interest_paid + account.interest_due == account.interest + account.interest_ahead
        held = held_after(now)
        assert _sum(held) <= _sum(held_before), "a payment holds more than before"
        assert _enough(now, held), "less is held than what is owed or may be drawn needs"
        held_before = held
    if now.state is LoanState.CLOSED and all(each.proposal.by is not RepaidBy.INSURER for each in now.payments):
        assert held_after(now) == ()


def _sum(items: tuple[FinancedDeclaration, ...]) -> Decimal:
    return sum((item.amount.amount for item in items), Decimal(0))


def _enough(now: Loan, held: tuple[FinancedDeclaration, ...]) -> bool:
    """In proportion to the loan, at least what is outstanding is held."""
    account = account_of(now, now.matures_on)
    return _sum(held) * account.approved.amount >= _sum(now.items) * account.outstanding.amount
