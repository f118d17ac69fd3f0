"""`eximledger demo`, as a newcomer runs it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from eximledger import connect
from eximledger.demo import PAPERS_DAY, Outcome, Told, papers_folder, run, write_papers
from eximledger.testing import ManualClock, exim_ledger
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.rules import Decision, Severity
from hlf_client import verify
from hlf_client.errors import FabricError

PROGRAM = [sys.executable, "-c", "from eximledger.cli import main; main(prog_name='eximledger')", "demo"]
CHINA = timezone(timedelta(hours=8))
YEAR = re.compile(r"(?<![0-9])([0-9]{4})[0-9]{4}(?=[0-9]{10}(?![0-9]))")
STORY = datetime(PAPERS_DAY.year, PAPERS_DAY.month, PAPERS_DAY.day, 9, tzinfo=CHINA)


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EXIM_")}
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=120
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the demo was run once, and what it said there."""
    folder = tmp_path_factory.mktemp("told")
    return folder, demo(folder).stdout


def test_the_demo_tells_the_whole_case_and_leaves_its_reports(told: tuple[Path, str]) -> None:
    folder, said = told
    assert said.index("Verdict: reject") < said.index("cannot approve it") < said.index("Verdict: approve")
    assert "No findings." in said
    assert "confirms the repayment" in said
    assert "verified" in said
    assert "\x1b" not in said
    pages = re.findall(r"/\S+\.html", said)
    assert [Path(page).name for page in pages] == ["first-check.html", "report.html"]
    assert all("DY-2026-001" in Path(page).read_text(encoding="utf-8") for page in pages)
    assert verify(folder / "eximledger-demo" / "dongyu.db").is_good


def test_the_demo_runs_again_and_speaks_chinese(told: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(told[0], tmp_path, dirs_exist_ok=True)
    said = demo(tmp_path, "--lang", "zh").stdout
    assert "结论" in said
    assert "批准贷款" in said


def test_the_demo_in_json_is_one_document(tmp_path: Path) -> None:
    body = json.loads(demo(tmp_path, "--json").stdout)
    assert (body["first"]["verdict"], body["second"]["verdict"]) == ("reject", "approve")
    kinds = {finding["rule"] for finding in body["first"]["findings"]}
    assert len(kinds) >= 5
    assert {"BALANCE", "DUP-EXACT"} <= kinds
    assert (body["loan"]["state"], body["verified"]) == ("closed", True)
    assert {balance["held"]["amount"] for balance in body["balances"]} == {"0.00"}


def test_the_papers_are_those_of_the_examples() -> None:
    assert (papers_folder() / "corrected" / "application.json").is_file()


def test_papers_are_written_to_be_filed_by_hand(tmp_path: Path) -> None:
    began = datetime.now(UTC).astimezone(CHINA).date()
    written = json.loads(demo(tmp_path, "papers", "papers", "--json").stdout)
    ended = datetime.now(UTC).astimezone(CHINA).date()  # China's midnight may have been in between
    today = date.fromisoformat(written.pop("day"))
    assert began <= today <= ended
    assert written == {"folder": str(tmp_path / "papers")}
    assert applied_on(tmp_path / "papers" / "corrected") == today
    said = demo(tmp_path, "papers", "leap", "--day", "2028-02-29", "--lang", "zh").stdout
    assert said.split() == ["单据", str(tmp_path / "leap"), "日期", "2028-02-29"]
    assert applied_on(tmp_path / "leap") == date(2028, 2, 28)
    assert not (tmp_path / "eximledger-demo").exists()


def applied_on(folder: Path) -> date:
    return date.fromisoformat(json.loads((folder / "application.json").read_text())["applied_on"])


async def test_every_step_is_a_transaction_of_the_member_that_takes_it(tmp_path: Path) -> None:
    url, told = f"embedded:{tmp_path / 'demo.db'}?strict=1", list[Told]()
    papers = write_papers(tmp_path / "papers", datetime.now(UTC).astimezone(CHINA).date())
    outcome = await run(lambda who: connect(url, who), papers, told.append)
    assert outcome.first.verdict.verdict is Decision.REJECT
    assert sum(finding.severity is not Severity.INFORM for finding in outcome.first.verdict.findings) >= 5
    assert outcome.second.verdict.findings == ()
    assert outcome.loan.state is LoanState.CLOSED
    assert outcome.loan.approval is not None
    assert outcome.loan.approval.by.name == "checker@eximbank"
    assert {step.by for step in told} == {
        "customs/officer", "safe/officer", "eximbank/maker", "eximbank/checker", "eximbank/admin",
        "eximbank/risk",        "tradebank/maker", "tradebank/checker",
    }  # fmt: skip


async def walk(folder: Path, now: datetime) -> tuple[Outcome, Path]:
    """The case with papers of the day it is in China, on a ledger whose clock stands still at that time."""
    papers = write_papers(folder / "papers", now.astimezone(CHINA).date())
    network = exim_ledger(folder / "exim.db", clock=ManualClock(now))
    outcome = await run(network.connect, papers, lambda told: None)
    await network.finish()
    network.close()
    return outcome, papers


async def test_a_ledger_on_which_the_case_was_walked_refuses_a_second_walk(tmp_path: Path) -> None:
    network = exim_ledger(tmp_path / "exim.db", clock=ManualClock(STORY))
    await run(network.connect, papers_folder(), lambda told: None)
    with pytest.raises(FabricError):
        await run(network.connect, papers_folder(), lambda told: None)
    network.close()


@pytest.fixture(scope="module")
def told_on_its_own_day(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    folder = tmp_path_factory.mktemp("own-day")
    outcome, _ = asyncio.run(walk(folder, STORY))
    return found(outcome)


def found(outcome: Outcome) -> list[tuple[str, ...]]:
    """What the first check found of which papers; a declaration by its number without the year."""
    return sorted(
        (finding.rule, finding.severity.value, *(YEAR.sub(r"\1", str(paper)) for paper in finding.documents))
        for finding in outcome.first.verdict.findings
    )


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(None, id="today"),
        datetime(2026, 12, 31, 2, tzinfo=UTC), datetime(2027, 1, 1, 2, tzinfo=UTC),
        datetime(2027, 2, 28, tzinfo=UTC), datetime(2028, 2, 29, 2, tzinfo=UTC),
        datetime(2031, 12, 31, 15, 59, tzinfo=UTC), datetime(2031, 12, 31, 16, tzinfo=UTC),
    ],
    ids=str,
)  # fmt: skip
async def test_the_case_is_the_same_on_any_day(
    now: datetime | None, tmp_path: Path, told_on_its_own_day: list[tuple[str, ...]]
) -> None:
    now = now or datetime.now(UTC)
    outcome, papers = await walk(tmp_path, now)
    assert len(told_on_its_own_day) >= 13
    assert found(outcome) == told_on_its_own_day
    assert (outcome.second.verdict.verdict, outcome.second.verdict.findings) == (Decision.APPROVE, ())
    assert outcome.loan.state is LoanState.CLOSED
    assert applied_on(papers / "corrected") == now.astimezone(CHINA).date()
