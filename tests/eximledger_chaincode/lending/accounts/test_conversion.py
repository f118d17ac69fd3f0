"""A packing loan's account and hold: through any drawing and repayments, before and after it becomes an export bill."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.lending.accounts.test_account import DAY, loan, money, paid
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import FinancedDeclaration, FinancedFrame, FinancingKind, Money
from eximledger_chaincode.lending.accounts.account import account_of, frames_after, held_after
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.packing.frames import require_moved
from eximledger_chaincode.lending.steps import Payment, Proposal, Step

cents = st.integers(1, 10**9).map(lambda count: Money.of(Decimal(count).scaleb(-2), "USD"))


def packing(amount: Money, held: tuple[Money, ...]) -> Loan:
    frames = tuple(
        FinancedFrame(kind="contract", number=f"C-{serial}", amount=each) for serial, each in enumerate(held)
    )
    before = loan(str(amount.amount), rate_percent="0")
    application = before.application.document.model_copy(
        update={
            "financing": FinancingKind.PRE_SHIPMENT, "declarations": (), "frames": frames,
            "contracts": tuple(frame.number for frame in frames),
        }
    )  # fmt: skip
    return before.model_copy(
        update={"application": cases.record(application), "held": (), "held_frames": frames},
    )


def part(draw: st.DataObject, of: Money, label: str) -> Money:
    whole = int(of.amount * 100)
    return Money.of(Decimal(draw.draw(st.integers(1, whole), label=label)).scaleb(-2), "USD")


def total(items: tuple[FinancedFrame, ...] | tuple[FinancedDeclaration, ...]) -> Decimal:
    return sum((item.amount.amount for item in items), start=Decimal(0))


def converted(before: Loan, day: int) -> Loan:
    """All that is held moves, to as many declarations as there were frames."""
    frames, owed = frames_after(before), account_of(before, DAY + timedelta(days=day)).outstanding
    bill = ExportBill(
        declarations=tuple(
            FinancedDeclaration(declaration_number=f"{224820260000418800 + serial}", amount=frame.amount)
            for serial, frame in enumerate(frames)
        ),
        expected_receipt_on=DAY + timedelta(days=60),
    )
    require_moved(before.loan_id, frames, {item.declaration_number: item.amount for item in bill.declarations})
    application = bill.application(before.application.document, owed)
    payment = Payment(
        proposal=Proposal(step=Step.CONVERSION, bill=bill), proposed_by=cases.MAKER, confirmed_by=cases.CHECKER,
        at=datetime.combine(DAY + timedelta(days=day), cases.APPLIED_AT.timetz()),
    )  # fmt: skip
    changes = {"application": cases.record(application), "payments": (*before.payments, payment)}
    return before.model_copy(update=changes)


@given(cents, st.lists(cents, min_size=1, max_size=3).map(tuple), st.data())
def test_a_conversion_keeps_the_sum_of_holds_and_the_account(
    amount: Money, held: tuple[Money, ...], data: st.DataObject
) -> None:
    loan = packing(amount, held)
    loan = paid(loan, Step.DISBURSEMENT, part(data, amount, "drawn"), 0)
    drawn = account_of(loan, DAY).drawn
    repaid = part(data, drawn, "repaid before")
    if repaid < drawn:
        loan = paid(loan, Step.REPAYMENT, repaid, 1)
    owed, before = account_of(loan, DAY + timedelta(days=2)).outstanding, frames_after(loan)
    assert all(now.amount <= then for now, then in zip(before, held, strict=True))
    bill = converted(loan, 2)
    account = account_of(bill, DAY + timedelta(days=2))
    assert (account.outstanding, account.drawn, account.undrawn) == (owed, drawn, money("0.00"))
    assert (frames_after(bill), total(held_after(bill))) == ((), total(before))
    later = paid(bill, Step.REPAYMENT, part(data, owed, "repaid after"), 3)
    left = account_of(later, DAY + timedelta(days=3))
    assert left.drawn == left.repaid + left.outstanding
    share = Fraction(left.outstanding.amount) / Fraction(owed.amount)
    for now in held_after(later):
        (then,) = (item for item in bill.items if item.declaration_number == now.declaration_number)
        assert 0 <= Fraction(now.amount.amount) - Fraction(then.amount.amount) * share < Fraction(1, 100)


def test_a_loan_holds_declarations_or_what_it_was_packed_for() -> None:
    loan = packing(money("100.00"), (money("80.00"),))
    assert loan.holds
    assert not loan.model_copy(update={"held_frames": ()}).holds


def test_an_export_bill_runs_until_its_own_maturity_at_its_own_rate() -> None:
    loan = paid(packing(money("100.00"), (money("80.00"),)), Step.DISBURSEMENT, money("60.00"), 0)
    assert (loan.converted, loan.agreed) == (None, ())
    bill = converted(loan, 2)
    assert bill.converted == bill.payments[-1] == bill.agreed[0]
    assert (bill.matures_on, bill.rate_percent) == (loan.matures_on, Decimal(0))
    later = loan.matures_on + timedelta(days=40)
    said = bill.payments[-1].proposal.model_copy(update={"matures_on": later, "rate_percent": Decimal("4.1")})
    other = bill.payments[-1].model_copy(update={"proposal": said})
    longer = bill.model_copy(update={"payments": (*loan.payments, other)})
    assert (longer.matures_on, longer.rate_percent) == (later, Decimal("4.1"))
    assert account_of(longer, loan.matures_on + timedelta(days=1)).days_overdue == 0
