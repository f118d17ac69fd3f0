"""Matching by tokens: what a token and a mark tell, what rows keep, and what is found in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eximledger_chaincode.lending.likeness.fingerprints import ContainerHashes, Fingerprint, Similarity
from eximledger_chaincode.lending.matching import (
    MAX_MARKS,
    OF_PAPERS,
    FinancedRow,
    LoanTokens,
    PaperTokens,
    Presented,
    RekeyPair,
    TokenSet,
    likenesses,
    mark_of,
    matches_in,
    token_set,
    tokens_of,
)
from eximledger_chaincode.lending.register import PaperFingerprint, PaperStanding

FIRST, SECOND = b"1" * 32, b"2" * 32
NEAR = OF_PAPERS[1:]


def paper(exact: str = "a", near: str = "b", id_: str = "X:CI-9") -> PaperFingerprint:
    hashes = {f"all_but_{trait}": (near + digit) * 32 for trait, digit in zip(
        ("number", "amount", "date", "parties"), "1234", strict=True)}  # fmt: skip
    return PaperFingerprint(
        kind="invoice", id=id_, fingerprint=Fingerprint(kind="invoice", exact=(exact + "0") * 32, **hashes)
    )


def looked_up(*papers: PaperFingerprint, secrets: tuple[bytes, ...] = (FIRST,)) -> LoanTokens:
    return LoanTokens(
        papers=tuple(
            PaperTokens(
                kind=each.kind,
                id=each.id,
                exact=each.fingerprint.exact,
                sets=tuple(
                    TokenSet(generation=number, tokens=tokens_of(secret, each.fingerprint))
                    for number, secret in enumerate(secrets, 1)
                ),
            )
            for each in papers
        )
    )


def rows(*entered: tuple[PaperFingerprint, str, PaperStanding], secret: bytes = FIRST) -> dict[str, FinancedRow]:
    """The rows after loans (by their secrets) entered papers."""
    found: dict[str, FinancedRow] = {}
    for each, loan, standing in entered:
        for token in tokens_of(secret, each.fingerprint).values():
            found[token] = found.get(token, FinancedRow()).with_mark(mark_of(loan * 32, token), standing)
    return found


def marks(loan: str, *papers: PaperFingerprint, secret: bytes = FIRST) -> set[str]:
    return {mark_of(loan * 32, token) for each in papers for token in tokens_of(secret, each.fingerprint).values()}


# -- tokens and marks --------------------------------------------------------------------------------------------------


def test_tokens_differ_by_secret_paper_and_likeness() -> None:
    tokens = [
        token
        for secret in (FIRST, SECOND)
        for each in (paper(), paper("c", "d"))
        for token in tokens_of(secret, each.fingerprint).values()
    ]
    assert len(set(tokens)) == len(tokens) == 20
    assert all(len(token) == 32 and token not in paper().fingerprint.model_dump_json() for token in tokens)


@pytest.mark.parametrize("token", ["", "a" * 31, "a" * 33, "A" * 32, "g" * 32])
def test_a_token_is_a_hundred_and_twenty_eight_bits_in_small_hex(token: str) -> None:
    """It is part of a public key: `register:rekey` writes no other one."""
    sound = dict.fromkeys(("old", "new", "old_mark", "new_mark"), "a" * 32)
    RekeyPair.model_validate(sound)
    for part in sound:
        with pytest.raises(ValidationError):
            RekeyPair.model_validate(sound | {part: token})


def test_a_loans_marks_cannot_be_told_to_be_one_loans() -> None:
    """Five rows a paper, five marks; two loans' on one row differ as well."""
    assert len(marks("0a", paper(), paper("c", "d"))) == 10
    assert not marks("0a", paper()) & marks("0b", paper())
    assert not marks("0a", paper()) & marks("0a", paper(), secret=SECOND)


def test_a_paper_that_has_changed_was_not_looked_up() -> None:
    tokens = looked_up(paper())
    assert tokens.has(paper(), 1)
    assert not tokens.has(paper(), 2)
    assert not tokens.has(paper("c"), 1)
    assert not tokens.has(paper(id_="X:CI-10"), 1)


def test_what_was_presented_is_counted_once() -> None:
    presented = Presented().with_papers([paper()])
    assert presented.missing([paper(), paper("c"), paper("c")]) == (paper("c"),)
    assert presented.with_papers([paper("c")]).missing([paper(), paper("c")]) == ()


# -- rows --------------------------------------------------------------------------------------------------------------


def test_the_gravest_are_kept_so_that_what_does_not_fit_says_least() -> None:
    """Or a bank could push a paper that was paid out on off the end, with a hundred approvals never drawn on."""
    row = FinancedRow().with_mark("f" * 32, PaperStanding.DISBURSED)
    for number in range(MAX_MARKS + 5):
        row = row.with_mark(f"{number:032x}", PaperStanding.UNDRAWN)
    assert len(row.marks) == MAX_MARKS
    assert row.marks["f" * 32] is PaperStanding.DISBURSED
    row = row.with_mark("e" * 32, PaperStanding.STANDING)
    assert [*row.marks][:2] == ["f" * 32, "e" * 32]


def test_of_marks_as_grave_the_same_go_on_every_peer() -> None:
    """Whatever came last: a peer that has read the row has its marks by name."""
    names = [f"{number:032x}" for number in range(MAX_MARKS)]
    full = FinancedRow(marks=dict.fromkeys(reversed(names), PaperStanding.UNDRAWN))
    assert full.with_mark("f" * 32, PaperStanding.UNDRAWN).marks.keys() == set(names)
    later = FinancedRow(marks=dict.fromkeys([*names[1:], "f" * 32], PaperStanding.UNDRAWN))
    assert [*later.with_mark(names[0], PaperStanding.UNDRAWN).marks] == names


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(PaperStanding)), max_size=9))
def test_a_loans_mark_says_what_was_said_last(told: list[tuple[str, PaperStanding]]) -> None:
    row = FinancedRow()
    for loan, standing in told:
        row = row.with_mark(loan * 32, standing)
    assert row.marks == {loan * 32: standing for loan, standing in told}
    for loan, _ in told:
        row = row.without(loan * 32)
    assert row == FinancedRow()


def test_a_mark_that_goes_takes_no_other_along() -> None:
    """The row of a paper is every bank's: what one loan takes back, or moves, leaves the others' marks."""
    row = FinancedRow(marks={"a" * 32: PaperStanding.STANDING, "b" * 32: PaperStanding.DISBURSED})
    assert row.without("a" * 32).marks == {"b" * 32: PaperStanding.DISBURSED}
    assert row.without("c" * 32) == row


# -- what is found -----------------------------------------------------------------------------------------------------


def found(
    entered: dict[str, FinancedRow], own: dict[str, str] | None = None, secrets: tuple[bytes, ...] = (FIRST,)
) -> set[tuple[Similarity, PaperStanding, bool]]:
    tokens = looked_up(paper(), secrets=secrets)
    matches = matches_in("L-7", [paper()], tokens, entered, own or {})
    return {(each.similarity, each.standing, each.same_bank) for each in matches}


def test_another_banks_loan_counts_by_its_closest_likeness() -> None:
    """It is under all five tokens, and nothing says that the five marks are one loan's."""
    assert found(rows((paper(), "0a", PaperStanding.STANDING))) == {(Similarity.EXACT, PaperStanding.STANDING, False)}


def test_another_loan_that_is_only_alike_is_found_beside_it() -> None:
    alike = paper("c")  # the same in every leave-one-out hash but not whole
    both = rows((paper(), "0a", PaperStanding.STANDING), (alike, "0b", PaperStanding.STANDING))
    assert found(both) == {
        (Similarity.EXACT, PaperStanding.STANDING, False), *((near, PaperStanding.STANDING, False) for near in NEAR)
    }  # fmt: skip
    other = rows((paper(), "0a", PaperStanding.DISBURSED), (alike, "0b", PaperStanding.UNDRAWN))
    assert (Similarity.ALL_BUT_DATE, PaperStanding.UNDRAWN, False) in found(other)
    assert (Similarity.ALL_BUT_DATE, PaperStanding.DISBURSED, False) not in found(other)


def test_the_banks_own_loans_are_known_by_their_marks() -> None:
    """Each by its closest likeness alone."""
    entered = rows((paper(), "0a", PaperStanding.DISBURSED), (paper("c"), "0b", PaperStanding.STANDING))
    own = dict.fromkeys(marks("0a", paper()), "L-1") | dict.fromkeys(marks("0b", paper("c")), "L-2")
    assert found(entered, own) == {
        (Similarity.EXACT, PaperStanding.DISBURSED, True), (Similarity.ALL_BUT_NUMBER, PaperStanding.STANDING, True),
    }  # fmt: skip


def test_the_loans_own_marks_are_no_match() -> None:
    entered = rows((paper(), "0a", PaperStanding.STANDING))
    assert found(entered, dict.fromkeys(marks("0a", paper()), "L-7")) == set()


def test_the_loans_own_paper_of_before_an_amendment_is_no_match() -> None:
    """Nor is it under the tokens in which the two are alike."""
    entered = rows((paper("c"), "0a", PaperStanding.STANDING))
    assert found(entered, dict.fromkeys(marks("0a", paper("c")), "L-7")) == set()


def test_the_loans_own_marks_are_no_match_either_where_the_row_of_the_same_paper_has_room_for_none() -> None:
    """Of a hundred graver ones under the exact token its own is not kept; under those that are near it is."""
    entered = rows((paper(), "0a", PaperStanding.STANDING))
    exact = tokens_of(FIRST, paper().fingerprint)[Similarity.EXACT]
    own = dict.fromkeys(marks("0a", paper()), "L-7")
    assert found({token: row for token, row in entered.items() if token != exact}, own) == set()


def carrying(each: PaperFingerprint, *serials: int, sailing: str | None = None) -> PaperFingerprint:
    """The paper with containers, each under way in a week of its own."""
    containers = tuple(
        ContainerHashes(number=f"CAXU{serial:07}", sailing=sailing, weeks=(f"{serial:02x}" * 32,)) for serial in serials
    )
    return each.model_copy(update={"fingerprint": each.fingerprint.model_copy(update={"containers": containers})})


def test_the_containers_of_the_same_paper_are_not_told_beside_it() -> None:
    """The bank's own loan or another's: that it is the same paper says so already."""
    mine = carrying(paper(), 1)
    sets = (token_set(1, FIRST, mine.fingerprint),)
    lookup = LoanTokens(papers=(PaperTokens(kind=mine.kind, id=mine.id, exact=mine.fingerprint.digest, sets=sets),))
    by_token = {token: mark_of("0a" * 32, token) for token in lookup.papers[0].every}
    entered = {token: FinancedRow(marks={mark: PaperStanding.STANDING}) for token, mark in by_token.items()}
    for own in ({}, dict.fromkeys(by_token.values(), "L-1")):
        (match,) = matches_in("L-7", [mine], lookup, entered, own)
        assert (match.similarity, match.container, match.same_bank) == (Similarity.EXACT, "", bool(own))


def test_likenesses_are_told_of_the_paper_first_and_then_of_its_containers() -> None:
    told = [*likenesses(carrying(paper(), 1, 2, sailing="d" * 64).fingerprint)]
    assert [each for each, _ in told[:5]] == [*OF_PAPERS]
    assert told[5:7] == [(Similarity.SAME_SAILING, "d" * 64)] * 2
    assert told[7:] == [(Similarity.UNDER_WAY, "01" * 32), (Similarity.UNDER_WAY, "02" * 32)]
    assert len([*likenesses(carrying(paper(), 1).fingerprint)]) == 6


def test_both_generations_are_looked_up() -> None:
    entered = rows((paper(), "0a", PaperStanding.DISBURSED)) | rows(
        (paper(), "0b", PaperStanding.STANDING), secret=SECOND
    )
    expected = {
        (Similarity.EXACT, PaperStanding.DISBURSED, False), (Similarity.EXACT, PaperStanding.STANDING, False),
    }  # fmt: skip
    assert found(entered, secrets=(SECOND, FIRST)) == expected
    assert found(entered, secrets=(FIRST,)) == {(Similarity.EXACT, PaperStanding.DISBURSED, False)}


def test_a_loan_half_moved_to_the_next_generation_is_one_loan() -> None:
    old, new = (
        rows((paper(), "0a", PaperStanding.STANDING)),
        rows((paper(), "0a", PaperStanding.STANDING), secret=SECOND),
    )
    exact = tokens_of(FIRST, paper().fingerprint)[Similarity.EXACT]
    moved = {token: row for token, row in old.items() if token != exact}
    moved[tokens_of(SECOND, paper().fingerprint)[Similarity.EXACT]] = next(iter(new.values()))
    assert found(moved, secrets=(SECOND, FIRST)) == {(Similarity.EXACT, PaperStanding.STANDING, False)}


def test_what_is_found_is_told_in_one_order_on_every_peer() -> None:
    """It is found as a set, whose order no two processes share; facts are compared byte for byte."""
    papers = [
        carrying(paper(digit, digit, f"X:CI-{digit}"), *range(12)).model_copy(update={"kind": kind})
        for kind in ("invoice", "transport")
        for digit in "1234"
    ]
    lookup = LoanTokens(
        papers=tuple(
            PaperTokens(
                kind=each.kind, id=each.id, exact=each.fingerprint.digest, sets=(token_set(1, FIRST, each.fingerprint),)
            )
            for each in papers
        )
    )
    exact = {each.sets[0].tokens[Similarity.EXACT] for each in lookup.papers}
    standings = [*PaperStanding, *PaperStanding]
    loans = {f"0{number}": standing for number, standing in enumerate(standings)}
    alike = loans | {f"1{number}": standing for number, standing in enumerate(standings)}
    entered = {
        token: FinancedRow(
            marks={mark_of(loan * 32, token): said for loan, said in (loans if token in exact else alike).items()}
        )
        for each in lookup.papers
        for token in each.every
    }
    own = {mark_of(loan * 32, token): loan for loan in ("03", "04", "05", "13", "14", "15") for token in entered}
    matches = matches_in("L-7", papers, lookup, entered, own)
    told = [(it.kind, it.id, it.similarity, it.container, it.standing, it.same_bank) for it in matches]
    assert told == sorted(told)
    for trait in range(6):
        assert len({each[trait] for each in told}) > 1
    assert len({(each[3], each[4], each[5]) for each in told if each[3]}) == 12 * 3 * 2
