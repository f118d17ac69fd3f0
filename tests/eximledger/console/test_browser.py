"""The console in a real browser: the Dongyu case from upload to closed, by two officers, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.dongyu import DONGYU, REPLACEMENT
from tests.eximledger.console.conftest import Console, Seat, Sit, application_in, documents_in, papers_in

from eximledger.desk import LoanDesk
from eximledger.serving.officers import Account, Roll
from eximledger.words import Language, word
from hlf_client import Ledger
from hlf_client.errors import LedgerUnavailable

LOAN = "DY-2026-001"


class Officer:
    """A seat whose buttons and fields are named in its own language."""

    def __init__(self, seat: Seat, language: Language) -> None:
        self.seat = seat
        self.language = language

    def w(self, english: str) -> str:
        return word(english, self.language)

    def press(self, english: str) -> None:
        self.seat.press(self.w(english))

    def see(self, english: str) -> None:
        self.seat.see(self.w(english))

    def upload(self, *files: Path) -> None:
        self.seat.go("/upload")
        self.seat.page.locator("input[type=file]").set_input_files(list(files))
        self.press("Read, and show what is read")
        self.seat.page.get_by_role("button", name=re.compile(re.escape(self.w("File what is shown")))).click()
        self.seat.page.get_by_role("heading", name=re.compile(self.w("Filed"))).wait_for()

    def loan(self) -> None:
        self.seat.go(f"/loans/{LOAN}")

    def propose(self, step: str, reference: str, **fields: str) -> None:
        self.loan()
        form = self.seat.page.locator(f"form[action$='/propose/{step}']")
        self.seat.page.locator("details", has=form).first.locator("summary").first.click()
        form.locator("[name=reference]").fill(reference)
        for name, text in fields.items():
            form.locator(f"[name='{name}']").fill(text)
        form.get_by_role("button").last.click()
        self.see("Proposed; it waits for a second person.")

    def confirm(self) -> None:
        self.loan()
        self.press("Confirm just this")
        self.see("Confirmed, and done.")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dongyu_case_from_upload_to_closed(console: Console, sit: Sit, language: Language) -> None:
    maker = Officer(sit("eximbank/maker", language=language), language)
    checker = Officer(sit("eximbank/checker", language=language), language)

    maker.upload(*papers_in(DONGYU / "eximbank"), DONGYU / "application.json")
    maker.seat.page.get_by_role("link", name=LOAN).click()
    maker.press("Check the papers")
    maker.see("The papers were checked; the verdict is recorded.")
    assert maker.seat.page.locator(".finding.reject").count() >= 4
    assert maker.seat.page.locator(".finding mark").count() >= 2

    checker.loan()
    checker.see("A finding rejects the loan: nobody can approve it on these papers.")
    assert checker.seat.page.get_by_role("button", name=checker.w("Approve what is shown")).count() == 0

    console.at_desk("customs/officer", lambda desk: desk.file(documents_in(DONGYU / "corrected" / "customs")))
    corrected = DONGYU / "corrected"
    maker.upload(*papers_in(corrected / "eximbank"), corrected / "application.json")
    maker.loan()
    maker.press("Check the papers")
    maker.see("No findings.")

    checker.loan()
    checker.press("Approve what is shown")
    checker.see("Approved; the balance is held.")

    maker.propose("disbursement", "EX-PAY-1", **{"condition:pledge-registration": "ZD-2604-00117"})
    maker.see("You proposed it: another person confirms it.")
    checker.confirm()
    checker.seat.go(f"/declarations/{REPLACEMENT}")
    checker.see("Held by loans of all banks")
    maker.propose("repayment", "EX-REPAY-1")
    checker.confirm()
    assert checker.seat.page.locator("h1 .tag").inner_text() == checker.w("closed")
    checker.see("Nothing is left to do here.")


def test_evidence_that_changes_under_an_open_page_is_told_and_nothing_is_decided(console: Console, sit: Sit) -> None:
    async def prepared(desk: LoanDesk) -> None:
        await desk.file(documents_in(DONGYU / "eximbank"))
        await desk.file(documents_in(DONGYU / "corrected" / "eximbank"))
        await desk.apply(application_in(DONGYU / "corrected"))
        await desk.check(LOAN)

    console.at_desk("customs/officer", lambda desk: desk.file(documents_in(DONGYU / "corrected" / "customs")))
    console.at_desk("eximbank/maker", prepared)
    checker = sit("eximbank/checker")
    checker.go(f"/loans/{LOAN}")
    checker.page.get_by_role("button", name="Approve what is shown").wait_for()

    first = [each for each in documents_in(DONGYU / "eximbank") if each.number == "DY-CI-260401-05"]
    console.at_desk("eximbank/maker", lambda desk: desk.file(first))
    console.at_desk("eximbank/maker", lambda desk: desk.check(LOAN))
    checker.see("This loan has changed.")

    checker.press("Approve what is shown")
    checker.see("The evidence has changed since this page was shown. Nothing was decided.")
    checker.see("New findings")
    assert checker.page.locator("h1 .tag").inner_text() == "checked"


def test_two_officers_at_once_and_one_decides(console: Console, sit: Sit) -> None:
    async def prepared(desk: LoanDesk) -> None:
        await desk.file(documents_in(DONGYU / "eximbank"))
        await desk.apply(application_in(DONGYU))
        await desk.check(LOAN)

    console.at_desk("eximbank/maker", prepared)
    maker, checker = sit("eximbank/maker"), sit("eximbank/checker")
    for seat in (maker, checker):
        seat.go(f"/loans/{LOAN}")
        seat.open("Refer, reject or withdraw")
        seat.page.locator("form[action$='/decide'] [name=reason]").fill("as agreed with the exporter")
    checker.press("Reject")
    checker.see("Rejected.")
    maker.press("Withdraw")
    maker.page.locator(".note.bad").wait_for()
    assert maker.page.locator("h1 .tag").inner_text() == "rejected"


def test_a_ledger_that_is_lost_is_said_and_comes_back(console: Console, sit: Sit) -> None:
    checker = sit("eximbank/checker")
    served = console.app.state.served
    found = served.officers

    def lost() -> Ledger:
        raise LedgerUnavailable("no peer of EximbankMSP answers")

    async def close() -> None:
        await served.desks.let_go("eximbank/checker")

    served.officers = Roll([Account("eximbank/checker", lost)])
    console.run(close)
    checker.go("/loans")
    checker.see("The ledger does not answer")
    checker.see("no peer of EximbankMSP answers")
    served.officers = found
    checker.go("/loans")
    checker.page.get_by_role("heading", name="Loans").wait_for()
