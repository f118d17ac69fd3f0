"""`eximledger demo`, as a newcomer runs it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eximledger import connect
from eximledger.demo import Told, papers_folder, run
from eximledger.testing import ManualClock, exim_ledger
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.rules import Decision, Severity
from hlf_client import verify
from hlf_client.errors import FabricError, Refused

PROGRAM = [sys.executable, "-c", "from eximledger.cli import main; main(prog_name='eximledger')", "demo"]


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
    assert said.index("Decision: reject") < said.index("cannot approve it") < said.index("Decision: approve")
    assert "No findings." in said
    assert "is repaid" in said
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
    assert (body["loan"]["state"], body["verified"]) == ("released", True)
    assert {balance["held"]["amount"] for balance in body["balances"]} == {"0.00"}


def test_the_papers_are_those_of_the_examples() -> None:
    assert (papers_folder() / "corrected" / "application.json").is_file()


async def test_every_step_is_a_transaction_of_the_member_that_takes_it(tmp_path: Path) -> None:
    url, told = f"embedded:{tmp_path / 'demo.db'}?strict=1", list[Told]()
    outcome = await run(lambda who: connect(url, who), papers_folder(), told.append)
    assert outcome.first.verdict.verdict is Decision.REJECT
    assert sum(finding.severity is not Severity.INFORM for finding in outcome.first.verdict.findings) >= 5
    assert outcome.second.verdict.findings == ()
    assert outcome.loan.state is LoanState.RELEASED
    assert outcome.loan.approval is not None or outcome.loan.decision is not None
    assert {step.by for step in told} == {
        "customs/officer", "safe/officer", "eximbank/maker", "eximbank/checker", "tradebank/maker", "tradebank/checker",
    }  # fmt: skip


async def test_a_ledger_on_which_the_case_was_walked_refuses_a_second_walk(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path / 'demo.db'}"
    await run(lambda who: connect(url, who), papers_folder(), lambda told: None)
    with pytest.raises(FabricError):
        await run(lambda who: connect(url, who), papers_folder(), lambda told: None)


@pytest.mark.parametrize("day", [datetime(2027, 2, 28, tzinfo=UTC), datetime(2031, 12, 31, 16, 30, tzinfo=UTC)])
def test_the_case_is_the_same_on_any_later_day(day: datetime, tmp_path: Path) -> None:
    clock = ManualClock(day)

    async def walk() -> None:
        network = exim_ledger(tmp_path / "later.db", clock=clock)
        outcome = await run(network.connect, papers_folder(), lambda told: None)
        assert outcome.second.verdict.findings == ()
        await network.finish()
        network.close()

    asyncio.run(walk())
    assert issubclass(Refused, FabricError)
