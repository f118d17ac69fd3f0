"""The packing loan on a letter of credit: its papers on any day, and its walk to a repaid export bill."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.eximledger.demo.test_dating import moved, plain
from tests.eximledger.demo.test_demo import CHINA, STORY, demo

from eximledger import connect
from eximledger.demo import PACKING, PAPERS_DAY, Outcome, Told, papers_folder, run_packing, write_papers
from eximledger.demo._consent import found_authority
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.testing import ManualClock, exim_ledger
from eximledger_chaincode.contracts.state.members import MAX_AUTHORITIES, Member
from eximledger_chaincode.documents import Document, FinancingKind, LetterOfCredit
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.rules import Decision
from hlf_client import verify
from hlf_client.errors import Refused

EXPORTER = "91520100MA6HQL27KE"
NUMBER = "531620260000512073"
ENDINGS = {".json", ".mt", ".sta"}


def documents_in(folder: Path) -> dict[str, tuple[Document, ...]]:
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS)
    return {path.relative_to(folder).as_posix(): read(path, exporter=EXPORTER).documents for path in files}


@pytest.mark.parametrize("day", [PAPERS_DAY, date(2026, 12, 31), date(2028, 2, 29), date(2071, 3, 1)])
def test_every_date_of_every_paper_moves_alike(tmp_path: Path, day: date) -> None:
    original, dated = (
        documents_in(papers_folder(PACKING)),
        documents_in(write_papers(tmp_path / "papers", day, PACKING)),
    )
    numbers = {NUMBER: f"5316{(date(2026, 4, 20) + (day - PAPERS_DAY)).year}0000512073"}
    assert dated.keys() == original.keys()
    for name, documents in original.items():
        assert [plain(one) for one in dated[name]] == [moved(one, day - PAPERS_DAY, numbers) for one in documents], name


def test_the_credit_is_read_with_its_amendment() -> None:
    (credit,) = read(papers_folder(PACKING) / "eximbank" / "credit-HB26-0815-4.mt").documents
    assert isinstance(credit, LetterOfCredit)
    assert (str(credit.amount), len(credit.amendments)) == ("187,500.00 USD", 1)


async def walk(folder: Path, now: datetime, told: list[Told]) -> Outcome:
    papers = write_papers(folder / "papers", now.astimezone(CHINA).date(), PACKING)
    network = exim_ledger(folder / "exim.db", clock=ManualClock(now))
    outcome = await run_packing(network.connect, papers, told.append)
    await network.finish()
    network.close()
    return outcome


@pytest.mark.parametrize("now", [STORY, STORY + timedelta(days=300)], ids=["its own day", "another year"])
async def test_the_walk_ends_with_an_export_bill_that_is_repaid(tmp_path: Path, now: datetime) -> None:
    told: list[Told] = []
    outcome = await walk(tmp_path, now, told)
    assert [report.verdict.verdict for report in (outcome.first, outcome.second)] == [Decision.APPROVE] * 2
    assert outcome.first.application.financing is FinancingKind.PRE_SHIPMENT
    application = outcome.loan.application.document
    assert (application.financing, application.frames) == (FinancingKind.POST_SHIPMENT, ())
    assert (outcome.loan.state, outcome.loan.holds) == (LoanState.CLOSED, False)
    (balance,) = outcome.balances
    assert [str(each) for each in (balance.value, balance.held, balance.free)] == [
        "187,500.00 USD", "0.00 USD", "0.00 USD",
    ]  # fmt: skip
    said = [step.what.en for step in told]
    conversion = next(place for place, text in enumerate(said) if text.startswith("confirms the conversion"))
    assert "187,500.00 USD of letter of credit HB26-0815/4" in said[conversion - 4]
    assert "187,500.00 USD of declaration" in said[conversion]
    assert verify(f"embedded:{tmp_path / 'exim.db'}").is_good


def test_the_command_walks_it(tmp_path: Path) -> None:
    body = json.loads(demo(tmp_path, "--case", "packing", "--json").stdout)
    assert (body["first"]["verdict"], body["second"]["verdict"]) == ("approve", "approve")
    assert (body["loan"]["loan_id"], body["loan"]["state"], body["verified"]) == ("QL-2026-001", "closed", True)
    written = json.loads(demo(tmp_path, "papers", "papers", "--case", "packing", "--json").stdout)
    assert (Path(written["folder"]) / "eximbank" / "credit-HB26-0815-4.mt").is_file()
    page = (tmp_path / "eximledger-demo" / "first-check.html").read_text(encoding="utf-8")
    assert "HB26-0815/4" in page
    assert "Contracts and letters of credit" in page


def test_both_cases_are_walked_on_one_ledger_under_one_authority(tmp_path: Path) -> None:
    demo(tmp_path)
    url = f"embedded:{tmp_path / 'eximledger-demo' / 'dongyu.db'}"
    said = demo(tmp_path, "--case", "packing", "--ledger", url).stdout
    assert "runs the exporters' authority of an earlier case still" in said
    assert "closed" in said
    members = asyncio.run(_members(url))
    assert [len(member.exporters_authority) for member in members if member.exporters_authority] == [1]


async def _members(url: str) -> Sequence[Member]:
    async with connect(url, "safe/officer") as ledger:
        return await LoanDesk(ledger).members()


async def test_an_authority_of_its_own_is_added_while_there_is_room_and_refused_after(tmp_path: Path) -> None:
    network = exim_ledger()
    for number in range(2, MAX_AUTHORITIES + 2):  # the ledgers of tests have one from the start
        voters = [LoanDesk(network.connect(who)) for who in ("safe/officer", "customs/officer", "eximbank/admin")]
        found = found_authority(tmp_path / str(number), voters[0].ledger.msp_id, voters, voters[0].ledger.clock())
        if number > MAX_AUTHORITIES:
            with pytest.raises(Refused, match="none of them is the one in"):
                await found
        else:
            founded = await found
            assert (founded.others, founded.stood) == (number - 1, False)
            assert f"beside {number - 1} that are not this demo's" in founded.words.en
    network.close()
