"""The open claim and what is free of it: whatever papers, receipts and the register say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import NUMBER, OTHER_NUMBER, eur, naming, usd

from eximledger_chaincode.documents import (
    CommercialInvoice,
    DeclarationStatus,
    ExportDeclaration,
    InvoiceTotals,
    Money,
    Reference,
)
from eximledger_chaincode.lending.claim import Balance, Claim, Covered, Fee, balance_of, claims_of, paid_by_name
from eximledger_chaincode.lending.collecting.counting import spread
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming
from eximledger_chaincode.lending.collecting.tally import Unvalued
from eximledger_chaincode.lending.exact import EXACT, summed
from eximledger_chaincode.lending.valuation import most
from eximledger_chaincode.rules.basis.eligibility import balance_in

ItemT = TypeVar("ItemT")

RATES = tuple(
    cases.record(cases.rate(currency=currency, cny=cny, quoted_on=day))
    for day in (cases.EXPORTED, cases.PAID)
    for currency, cny in (("USD", 710), ("EUR", 781))
)
THIRD = "531620260000290457"
NUMBERS = (NUMBER, OTHER_NUMBER, THIRD)
INVOICES = ("CI1", "CI2", "CI3")


def some_of(held: Money | None) -> tuple[Money, ...]:
    return () if held is None else (held,)


def _money(count: int, currency: str) -> Money:
    return Money.of(EXACT.scaleb(Decimal(count), -2), currency)


def _left_of(total: Money) -> Money:
    """What may be prepaid beside it, so that both are no more than an amount can be."""
    return Money.of(EXACT.subtract(_money(MOST, total.currency).amount, total.amount), total.currency)


def total_of(parts: Iterable[Money]) -> Decimal:
    with localcontext(EXACT):
        return summed(part.amount for part in parts)


MOST = 10**30 - 1
cents = st.integers(0, 10**8) | st.sampled_from([MOST])
values = st.integers(1, 10**7).map(lambda count: _money(count, "USD"))
foreign = st.builds(lambda count, code: _money(count, code), cents, st.sampled_from(("USD", "EUR", "CNY", "GBP")))
held_by_all = st.none() | foreign


def export(value: Money, number: str = NUMBER) -> ExportDeclaration:
    return cases.declaration(declaration_number=number, total=value, lines=(cases.declared(amount=value),))


def covering(total: Money, *numbers: str, **changes: object) -> Covered:
    return Covered(cases.invoice_of(total, **{"invoice_number": "CI-1", **changes}), tuple(numbers))


def claim(
    *covered: Covered, namings: Iterable[ReceiptNaming] = (), value: Money | None = None, others: tuple[str, ...] = ()
) -> Claim:
    """The claim of the first declaration, beside others of the same value."""
    exports = [export(value or usd(100), number) for number in (NUMBER, *others)]
    return claims_of(exports, covered, namings, RATES)[NUMBER]


# -- arbitrary worlds --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """What a case may know of up to three declarations and three invoices."""

    exports: tuple[ExportDeclaration, ...]
    covered: tuple[Covered, ...]
    namings: tuple[ReceiptNaming, ...]

    def claims(self, *more: ReceiptNaming, papers: Sequence[Covered] = ()) -> dict[str, Claim]:
        return claims_of(self.exports, (*self.covered, *papers), (*self.namings, *more), RATES)


def named(numbers: Sequence[str]) -> st.SearchStrategy[tuple[NamedPaper, ...]]:
    one = st.builds(NamedPaper, number=st.sampled_from(numbers), amount=st.none() | foreign)
    return st.lists(one, max_size=3).map(tuple)


receipts = st.builds(
    ReceiptNaming, receipt_id=st.sampled_from(("R-1", "R-2", "R-3")), amount=foreign, dated=st.just(date(2026, 4, 2)),
    declarations=named(NUMBERS), invoices=named(INVOICES),
)  # fmt: skip
covers = st.lists(st.sampled_from(NUMBERS), max_size=3, unique=True)


def papers(draw: st.DrawFn, number: str, **changes: object) -> Covered:
    total, deposit = draw(foreign), draw(st.none() | cents)
    prepaid = None if deposit is None else min(_money(deposit, total.currency), _left_of(total))
    totals = InvoiceTotals(with_tax=draw(st.none() | st.just(total)), prepaid=prepaid, payable=total)
    return covering(total, *draw(covers), invoice_number=number, totals=totals, **changes)


@st.composite
def notes(draw: st.DrawFn) -> Covered:
    references = tuple(Reference(kind="invoice", number=each) for each in draw(st.lists(st.sampled_from(INVOICES))))
    return papers(draw, "CN-1", type_code="381", references=references)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    declared = draw(st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True))
    known = draw(st.lists(st.sampled_from(INVOICES), unique=True))
    return World(
        tuple(export(draw(values), number) for number in declared),
        tuple(
            covered._replace(declarations=tuple(each for each in covered.declarations if each in declared))
            for covered in (papers(draw, number) for number in known)
        ),
        tuple(draw(st.lists(receipts, max_size=3))),
    )


def is_sound(found: Claim) -> bool:
    money = (found.value, found.prepaid, found.credited, found.collected, found.open)
    return all(each.currency == found.value.currency and each.amount >= 0 for each in money) and found.open <= min(
        found.value, found.invoiced or found.value
    )


@given(worlds(), notes())
def test_no_claim_is_below_zero_or_above_what_was_exported_and_nothing_fails(world: World, note: Covered) -> None:
    """With euro, yuan, and pounds that nobody has quoted."""
    for found in world.claims(papers=[note]).values():
        assert is_sound(found)
        taken = total_of((found.prepaid, found.credited, found.collected))
        due = min(found.value, found.invoiced or found.value).amount
        assert found.open.amount == (0 if found.unvalued else max(EXACT.subtract(due, taken), Decimal(0)))


@given(worlds(), receipts, notes(), held_by_all, held_by_all)
def test_one_receipt_credit_note_or_hold_more_never_makes_more_free(
    world: World, more: ReceiptNaming, note: Covered, held: Money | None, then: Money | None
) -> None:
    for after in (world.claims(more), world.claims(papers=[note])):
        for number, before in world.claims().items():
            assert after[number].open <= before.open
            free = balance_of(before, some_of(held), RATES).free
            assert balance_of(after[number], some_of(held), RATES).free <= free
            if held is None or (then is not None and then.currency == held.currency and then >= held):
                assert balance_of(before, some_of(then), RATES).free <= free


@given(st.data(), worlds(), notes())
def test_the_order_of_papers_receipts_and_quotations_is_irrelevant(
    data: st.DataObject, world: World, note: Covered
) -> None:
    def shuffled(items: Iterable[ItemT]) -> list[ItemT]:
        return data.draw(st.permutations(list(items)))

    namings = [
        each.model_copy(
            update={
                "declarations": tuple(shuffled(each.declarations)),
                "invoices": tuple(shuffled(each.invoices)),
            }
        )
        for each in world.namings
    ]
    again = claims_of(
        shuffled(world.exports),
        shuffled((*world.covered, note)),
        shuffled(namings),
        shuffled(RATES),
    )
    assert again == world.claims(papers=[note])


@given(worlds(), st.dictionaries(st.sampled_from(NUMBERS), held_by_all))
def test_what_is_held_and_free_is_never_more_than_the_open_claim(world: World, held: dict[str, Money | None]) -> None:
    for number, found in world.claims().items():
        balance = balance_of(found, some_of(held.get(number)), RATES)
        assert balance.free.amount == (
            0 if balance.unvalued else max(EXACT.subtract(balance.open.amount, balance.held.amount), Decimal(0))
        )
        assert balance.free.amount == 0 or balance.held + balance.free == balance.open


# -- spreading ---------------------------------------------------------------------------------------------------------

weights = st.dictionaries(st.sampled_from(NUMBERS), st.fractions(0, 10**9), min_size=1)


@given(foreign, weights)
@example(usd("0.01"), {NUMBER: Fraction(0), OTHER_NUMBER: Fraction(0)})
def test_the_parts_are_the_whole_and_fair_but_for_the_rounding(money: Money, weights: dict[str, Fraction]) -> None:
    parts = spread(money, weights)
    assert parts.keys() == weights.keys()
    assert total_of(parts.values()) == money.amount
    total, last = sum(weights.values()), max(weights)
    for number, part in parts.items():
        assert part.amount >= 0
        if number != last and total:
            exact = Fraction(money.amount) * weights[number] / total
            assert 0 <= exact - Fraction(part.amount) < Fraction(1, 100)


@given(st.lists(values, min_size=3, max_size=3), values, st.sets(st.sampled_from(NUMBERS), min_size=1))
def test_what_a_receipt_collects_of_its_own_currency_is_the_receipt(
    declared: list[Money], paid: Money, wanted: set[str]
) -> None:
    """Whether it names declarations or their invoice; all of it counts where others named are not in the case."""
    exports = [export(value, number) for number, value in zip(NUMBERS, declared, strict=True)]
    covered = [covering(usd(1), *wanted)]
    for receipt in (
        naming(paid, sorted({*wanted, "999920260000000001"})),
        naming(paid, (), ["CI1", "CI99"]),
        naming(paid, sorted(wanted), ["CI1"]),
        naming(paid, dict.fromkeys(list(wanted)[:1], paid), {"CI1": paid}),
    ):
        claims = claims_of(exports, covered, [receipt], ())
        assert total_of(each.collected for each in claims.values()) == paid.amount
        assert {number for number, each in claims.items() if each.collected.amount} <= wanted


@pytest.mark.parametrize(
    ("total", "shares"), [("100.00", ("25.00", "75.00")), ("0.05", ("0.01", "0.04")), ("0.01", ("0.00", "0.01"))]
)
def test_an_invoice_its_deposit_and_credit_note_are_spread_by_fob_value(total: str, shares: tuple[str, str]) -> None:
    exports = [export(usd(100), NUMBER), export(usd(300), OTHER_NUMBER)]
    totals = InvoiceTotals(with_tax=usd(total), prepaid=usd(total), payable=usd(0))
    invoice = covering(usd(total), NUMBER, OTHER_NUMBER, totals=totals)
    note = covering(
        usd(total), invoice_number="CN", type_code="381", references=(Reference(kind="invoice", number="ci 1"),)
    )
    claims = claims_of(exports, [note, invoice], [naming(usd(total), (), ["CI1"])], ())
    for number, share in zip((NUMBER, OTHER_NUMBER), shares, strict=True):
        found = claims[number]
        assert (found.invoiced, found.prepaid, found.credited, found.collected) == (usd(share),) * 4


def test_by_value_means_value_where_currencies_differ() -> None:
    """781 yuan in euro weigh more than 710 in dollars."""
    exports = [export(usd(100), NUMBER), export(eur(100), OTHER_NUMBER)]
    claims = claims_of(exports, (), [naming(usd("149.10"), [NUMBER, OTHER_NUMBER])], RATES)
    assert (claims[NUMBER].collected, claims[OTHER_NUMBER].collected) == (usd("71.00"), eur("71.00"))


# -- what makes the claim smaller --------------------------------------------------------------------------------------


def test_the_claim_is_the_smaller_of_value_and_invoices() -> None:
    assert claim().open == usd(100)
    assert claim(covering(usd(120), NUMBER)).open == usd(100)
    assert claim(covering(usd(80), NUMBER)).open == usd(80)
    assert claim(covering(usd(80), NUMBER), covering(usd(15), NUMBER, invoice_number="CI-2")).open == usd(95)
    assert claim(covering(usd(80), OTHER_NUMBER), others=(OTHER_NUMBER,)).open == usd(100), "another's invoice"
    assert claim(covering(usd(0), NUMBER)).open == usd(0)


@pytest.mark.parametrize(
    ("totals", "prepaid"),
    [
        (InvoiceTotals(with_tax=usd(100), prepaid=usd(30), payable=usd(70)), "30"),
        (InvoiceTotals(with_tax=usd(100), payable=usd(70)), "30"),
        (InvoiceTotals(with_tax=usd(100), prepaid=usd(30), payable=usd(100)), "30"),
        (InvoiceTotals(with_tax=usd(100), prepaid=usd(10), payable=usd(70)), "30"),
        (InvoiceTotals(prepaid=usd(30), payable=usd(70)), "30"),
        (InvoiceTotals(with_tax=usd(100), rounding=usd("-0.02"), payable=usd("99.98")), "0"),
        (InvoiceTotals(with_tax=usd(100), prepaid=usd(-30), payable=usd(130)), "0"),
        (InvoiceTotals(prepaid=usd(-30), payable=usd(100)), "0"),
        (InvoiceTotals(with_tax=usd(100), for_third_parties=usd(20), payable=usd(120)), "0"),
        (InvoiceTotals(with_tax=usd(100), for_third_parties=usd(20), payable=usd(90)), "30"),
    ],
)
def test_a_deposit_on_the_invoice_is_paid(totals: InvoiceTotals, prepaid: str) -> None:
    found = claim(covering(usd(100), NUMBER, totals=totals))
    assert (found.prepaid, found.open) == (usd(prepaid), usd(100) - usd(prepaid))


def test_nothing_is_claimed_on_a_declaration_that_was_cancelled() -> None:
    cancelled = export(usd(100)).model_copy(update={"status": DeclarationStatus.CANCELLED})
    (found,) = claims_of([cancelled], [covering(usd(100), NUMBER)], (), RATES).values()
    assert (found.value, found.open) == (usd(100), usd(0))


def test_what_is_collected_for_third_parties_is_no_part_of_the_claim() -> None:
    totals = InvoiceTotals(for_third_parties=usd(20), payable=usd(120))
    assert claim(covering(usd(100), NUMBER, totals=totals), value=usd(500)).invoiced == usd(100)


def test_of_goods_made_of_the_buyers_materials_the_fee_is_the_claim() -> None:
    exports, paper = [export(usd(100), number) for number in (NUMBER, OTHER_NUMBER)], covering(usd(200))
    found = claims_of(exports, [paper], (), RATES, [Fee(usd(30), (NUMBER,))])
    assert [found[number].open for number in (NUMBER, OTHER_NUMBER)] == [usd(30), usd(100)]


@pytest.mark.parametrize("code", ["81", "261", "381", "396"])
def test_a_credit_note_takes_off_its_invoice_its_declarations_or_all_of_the_case(code: str) -> None:
    both = (NUMBER, OTHER_NUMBER)
    for total in (usd(20), usd(-20)):
        note = covering(total, OTHER_NUMBER, invoice_number="CN", type_code=code)
        of_invoice = cases.invoice_of(
            total, invoice_number="CN", type_code=code, references=(Reference(kind="invoice", number="CI-1"),)
        )
        invoice = covering(usd(100), NUMBER)
        assert claim(invoice, Covered(of_invoice, (OTHER_NUMBER,)), others=both[1:]).credited == usd(20)
        assert claim(invoice, note, others=both[1:]).credited == usd(0)
        assert claim(invoice, note._replace(declarations=both), others=both[1:]).credited == usd(10)
        assert claim(invoice, note._replace(declarations=()), others=both[1:]).credited == usd(10)
    assert claim(covering(usd(0), NUMBER, invoice_number="CN", type_code=code)).invoiced is None


def test_a_credit_note_is_of_its_own_sellers_invoice() -> None:
    """Two sellers of a case may use one number."""
    other = covering(usd(100), OTHER_NUMBER, seller=cases.STRANGER)
    references = (Reference(kind="invoice", number="CI-1"),)
    note = Covered(cases.credit_note(usd(20), references=references), ())
    claims = claims_of(
        [export(usd(100), NUMBER), export(usd(100), OTHER_NUMBER)], [other, covering(usd(100), NUMBER), note], (), ()
    )
    assert [claims[number].credited for number in (NUMBER, OTHER_NUMBER)] == [usd(20), usd(0)]


def test_what_is_held_is_never_less_than_nothing() -> None:
    balance = balance_of(claim(), (usd(-5),))
    assert (balance.held, balance.free) == (usd(0), usd(100))


def test_an_invoice_over_less_than_nothing_is_a_credit_note() -> None:
    found = claim(covering(usd(100), NUMBER), covering(usd(-20), NUMBER, invoice_number="CI-2"))
    assert (found.invoiced, found.credited, found.open) == (usd(100), usd(20), usd(80))


OUTSIDE = "999920260000000001"


@pytest.mark.parametrize(
    ("receipt", "first", "second"),
    [
        (naming(usd(60), {NUMBER: usd(60)}), 60, 0),
        (naming(usd(60), {NUMBER: usd(20)}), 20, 0),
        (naming(usd(60), {NUMBER: usd(20)}, ["CI1"]), 60, 0),
        (naming(usd(60), {NUMBER: usd(20)}, ["CI3"]), 20, 40),
        (naming(usd(60), {NUMBER: usd(20), OUTSIDE: usd(40)}, ["CI1"]), 20, 0),
        (naming(usd(60), {NUMBER: usd(20), OUTSIDE: None}), 20, 0),
        (naming(usd(60), {NUMBER: None, OUTSIDE: None}), 60, 0),
        (naming(usd(60), {NUMBER: None, OUTSIDE: usd(40)}), 20, 0),
        (naming(usd(60), {NUMBER: None, OTHER_NUMBER: usd(40)}), 20, 40),
        (naming(usd(60), {}, {"CI1": usd(60)}), 60, 0),
        (naming(usd(60), {}, {"CI1": usd(20), "CI2": None}), 20, 40),
        (naming(usd(60), {}, {"CI1": usd(20), "CI99": usd(40)}), 20, 0),
        (naming(usd(60), {NUMBER: usd(60)}, {"CI1": usd(60)}), 60, 0),
        (naming(usd(60), {NUMBER: usd(30)}, {"CI1": usd(30), "CI1B": usd(30)}), 60, 0),
        (naming(usd(60), {NUMBER: usd(30)}, {"CI3": usd(60)}), 30, 30),
        (naming(usd(60), {NUMBER: usd(90)}), 60, 0),
        (naming(usd(60), {NUMBER: usd(-90)}), 60, 0),
        (naming(usd(60), {NUMBER: usd(20)}, {"CI1": usd(20)}), 20, 0),
        (naming(usd(60), {NUMBER: usd(60)}, {"CI2": usd(60)}), 60, 0),
        (naming(usd(-60), {NUMBER: usd(60)}), 0, 0),
        (naming(eur(-60), {NUMBER: usd(60)}), 0, 0),
        (naming(eur(60), {NUMBER: usd(66)}), 66, 0),
        (naming(eur(60), {NUMBER: usd(33), OTHER_NUMBER: None}), 33, 33),
        (naming(eur(60), {}, {"CI1": usd(33), "CI2": None}), 33, 33),
    ],
    ids=repr,
)
def test_a_receipt_counts_once_against_what_it_names(receipt: ReceiptNaming, first: int, second: int) -> None:
    """Two declarations of 100 dollars each; CI-1 is of the first, CI-2 of the second, CI-3 of both."""
    exports = [export(usd(100), NUMBER), export(usd(100), OTHER_NUMBER)]
    covered = [
        covering(usd(100), NUMBER),
        covering(usd(1), NUMBER, invoice_number="CI-1B"),
        covering(usd(100), OTHER_NUMBER, invoice_number="CI-2"),
        covering(usd(1), NUMBER, OTHER_NUMBER, invoice_number="CI-3"),
    ]
    claims = claims_of(exports, covered, [receipt], RATES)
    assert (claims[NUMBER].collected, claims[OTHER_NUMBER].collected) == (usd(first), usd(second))


def test_without_papers_what_names_the_declaration_is_known() -> None:
    """As `financing:balance` asks: no bank's invoices, the receipts that name the declaration, what is held."""
    receipts = [naming(usd(30), [NUMBER], ["CI1"]), naming(usd(20), {NUMBER: usd(5)}, receipt_id="FX-02")]
    assert balance_of(claim(namings=receipts), (usd(60),)) == Balance(
        declaration_number=NUMBER, value=usd(100), collected=usd(35), open=usd(65), held=usd(60), free=usd(5)
    )


def test_what_cannot_be_converted_leaves_nothing_open_and_says_which_quotation_is_missing() -> None:
    pound = Money.of(1, "GBP")
    missing, on_payment = ((Unvalued(currency="GBP", day=day),) for day in (cases.EXPORTED, cases.PAID))
    cif = cases.declaration(transaction_mode="1", freight=pound)
    for found in (
        claim(namings=[naming(pound, [NUMBER])]),
        claim(covering(usd(1), NUMBER), namings=[naming(usd(1), {}, {"CI1": pound})]),
    ):
        assert (found.open, found.unvalued) == (usd(0), on_payment)
    for found in (claim(covering(pound, NUMBER)), claims_of([cif], (), (), RATES)[NUMBER]):
        assert (found.open, found.unvalued) == (usd(0), missing)
        assert balance_of(found, ()).unvalued == missing
    several = balance_of(claim(), [Money.of(1, code) for code in ("NOK", "GBP", "JPY", "AUD", "SEK")], RATES)
    assert several.unvalued == tuple(
        Unvalued(currency=code, day=cases.EXPORTED) for code in ("AUD", "GBP", "JPY", "NOK", "SEK")
    )
    balance = balance_of(claim(), (pound,), RATES)
    assert (balance.open, balance.free, balance.unvalued) == (usd(100), usd(0), missing)
    assert claim(namings=[naming(pound, {NUMBER: usd(10)})]).open == usd(90), "what it gives is said in dollars"


def test_charges_are_taken_off_and_a_receipt_in_euro_is_converted_at_the_rate_of_its_day() -> None:
    cif = cases.declaration(transaction_mode="1", freight=usd(4_000), insurance=usd(1_000))
    dearer = cases.record(cases.rate(currency="EUR", cny=900))
    found = claims_of([cif], (), [naming(eur(10_000), [NUMBER])], (dearer, *RATES))[NUMBER]
    assert balance_of(found, (usd(20_000),)) == Balance(
        declaration_number=NUMBER, value=usd(95_000), collected=usd(11_000), open=usd(84_000), held=usd(20_000),
        free=usd(64_000),
    )  # fmt: skip


def test_sums_beyond_what_money_can_say_are_the_most_that_it_can() -> None:
    huge = Money.of(most("USD"), "USD")
    found = claim(covering(huge, NUMBER), namings=[naming(huge, [NUMBER])] * 2)
    assert (found.collected, found.open) == (huge, usd(0))


@given(worlds(), held_by_all)
def test_the_rules_go_by_the_same_balance(world: World, held: Money | None) -> None:
    assume(all(each.declarations for each in world.covered))
    invoices = [each.invoice.model_copy(update={"declaration_numbers": each.declarations}) for each in world.covered]
    case = cases.case(
        *world.exports, *invoices, *(record.document for record in RATES), namings=world.namings,
        without=("invoice", "transport"),
        positions=tuple(cases.held(held, each.number) for each in world.exports if held is not None),
    )  # fmt: skip
    claims = world.claims()
    for declaration in world.exports:
        assert balance_in(case, declaration) == balance_of(claims[declaration.number], some_of(held), RATES)


def test_who_has_paid_an_invoice_by_name() -> None:
    def paid(*namings: ReceiptNaming) -> list[Money]:
        invoices: list[CommercialInvoice] = [
            cases.invoice_of(usd(30)), cases.invoice_of(usd(60), invoice_number="CI-02")
        ]  # fmt: skip
        return list(paid_by_name(invoices, namings).values())

    assert paid(naming(usd(30), (), ["CI01"]), naming(usd(9), [NUMBER])) == [usd(30), usd(0)]
    assert paid(naming(usd(45), (), ["CI01", "CI02"])) == [usd(15), usd(30)]
    assert paid(naming(usd(45), (), {"CI01": usd(5), "CI02": None})) == [usd(5), usd(40)]
    assert paid(naming(usd(45), {NUMBER: usd(40)}, ["CI01"])) == [usd(5), usd(0)]
    assert paid(naming(eur(45), (), ["CI01"])) == [usd(0), usd(0)]
    assert paid(naming(usd(45), {}, {"CI01": eur(40), "CI02": None})) == [usd(15), usd(30)], "euro are no dollars"
