"""Packing loans: balances of contracts and credits, what a credit takes of its contract, what moves to declarations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import cny, eur, usd

from eximledger_chaincode.documents import FinancedFrame, Money
from eximledger_chaincode.lending.packing.frames import (
    FrameBalance,
    FrameHeld,
    FramePosition,
    accounts_of,
    frame_balance,
    paper_of,
    require_moved,
)
from hlf_chaincode.errors import FabricError, Refused

RATES = [cases.record(cases.rate(quoted_on=cases.TODAY))]
OWNER = cases.SELLER.uscc
amounts = st.integers(0, 10**9).map(usd)


def balance(value: Money, invoiced: tuple[Money, ...] = (), held: tuple[Money, ...] = ()) -> FrameBalance:
    return frame_balance(value, invoiced, held, "USD", cases.TODAY, RATES)


def frame(amount: Money, number: str = "DY-007") -> FinancedFrame:
    return FinancedFrame(kind="contract", number=number, amount=amount)


def test_what_is_free_is_neither_invoiced_nor_held() -> None:
    found = balance(usd(100_000), (usd(30_000), cny(71_000)), (usd(20_000),))
    assert (found.invoiced, found.held, found.free) == (usd(40_000), usd(20_000), usd(40_000))
    assert balance(usd(100), (usd(60),), (usd(41),)).free == usd(0)
    assert balance(usd(100), (usd(-50),)).free == usd(100), "credit notes beyond invoices make nothing free"


def test_what_cannot_be_valued_is_not_free() -> None:
    found = balance(usd(100_000), (eur(1),))
    assert (found.free, [each.currency for each in found.unvalued]) == (usd(0), ["EUR"])


@given(amounts, st.lists(amounts, max_size=4), st.lists(amounts, max_size=4))
def test_held_and_free_never_exceed_the_frame(value: Money, invoiced: list[Money], held: list[Money]) -> None:
    found = balance(value, tuple(invoiced), tuple(held))
    assert found.free.amount >= 0
    assert found.free + found.invoiced + found.held <= max(value, found.invoiced + found.held)


@given(amounts, st.lists(st.tuples(st.sampled_from("abcd"), amounts), max_size=12))
def test_holding_what_is_free_never_exceeds_the_frame(value: Money, asked: list[tuple[str, Money]]) -> None:
    account = FrameHeld(account="A")
    for loan, wanted in asked:
        free = balance(value, (), account.beside(loan).held).free
        if wanted <= free:
            account = account.holding(loan, [wanted])
        total = sum((money.amount for each in account.by_loan.values() for money in each), start=usd(0).amount)
        assert total <= value.amount


def test_a_loan_is_seen_by_all_but_itself() -> None:
    account = (
        FrameHeld(account="A").holding("one", [usd(2), usd(3)]).holding("two", [usd(7)]).holding("three", [eur(2)])
    )
    assert account.beside("two") == FramePosition(account="A", held=(eur(2), usd(5)))
    assert account.holding("one", [usd(0)]).by_loan == {"three": (eur(2),), "two": (usd(7),)}
    with pytest.raises(FabricError, match="less than nothing"):
        account.holding("one", [usd(-1)])


def test_a_credit_for_one_contract_takes_of_that_contract() -> None:
    contract, credit = cases.contract(), cases.credit(contract_numbers=("dy 007", "DY/007"))
    assert accounts_of(contract) == (f"{OWNER}:DY007",)
    assert accounts_of(credit) == (f"credit {OWNER}:LC202677", f"{OWNER}:DY007")
    assert accounts_of(cases.credit(contract_numbers=())) == (f"credit {OWNER}:LC202677",)
    assert len(accounts_of(cases.credit(contract_numbers=("DY-007", "DY-008")))) == 1


@given(st.lists(amounts.filter(lambda each: each.amount > 0), max_size=3), st.lists(amounts, max_size=3))
def test_no_more_moves_to_declarations_than_was_held(held: list[Money], wanted: list[Money]) -> None:
    frames = [frame(amount, f"C-{place}") for place, amount in enumerate(held)]
    declared = {str(place): amount for place, amount in enumerate(wanted)}
    before, after = (sum((money.amount for money in each), start=usd(0).amount) for each in (held, wanted))
    if held and wanted and after > before:
        with pytest.raises(Refused, match="no more than that moves"):
            require_moved("L-1", frames, declared)
    else:
        require_moved("L-1", frames, declared)


def test_another_currency_is_for_the_amount_to_judge() -> None:
    require_moved("L-1", [frame(usd(5))], {"a": eur(500)})
    with pytest.raises(Refused):
        require_moved("L-1", [frame(usd(5)), frame(eur(1), "C-2")], {"a": eur(2)})


def test_of_papers_with_one_number_the_first_by_id_counts_in_any_order() -> None:
    """Or two peers would read the balance of two papers."""
    papers = [cases.contract(contract_number=number) for number in ("DY 007", "DY-007", "DY.007")]
    first = min(papers, key=lambda paper: paper.id)
    assert paper_of(frame(usd(1)), papers, ()) == paper_of(frame(usd(1)), papers[::-1], ()) == first
    assert paper_of(frame(usd(1), "DY-008"), papers, ()) is None


def test_what_cannot_be_valued_is_told_in_one_order() -> None:
    moneys = [Money.of("1.00", currency) for currency in ("EUR", "AUD", "GBP")]
    for each in (moneys, moneys[::-1]):
        assert [lacking.currency for lacking in balance(usd(1), tuple(each)).unvalued] == ["AUD", "EUR", "GBP"]


def test_a_credit_and_a_contract_of_one_number_are_two_papers() -> None:
    contract, credit = cases.contract(contract_number="X-9"), cases.credit(credit_number="X-9")
    on_credit = FinancedFrame(kind="letter-of-credit", number="X-9", amount=usd(1))
    assert paper_of(frame(usd(1), "X-9"), [contract], [credit]) == contract
    assert paper_of(on_credit, [contract], [credit]) == credit
