"""Interest against published figures, and against the days one by one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents import Money
from eximledger_chaincode.documents.parts.terms import DayCount, day_count_of
from eximledger_chaincode.lending.accounts.interest import Leg, Movement, accrued, interest_of, schedule

START = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("principal", "rate", "days", "day_count", "interest"),
    [
        ("1000.00", "10", 365, 360, "101.39"),  # the usual example of both conventions, as American lenders print it
        ("1000.00", "10", 365, 365, "100.00"),
        ("3000000.00", "4", 90, 360, "30000.00"),  # dollars in the money market
        ("3000000.00", "4", 90, 365, "29589.04"),  # sterling
        ("50000.00", "3.25", 15, 360, "67.71"),
        ("7760000.00", "3.45", 90, 360, "66930.00"),
    ],
)
def test_published_examples_to_the_cent(
    principal: str, rate: str, days: int, day_count: DayCount, interest: str
) -> None:
    money = Money.of(principal, "USD")
    assert interest_of(money, Decimal(rate), START, START + timedelta(days=days), day_count) == Money.of(
        interest, "USD"
    )


@pytest.mark.parametrize(
    ("currency", "days"),
    [("CNY", 360), ("USD", 360), ("EUR", 360), ("JPY", 360), ("HKD", 365), ("GBP", 365), ("AUD", 365), ("SGD", 365)],
)
def test_the_year_of_a_currency(currency: str, days: int) -> None:
    assert day_count_of(currency) == days


def test_nothing_runs_backwards() -> None:
    assert interest_of(Money.of("5.00", "USD"), Decimal(5), START, START - timedelta(days=9), 360) == Money.zero("USD")


def test_after_maturity_the_rate_is_higher_and_an_extension_ends_that() -> None:
    """Ten days at 4 %, five overdue at 6 %, and from the extension on ten at 5 %."""
    legs = [
        Leg(START, START + timedelta(days=10), Decimal(4)),
        Leg(START + timedelta(days=15), START + timedelta(days=30), Decimal(5)),
    ]
    movements = [Movement(START, Decimal("36000.00"))]
    until = START + timedelta(days=25)
    rows = schedule("USD", movements, legs, Decimal(50), 360, until)
    assert [(row.days, str(row.rate_percent), row.overdue, str(row.interest.amount)) for row in rows] == [
        (10, "4", False, "40.00"), (5, "6", True, "30.00"), (10, "5", False, "50.00"),
    ]  # fmt: skip
    assert accrued(movements, legs, Decimal(50), 360, until) == 120


def test_an_extension_before_maturity_leaves_no_seam() -> None:
    legs = [
        Leg(START, START + timedelta(days=10), Decimal(4)),
        Leg(START + timedelta(days=5), START + timedelta(days=20), Decimal(4)),
    ]
    rows = schedule("USD", [Movement(START, Decimal(100))], legs, Decimal(50), 360, START + timedelta(days=20))
    assert [(row.days, row.overdue) for row in rows] == [(5, False), (15, False)]


amounts = st.integers(1, 10**14).map(lambda units: Decimal(units) / 100)
rates = st.integers(0, 1_000_000).map(lambda units: Decimal(units) / 10_000)


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Movement], list[Leg], Decimal, date]:
    """Drawings and repayments in order, never more repaid than drawn; one to three legs; a day after."""
    day, out, movements = START, Decimal(0), []
    for _ in range(draw(st.integers(1, 6))):
        amount = draw(amounts)
        if out and draw(st.booleans()):
            amount = -min(out, amount)
        movements.append(Movement(day, amount))
        out += amount
        day += timedelta(days=draw(st.integers(0, 40)))
    legs, since = [], START
    for _ in range(draw(st.integers(1, 3))):
        legs.append(Leg(since, since + timedelta(days=draw(st.integers(1, 90))), draw(rates)))
        since += timedelta(days=draw(st.integers(1, 90)))
    return movements, legs, draw(rates), day + timedelta(days=draw(st.integers(0, 200)))


@given(lives(), st.sampled_from([360, 365]))
def test_it_is_the_sum_over_the_days(
    life: tuple[list[Movement], list[Leg], Decimal, date], day_count: DayCount
) -> None:
    movements, legs, surcharge, until = life
    total, day = Fraction(0), movements[0].day
    while day < until:
        principal = sum((each.amount for each in movements if each.day <= day), Decimal(0))
        leg = [each for each in legs if each.since <= day][-1]
        rate = (
            Fraction(leg.rate_percent) * (100 + Fraction(surcharge)) / 100
            if day >= leg.matures_on
            else leg.rate_percent
        )
        total += Fraction(principal) * Fraction(rate) / (100 * day_count)
        day += timedelta(days=1)
    assert accrued(movements, legs, surcharge, day_count, until) == total


@given(lives(), st.sampled_from(["USD", "JPY", "KWD"]))
def test_the_periods_add_up_to_the_whole_rounded_once(
    life: tuple[list[Movement], list[Leg], Decimal, date], currency: str
) -> None:
    movements, legs, surcharge, until = life
    whole = [Movement(each.day, Decimal(int(each.amount * 100))) for each in movements]
    rows = schedule(currency, whole, legs, surcharge, 360, until)
    exact = accrued(whole, legs, surcharge, 360, until)
    total = sum((Fraction(row.interest.amount) for row in rows), Fraction(0))
    assert abs(total - exact) <= Fraction(1, 2 * 10 ** {"USD": 2, "JPY": 0, "KWD": 3}[currency])
    assert all(row.interest.amount >= 0 and row.days > 0 for row in rows)


def test_while_nothing_is_owed_there_is_no_stretch() -> None:
    moves = [Movement(START + timedelta(days=days), Decimal(amount)) for days, amount in ((0, 90), (10, -90), (20, 90))]
    legs = [Leg(START, START + timedelta(days=30), Decimal(4))]
    rows = schedule("USD", moves, legs, Decimal(50), 360, START + timedelta(days=30))
    assert [(row.since, row.days) for row in rows] == [(START, 10), (START + timedelta(days=20), 10)]
