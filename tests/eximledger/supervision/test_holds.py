"""What is held against what a declaration is worth now."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger.supervision.books import DAY, loan, loans
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import usd

from eximledger.supervision import HoldIndex, over_held
from eximledger.supervision._holds import Held, Holder
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.collecting.tally import Unvalued
from eximledger_chaincode.lending.loan import HOLDING, Loan, LoanState

NUMBER = trade.number_of(1)
HELD = Held(NUMBER, (Holder("AlphaMSP", "L-1", usd("70.00")), Holder("BetaMSP", "L-2", usd("30.00"))))


def balance(held: str = "100.00", open_: str = "100.00", unvalued: tuple[Unvalued, ...] = ()) -> Balance:
    return Balance(
        declaration_number=NUMBER, value=usd("100.00"), collected=usd("0.00"), open=usd(open_), held=usd(held),
        free=usd("0.00"), unvalued=unvalued,
    )  # fmt: skip


@given(loans())
def test_what_is_held_of_each_declaration_is_the_sum_of_all_loans(found: list[Loan]) -> None:
    wanted: dict[tuple[str, str], Fraction] = {}
    for each in found:
        for item in each.items if each.state in HOLDING else ():
            key = item.declaration_number, item.amount.currency
            wanted[key] = wanted.get(key, Fraction(0)) + Fraction(item.amount.amount)
    with closing(HoldIndex()) as index:
        for each in found:
            index.add(each)
        held = list(index.by_declaration())
    assert [each.declaration_number for each in held] == sorted({number for number, _ in wanted})
    sums = {(each.declaration_number, sum_.currency): Fraction(sum_.amount) for each in held for sum_ in each.amounts}
    assert sums == wanted


def test_all_is_well_up_to_the_open_claim() -> None:
    assert over_held(HELD, balance()) is None


@given(st.integers(0, 9_999))
def test_what_is_beyond_the_open_claim_is_told_to_the_cent(cents: int) -> None:
    found = over_held(HELD, balance(open_=f"{cents // 100}.{cents % 100:02}"))
    assert found is not None
    assert found.excess is not None
    assert Fraction(found.excess.amount) == 100 - Fraction(cents, 100)
    assert not found.differs
    assert [(holder.bank, holder.loan_id) for holder in found.holders] == [("AlphaMSP", "L-1"), ("BetaMSP", "L-2")]


@pytest.mark.parametrize("held", ["99.99", "100.01"])
def test_another_sum_in_the_register_is_told(held: str) -> None:
    found = over_held(HELD, balance(held=held))
    assert found is not None
    assert found.differs
    beyond = "0.01 USD" if held == "100.01" else None
    assert (None if found.excess is None else str(found.excess)) == beyond


def test_the_loans_sum_counts_where_the_register_has_less() -> None:
    found = over_held(HELD, balance(held="99.00", open_="99.50"))
    assert found is not None
    assert (str(found.excess), found.differs) == ("0.50 USD", True)


def test_holds_in_two_currencies_go_by_the_registers_sum() -> None:
    mixed = Held(NUMBER, (*HELD.holders, Holder("BetaMSP", "L-3", Money.of("5", "JPY"))))
    assert over_held(mixed, balance()) is None
    found = over_held(mixed, balance(held="100.03"))
    assert found is not None
    assert (str(found.excess), found.differs) == ("0.03 USD", False)


def test_a_claim_that_nobody_knows_is_no_excess() -> None:
    missing = Unvalued(currency="CHF", day=DAY)
    found = over_held(HELD, balance(open_="0.00", unvalued=(missing,)))
    assert found is not None
    assert (found.excess, found.unvalued) == (None, (f"CHF {DAY}",))


def test_a_declaration_that_customs_does_not_have() -> None:
    found = over_held(HELD, None)
    assert found is not None
    assert (found.balance, found.differs) == (None, True)


def test_what_is_kept_without_a_loan_of_that_bank() -> None:
    with closing(HoldIndex()) as index:
        index.add(loan("AlphaMSP", "L-1", holds={1: usd("1.00")}))
        index.add(loan("BetaMSP", "L-2", LoanState.CLOSED, holds={2: usd("1.00")}))
        first, second = trade.number_of(1), trade.number_of(2)
        assert index.without_loan("AlphaMSP", [first, second]) == (second,)
        assert index.without_loan("BetaMSP", [first, second]) == (first, second)
