"""The register's values: what is held in all, and the papers under one fingerprint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.register import (
    MAX_NEAR,
    FinancedPaper,
    FinancedPapers,
    HeldPosition,
    PaperStanding,
)
from hlf_chaincode.errors import FabricError

EMPTY = HeldPosition(declaration_number="224820260000418836")


def usd(amount: str | int) -> Money:
    return Money.of(amount, "USD")


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def test_what_is_held_and_freed_leaves_nothing_but_a_count() -> None:
    held = EMPTY.plus(usd("10.05")).plus(usd("0.95"))
    assert (held.held, held.version) == ((usd("11.00"),), 2)
    freed = held.less(usd("11.00"))
    assert (freed.held, freed.version) == ((), 3)


def test_currencies_are_kept_apart_and_in_order() -> None:
    held = EMPTY.plus(usd(5)).plus(eur(7)).plus(usd(1))
    assert held.held == (eur(7), usd(6))
    assert held.less(usd(6)).held == (eur(7),)


@pytest.mark.parametrize("freed", [usd("11.01"), eur("0.01"), usd("999999999999")])
def test_no_more_is_freed_than_is_held(freed: Money) -> None:
    with pytest.raises(FabricError, match="less held than is freed"):
        EMPTY.plus(usd("11.00")).less(freed)
    with pytest.raises(FabricError):
        EMPTY.less(freed)


amounts = st.builds(
    lambda cents, make: make(f"{cents // 100}.{cents % 100:02}"), st.integers(1, 10**12), st.sampled_from((usd, eur))
)


@given(st.lists(amounts, max_size=8), st.data())
def test_in_whatever_order_all_that_was_held_is_freed(held: list[Money], data: st.DataObject) -> None:
    position = EMPTY
    for amount in held:
        position = position.plus(amount)
    for amount in data.draw(st.permutations(held)):
        position = position.less(amount)
    assert (position.held, position.version) == ((), 2 * len(held))


# -- papers ------------------------------------------------------------------------------------------------------------


def paper(loan_id: str, standing: PaperStanding, id_: str = "INV-1") -> FinancedPaper:
    return FinancedPaper(kind="invoice", id=id_, loan_id=loan_id, bank="BankMSP", standing=standing)


def test_a_loans_papers_are_just_what_was_said_last() -> None:
    papers = FinancedPapers().with_papers("L-1", [paper("L-1", PaperStanding.STANDING)])
    papers = papers.with_papers("L-2", [paper("L-2", PaperStanding.STANDING)])
    papers = papers.with_papers("L-1", [paper("L-1", PaperStanding.DISBURSED)])
    assert papers.papers == (paper("L-1", PaperStanding.DISBURSED), paper("L-2", PaperStanding.STANDING))


def test_the_gravest_come_first_so_that_what_does_not_fit_says_least() -> None:
    """Or a bank could push a paper that was paid out on off the end, with a hundred approvals never drawn on."""
    papers = FinancedPapers().with_papers("L-paid", [paper("L-paid", PaperStanding.DISBURSED)])
    for number in range(MAX_NEAR + 5):
        papers = papers.with_papers(f"A-{number}", [paper(f"A-{number}", PaperStanding.UNDRAWN)])
    assert len(papers.papers) == MAX_NEAR
    assert papers.papers[0] == paper("L-paid", PaperStanding.DISBURSED)
    papers = papers.with_papers("Z-last", [paper("Z-last", PaperStanding.STANDING)])
    assert [each.loan_id for each in papers.papers[:2]] == ["L-paid", "Z-last"]


def test_every_peer_writes_a_loans_papers_in_one_order() -> None:
    """They are a set before, whose order differs from process to process: of two orders Fabric takes neither."""
    kinds, ids = ("contract", "invoice", "transport"), [f"P-{number:02}" for number in range(16)]
    more = [
        paper("L-1", PaperStanding.STANDING, id_).model_copy(update={"kind": kind}) for id_ in ids for kind in kinds
    ]
    written = FinancedPapers().with_papers("L-1", reversed(more)).papers
    assert [(each.kind, each.id) for each in written] == [(kind, id_) for kind in kinds for id_ in ids]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(PaperStanding)), max_size=9))
def test_the_order_of_loans_does_not_matter(told: list[tuple[str, PaperStanding]]) -> None:
    last = dict(told)
    forward = backward = FinancedPapers()
    for loan_id, standing in last.items():
        forward = forward.with_papers(loan_id, [paper(loan_id, standing)])
    for loan_id, standing in reversed(last.items()):
        backward = backward.with_papers(loan_id, [paper(loan_id, standing)])
    assert forward == backward
