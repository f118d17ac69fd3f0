"""Interest: one pure function, exact until it is rounded once.

Actual days over 360 or 365, the day of drawing counted and the day of repayment not. After maturity the rate is higher
by the terms' surcharge. There is no interest on interest. A leg's rate and maturity hold from its day on until another
leg begins (an extension).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, zip_longest
from typing import NamedTuple

from eximledger_chaincode.documents import Money, Value, minor_units
from eximledger_chaincode.documents.parts.base import Count, Day, Flag
from eximledger_chaincode.documents.parts.money import ExactDecimal
from eximledger_chaincode.documents.parts.terms import DayCount
from eximledger_chaincode.lending.exact import EXACT, half_up

__all__ = ["Leg", "Movement", "Period", "accrued", "interest_of", "schedule"]


class Movement(NamedTuple):
    """Principal drawn (more than nothing) or repaid (less) on a day."""

    day: date
    amount: Decimal


class Leg(NamedTuple):
    """What holds from a day on, until the next leg."""

    since: date
    matures_on: date
    rate_percent: Decimal


class Period(Value):
    """Days at one principal and one rate: `since` counts, `until` does not."""

    since: Day
    until: Day
    days: Count
    principal: Money
    rate_percent: ExactDecimal
    overdue: Flag
    interest: Money
    """Rounded so that the periods' interest adds up to the whole, which was rounded once."""


class _Run(NamedTuple):
    since: date
    until: date
    principal: Decimal
    rate_percent: Decimal
    overdue: bool

    def interest(self, day_count: DayCount) -> Fraction:
        days = (self.until - self.since).days
        return Fraction(self.principal) * Fraction(self.rate_percent) * days / (100 * day_count)


def interest_of(principal: Money, rate_percent: Decimal, since: date, until: date, day_count: DayCount) -> Money:
    """Simple interest on a principal over days, rounded half up to the minor unit; nothing where `until` is not
    after `since`."""
    run = _Run(since, max(since, until), principal.amount, rate_percent, overdue=False)
    return _rounded(run.interest(day_count), principal.currency)


def accrued(
    movements: Sequence[Movement], legs: Sequence[Leg], surcharge_percent: Decimal, day_count: DayCount, until: date
) -> Fraction:
    """All interest that has run until a day (not counted), exact. Movements and legs in the order of their days."""
    runs = _runs(movements, legs, surcharge_percent, until)
    return sum((run.interest(day_count) for run in runs), Fraction(0))


def schedule(
    currency: str,
    movements: Sequence[Movement],
    legs: Sequence[Leg],
    surcharge_percent: Decimal,
    day_count: DayCount,
    until: date,
) -> tuple[Period, ...]:
    """The same, period by period."""
    return tuple(_periods(currency, _runs(movements, legs, surcharge_percent, until), day_count))


def _periods(currency: str, runs: Iterable[_Run], day_count: DayCount) -> Iterator[Period]:
    whole, said = Fraction(0), Money.zero(currency)
    for run in runs:
        whole += run.interest(day_count)
        so_far = _rounded(whole, currency)
        yield Period(
            since=run.since,
            until=run.until,
            days=(run.until - run.since).days,
            principal=Money(amount=run.principal, currency=currency),
            rate_percent=run.rate_percent,
            overdue=run.overdue,
            interest=so_far - said,
        )
        said = so_far


def _rounded(interest: Fraction, currency: str) -> Money:
    return Money(amount=half_up(interest, minor_units(currency)), currency=currency)


def _runs(
    movements: Sequence[Movement], legs: Sequence[Leg], surcharge_percent: Decimal, until: date
) -> Iterator[_Run]:
    """The stretches of days in which neither principal nor rate changes, of those on which something is owed."""
    if not movements or not legs:
        return
    turns = {movement.day for movement in movements} | {leg.since for leg in legs}
    turns |= {leg.matures_on for leg, after in zip_longest(legs, legs[1:]) if not after or leg.matures_on < after.since}
    days = sorted(day for day in turns if movements[0].day <= day < until)
    for since, end in pairwise([*days, until]):
        principal = _principal(movements, since)
        if not principal:
            continue
        leg = next((leg for leg in reversed(legs) if leg.since <= since), legs[0])
        overdue = since >= leg.matures_on
        yield _Run(
            since,
            end,
            principal,
            _higher(leg.rate_percent, surcharge_percent) if overdue else leg.rate_percent,
            overdue,
        )


def _higher(rate_percent: Decimal, surcharge_percent: Decimal) -> Decimal:
    return EXACT.scaleb(EXACT.multiply(rate_percent, EXACT.add(Decimal(100), surcharge_percent)), -2)


def _principal(movements: Iterable[Movement], day: date) -> Decimal:
    total = Decimal(0)
    for movement in movements:
        if movement.day <= day:
            total = EXACT.add(total, movement.amount)
    return total
