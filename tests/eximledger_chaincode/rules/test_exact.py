"""The arithmetic of the rules: no number that a document may hold is ever rounded."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.examples.every import EXAMPLES

from eximledger_chaincode.documents import InvoiceTotals, Money
from eximledger_chaincode.lending.exact import EXACT, half_up, readable, summed
from eximledger_chaincode.lending.valuation import convert, fob_value
from eximledger_chaincode.rules import RULES, reconcile
from eximledger_chaincode.rules.basis.wording import percent_apart, plain, priced
from eximledger_chaincode.rules.ruleset import registry
from hlf_chaincode.errors import Refused

MOST = Decimal("9" * 28 + ".99")
"""The most that a document can say in dollars: 30 digits."""


@given(st.integers(), st.integers(1), st.integers(0, 6))
def test_half_up_is_the_nearest_and_the_farther_from_zero_of_two(numerator: int, denominator: int, places: int) -> None:
    value = Fraction(numerator, denominator)
    rounded = Fraction(half_up(value, places)) if abs(value) < 10**150 else value
    step = Fraction(1, 10**places)
    assert abs(rounded - value) <= step / 2
    assert abs(rounded) >= abs(value) or abs(rounded - value) < step / 2


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.00499999", "0.00"), ("1/3", "0.33")]
)
def test_half_up_by_example(value: str, rounded: str) -> None:
    assert str(half_up(Fraction(value), 2)) == rounded


def test_a_thousand_of_the_largest_amounts_are_summed_without_rounding() -> None:
    with localcontext(EXACT):
        assert summed([MOST] * 1000 + [Decimal("0.01")]) == MOST * 1000 + Decimal("0.01")


def test_messages_show_numbers_as_people_write_them() -> None:
    assert plain(Decimal("1234567.500")) == "1,234,567.5"
    assert plain(Decimal("1E+3")) == "1,000"
    assert plain(readable(Decimal(1) / 3)) == "0.333333333333"
    assert priced(Decimal("1250"), "USD") == "1,250.00 USD"
    assert priced(Decimal("1250"), "JPY") == "1,250 JPY"
    assert priced(Decimal("0.0333"), "USD") == "0.0333 USD"
    assert priced(MOST, "USD") == f"{MOST:,f} USD"
    assert str(percent_apart(Decimal("106.12"), Decimal(100))) == "6.12"
    assert percent_apart(Decimal(0), Decimal(0)) == 0
    assert percent_apart(Decimal(1), Decimal(0)) == 100


def test_no_rule_rounds_on_its_way_to_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an error for every rounding; what is only shown is rounded in a context of its own."""
    strict = Context(prec=EXACT.prec, traps=[*(trap for trap, on in EXACT.traps.items() if on), Inexact])
    monkeypatch.setattr(registry, "EXACT", strict)
    for example in EXAMPLES:
        assert len(RULES[example.rule].findings(example.case)) == len(example.found)


def test_the_last_cent_of_the_largest_invoice_counts() -> None:
    lines = (cases.goods(quantity=None, unit_price=None, amount=Money.of(MOST, "USD")),)
    for payable, found in ((MOST, 0), (MOST - Decimal("0.01"), 1)):
        with localcontext(EXACT):
            invoice = cases.invoice(lines=lines, totals=InvoiceTotals(payable=Money.of(payable, "USD")))
        assert len(RULES["INV-MATH"].findings(cases.case(invoice))) == found


def test_what_cannot_be_said_in_another_currency_is_refused_and_finances_nothing() -> None:
    huge, most = cases.declaration(total=Money.of(MOST, "USD")), Money.of(MOST, "USD")
    asked = cases.application(declarations=(cases.financed(amount=most),))
    case = cases.case(huge, asked, cases.invoice_of(most))
    with pytest.raises(Refused, match="more digits than money can have"):
        convert(huge.total, "CNY", huge.dated, case.rates)
    verdict = reconcile(case)
    assert verdict.eligible == cases.cny("9" * 28 + ".99"), "capped at what a verdict can say"


def test_a_third_of_a_cent_is_rounded_once() -> None:
    """Three yen are one yuan: a quotation whose value has no end in decimals."""
    case = cases.case(cases.rate(currency="JPY", unit=3, cny=1))
    yen = cases.declaration(total=Money.of(100, "JPY"), lines=(cases.declared(amount=Money.of(100, "JPY")),))
    assert convert(Money.of(1, "JPY"), "CNY", yen.dated, case.rates) == cases.cny("0.33")
    assert fob_value(yen, case.rates) == Money.of(100, "JPY")
    asked = cases.application(declarations=(cases.financed(amount=Money.of(100, "JPY")),))
    quoted = cases.rate(currency="JPY", unit=3, cny=1, quoted_on=cases.TODAY)
    verdict = reconcile(cases.case(yen, asked, cases.invoice_of(Money.of(100, "JPY")), quoted))
    assert verdict.eligible == cases.cny("26.67")  # 80 % of 33.333..., not of 33.33
