"""`network up`, then the Dongyu case on it: what `make demo-fabric` does."""

from __future__ import annotations

import pytest
from tests.dongyu import DONGYU

from eximledger import connect
from eximledger.demo import run
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.rules import Decision
from hlf_network.driver import Network

pytestmark = [pytest.mark.fabric, pytest.mark.xdist_group("fabric")]


@pytest.fixture(scope="module")
def network(fabric_network: object) -> Network:
    """What the pytest plugin gives every user: the default consortium with our contracts in containers."""
    assert isinstance(fabric_network, Network)
    return fabric_network


def test_the_contracts_know_every_member(network: Network) -> None:
    assert network.up().changes == ()


async def test_the_dongyu_case_runs_on_the_network_that_one_command_brings_up(network: Network) -> None:
    profiles = network.layout.root / "profiles"
    outcome = await run(lambda who: connect(profiles, who), DONGYU, lambda told: None)
    assert outcome.first.verdict.verdict is Decision.REJECT
    assert {"BALANCE", "DUP-EXACT"} <= {finding.rule for finding in outcome.first.verdict.findings}
    assert outcome.second.verdict.findings == ()
    assert outcome.loan.state is LoanState.CLOSED
    assert all(not balance.held.amount for balance in outcome.balances)
