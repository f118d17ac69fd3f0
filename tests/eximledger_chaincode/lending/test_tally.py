"""Sums of what is taken: what is converted, how a sum is spread, and where a quotation is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import EXPORTED, NUMBER, OTHER_NUMBER, eur, naming, usd

from eximledger_chaincode.documents import ExportDeclaration, Money
from eximledger_chaincode.lending.collecting.counting import spread
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming
from eximledger_chaincode.lending.collecting.tally import Collecting, Tally, Unvalued, converted, plus
from eximledger_chaincode.lending.valuation import most

THIRD = "531620260000290457"
RATES = tuple(
    cases.record(cases.rate(currency=currency, cny=cny, quoted_on=day))
    for day in (cases.EXPORTED, cases.PAID)
    for currency, cny in (("USD", 710), ("EUR", 781))
)
LATER = EXPORTED + timedelta(days=20)
OF_LATER = tuple(
    cases.record(cases.rate(currency=currency, quoted_on=LATER, cny=cny))
    for currency, cny in {"USD": 700, "GBP": 840}.items()
)
NO_POUND = Unvalued(currency="GBP", day=EXPORTED)


def gbp(amount: str | int) -> Money:
    return Money.of(amount, "GBP")


def export(value: Money, number: str = NUMBER, day: date = EXPORTED) -> ExportDeclaration:
    return cases.declaration(
        declaration_number=number, total=value, lines=(cases.declared(amount=value),), exported_on=day
    )


# -- single amounts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("money", "worth", "missing"),
    [
        (eur(100), usd(110), None),
        (gbp("0.01"), usd(0), NO_POUND),
        (gbp(0), usd(0), None),
        (gbp("-0.50"), usd(0), None),
        (eur(-100), usd(0), None),
        (usd("0.01"), usd("0.01"), None),
        (Money.of(most("EUR"), "EUR"), Money.of(most("USD"), "USD"), None),
    ],
)
def test_what_is_taken_is_from_nothing_to_the_most_that_money_says(
    money: Money, worth: Money, missing: Unvalued | None
) -> None:
    """What is too much to say takes all there is: it must not count as nothing."""
    assert converted(money, "USD", EXPORTED, RATES) == (worth, missing)


def test_what_is_added_stays_within_what_money_says() -> None:
    largest = Money.of(most("USD"), "USD")
    assert plus(usd(2), usd("3.05")) == usd("5.05")
    assert plus(largest, usd("0.01")) == largest
    assert plus(usd(2), usd(-3)) == usd(0)


@pytest.mark.parametrize(
    ("day", "told"), [(date(1, 1, 1), date(1900, 1, 1)), (EXPORTED, EXPORTED), (date(9999, 12, 31), date(2199, 12, 31))]
)
def test_a_day_outside_the_calendar_of_papers_is_told_as_its_end(day: date, told: date) -> None:
    assert Unvalued.of("GBP", day) == Unvalued(currency="GBP", day=told)


def test_quotations_that_are_missing_are_told_by_currency_and_then_by_day() -> None:
    wanted = [Unvalued(currency=code, day=day) for code in ("AUD", "GBP") for day in (EXPORTED, LATER)]
    told = [wanted[place] for place in (3, 1, 2, 0)]
    assert sorted(told, key=lambda each: each.order) == wanted


@pytest.mark.parametrize(
    ("money", "parts"),
    [
        (usd("1.00"), ("0.16", "0.33", "0.51")),
        (Money.of(100, "JPY"), ("16", "33", "51")),
        (Money.of("1.000", "KWD"), ("0.166", "0.333", "0.501")),
        (usd("0.05"), ("0.00", "0.01", "0.04")),
    ],
)
def test_each_part_is_rounded_down_to_the_currencys_unit_and_the_last_has_the_rest(
    money: Money, parts: Sequence[str]
) -> None:
    weights = {NUMBER: Fraction(1), OTHER_NUMBER: Fraction(3), THIRD: Fraction(2)}
    by_number = dict(zip(sorted(weights), parts, strict=True))
    weights = dict(zip(sorted(weights), (Fraction(1), Fraction(2), Fraction(3)), strict=True))
    assert spread(money, weights) == {number: Money.of(part, money.currency) for number, part in by_number.items()}


def test_where_nothing_has_weight_the_last_has_all() -> None:
    none = dict.fromkeys((OTHER_NUMBER, THIRD, NUMBER), Fraction(0))
    assert spread(usd(7), none) == {NUMBER: usd(0), OTHER_NUMBER: usd(0), THIRD: usd(7)}


# -- sums of declarations ----------------------------------------------------------------------------------------------


def test_a_sum_is_spread_over_the_declarations_that_are_here() -> None:
    tally = Tally([export(usd(100)), export(usd(300), OTHER_NUMBER)], ())
    assert tally.sum_of("invoiced", NUMBER) is None
    tally.spread("invoiced", usd(40), [OTHER_NUMBER, NUMBER, THIRD, NUMBER])
    tally.spread("invoiced", usd(9), [THIRD])
    tally.spread("invoiced", usd(1), [NUMBER])
    assert (tally.sum_of("invoiced", NUMBER), tally.sum_of("invoiced", OTHER_NUMBER)) == (usd(11), usd(30))
    assert tally.sum_of("prepaid", NUMBER) is None
    assert tally.known([THIRD, OTHER_NUMBER, NUMBER, NUMBER]) == sorted([NUMBER, OTHER_NUMBER])


def test_in_one_currency_nothing_needs_a_quotation() -> None:
    tally = Tally([export(gbp(100)), export(gbp(300), OTHER_NUMBER)], ())
    tally.spread("invoiced", gbp(40), [NUMBER, OTHER_NUMBER])
    assert (tally.sum_of("invoiced", NUMBER), tally.sum_of("invoiced", OTHER_NUMBER)) == (gbp(10), gbp(30))
    assert tally.unvalued_of(NUMBER) == ()


def test_a_declaration_whose_value_is_not_known_beside_others_gets_no_share() -> None:
    """Its own currency has no quotation, so nobody knows what it weighs; dollars go to those of which it is known."""
    tally = Tally([export(gbp(100)), export(usd(300), OTHER_NUMBER)], RATES)
    tally.spread("collected", usd(40), [NUMBER, OTHER_NUMBER])
    assert (tally.sum_of("collected", NUMBER), tally.sum_of("collected", OTHER_NUMBER)) == (gbp(0), usd(40))
    assert (tally.value_of(NUMBER), tally.unvalued_of(NUMBER)) == (gbp(100), ())


def test_charges_without_a_quotation_leave_no_value_and_are_told() -> None:
    tally = Tally([cases.declaration(transaction_mode="2", freight=gbp(1))], RATES)
    assert (tally.value_of(NUMBER), tally.unvalued_of(NUMBER)) == (usd(0), (NO_POUND,))
    tally = Tally([cases.declaration(transaction_mode="2", freight=Money.of(most("EUR"), "EUR"))], RATES)
    assert (tally.value_of(NUMBER), tally.unvalued_of(NUMBER)) == (usd(0), ())


def test_what_is_added_without_a_quotation_is_nothing_and_told_of_that_declaration() -> None:
    tally = Tally([export(usd(100)), export(usd(300), OTHER_NUMBER)], RATES)
    tally.add("collected", gbp(5), NUMBER)
    tally.add("collected", eur(10), NUMBER)
    tally.add("collected", eur(10), OTHER_NUMBER)
    assert (tally.sum_of("collected", NUMBER), tally.sum_of("collected", OTHER_NUMBER)) == (usd(11), usd(11))
    assert (tally.unvalued_of(NUMBER), tally.unvalued_of(OTHER_NUMBER)) == ((NO_POUND,), ())


def test_all_quotations_that_a_declaration_lacks_are_told_in_one_order() -> None:
    tally = Tally([export(usd(100))], RATES)
    for code in ("SEK", "AUD", "NOK", "GBP", "CAD"):
        tally.add("collected", Money.of(5, code), NUMBER)
    assert [each.currency for each in tally.unvalued_of(NUMBER)] == ["AUD", "CAD", "GBP", "NOK", "SEK"]


# -- receipts ----------------------------------------------------------------------------------------------------------


def collected(
    *receipts: ReceiptNaming,
    invoices: Mapping[str, Sequence[str]],
    numbers: Iterable[str] = (NUMBER, OTHER_NUMBER, THIRD),
) -> list[str]:
    """What of declarations of 100 dollars each is collected, in the order of their numbers."""
    tally = Tally([export(usd(100), number) for number in numbers], RATES)
    collecting = Collecting(tally, invoices)
    for receipt in receipts:
        collecting.collect(receipt)
    return [str((tally.sum_of("collected", number) or usd(0)).amount) for number in sorted(numbers)]


FIRST, SECOND, LAST = sorted([NUMBER, OTHER_NUMBER, THIRD])
ALL = {"CI1": (FIRST,), "CI2": (SECOND,), "CI12": (FIRST, SECOND), "CI123": (FIRST, SECOND, LAST)}


@pytest.mark.parametrize(
    ("receipt", "wanted"),
    [
        # the amounts go first, and what is left to what is named without one
        (naming(usd(90), {FIRST: None, SECOND: usd(50)}), ("40.00", "50.00", "0")),
        (naming(usd(90), {SECOND: None}, {"CI1": usd(50)}), ("50.00", "40.00", "0")),
        (naming(usd(90), {}, {"CI2": None, "CI1": usd(50)}), ("50.00", "40.00", "0")),
        # one declaration by two amounts
        (naming(usd(90), {FIRST: usd(20)}, {"CI1": usd(60)}), ("60.00", "0", "0")),
        (naming(usd(90), {FIRST: usd(20)}, {"CI12": usd(60)}), ("20.00", "40.00", "0")),
        (naming(usd(90), {FIRST: usd(20)}, {"CI12": usd(60), "CI1": None}), ("50.00", "40.00", "0")),
        (naming(usd(90), {FIRST: usd(20), SECOND: usd(30)}, {"CI12": usd(60)}), ("25.00", "35.00", "0")),
        # what a declaration had serves for one invoice alone
        (naming(usd(90), {FIRST: usd(40)}, {"CI1": usd(40), "CI12": usd(40)}), ("40.00", "40.00", "0")),
        # no more than was paid
        (naming(usd(90), {FIRST: usd(170)}), ("90.00", "0", "0")),
        (naming(usd(90), {}, {"CI1": usd(70), "CI2": usd(70)}), ("70.00", "20.00", "0")),
        (naming(usd(90), {FIRST: usd(90), SECOND: None}), ("90.00", "0.00", "0")),
        # in equal parts by value
        (naming(usd(90), [FIRST, SECOND, LAST]), ("30.00", "30.00", "30.00")),
        (naming(usd(90), (), ["CI123"]), ("30.00", "30.00", "30.00")),
        (naming(usd(90), {FIRST: usd(30)}, ["CI123"]), ("30.00", "30.00", "30.00")),
        (naming(usd(90), [LAST], ["CI12"]), ("30.00", "30.00", "30.00")),
        # in euro, of which a dollar is 100/110
        (naming(eur(90), {FIRST: usd(44), SECOND: None}), ("44.00", "55.00", "0")),
        (naming(eur(90), {FIRST: eur(40), SECOND: None}), ("44.00", "55.00", "0")),
        (naming(eur(90), {}, {"CI1": usd(44), "CI2": None}), ("44.00", "55.00", "0")),
        (naming(eur(90), {FIRST: usd(44)}, {"CI1": eur(60)}), ("66.00", "0", "0")),
    ],
    ids=repr,
)  # fmt: skip
def test_every_unit_of_a_receipt_counts_once(receipt: ReceiptNaming, wanted: tuple[str, ...]) -> None:
    assert [Money.of(each, "USD") for each in collected(receipt, invoices=ALL)] == [usd(each) for each in wanted]


@pytest.mark.parametrize("outside", [{"999920260000000001": usd(50)}, {"999920260000000001": eur(50)}])
def test_what_goes_to_a_declaration_of_another_case_is_gone_in_the_receipts_own_currency(
    outside: dict[str, Money],
) -> None:
    """In another currency nobody knows how much is left: then all of it counts here."""
    (money,) = outside.values()
    wanted = "40.00" if money.currency == "USD" else "90.00"
    assert collected(naming(usd(90), {FIRST: None, **outside}), invoices={})[0] == wanted


def test_receipts_add_up_and_those_over_nothing_count_nothing() -> None:
    receipts = [
        naming(usd(9), [FIRST]),
        *(naming(nothing, {FIRST: usd(5)}) for nothing in (usd(0), usd(-5), eur(0), eur("-0.50"))),
        naming(usd("0.01"), [FIRST]),
    ]
    assert collected(*receipts, invoices={})[0] == "9.01"


@pytest.mark.parametrize("said", [usd(0), usd("-0.50"), usd(-7)])
def test_what_is_not_above_nothing_is_no_amount_that_a_payer_gave(said: Money) -> None:
    assert collected(naming(usd(90), {FIRST: said}), invoices={})[0] == "90.00"
    assert collected(naming(usd(90), {}, {"CI1": said}), invoices=ALL)[0] == "90.00"


def test_in_which_order_a_receipt_names_papers_changes_nothing() -> None:
    """Where it gives more than was paid, the first by number get it; of two amounts of one, the smaller first."""
    for invoices in ({"CI1": usd(70), "CI2": usd(70)}, {"CI2": usd(70), "CI1": usd(70)}):
        assert collected(naming(usd(90), {}, invoices), invoices=ALL)[:2] == ["70.00", "20.00"]
    twice = tuple(NamedPaper(number="CI123", amount=usd(amount)) for amount in ("0.50", "0.60"))
    for papers in (twice, twice[::-1]):
        receipt = naming(usd("0.90")).model_copy(update={"invoices": papers})
        assert collected(receipt, invoices=ALL) == ["0.29", "0.29", "0.32"]


def test_an_invoice_of_declarations_that_are_not_here_gets_nothing() -> None:
    invoices = {"CI9": ("999920260000000001",), "CI1": (FIRST, "999920260000000001")}
    assert collected(naming(usd(9), (), ["CI9"]), naming(usd(7), (), ["CI1"]), invoices=invoices)[0] == "7.00"


def test_an_amount_of_an_invoice_that_cannot_be_converted_is_told_of_all_its_declarations() -> None:
    tally = Tally([export(usd(100), number) for number in (FIRST, SECOND)], RATES)
    Collecting(tally, {"CI12": (SECOND, FIRST)}).collect(naming(usd(90), {}, {"CI12": gbp(10)}))
    on_payment = Unvalued(currency="GBP", day=cases.PAID)
    assert [tally.unvalued_of(number) for number in (FIRST, SECOND)] == [(on_payment,)] * 2
    assert [(tally.sum_of("collected", number) or usd(0)).amount for number in (FIRST, SECOND)] == [0, 0]
