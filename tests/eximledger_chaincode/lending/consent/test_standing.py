"""Which consent holds on a day, and for what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.lending.consent.issuing import EXPORTER, NEIGHBOUR, TODAY, authorisation

from eximledger_chaincode.lending.consent import SCOPES, Consent, Given, Scope, covers, holding, stands
from hlf_chaincode.canonical import canonical_json


def day(after: int) -> date:
    return TODAY + timedelta(days=after)


def consent(number: str = "1", begins: int = 0, ends: int = 30, *, given: Given = "signed",
            revoked: int | None = None, **changes: object) -> Consent:  # fmt: skip
    paper = authorisation(number=number, valid_from=day(begins), valid_until=day(ends), **changes)
    return Consent(authorisation=paper, given=given, revoked_on=None if revoked is None else day(revoked))


def number_on(*consents: Consent, on: int = 5, bank: str = "HarbourMSP", exporter: str = EXPORTER,
              scope: Scope = "receipts", opened: int | None = None) -> str | None:  # fmt: skip
    """On a day that SAFE has opened, unless it has opened another last."""
    last = day(on if opened is None else opened)
    found = holding(consents, bank=bank, exporter=exporter, scope=scope, day=day(on), opened=last)
    return None if found is None else found.authorisation.number


@pytest.mark.parametrize(
    ("on", "revoked", "is_standing"),
    [(-1, None, False), (0, None, True), (30, None, True), (31, None, False), (5, 6, False), (6, 6, False),
     (7, 6, False), (0, -3, False)],
)  # fmt: skip
def test_it_stands_from_its_first_day_to_its_last(on: int, revoked: int | None, is_standing: bool) -> None:
    paper = authorisation(valid_from=day(0), valid_until=day(30))
    assert stands(paper, None if revoked is None else day(revoked), day(on), day(on)) is is_standing
    assert (number_on(consent(revoked=revoked), on=on) == "1") is is_standing


@pytest.mark.parametrize(
    ("on", "opened", "is_standing"),
    [(0, -1, False), (20, -1, False), (0, 0, True), (20, 0, True), (30, 20, True), (30, 33, True), (30, 34, False),
     (5, 40, False), (31, 30, False), (-1, 2, False)],
)  # fmt: skip
def test_the_business_day_bounds_the_day_that_a_call_states(on: int, opened: int, is_standing: bool) -> None:
    """A call dated forward reads nothing before the first day, one dated back nothing after the last."""
    paper = authorisation(valid_from=day(0), valid_until=day(30))
    assert stands(paper, None, day(on), day(opened)) is is_standing
    assert (number_on(consent(), on=on, opened=opened) == "1") is is_standing


def test_it_covers_this_bank_this_exporter_and_what_it_names() -> None:
    paper = authorisation(what=("receipts",))
    assert covers(paper, bank="HarbourMSP", exporter=EXPORTER, scope="receipts")
    assert not covers(paper, bank="HarborMSP", exporter=EXPORTER, scope="receipts")
    assert not covers(paper, bank="HarbourMSP", exporter=NEIGHBOUR, scope="receipts")
    assert not covers(paper, bank="HarbourMSP", exporter=EXPORTER, scope="declarations")
    given = consent(what=("receipts",))
    assert number_on(given) == "1"
    assert number_on(given, bank="EvilMSP") is None
    assert number_on(given, exporter=NEIGHBOUR) is None
    assert number_on(given, scope="classification") is None


def test_of_several_a_signed_one_holds_then_the_longest_then_the_later_number() -> None:
    assert number_on() is None
    assert number_on(consent("1", given="officer", ends=90), consent("2", ends=30)) == "2"
    assert number_on(consent("1", given="officer", ends=90), consent("2", ends=4)) == "1"
    assert number_on(consent("1", ends=31), consent("2", ends=30)) == "1"
    assert number_on(consent("1"), consent("2")) == number_on(consent("2"), consent("1")) == "2"
    assert number_on(consent("1", ends=90, revoked=3), consent("2")) == "2"


@given(
    st.lists(st.builds(
        consent, st.sampled_from("123"), st.integers(-9, 0), st.integers(0, 9),
        given=st.sampled_from(("signed", "officer")), revoked=st.none() | st.integers(-9, 9),
        what=st.sets(st.sampled_from(SCOPES), min_size=1).map(lambda what: tuple(sorted(what))),
    ), max_size=6),
    st.integers(-10, 10),
    st.sampled_from(SCOPES),
)  # fmt: skip
def test_one_holds_where_any_does_in_whatever_order(consents: list[Consent], on: int, scope: Scope) -> None:
    found = number_on(*consents, on=on, scope=scope)
    assert found == number_on(*reversed(consents), on=on, scope=scope)
    allows = [
        each
        for each in consents
        if scope in each.authorisation.what
        and each.authorisation.valid_from <= day(on) <= each.authorisation.valid_until
        and each.revoked_on is None
    ]
    assert (found is not None) == bool(allows)


def test_what_stands_on_the_ledger_is_read_again() -> None:
    given = consent(revoked=3)
    assert canonical_json(given).startswith(b'{"authorisation":{"bank":"HarbourMSP",')
    assert b'"revoked_on":"2026-09-04","schema_version":1}' in canonical_json(given)
    assert Consent.model_validate_json(canonical_json(given)) == given
