"""Every page of a console with a case on it: who may use it, at which width, without JavaScript; and its pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.dongyu import DONGYU, REPLACEMENT
from tests.eximledger.console.conftest import (
    EXPORTER,
    Console,
    Seat,
    Sit,
    application_in,
    documents_in,
    seats,
    served_console,
)

from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import Money
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.steps import ConditionMet, Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

LOAN: Final = "DY-2026-001"
REFERRED: Final = "DY-2026-002"

PAGES: Final = {
    "work": "/",
    "loans": "/loans",
    "case": f"/loans/{LOAN}",
    "referred": f"/loans/{REFERRED}",
    "history": f"/loans/{LOAN}/history",
    "screening": f"/loans/{REFERRED}/screening",
    "policy": "/policy",
    "papers": "/papers",
    "paper": "/papers/invoice?number=DY-CI-260401-05",
    "declaration": f"/declarations/{REPLACEMENT}",
    "exporter": f"/exporters/{EXPORTER}",
    "upload": "/upload",
    "apply": f"/apply?exporter={EXPORTER}",
    "amend": f"/apply?loan={REFERRED}",
    "portfolio": "/portfolio",
    "trail": "/trail",
    "network": "/network",
    "search": "/search?q=EXLU",
    "nothing": "/loans/NO-SUCH-LOAN",
}
SAFES: Final = {
    "supervision": "/supervision",
    "safe's loans": "/loans",
    "safe's papers": "/papers",
    "safe's policy": "/policy",
}


async def _lent(maker: LoanDesk, checker: LoanDesk, customs: LoanDesk) -> None:
    """One loan half repaid with a step waiting, another that is referred."""
    today = day_in_china(utc_now())
    await maker.file(documents_in(DONGYU / "eximbank"))
    await customs.file(documents_in(DONGYU / "corrected" / "customs"))
    await maker.file(documents_in(DONGYU / "corrected" / "eximbank"))
    application = application_in(DONGYU / "corrected")
    loan = await maker.apply(application)
    verdict = await maker.check(LOAN)
    await checker.approve(LOAN, loan.version, verdict.evidence_hash)
    pledge = ConditionMet(condition=Condition.PLEDGE_REGISTRATION, reference="ZD-2604-00117")
    drawn = Proposal(
        step=Step.DISBURSEMENT, amount=application.amount, day=today, reference="EX-PAY-1", conditions=(pledge,)
    )
    await maker.propose(LOAN, drawn)
    await checker.confirm(LOAN, drawn.id)
    part = Proposal(step=Step.REPAYMENT, amount=Money.of("1000000.00", "CNY"), day=today, reference="EX-REPAY-1")
    await maker.propose(LOAN, part)
    other = application.model_copy(update={"loan_id": REFERRED, "amount": Money.of("100000.00", "CNY")})
    await maker.apply(other)
    await maker.check(REFERRED)


@dataclass
class Office:
    """The console, and a seat for each officer who looks at it."""

    console: Console
    sit: Sit


@pytest.fixture(scope="module")
def office(filed_ledger: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Office]:
    with served_console(filed_ledger, tmp_path_factory.mktemp("pages")) as console:
        connect = console.network.connect
        console.run(
            lambda: _lent(*(LoanDesk(connect(who)) for who in ("eximbank", "eximbank/checker", "customs")))
        )  # fmt: skip
        with seats(chromium, console) as sit:
            yield Office(console, sit)


@pytest.fixture(scope="module")
def maker(office: Office) -> Seat:
    return office.sit("eximbank/maker")


@pytest.fixture(scope="module")
def safe(office: Office) -> Seat:
    return office.sit("safe/officer")


def grave(seat: Seat) -> list[str]:
    """What axe finds that is serious or worse."""
    found = Axe().run(seat.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("page", list(PAGES))
def test_nothing_on_a_page_keeps_anybody_out(maker: Seat, page: str) -> None:
    maker.go(PAGES[page])
    assert grave(maker) == []


@pytest.mark.parametrize("page", list(SAFES))
def test_nothing_on_safes_pages_keeps_anybody_out(safe: Seat, page: str) -> None:
    safe.go(SAFES[page])
    assert grave(safe) == []


@pytest.mark.parametrize("width", [360, 600])
def test_no_page_is_wider_than_a_narrow_screen(office: Office, width: int) -> None:
    """360 pixels; and 1200 at 200 %, which is 600."""
    seat = office.sit("eximbank/checker", width=width)
    wide = []
    for name, path in PAGES.items():
        seat.go(path)
        if seat.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(name)
    assert wide == []


def test_the_keyboard_alone_reaches_the_content_and_every_field(maker: Seat) -> None:
    maker.go(PAGES["case"])
    maker.page.keyboard.press("Tab")
    assert maker.page.evaluate("document.activeElement.className") == "skip"
    maker.page.keyboard.press("Enter")
    assert maker.page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(120):
        maker.page.keyboard.press("Tab")
        reached.add(maker.page.evaluate("document.activeElement.textContent.trim().split('\\n')[0]"))
    assert {"Confirm just this", "Report (PDF)"} & reached or "You proposed it" in maker.page.content()
    assert "Report (PDF)" in reached


def test_without_javascript_a_loan_is_referred_and_rejected(office: Office) -> None:
    checker = office.sit("eximbank/checker", javascript=False)
    checker.go(f"/loans/{REFERRED}")
    checker.open("Refer, reject or withdraw")
    checker.page.locator("form[action$='/decide'] [name=reason]").fill("to be looked at")
    checker.press("Refer")
    checker.see("Put before an officer.")


PICTURES: Final = {
    "work": ("eximbank/maker", "en", PAGES["work"]),
    "case": ("eximbank/checker", "en", f"/loans/{REFERRED}"),
    "case-zh": ("eximbank/maker", "zh", PAGES["case"]),
    "declaration": ("eximbank/maker", "en", PAGES["declaration"]),
    "portfolio": ("eximbank/checker", "en", PAGES["portfolio"]),
}


@pytest.mark.skipif(
    "EXIM_PICTURES" not in os.environ, reason="pictures for docs/console.md: EXIM_PICTURES=docs/console"
)
@pytest.mark.parametrize("name", list(PICTURES))
def test_pictures_of_the_main_pages(office: Office, name: str) -> None:
    who, language, path = PICTURES[name]
    seat = office.sit(who, language=language, width=1100)
    seat.go(path)
    folder = Path(os.environ["EXIM_PICTURES"])
    folder.mkdir(parents=True, exist_ok=True)
    seat.page.screenshot(
        path=folder / f"{name}.png", full_page=True, clip={"x": 0, "y": 0, "width": 1100, "height": 1300}
    )
