"""What counts of a receipt, whatever its payer writes: never less than was credited, nor more than charges tell."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import EXPORTED, NUMBER, OTHER_NUMBER, PAID, cny, eur, naming, usd

from eximledger_chaincode.documents import Allocation, AllowanceCharge, CurrencyExchange, FxReceipt, Money, Reference
from eximledger_chaincode.lending.claim import claims_of, paid_by_name
from eximledger_chaincode.lending.collecting.counting import Doubt, counted_of, counting, paid_of, quotations_for
from eximledger_chaincode.lending.collecting.naming import NamedPaper, Order, ReceiptNaming, naming_of, order_of

RATES = tuple(
    cases.record(cases.rate(currency=currency, cny=cny, quoted_on=PAID))
    for currency, cny in (("USD", 710), ("EUR", 781), ("JPY", 5))
)
"""Of 100; one dollar is 7.1 yuan, one euro 1.1 dollars, 142 yen a dollar."""


def jpy(amount: int | str) -> Money:
    return Money.of(amount, "JPY")


def counts(
    credited: Money, ordered: Money, *charges: Money, exchanged: bool = False, currencies: tuple[str, ...] = ("USD",)
) -> tuple[Money, Doubt | None]:
    order = Order(amount=ordered, charges=charges, exchanged=exchanged)
    found = counted_of(credited, order, PAID, currencies, RATES)
    assert found.believed == (found.doubt is None)
    return found.amount, found.doubt


@pytest.mark.parametrize(
    ("credited", "ordered", "wanted"),
    [
        # in one currency: what was ordered, before charges; never less than what was credited
        (usd(4_000), usd(4_020), usd(4_020)),
        (usd(4_000), usd(3_990), usd(4_000)),
        (usd(100_000), usd(103_000), usd(103_000)),
        (usd(100_000), usd(97_000), usd(100_000)),
        (jpy(1_000_000), jpy(1_030_000), jpy(1_030_000)),
        # a small payment loses more of itself than 3 %: 70.42 dollars are 500 yuan
        (usd(100), usd("170.42"), usd("170.42")),
        (jpy(100), jpy(10_100), jpy(10_100)),
        # in yuan what was ordered in dollars
        (cny(710_000), usd(100_000), usd(100_000)),
        (cny(709_000), usd(100_000), usd(100_000)),
        # worth a little less than what was credited: so much more counts
        (cny(717_100), usd(100_000), usd(101_000)),
        (cny(731_958), usd(100_000), usd("103092.68")),
        # two foreign currencies: the claim's own counts
        (eur(100_000), usd(110_000), usd(110_000)),
        (usd(110_000), eur(100_000), usd(110_000)),
        (usd(109_000), eur(100_000), usd(110_000)),
        (usd(110_000), eur(98_000), usd(110_000)),
        (usd(110_000), cny(781_000), usd(110_000)),
        (jpy(14_200_000), usd(100_000), usd(100_000)),
    ],
)  # fmt: skip
def test_what_was_ordered_counts_where_it_agrees(credited: Money, ordered: Money, wanted: Money) -> None:
    assert counts(credited, ordered) == (wanted, None)


@pytest.mark.parametrize(
    ("credited", "ordered", "doubt"),
    [
        (cny(7_760_000), usd(1), Doubt.LESS),
        (cny(7_760_000), usd("0.01"), Doubt.LESS),
        (cny(710_000), usd("96999.99"), Doubt.LESS),
        (usd(1_000_000), usd(1), Doubt.LESS),
        (usd(100_000), usd("96999.99"), Doubt.LESS),
        (eur(100_000), usd(1), Doubt.LESS),
        (usd(110_000), eur("0.01"), Doubt.LESS),
        (cny(710_000), jpy(100_000), Doubt.LESS),
        (jpy(14_200_000), usd(142), Doubt.LESS),
        (usd("0.01"), usd(1_000_000), Doubt.MORE),
        (cny("0.01"), usd(1_000_000), Doubt.MORE),
        (usd(100_000), usd("103000.01"), Doubt.MORE),
        (cny(710_000), usd("103000.01"), Doubt.MORE),
        (usd(100), usd("170.43"), Doubt.MORE),
        (Money.of(100, "HTG"), Money.of(110, "HTG"), Doubt.MORE),  # nobody knows whether ten of it are little
        (cny(710_000), Money.of(1, "HTG"), Doubt.UNKNOWN),
        (usd(1), Money.of("0.001", "KWD"), Doubt.UNKNOWN),
        (Money.of(9, "HTG"), usd(9), Doubt.UNKNOWN),
    ],
)
def test_what_was_credited_counts_where_the_order_does_not_agree(credited: Money, ordered: Money, doubt: Doubt) -> None:
    assert counts(credited, ordered) == (credited, doubt)


@pytest.mark.parametrize(
    ("charges", "wanted"),
    [
        ((), (usd(80_000), Doubt.MORE)),
        ((usd(17_500),), (usd(100_000), None)),
        ((usd(10_000), usd(7_500)), (usd(100_000), None)),
        ((cny(124_250),), (usd(100_000), None)),
        ((usd(10_000),), (usd(90_000), Doubt.MORE)),
        ((Money.of(99_999, "HTG"),), (usd(80_000), Doubt.MORE)),
        ((usd(1_000_000),), (usd(100_000), None)),
    ],
)
def test_charges_that_banks_state_were_paid_too(charges: tuple[Money, ...], wanted: tuple[Money, Doubt | None]) -> None:
    """And no more than was ordered."""
    assert counts(usd(80_000), usd(100_000), *charges) == wanted


def test_an_exchange_that_the_bank_states_explains_why_the_order_is_worth_less() -> None:
    credited = cny(725_000)
    assert counts(credited, usd(100_000)) == (usd("102112.68"), None)
    assert counts(credited, usd(100_000), exchanged=True) == (usd(100_000), None)
    assert counts(cny(735_000), usd(100_000), exchanged=True) == (cny(735_000), Doubt.LESS), "nor one that is far off"


def test_what_counts_is_in_a_currency_of_the_claims() -> None:
    assert counts(cny(710_000), usd(100_000), currencies=("CNY",)) == (cny(710_000), None)
    assert counts(cny(709_000), usd(100_000), currencies=("CNY",)) == (cny(710_000), None)
    assert counts(cny(710_000), usd(100_000), currencies=("CNY", "USD")) == (usd(100_000), None)
    assert counts(cny(710_000), usd(100_000), currencies=("EUR",)) == (usd(100_000), None)


def test_quotations_are_those_of_the_receipts_own_day() -> None:
    order = Order(amount=usd(100_000))
    later = PAID + timedelta(days=11)
    assert counted_of(cny(710_000), order, later, ("USD",), RATES).doubt is Doubt.UNKNOWN
    dear = cases.record(cases.rate(cny=900, quoted_on=EXPORTED))
    assert counted_of(cny(710_000), order, PAID, ("USD",), (dear, *RATES)).amount == usd(100_000)


moneys = st.builds(
    Money.of, st.integers(1, 10**12), st.sampled_from(["USD", "EUR", "CNY", "JPY", "HTG"])
)  # fmt: skip


@given(moneys, moneys, st.lists(moneys, max_size=2), st.sampled_from(["USD", "EUR", "CNY"]))
def test_whatever_a_payer_orders_no_receipt_counts_for_less_than_was_credited(
    credited: Money, ordered: Money, charges: list[Money], claimed: str
) -> None:
    """But for what rounding to a minor unit takes."""
    cny_of = {"USD": Fraction(71, 10), "EUR": Fraction(781, 100), "JPY": Fraction(5, 100), "CNY": Fraction(1)}
    found, _ = counts(credited, ordered, *charges, currencies=(claimed,))
    if found.currency == credited.currency:
        assert found >= credited
        return
    step = Fraction(1) if found.currency == "JPY" else Fraction(1, 100)
    assert (Fraction(found.amount) + step) * cny_of[found.currency] >= (
        Fraction(credited.amount) * cny_of[credited.currency]
    )


# -- what was taken back in part ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "amount"),
    [
        (naming(usd(100), [NUMBER], returned=usd(1)), usd(99)),
        (naming(usd(100), [NUMBER], returned=usd(100)), usd(0)),
        (naming(cny(710_000), [NUMBER], returned=cny(71_000), ordered=Order(amount=usd(100_000))), usd(90_000)),
        (naming(usd(3), [NUMBER], returned=usd(2), ordered=Order(amount=usd("3.01"))), usd("1.01")),  # rounded up
        (naming(cny(7), [NUMBER], returned=cny("4.99"), ordered=Order(amount=usd("1.04"))), usd("0.30")),  # 0.2986...
        (naming(usd(100), {NUMBER: usd(60)}, returned=usd(1)), usd(99)),
        (naming(usd(100), {NUMBER: usd(60), OTHER_NUMBER: usd(40)}, returned=usd(1)), usd(100)),
        (naming(usd(100), [NUMBER], {"CI01": usd(60), "CI02": usd(40)}, returned=usd(1)), usd(100)),
    ],
)  # fmt: skip
def test_what_was_taken_back_does_not_count(made: ReceiptNaming, amount: Money) -> None:
    found = counting(made, ("USD",), RATES)
    assert (found.amount, found.returned) == (amount, None)


@given(moneys, st.none() | moneys, st.fractions(0, 1), st.sampled_from(["USD", "EUR", "CNY"]))
def test_whatever_was_taken_back_no_less_counts_than_was_left(
    credited: Money, ordered: Money | None, part: Fraction, claimed: str
) -> None:
    """And no more than before: by the proportion, to a minor unit."""
    back = Money.of(str(int(Fraction(credited.amount) * part)), credited.currency)
    order = None if ordered is None else Order(amount=ordered)
    before = counting(naming(credited, [NUMBER], ordered=order), (claimed,), RATES).amount
    after = counting(naming(credited, [NUMBER], ordered=order, returned=back), (claimed,), RATES).amount
    left = 1 - Fraction(back.amount) / Fraction(credited.amount)
    assert after.currency == before.currency
    step = 1 if after.currency == "JPY" else Fraction(1, 100)
    assert 0 <= Fraction(after.amount) - Fraction(before.amount) * left < step


def test_what_counts_of_a_receipt_goes_without_what_was_taken_back() -> None:
    paper = receipt(usd(1_000), returned=usd(400), references=(), remittance=())
    assert paid_of(paper, ("USD",), RATES).amount == usd(600)
    ordered = receipt(cny(710_000), usd(100_000), returned=cny(71_000), references=(), remittance=())
    assert paid_of(ordered, ("USD",), RATES).amount == usd(90_000)


def test_what_was_taken_back_is_collected_of_no_declaration() -> None:
    paper = receipt(usd(1_000), returned=usd(400), allocations=allocated(usd(1_000)), references=(), remittance=())
    assert collected(paper) == (usd(600), usd(0))
    both = receipt(usd(1_000), returned=usd(400), allocations=allocated(usd(700), usd(300)), references=())
    assert collected(both) == (usd(700), usd(300))


# -- what of it goes to which paper ------------------------------------------------------------------------------------


def receipt(amount: Money, ordered: Money | None = None, **changes: object) -> FxReceipt:
    return cases.receipt(amount=amount, instructed_amount=ordered, value_on=PAID, booked_on=PAID, **changes)


def allocated(*amounts: Money) -> tuple[Allocation, ...]:
    numbers = (NUMBER, OTHER_NUMBER)
    return tuple(
        Allocation(declaration_number=number, amount=amount) for number, amount in zip(numbers, amounts, strict=False)
    )


def collected(paper: FxReceipt, currency: str = "USD") -> tuple[Money, Money]:
    """Of two declarations of two million each."""
    value = Money.of(2_000_000, currency)
    exports = [
        cases.declaration(declaration_number=number, total=value, lines=(cases.declared(amount=value),))
        for number in (NUMBER, OTHER_NUMBER)
    ]
    claims = claims_of(exports, (), [naming_of(paper)], RATES)
    assert not claims[NUMBER].unvalued
    return claims[NUMBER].collected, claims[OTHER_NUMBER].collected


DOLLAR = usd(1)
SEVEN_MILLION = cny(7_100_000)


@pytest.mark.parametrize(
    ("paper", "wanted"),
    [
        # the payer's dollar in the place of a million
        (receipt(SEVEN_MILLION, DOLLAR, allocations=allocated(DOLLAR)), (1_000_000, 0)),
        (receipt(SEVEN_MILLION, DOLLAR, references=(Reference(kind="declaration", number=NUMBER, amount=DOLLAR),)),
         (1_000_000, 0)),
        (receipt(SEVEN_MILLION, DOLLAR, remittance=(f"/INV/ {NUMBER}",)), (1_000_000, 0)),
        (receipt(usd(1_000_000), DOLLAR, remittance=(NUMBER,)), (1_000_000, 0)),
        (receipt(SEVEN_MILLION, usd(2), allocations=allocated(DOLLAR, DOLLAR)), (500_000, 500_000)),
        (receipt(SEVEN_MILLION, eur(1), allocations=allocated(eur(1))), (1_000_000, 0)),
        (receipt(eur(1_000_000), DOLLAR, allocations=allocated(DOLLAR)), (1_100_000, 0)),
        # a million in the place of a cent
        (receipt(usd("0.01"), usd(1_000_000), allocations=allocated(usd(1_000_000))), ("0.01", 0)),
        (receipt(cny("71.00"), usd(1_000_000), allocations=allocated(usd(1_000_000))), (10, 0)),
        # an honest order is split as the payer splits it
        (receipt(SEVEN_MILLION, usd(1_000_000), allocations=allocated(usd(1_000_000))), (1_000_000, 0)),
        (receipt(SEVEN_MILLION, usd(1_000_000), allocations=allocated(usd(400_000), usd(600_000))),
         (400_000, 600_000)),
        (receipt(SEVEN_MILLION, usd(1_000_000), allocations=allocated(usd(400_000))), (400_000, 0)),
        (receipt(SEVEN_MILLION, usd(1_000_000), allocations=allocated(cny(2_840_000))), (400_000, 0)),
        (receipt(SEVEN_MILLION, usd(1_000_000), allocations=allocated(SEVEN_MILLION)), (1_000_000, 0)),
        # parts of an order are parts of what counts: the charges, and what the quotation says more
        (receipt(usd(980_000), usd(1_000_000), allocations=allocated(usd(980_000))), (1_000_000, 0)),
        (receipt(cny(7_171_000), usd(1_000_000), allocations=allocated(usd(250_000), usd(750_000))),
         (252_500, 757_500)),
        # parts of more than counts are no parts of it, those of what counts are
        (receipt(usd(100), usd(1_000), allocations=allocated(usd(600), usd(400))), (50, 50)),
        (receipt(usd(100), usd(1_000), allocations=allocated(usd(60), usd(40))), (60, 40)),
        # all of an order that does not count is a part of the credit; what it leaves is told (`unallocated_of`)
        (receipt(usd(1_000_000), DOLLAR, allocations=allocated(DOLLAR)), (1, 0)),
        # with no order
        (receipt(SEVEN_MILLION, remittance=(NUMBER,)), (1_000_000, 0)),
        (receipt(jpy(142_000_000), remittance=(NUMBER,)), (1_000_000, 0)),
    ],
)  # fmt: skip
def test_no_words_of_a_payer_take_from_what_was_credited(paper: FxReceipt, wanted: tuple[int | str, int | str]) -> None:
    assert collected(paper) == tuple(usd(each) for each in wanted)


def test_of_an_order_that_does_not_count_its_parts_are_no_amounts_and_those_of_the_credit_are() -> None:
    parts = {NUMBER: cny(100), OTHER_NUMBER: None}
    kept = counting(naming(SEVEN_MILLION, parts, {"CI1": usd(1)}, ordered=Order(amount=DOLLAR)), {"USD"}, RATES)
    assert (kept.amount, kept.ordered) == (SEVEN_MILLION, None)
    assert kept.declarations == (
        NamedPaper(number=NUMBER, amount=cny(100)), NamedPaper(number=OTHER_NUMBER)
    )  # fmt: skip
    assert kept.invoices == (NamedPaper(number="CI1"),)


def test_what_an_invoice_was_paid_by_name_goes_by_what_counts() -> None:
    invoice = cases.invoice_of(usd(1_000_000))
    for ordered, wanted in ((DOLLAR, usd(0)), (usd(1_000_000), usd(1_000_000))):
        named = naming(SEVEN_MILLION, (), ["CI01"], ordered=Order(amount=ordered))
        assert paid_by_name([invoice], [named], RATES) == {invoice.id: wanted}


# -- what is kept of an order ------------------------------------------------------------------------------------------


def test_an_order_is_kept_where_it_is_another_than_the_credit() -> None:
    assert order_of(receipt(usd(5))) is None
    assert order_of(receipt(usd(5), usd(5))) is None
    assert order_of(receipt(usd(5), usd(0))) is None
    assert order_of(receipt(usd(5), usd(-5))) is None
    charges = (
        AllowanceCharge(charge=True, amount=usd("0.50")),
        AllowanceCharge(charge=True, amount=usd("1.50")),
        AllowanceCharge(charge=False, amount=usd(9)),
        AllowanceCharge(charge=True, amount=usd(-4)),
        AllowanceCharge(charge=True, amount=eur(0)),
    )
    assert order_of(receipt(usd(5), usd(7), charges=charges)) == Order(amount=usd(7), charges=(usd(2),))


@pytest.mark.parametrize(
    ("rate", "source", "target", "is_exchanged"),
    [
        ("7.25", "USD", "CNY", True),
        ("7.25", "USD", None, True),
        ("725", "USD", "CNY", True),
        ("0.137931", "CNY", "USD", True),
        ("7.257", "USD", "CNY", True),
        ("7.25725", "USD", "CNY", True),
        ("7.257255", "USD", "CNY", False),
        ("7.258", "USD", "CNY", False),
        ("13.7931", "CNY", "USD", True),
        ("13.6571", "CNY", "USD", False),
        ("7.10", "USD", "CNY", False),
        ("7.25", "EUR", "CNY", False),
        ("7.25", "USD", "EUR", False),
    ],
)
def test_an_exchange_counts_where_it_leads_from_the_order_to_the_credit(
    rate: str, source: str, target: str | None, is_exchanged: bool
) -> None:
    stated = CurrencyExchange(source=source, target=target, rate=rate)
    order = order_of(receipt(cny(725_000), usd(100_000), exchanges=(stated,)))
    assert order == Order(amount=usd(100_000), exchanged=is_exchanged)


def test_no_exchange_leads_from_a_currency_to_itself() -> None:
    """A rate of one would make 99,950 of 100,000."""
    stated = CurrencyExchange(source="USD", target="USD", rate="1")
    assert order_of(receipt(usd(100_000), usd(99_950), exchanges=(stated,))) == Order(amount=usd(99_950))


def test_quotations_of_what_a_payer_gives_to_papers_and_of_charges_are_asked_for() -> None:
    def asked(receipt: ReceiptNaming) -> list[str]:
        return [currency for currency, _ in quotations_for(receipt, ("USD",))]

    assert asked(naming(usd(5), {NUMBER: eur(1)})) == ["EUR", "USD"]
    assert asked(naming(usd(5), (), {"CI1": eur(1)})) == ["EUR", "USD"]
    assert asked(naming(usd(5), [NUMBER], ordered=Order(amount=usd(5), charges=(eur(1),)))) == ["EUR", "USD"]


def test_quotations_are_asked_for_where_something_is_to_be_compared() -> None:
    def asked(amount: Money, ordered: Money | None = None, *claimed: str) -> list[str]:
        order = None if ordered is None else Order(amount=ordered)
        found = list(quotations_for(naming(amount, [NUMBER], ordered=order), claimed or ("USD",)))
        assert {day for _, day in found} <= {PAID}
        return [currency for currency, _ in found]

    assert asked(usd(5)) == asked(usd(100), usd(103)) == []
    assert asked(usd(100), usd("103.01")) == ["USD"]
    assert asked(cny(5)) == ["USD"]
    assert asked(usd(5), eur(5)) == ["EUR", "USD"]
    assert asked(usd(5), None, "CNY", "EUR") == ["EUR", "USD"]


@pytest.mark.parametrize(
    ("ordered", "charge", "wanted"),
    [
        (usd(2_000), usd(1_000), (usd(2_000), None)),
        (usd(2_000), usd(999_000), (usd(2_000), None)),
        (usd(2_200), usd(999_000), (usd(2_000), Doubt.MORE)),
        (usd(1_000_000), eur(900_000), (usd(2_000), Doubt.MORE)),
    ],
)
def test_charges_take_no_more_than_they_leave(
    ordered: Money, charge: Money, wanted: tuple[Money, Doubt | None]
) -> None:
    """A thousand that came in is no payment of a million for somebody's word that charges took the rest."""
    assert counts(usd(1_000), ordered, charge) == wanted
