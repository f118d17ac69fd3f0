"""`network up`, then both cases on it, as `make demo-fabric` and `demo --case packing` do; and a mirror of both."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.dongyu import DONGYU
from tests.eximledger.mirror.rows import rows_of

from eximledger import connect
from eximledger.attachments import FolderStore
from eximledger.demo import PACKING, Told, run, run_packing, write_papers
from eximledger.desk import LoanDesk
from eximledger.mirror import Mirror, MirrorReader, open_database
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Decision
from hlf_client import utc_now
from hlf_client.errors import NotFound
from hlf_network.driver import Network

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.fabric


@pytest.fixture(scope="module")
def network(fabric_network: object) -> Network:
    """What the pytest plugin gives every user: the default consortium with our contracts in containers."""
    assert isinstance(fabric_network, Network)
    return fabric_network


def test_the_contracts_know_every_member(network: Network) -> None:
    assert network.up().changes == ()


async def test_both_cases_run_on_the_network_that_one_command_brings_up(network: Network, tmp_path: Path) -> None:
    profiles, authority, told = network.layout.root / "profiles", tmp_path / "authority", list[Told]()
    outcome = await run(lambda who: connect(profiles, who), DONGYU, told.append, authority=authority)
    assert outcome.first.verdict.verdict is Decision.REJECT
    assert {"BALANCE", "DUP-EXACT"} <= {finding.rule for finding in outcome.first.verdict.findings}
    assert outcome.second.verdict.findings == ()
    assert outcome.loan.state is LoanState.CLOSED
    assert all(not balance.held.amount for balance in outcome.balances)
    papers = write_papers(tmp_path / "papers", day_in_china(utc_now()), PACKING)
    outcome = await run_packing(lambda who: connect(profiles, who), papers, told.append, authority=authority)
    assert [report.verdict.verdict for report in (outcome.first, outcome.second)] == [Decision.APPROVE] * 2
    assert (outcome.loan.state, outcome.loan.holds) == (LoanState.CLOSED, False)
    assert "runs the exporters' authority of an earlier case still" in [step.what.en for step in told]


async def test_a_mirror_of_the_network_has_what_the_desk_answers(network: Network, tmp_path: Path) -> None:
    profiles = network.layout.root / "profiles"
    for member, bank in (("eximbank", ""), ("safe", "EximbankMSP")):
        engine = open_database(f"sqlite:///{tmp_path / member}.db")
        async with connect(profiles, member) as ledger:
            await Mirror(ledger, engine).catch_up()
            loan = await LoanDesk(ledger).loan("DY-2026-001", bank=bank)
            history = await LoanDesk(ledger).loan_history("DY-2026-001", bank=bank)
            heights = {channel: (await ledger.channel_info(channel)).height for channel in ledger.channels}
        reader = MirrorReader(engine)
        assert Loan.model_validate_json(reader.loan_body("EximbankMSP", "DY-2026-001")) == loan
        steps = reader.loan_steps("EximbankMSP", "DY-2026-001")
        assert [each.transaction_id for each in reversed(steps)] == [each.transaction_id for each in history]
        assert {each.by.name.partition("@")[0] for each in steps} == {"maker", "checker"}
        assert {each.channel: (each.height, each.awaited) for each in reader.status()} == {
            channel: (height, 0) for channel, height in heights.items()
        }
        engine.dispose()


async def test_a_mirror_of_the_network_that_is_killed_has_all_of_it(network: Network, tmp_path: Path) -> None:
    profiles, killed = network.layout.root / "profiles", f"sqlite:///{tmp_path / 'killed.db'}"
    command = [sys.executable, "-m", "tests.eximledger.mirror.mortal", str(profiles), killed, "10", "7"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: ASYNC221  # nothing else is awaited
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["killed"] == 10
    engines = [open_database(killed), open_database(f"sqlite:///{tmp_path / 'fresh.db'}")]
    async with connect(profiles, "eximbank") as ledger:
        for engine in engines:
            await Mirror(ledger, engine).catch_up()
    survived, fresh = map(rows_of, engines)
    assert survived == fresh
    for engine in engines:
        engine.dispose()


async def test_a_scan_is_attached_to_a_paper_of_the_network_and_no_other_bank_has_it(
    network: Network, tmp_path: Path
) -> None:
    profiles, scan = network.layout.root / "profiles", b"%PDF-1.7\n% a scan without text\n%%EOF\n"
    store = FolderStore(tmp_path / "scans")
    async with connect(profiles, "eximbank") as ledger, connect(profiles, "tradebank") as other:
        desk = LoanDesk(ledger, attachments=store)
        attached = await desk.attach("invoice", "DY-CI-260401-05", "scan.pdf", scan)
        assert await desk.attach("invoice", "DY-CI-260401-05", "scan.pdf", scan) == attached
        assert await desk.attachments("invoice", "DY-CI-260401-05") == [attached]
        assert await desk.attachment("invoice", "DY-CI-260401-05", "scan.pdf") == (attached, scan)
        with pytest.raises(NotFound):
            await LoanDesk(other, attachments=store).attachments("invoice", "DY-CI-260401-05")
