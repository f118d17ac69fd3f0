"""Papers of consent: bounded, and taken in their one written form only."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.eximledger_chaincode.lending.consent.issuing import (
    EXPORTER,
    NEIGHBOUR,
    TODAY,
    authorisation,
    revocation,
    signed,
)

from eximledger_chaincode.documents import shown
from eximledger_chaincode.lending.consent import (
    MAX_TERM_DAYS,
    SCOPES,
    Authorisation,
    OfficerConsent,
    SignedAuthorisation,
)
from hlf_chaincode.canonical import canonical_json, plain_json


def test_what_is_signed_is_the_canonical_json() -> None:
    assert authorisation(number="7", purpose="p", what=("receipts",)).signed_bytes == (
        b'{"bank":"HarbourMSP","exporter":"91520600MA6HJ4T31J","kind":"authorisation","number":"7","purpose":"p",'
        b'"schema_version":1,"valid_from":"2026-09-01","valid_until":"2027-02-28","what":["receipts"]}'
    )
    assert revocation(reason=None).signed_bytes == (
        b'{"authorisation":"TC-2026/7","exporter":"91520600MA6HJ4T31J","kind":"revocation",'
        b'"revoked_on":"2026-09-01","schema_version":1}'
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"number": ""}, "number"),
        ({"number": "7" * 65}, "number"),
        ({"number": "７"}, "full-width"),
        ({"number": "7  8"}, "single spaces"),
        ({"number": "7\u200b8"}, "cannot be seen"),
        ({"exporter": "91520600MA6HJ4T31K"}, "unified social credit code"),
        ({"exporter": EXPORTER.lower()}, "exporter is not in its canonical form"),
        ({"bank": "a b"}, "bank"),
        ({"bank": ""}, "bank"),
        ({"what": ()}, "what"),
        ({"what": ("loans",)}, "what"),
        ({"what": ("receipts", "declarations")}, "alphabetical"),
        ({"what": ("receipts", "receipts")}, "each once"),
        ({"valid_until": TODAY - timedelta(days=1)}, "ends before it begins"),
        ({"valid_until": TODAY + timedelta(days=MAX_TERM_DAYS)}, "731 days at most"),
        ({"valid_from": "1 September"}, "write a day"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "x" * 501}, "purpose"),
        ({"purpose": "two\nlines"}, "one line"),
        ({"purpose": "loan \u202e000"}, "cannot be seen"),
        ({"purpose": " loan"}, "purpose is not in its canonical form"),
        ({"schema_version": 2}, "schema_version"),
        ({"kind": "revocation"}, "kind"),
        ({"also": "all the rest"}, "also"),
    ],
)
def test_what_is_not_an_authorisation_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        authorisation(**changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"authorisation": ""}, "authorisation"),
        ({"exporter": "TC"}, "exporter"),
        ({"revoked_on": 1}, "write a day"),
        ({"reason": ""}, "reason"),
        ({"reason": "a\u0000b"}, "reason"),
        ({"reason": "because "}, "canonical form"),
        ({"kind": "authorisation"}, "kind"),
    ],
)
def test_what_is_not_a_revocation_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        revocation(**changes)


def test_bounds_are_what_they_say() -> None:
    assert len(authorisation(number="7" * 64, purpose="x" * 500).number) == 64


def test_the_longest_one_is_two_years() -> None:
    longest = authorisation(valid_until=TODAY + timedelta(days=MAX_TERM_DAYS - 1))
    assert longest.days == 731
    assert authorisation(valid_until=TODAY).days == 1


def test_of_a_paper_inside_another_no_blank_is_put_right() -> None:
    body = json.loads(canonical_json(signed()))
    assert SignedAuthorisation.model_validate_json(plain_json(body)) == signed().model_validate(body)
    body["paper"]["purpose"] += " "
    with pytest.raises(ValidationError, match="purpose is not in its canonical form"):
        SignedAuthorisation.model_validate_json(plain_json(body))


def test_a_revocation_is_of_the_exporters_authorisation_of_that_number() -> None:
    assert revocation().is_of(authorisation())
    assert not revocation().is_of(authorisation(number="TC-2026/8"))
    assert not revocation().is_of(authorisation(exporter=NEIGHBOUR))


def test_an_officer_names_the_form_by_its_hash() -> None:
    consent = OfficerConsent(authorisation=authorisation(), form_sha256="0a" * 32)
    assert OfficerConsent.model_validate_json(canonical_json(consent)) == consent
    for wrong in ("", "0A" * 32, "form.pdf"):
        with pytest.raises(ValidationError, match="form_sha256"):
            OfficerConsent(authorisation=authorisation(), form_sha256=wrong)


LINES = st.text(min_size=1, max_size=500).filter(lambda text: shown(text) == text and text.strip() == text)


@given(LINES, st.sets(st.sampled_from(SCOPES), min_size=1), st.integers(0, MAX_TERM_DAYS - 1))
def test_one_paper_has_one_written_form(purpose: str, what: set[str], days: int) -> None:
    paper = authorisation(purpose=purpose, what=tuple(sorted(what)), valid_until=TODAY + timedelta(days=days))
    assert Authorisation.model_validate_json(paper.signed_bytes) == paper
    assert Authorisation.model_validate_json(paper.signed_bytes).signed_bytes == paper.signed_bytes


@given(st.text(max_size=40))
def test_what_a_person_reads_of_a_paper_is_all_that_it_says(purpose: str) -> None:
    try:
        paper = authorisation(purpose=purpose)
    except ValidationError:
        return
    assert shown(paper.purpose) == paper.purpose == purpose
