"""A loan's account on a day: what was drawn, repaid and is owed, from the steps that two persons took.

What is drawn is the principal repaid and what is outstanding, always and in the loan's currency alone. A repayment
pays the interest that has run, then principal (Civil Code art. 561).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple, TypeVar

from eximledger_chaincode.documents import FinancedDeclaration, FinancedFrame, Money, Value, minor_units
from eximledger_chaincode.documents.parts.base import Count, Day
from eximledger_chaincode.documents.parts.terms import InterestPaid
from eximledger_chaincode.lending.accounts.interest import Leg, Movement, Period, accrued, interest_of, schedule
from eximledger_chaincode.lending.exact import EXACT, half_up
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import RepaidBy, Step

__all__ = [
    "NON_PERFORMING_DAYS",
    "Account",
    "Split",
    "account_of",
    "advance_interest",
    "frames_after",
    "held_after",
    "schedule_of",
    "split_repayment",
]

ItemT = TypeVar("ItemT", FinancedDeclaration, FinancedFrame)

NON_PERFORMING_DAYS: Final = 90
"""A loan overdue for longer is non-performing (CBIRC Order 1 [2023] art. 10: substandard at the least)."""


class Account(Value):
    """All in the loan's currency."""

    day: Day
    matures_on: Day
    approved: Money
    drawn: Money
    repaid: Money
    """Principal."""
    outstanding: Money
    """Principal that is drawn and not repaid; of a loan that was written off, too: it is still owed."""
    interest: Money
    """All that has run until the day."""
    interest_paid: Money
    interest_due: Money
    """What has run and is not paid."""
    interest_ahead: Money
    """What was paid in advance for days that have not been: the exporter's where the loan has ended."""
    days_overdue: Count

    @property
    def owed(self) -> Money:
        """What repays the loan in full on this day."""
        return self.outstanding + self.interest_due

    @property
    def undrawn(self) -> Money:
        return self.approved - self.drawn

    @property
    def non_performing(self) -> bool:
        return self.days_overdue > NON_PERFORMING_DAYS


class Split(NamedTuple):
    """What a repayment pays."""

    interest: Money
    principal: Money


def account_of(loan: Loan, day: date) -> Account:
    """The loan's account at the end of a day. Payments that are dated later count, too: they have been made."""
    terms, currency = loan.application.document.terms, loan.currency
    drawn = _sum(currency, (each.principal for each in loan.taken(Step.DISBURSEMENT)))
    repaid = _sum(currency, (each.principal for each in loan.taken(Step.REPAYMENT)))
    paid = _sum(currency, (each.interest for each in loan.payments))
    run = accrued(_movements(loan), _legs(loan), terms.overdue_surcharge_percent, loan.day_count, day)
    interest = Money(amount=half_up(run, minor_units(currency)), currency=currency)
    none = Money.zero(currency)
    outstanding = drawn - repaid
    late = max((day - loan.matures_on).days, 0) if outstanding.amount else 0
    return Account(
        day=day,
        matures_on=loan.matures_on,
        approved=drawn if loan.converted is not None else loan.application.document.amount,
        drawn=drawn,
        repaid=repaid,
        outstanding=outstanding,
        interest=interest,
        interest_paid=paid,
        interest_due=max(interest - paid, none),
        interest_ahead=max(paid - interest, none),
        days_overdue=late,
    )


def schedule_of(loan: Loan, until: date | None = None) -> tuple[Period, ...]:
    """The interest that runs until a day, as things stand; until maturity, where no day is given."""
    surcharge = loan.application.document.terms.overdue_surcharge_percent
    return schedule(loan.currency, _movements(loan), _legs(loan), surcharge, loan.day_count, until or loan.matures_on)


def advance_interest(loan: Loan, principal: Money, day: date) -> Money:
    """What is kept back from a drawing: interest until maturity where the terms say in advance, else nothing."""
    terms = loan.application.document.terms
    if terms.interest is not InterestPaid.ADVANCE:
        return Money.zero(loan.currency)
    return interest_of(principal, loan.rate_percent, day, loan.matures_on, loan.day_count)


def split_repayment(loan: Loan, amount: Money, day: date) -> Split:
    """Interest that has run first, then principal."""
    interest = min(amount, account_of(loan, day).interest_due)
    return Split(interest, amount - interest)


def held_after(loan: Loan) -> tuple[FinancedDeclaration, ...]:
    """What a loan holds of each declaration after its payments so far: in proportion to what of the approved amount is
    not repaid yet, rounded up, so that never too much is free.

    What the insurer paid frees nothing, for the buyer's debt stands and is the insurer's now. A loan that has ended
    holds what nobody but the insurer has paid, and one that was written off what is still owed. Of an export bill that
    was a packing loan what was owed when it became one counts as approved and drawn.
    """
    return _kept(loan, loan.items)


def frames_after(loan: Loan) -> tuple[FinancedFrame, ...]:
    """What a packing loan holds of each contract and credit, likewise."""
    return _kept(loan, loan.application.document.frames)


def _kept(loan: Loan, items: Sequence[ItemT]) -> tuple[ItemT, ...]:
    approved, converted = loan.application.document.amount.amount, loan.converted
    since = loan.payments if converted is None else loan.payments[loan.payments.index(converted) :]
    parts = [(each.principal, each.proposal.by) for each in since if each.proposal.step is Step.REPAYMENT]
    of_others = _sum(loan.currency, (part for part, source in parts if source is not RepaidBy.INSURER)).amount
    drawn = approved
    if converted is None:
        drawn = _sum(loan.currency, (each.principal for each in loan.taken(Step.DISBURSEMENT))).amount
    ended = loan.state in {LoanState.CLOSED, LoanState.WRITTEN_OFF}
    whole = drawn if ended else approved
    if loan.state in {LoanState.WITHDRAWN, LoanState.LAPSED}:
        whole = of_others
    kept = [_share(item, EXACT.subtract(whole, of_others), approved) for item in items]
    return tuple(item for item in kept if item is not None)


def _share(item: ItemT, part: Decimal, whole: Decimal) -> ItemT | None:
    places = minor_units(item.amount.currency)
    share = Fraction(item.amount.amount) * Fraction(part) / Fraction(whole)
    amount = EXACT.scaleb(Decimal(ceil(share * 10**places)), -places)
    if not amount:
        return None
    return item.model_copy(update={"amount": Money(amount=amount, currency=item.amount.currency)})


def _legs(loan: Loan) -> Sequence[Leg]:
    """What holds from the first drawing on, and from each step that changed it."""
    first = loan.taken(Step.DISBURSEMENT)
    if not first:
        return ()
    application = loan.application.document
    legs = [Leg(first[0].day, application.matures_on, application.terms.rate_percent)]
    for each in loan.agreed:
        before, said = legs[-1], each.proposal
        rate = before.rate_percent if said.rate_percent is None else said.rate_percent
        legs.append(Leg(each.day, said.matures_on or before.matures_on, rate))
    return legs


def _movements(loan: Loan) -> Sequence[Movement]:
    """Principal by day, in the order of the days: no payment is dated before the one before it."""
    return [
        Movement(each.day, (each.principal if each.proposal.step is Step.DISBURSEMENT else -each.principal).amount)
        for each in loan.payments
        if each.principal is not None
    ]


def _sum(currency: str, moneys: Iterable[Money | None]) -> Money:
    total = Money.zero(currency)
    for money in moneys:
        if money is not None:
            total += money
    return total
