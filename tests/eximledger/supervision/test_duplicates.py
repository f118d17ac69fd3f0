"""One paper at several banks: told with names, once, and never of one bank alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade

from eximledger.supervision import Duplicate, FinancedPaper, PaperIndex
from eximledger_chaincode.contracts.supervision import LoanPapers
from eximledger_chaincode.documents import CommercialInvoice, Container, TransportDocument
from eximledger_chaincode.lending.likeness.fingerprints import Similarity, fingerprint
from eximledger_chaincode.lending.matching import likenesses
from eximledger_chaincode.lending.register import PaperFingerprint, PaperStanding

STANDING = PaperStanding.STANDING


def papers(
    loan_id: str, *documents: CommercialInvoice | TransportDocument, standing: PaperStanding | None = STANDING
) -> LoanPapers:
    found = (PaperFingerprint(kind=each.KIND, id=each.id, fingerprint=fingerprint(each)) for each in documents)
    return LoanPapers(loan_id=loan_id, standing=standing, papers=tuple(found))


def duplicates(books: Iterable[tuple[str, LoanPapers]]) -> list[Duplicate]:
    with closing(PaperIndex()) as index:
        for bank, loan in books:
            index.add(bank, loan)
        return list(index.duplicates())


def test_the_same_paper_at_two_banks_is_told_once_with_names() -> None:
    paper = trade.invoice(1)
    found = duplicates([("A", papers("A-1", paper)), ("B", papers("B-1", paper, standing=None))])
    assert found == [
        Duplicate(
            Similarity.EXACT,
            (
                FinancedPaper("A", "A-1", "invoice", paper.id, STANDING),
                FinancedPaper("B", "B-1", "invoice", paper.id, None),
            ),
        )
    ]


@pytest.mark.parametrize(
    ("other", "similarity"),
    [
        (trade.invoice(1).model_copy(update={"invoice_number": "INV-9"}), Similarity.ALL_BUT_NUMBER),
        (trade.invoice(1, "100001.00"), Similarity.ALL_BUT_AMOUNT),
        (trade.invoice(1).model_copy(update={"issued_on": trade.APPLIED}), Similarity.ALL_BUT_DATE),
        (trade.invoice(1, seller=trade.OTHER), Similarity.ALL_BUT_PARTIES),
    ],
    ids=lambda value: str(value) if isinstance(value, Similarity) else "",
)
def test_papers_alike_in_all_but_one_trait(other: CommercialInvoice, similarity: Similarity) -> None:
    (found,) = duplicates([("A", papers("A-1", trade.invoice(1))), ("B", papers("B-1", other))])
    assert found.similarity is similarity
    assert [(paper.bank, paper.id) for paper in found.papers] == [("A", trade.invoice(1).id), ("B", other.id)]


def test_two_bills_of_one_container_are_told_by_the_closest_that_they_share() -> None:
    def bill(number: str, days: int, **sailing: str) -> TransportDocument:
        changes = {
            "bill_number": number, "on_board_on": trade.EXPORTED + timedelta(days=days), "gross_weight_kg": days,
            "containers": (Container(number="CSQU3054383"),), **sailing,
        }  # fmt: skip
        return trade.transport().model_copy(update=changes)

    ship = {"vessel": "Pearl Lotus", "voyage": "2614S"}
    (found,) = duplicates([("A", papers("A-1", bill("BL-1", 1))), ("B", papers("B-1", bill("BL-2", 3)))])
    assert found.similarity is Similarity.UNDER_WAY
    (found,) = duplicates(
        [("A", papers("A-1", bill("BL-1", 1, **ship))), ("B", papers("B-1", bill("BL-2", 60, **ship)))]
    )
    assert found.similarity is Similarity.SAME_SAILING
    assert duplicates([("A", papers("A-1", bill("BL-1", 1))), ("B", papers("B-1", bill("BL-2", 60)))]) == []


def test_one_banks_own_papers_are_for_its_own_rules() -> None:
    paper, other = trade.invoice(1), trade.invoice(2, "31000.00")  # two traits are others
    assert duplicates([("A", papers("A-1", paper)), ("A", papers("A-2", paper)), ("B", papers("B-1", other))]) == []


def test_a_paper_in_two_versions_tells_nothing_new_of_the_same_two_loans() -> None:
    paper, amended = trade.invoice(1), trade.invoice(1, "99000.00")
    (found,) = duplicates([("A", papers("A-1", paper, amended)), ("B", papers("B-1", paper))])
    assert found.similarity is Similarity.EXACT


def _books() -> st.SearchStrategy[list[tuple[str, LoanPapers]]]:
    invoice = st.builds(
        trade.invoice,
        st.integers(1, 2),
        st.sampled_from(["100.00", "200.00"]),
        st.sampled_from([trade.DONGYU, trade.OTHER]),
    )
    one = st.tuples(st.sampled_from("ABC"), st.lists(invoice, max_size=2, unique_by=lambda each: each.id))
    return st.lists(one, max_size=7).map(
        lambda books: [(bank, papers(f"L-{place}", *found)) for place, (bank, found) in enumerate(books)]
    )


def _pairs(books: Iterable[tuple[str, LoanPapers]]) -> Iterator[frozenset[tuple[str, str]]]:
    """Any two papers of two banks that share a hash, found by comparing each with each."""
    every = [(bank, loan.loan_id, paper) for bank, loan in books for paper in loan.papers]
    for (bank, loan, paper), (other, other_loan, other_paper) in combinations(every, 2):
        mine, theirs = set(likenesses(paper.fingerprint)), set(likenesses(other_paper.fingerprint))
        if bank != other and mine & theirs:
            yield frozenset({(loan, paper.id), (other_loan, other_paper.id)})


@settings(max_examples=80, deadline=None)
@given(_books())
def test_nothing_is_missed_and_nothing_is_made_up(books: list[tuple[str, LoanPapers]]) -> None:
    told = {
        frozenset({(one.loan_id, one.id), (other.loan_id, other.id)})
        for duplicate in duplicates(books)
        for one, other in combinations(duplicate.papers, 2)
        if one.bank != other.bank
    }
    assert told == set(_pairs(books))
