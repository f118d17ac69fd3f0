"""`network up`, then both cases on it: what `make demo-fabric` does, and `demo --case packing` after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.dongyu import DONGYU

from eximledger import connect
from eximledger.demo import PACKING, Told, run, run_packing, write_papers
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Decision
from hlf_client import utc_now
from hlf_network.driver import Network

pytestmark = [pytest.mark.fabric, pytest.mark.xdist_group("fabric")]


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
