"""Consents by bank, and those of officers that hold today."""

from __future__ import annotations

from datetime import date

import pytest
from tests.eximledger.supervision.books import DAY, NOW
from tests.eximledger_chaincode.contracts import trade

from eximledger.supervision import BankConsents
from eximledger.supervision._consents import RunningConsents
from eximledger_chaincode.contracts.papers.consents import ConsentBook, FiledConsent
from eximledger_chaincode.lending.consent import Consent, Given
from eximledger_chaincode.lending.roles import Person


def book(bank: str, given: Given, revoked_on: date | None = None) -> ConsentBook:
    """One consent, from 1 August 2026 to 31 July 2027."""
    paper = trade.consent(bank).authorisation
    filed = FiledConsent(
        consent=Consent(authorisation=paper, given=given, revoked_on=revoked_on),
        form_sha256="f" * 64 if given == "officer" else None,
        filed_by=Person(msp_id=bank, name="maker"),
        filed_at=NOW,
    )
    return ConsentBook(exporter=paper.exporter, bank=bank, consents=(filed,))


def test_they_are_counted_by_bank_and_officers_are_named() -> None:
    running = RunningConsents(DAY)
    for each in (book("BetaMSP", "officer"), book("AlphaMSP", "signed"), book("BetaMSP", "signed")):
        running.add(each)
    report = running.result()
    assert report.banks == (BankConsents("AlphaMSP", 1, 0, 0), BankConsents("BetaMSP", 1, 1, 1))
    (given,) = report.consents
    assert (given.bank, str(given.officer), given.form_sha256) == ("BetaMSP", "maker of BetaMSP", "f" * 64)


@pytest.mark.parametrize(
    ("day", "revoked_on", "standing"),
    [
        (date(2026, 7, 31), None, 0),
        (date(2026, 8, 1), None, 1),
        (date(2027, 7, 31), None, 1),
        (date(2027, 8, 1), None, 0),
        (DAY, DAY, 0),
        (DAY, date(2026, 9, 3), 0),  # filed, whatever day it gives
    ],
)
def test_what_holds_on_the_day(day: date, revoked_on: date | None, standing: int) -> None:
    running = RunningConsents(day)
    running.add(book("BetaMSP", "officer", revoked_on))
    (counted,) = running.result().banks
    assert (counted.by_officers, counted.standing) == (1, standing)
