"""Sums over all banks: exact, in any order, and the same in every dimension."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger.supervision.books import BANKS, COUNTRIES, DAY, RATES, UNRATED, loan, loans, moneys
from tests.eximledger_chaincode.contracts import trade

from eximledger.supervision import Amount, Dimension, Exposure, ExposureRow, RunningExposure, RunningSum, Total
from eximledger.supervision._exposure import Naming
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import HOLDING, Loan, LoanState

NAMING = Naming({bank: f"{bank} Ltd" for bank in BANKS}, COUNTRIES, RATES)
MEASURES = ("approved", "disbursed", "written_off", "held")


def exposure(found: Iterable[Loan], by: Dimension, naming: Naming = NAMING) -> Exposure:
    running = RunningExposure(by)
    for each in found:
        running.add(each, naming)
    return running.result(DAY, naming.quotations)


def exactly(amounts: Iterable[tuple[Decimal, str]]) -> dict[str, Fraction]:
    """Sums by currency in fractions, which never round."""
    sums: dict[str, Fraction] = {}
    for amount, currency in amounts:
        sums[currency] = sums.get(currency, Fraction(0)) + Fraction(amount)
    return sums


def of_total(total: Total) -> dict[str, Fraction]:
    return exactly((each.amount, each.currency) for each in total.amounts)


def of_rows(rows: Iterable[ExposureRow], measure: str) -> dict[str, Fraction]:
    return exactly((each.amount, each.currency) for row in rows for each in getattr(row, measure).amounts)


@given(st.lists(moneys(), max_size=30), st.randoms(use_true_random=False))
def test_a_sum_is_exact_in_any_order(amounts: list[Money], chance: random.Random) -> None:
    total = RunningSum(amounts).total(RATES)
    assert of_total(total) == exactly((each.amount, each.currency) for each in amounts)
    assert [each.currency for each in total.amounts] == sorted({each.currency for each in amounts})
    chance.shuffle(amounts)
    assert RunningSum(amounts).total(RATES) == total


@given(st.lists(moneys(), max_size=30))
def test_in_cny_it_is_rounded_once_and_says_what_it_is_without(amounts: list[Money]) -> None:
    total = RunningSum(amounts).total(RATES)
    rates = RATES | {"CNY": Fraction(1)}
    exact = sum((Fraction(each.amount) * rates[each.currency] for each in amounts if each.currency in rates), start=0)
    assert abs(Fraction(total.cny) - exact) <= Fraction(1, 200)
    assert total.cny.as_tuple().exponent == -2
    assert total.unvalued == ((UNRATED,) if any(each.currency == UNRATED for each in amounts) else ())


@settings(max_examples=60)
@given(loans())
def test_every_dimension_divides_the_same_sum(found: list[Loan]) -> None:
    holding = [each for each in found if each.state in HOLDING]
    lent = {
        measure: exactly(
            (each.application.document.amount.amount, "CNY") for each in holding if each.state.name.lower() == measure
        )
        for measure in MEASURES[:3]
    }
    held = exactly((item.amount.amount, item.amount.currency) for each in holding for item in each.items)
    for by in Dimension:
        report = exposure(found, by)
        assert report.all.loans == len(holding)
        for measure, wanted in (lent | {"held": held}).items():
            assert of_total(getattr(report.all, measure)) == wanted
            divided = {currency: amount for currency, amount in of_rows(report.rows, measure).items() if amount}
            assert divided == wanted


@settings(max_examples=30)
@given(loans(), st.randoms(use_true_random=False))
def test_the_order_of_pages_changes_nothing(found: list[Loan], chance: random.Random) -> None:
    shuffled = found[:]
    chance.shuffle(shuffled)
    for by in (Dimension.BANK, Dimension.CURRENCY, Dimension.COUNTRY):
        assert exposure(shuffled, by) == exposure(found, by)


@pytest.mark.parametrize("state", [each for each in LoanState if each not in HOLDING])
def test_what_holds_nothing_is_no_exposure(state: LoanState) -> None:
    assert exposure([loan(state=state)], Dimension.BANK).rows == ()


def test_rows_say_whose_they_are_largest_first() -> None:
    small, large = Money.of("10.00", "CNY"), Money.of("20.00", "CNY")
    found = [loan("AlphaMSP", "L-1", amount=small), loan("BetaMSP", "L-2", LoanState.DISBURSED, amount=large)]
    rows = exposure(found, Dimension.BANK).rows
    assert [(row.key, row.name, row.loans) for row in rows] == [
        ("BetaMSP", "BetaMSP Ltd", 1), ("AlphaMSP", "AlphaMSP Ltd", 1),
    ]  # fmt: skip
    assert (rows[0].disbursed.amounts, rows[0].approved.amounts) == ((Amount(large.amount, "CNY"),), ())
    (row,) = exposure(found, Dimension.EXPORTER).rows
    assert (row.key, row.name, row.loans) == (trade.DONGYU.uscc, trade.DONGYU.name, 2)


def test_a_loan_on_exports_to_two_countries_is_divided_as_it_holds() -> None:
    usd, jpy = Money.of("100.00", "USD"), Money.of("1000", "JPY")
    both = loan(amount=Money.of("100.00", "CNY"), holds={1: Money.of("30.00", "USD"), 2: Money.of("60.00", "USD")})
    shares = {row.key: str(row.approved.amounts[0]) for row in exposure([both], Dimension.COUNTRY).rows}
    assert shares == {"DE": "33.33 CNY", "JP": "66.67 CNY"}
    mixed = loan(amount=Money.of("100.00", "CNY"), holds={1: usd, 2: jpy})  # 712.50 CNY against 47.62
    shares = {row.key: str(row.approved.amounts[0]) for row in exposure([mixed], Dimension.COUNTRY).rows}
    assert shares == {"DE": "93.73 CNY", "JP": "6.27 CNY"}


def test_a_loan_that_cannot_be_divided_is_of_no_country() -> None:
    unrated = {1: Money.of("1.00", "USD"), 2: Money.of("1.00", UNRATED)}
    rows = {row.key: row for row in exposure([loan(holds=unrated)], Dimension.COUNTRY).rows}
    assert str(rows[""].approved.amounts[0]) == "300,000.00 CNY"
    assert rows["JP"].held.unvalued == (UNRATED,)
    assert rows["JP"].held.cny == 0
    unknown = exposure([loan(holds={7: Money.of("1.00", "USD")})], Dimension.COUNTRY)
    assert [row.key for row in unknown.rows] == [""]


def test_a_currency_has_what_is_lent_in_it_and_what_is_held_in_it() -> None:
    rows = {row.key: row for row in exposure([loan()], Dimension.CURRENCY).rows}
    assert (rows["CNY"].held.amounts, rows["USD"].approved.amounts) == ((), ())
    assert str(rows["USD"].held.amounts[0]) == "70,000.00 USD"
    assert rows["USD"].held.cny == Decimal("498750.00")
