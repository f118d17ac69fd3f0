"""Values on one basis: which quotation counts, what a charge takes off, and where money ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import cny, eur, usd

from eximledger_chaincode.documents import Money, Record, ReferenceRate
from eximledger_chaincode.lending.valuation import (
    convert,
    counted,
    declared_amounts,
    fob_value,
    freight_of,
    insurance_of,
    less,
    most,
    rate_on,
)
from hlf_chaincode.errors import Refused

DAY = date(2026, 5, 12)


def quoted(before: int, price: str, currency: str = "USD", unit: int = 100) -> Record[ReferenceRate]:
    """A quotation of that many days before `DAY`."""
    day = DAY - timedelta(days=before)
    return cases.record(cases.rate(currency=currency, quoted_on=day, unit=unit, cny=Decimal(price)))


def gbp(amount: str | int) -> Money:
    return Money.of(amount, "GBP")


# -- the quotation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, 1, 10])
def test_a_quotation_counts_on_its_day_and_for_ten_more(before: int) -> None:
    assert rate_on("USD", DAY, [quoted(before, "718.42")]) == Fraction("7.1842")


@pytest.mark.parametrize(
    "rates",
    [(), (quoted(11, "718.42"),), (quoted(-1, "718.42"),), (quoted(0, "833.05", "EUR"),)],
    ids=["none", "eleven days old", "of tomorrow", "of the euro"],
)
def test_without_one_nothing_is_guessed_and_the_day_is_named(rates: Iterable[Record[ReferenceRate]]) -> None:
    with pytest.raises(Refused, match="no reference rate of USD on 2026-05-12") as refused:
        rate_on("USD", DAY, list(rates))
    assert refused.value.details == {"currency": "USD", "day": "2026-05-12"}


def test_of_several_the_last_one_up_to_the_day_counts() -> None:
    rates = [quoted(4, "711.00"), quoted(2, "712.50"), quoted(-1, "799.00"), quoted(1, "830.00", "EUR"), quoted(9, "7")]
    for given in (rates, rates[::-1]):
        assert rate_on("USD", DAY, given) == Fraction("7.125")


def test_the_yuan_needs_no_quotation_and_a_unit_is_what_the_quotation_says() -> None:
    assert rate_on("CNY", DAY, ()) == 1
    assert rate_on("KRW", DAY, [quoted(0, "3.65", "KRW", unit=1000)]) == Fraction(365, 100_000)


# -- conversion --------------------------------------------------------------------------------------------------------

RATES = (quoted(0, "710"), quoted(0, "781", "EUR"), quoted(0, "4.75", "JPY"), quoted(0, "2300", "KWD"))


@pytest.mark.parametrize(
    ("money", "worth"),
    [
        (eur("100.00"), usd("110.00")),
        (usd("100.00"), eur("90.91")),
        (usd("0.05"), cny("0.36")),  # 0.355: half up
        (cny("1.00"), Money.of(21, "JPY")),
        (usd("12.34"), Money.of("3.809", "KWD")),
        (usd("12.34"), usd("12.34")),
        (cny("-0.05"), usd("-0.01")),
    ],
)
def test_money_is_converted_through_the_yuan_and_rounded_to_its_own_unit(money: Money, worth: Money) -> None:
    assert convert(money, worth.currency, DAY, RATES) == worth


def test_what_is_in_the_currency_needs_no_quotation_and_else_both_do() -> None:
    assert convert(gbp(7), "GBP", DAY, RATES) == gbp(7)
    for money, currency in ((gbp(7), "USD"), (usd(7), "GBP")):
        with pytest.raises(Refused) as refused:
            convert(money, currency, DAY, RATES)
        assert refused.value.details["currency"] == "GBP"


def test_more_than_money_can_say_is_refused_by_its_currency() -> None:
    largest = Money.of(most("USD"), "USD")
    with pytest.raises(Refused, match="more digits than money can have") as refused:
        convert(largest, "CNY", DAY, RATES)
    assert refused.value.details == {"currency": "CNY"}


# -- FOB ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "fob"), [("1", "8700.00"), ("2", "9000.00"), ("3", "10000.00"), ("4", "9700.00"), ("5", "10000.00")]
)
def test_each_mode_takes_off_the_charges_that_it_includes(mode: str, fob: str) -> None:
    paper = cases.declaration(
        total=usd(10_000), transaction_mode=mode, freight=usd(1_000), insurance=usd(300), other_charges=usd(50)
    )
    assert fob_value(paper, ()) == usd(fob)


def test_a_charge_that_is_not_stated_or_below_zero_takes_nothing() -> None:
    assert fob_value(cases.declaration(total=usd(80), transaction_mode="1"), ()) == usd(80)
    for freight, insurance in ((usd(-30), None), (usd(-30), usd(10)), (None, usd(10))):
        paper = cases.declaration(total=usd(80), transaction_mode="1", freight=freight, insurance=insurance)
        assert fob_value(paper, ()) == usd(80 - (10 if insurance else 0))


def test_a_charge_that_is_stated_as_a_rate_is_a_share_of_the_total_to_the_cent() -> None:
    paper = cases.declaration(
        total=usd("1234.50"), transaction_mode="1", freight_percent=Decimal(5), insurance_percent=Decimal("0.3")
    )
    assert (freight_of(paper), insurance_of(paper)) == (usd("61.73"), usd("3.70"))  # 61.725 and 3.7035
    assert fob_value(paper, ()) == usd("1169.07")


def test_charges_above_the_total_leave_nothing() -> None:
    paper = cases.declaration(total=usd(80), transaction_mode="1", freight=usd(60), insurance=usd("20.01"))
    assert fob_value(paper, ()) == usd(0)


def test_a_charge_in_another_currency_counts_at_the_exports_rate() -> None:
    """And not at that of a later day, on which money moved more."""
    paper = cases.declaration(total=usd(1_000), transaction_mode="2", freight=eur(100), exported_on=DAY)
    later = (quoted(-3, "500"), quoted(-3, "1500", "EUR"))
    assert fob_value(paper, (*RATES, *later)) == usd(890)


def test_what_a_value_is_computed_from_is_each_amount_that_is_stated() -> None:
    paper = cases.declaration(total=usd(1_000), freight=eur(5), other_charges=gbp(2))
    assert list(declared_amounts(paper)) == [usd(1_000), eur(5), gbp(2)]
    assert list(declared_amounts(cases.declaration(total=usd(9), insurance=eur(3)))) == [usd(9), eur(3)]


# -- where money ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "left"),
    [((), "10.00"), ((usd("2.50"), usd("2.51")), "4.99"), ((usd(10),), "0"), ((usd("10.01"),), "0"),
     ((usd(-4), usd(1)), "9.00")],
)  # fmt: skip
def test_what_is_left_is_never_below_nothing(taken: tuple[Money, ...], left: str) -> None:
    assert less(usd(10), taken) == usd(left)


def test_thirty_digits_are_the_most_that_money_can_say() -> None:
    assert most("USD") == Decimal("9999999999999999999999999999.99")
    assert most("JPY") == Decimal("999999999999999999999999999999")
    assert most("KWD") == Decimal("999999999999999999999999999.999")
    for currency in ("USD", "JPY", "KWD"):
        assert Money.of(most(currency), currency).amount == most(currency)


@pytest.mark.parametrize(
    ("amount", "counts"),
    [("-0.01", "0"), ("0", "0"), ("0.01", "0.01"), ("1e28", "9999999999999999999999999999.99"), ("1e27", "1e27")],
)
def test_what_counts_of_an_amount_is_within_what_money_can_say(amount: str, counts: str) -> None:
    assert counted(Decimal(amount), "USD").amount == Decimal(counts)
