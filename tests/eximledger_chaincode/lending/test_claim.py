"""What is free of a declaration: value less what is held and collected, whatever the register says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import eur, usd

from eximledger_chaincode.documents import ExportDeclaration, Money, Record, ReferenceRate
from eximledger_chaincode.lending.claim import Balance, balance_of
from eximledger_chaincode.lending.register import Hold, Position
from eximledger_chaincode.lending.valuation import most
from eximledger_chaincode.rules.basis.eligibility import balance_in
from hlf_chaincode.errors import Refused

RATES: tuple[Record[ReferenceRate], ...] = (
    cases.record(cases.rate()),
    cases.record(cases.rate(currency="EUR", cny=781)),
)

cents = st.integers(-(10**9), 10**9) | st.sampled_from([-(10**30) + 1, 10**30 - 1])
amounts = st.builds(lambda count, code: Money.of(Decimal(count).scaleb(-2), code), cents, st.sampled_from(("USD",)))
foreign = st.builds(
    lambda count, code: Money.of(Decimal(count).scaleb(-2), code),
    st.integers(-(10**9), 10**9),
    st.sampled_from(("USD", "EUR", "CNY")),
)


def held_by_each(amounts: Sequence[Money]) -> list[Hold]:
    return [Hold(loan_id=f"L-{place}", bank="TradebankMSP", amount=each) for place, each in enumerate(amounts)]


def export(value: int) -> ExportDeclaration:
    total = usd(value)
    return cases.declaration(total=total, lines=(cases.declared(amount=total),))


def taken(amounts: Sequence[Money]) -> Decimal:
    """What an accountant would write: every cent that is above zero."""
    return sum((max(each.amount, Decimal(0)) for each in amounts), Decimal(0))


@given(st.integers(1, 10**7), st.lists(amounts, max_size=4), st.lists(amounts, max_size=2))
def test_free_is_the_value_less_what_is_held_and_collected_and_never_below_zero(
    value: int, held: list[Money], collected: list[Money]
) -> None:
    balance = balance_of(export(value), held_by_each(held), collected, ())
    expected = max(Decimal(0), value - taken(held) - taken(collected))
    assert balance.free == Money.of(expected, "USD")
    assert balance.held == Money.of(min(taken(held), most("USD")), "USD")
    assert balance.collected == Money.of(min(taken(collected), most("USD")), "USD")


@given(st.integers(1, 10**7), st.lists(foreign, max_size=4), st.lists(foreign, max_size=3))
def test_of_any_currencies_free_is_what_the_balance_itself_says_is_left(
    value: int, held: list[Money], collected: list[Money]
) -> None:
    balance = balance_of(export(value), held_by_each(held), collected, RATES)
    left = balance.value.amount - balance.held.amount - balance.collected.amount
    assert balance.free == Money.of(max(Decimal(0), left), "USD")
    assert Money.zero("USD") <= balance.free <= balance.value


@given(st.data(), st.lists(foreign, max_size=5))
def test_the_order_of_holds_and_of_quotations_is_irrelevant(data: st.DataObject, held: list[Money]) -> None:
    holds = held_by_each(held)
    balance = balance_of(export(10**6), holds, (), RATES)
    again = balance_of(export(10**6), data.draw(st.permutations(holds)), (), data.draw(st.permutations(RATES)))
    assert set(again.holds) == set(balance.holds)
    assert again.model_copy(update={"holds": ()}) == balance.model_copy(update={"holds": ()})


@given(st.lists(foreign, max_size=3), st.lists(foreign, max_size=2), foreign)
def test_one_hold_or_receipt_more_never_makes_more_free(held: list[Money], collected: list[Money], more: Money) -> None:
    def free(held: list[Money], collected: list[Money]) -> Money:
        return balance_of(export(10**6), held_by_each(held), collected, RATES).free

    before = free(held, collected)
    assert free([*held, more], collected) <= before
    assert free(held, [*collected, more]) <= before


@given(st.lists(foreign, max_size=3), st.lists(foreign, max_size=2))
def test_the_rules_go_by_the_same_balance(held: list[Money], collected: list[Money]) -> None:
    declaration = export(10**6)
    position = Position(
        declaration_number=declaration.number, holds=tuple(held_by_each(held)), collected=tuple(collected)
    )
    other = Position(declaration_number=cases.OTHER_NUMBER, collected=(usd(10**6),))
    case = cases.case(declaration, *(record.document for record in RATES), positions=(position, other))
    assert balance_in(case, declaration) == balance_of(declaration, position.holds, collected, RATES)


def test_charges_are_taken_off_and_a_receipt_in_euro_is_converted_at_the_export_dates_rate() -> None:
    cif = cases.declaration(transaction_mode="1", freight=usd(4_000), insurance=usd(1_000))
    balance = balance_of(cif, held_by_each([usd(20_000)]), [eur(10_000)], RATES)
    assert balance == Balance(
        declaration_number=cif.number,
        value=usd(95_000),
        held=usd(20_000),
        collected=usd(11_000),
        free=usd(64_000),
        holds=tuple(held_by_each([usd(20_000)])),
    )


def test_what_cannot_be_converted_is_refused_by_the_name_of_the_quotation() -> None:
    with pytest.raises(Refused, match="no reference rate of EUR on 2026-03-20") as caught:
        balance_of(cases.declaration(), (), [eur(1)], RATES[:1])
    assert caught.value.details == {"currency": "EUR", "day": "2026-03-20"}
