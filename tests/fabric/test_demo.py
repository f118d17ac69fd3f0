"""`eximledger network up`, then the Dongyu case on it: what `make demo-fabric` does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eximledger.demo import papers_folder, run
from eximledger.ledger import connect
from eximledger_chaincode.contracts.loan import LoanState
from eximledger_chaincode.rules import Decision
from eximledger_network.consortium import default_consortium
from eximledger_network.driver import Network
from eximledger_network.testing import missing_for, running_network

pytestmark = [pytest.mark.fabric, pytest.mark.xdist_group("fabric")]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The default consortium with our contracts in containers, as an operator gets it."""
    consortium = default_consortium().model_copy(update={"name": "exim-demo-test"})
    reason = missing_for(consortium)
    if reason:
        pytest.skip(reason)
    with running_network(consortium, tmp_path_factory.mktemp("demo")) as network:
        yield network


def test_the_contracts_know_every_member(network: Network) -> None:
    assert network.up().changes == ()


async def test_the_dongyu_case_runs_on_the_network_that_one_command_brings_up(network: Network) -> None:
    profiles = network.layout.root / "profiles"
    outcome = await run(lambda who: connect(profiles, who), papers_folder(), lambda told: None)
    assert outcome.first.verdict.verdict is Decision.REJECT
    assert {"BALANCE", "DUP-EXACT"} <= {finding.rule for finding in outcome.first.verdict.findings}
    assert outcome.second.verdict.findings == ()
    assert outcome.loan.state is LoanState.RELEASED
    assert all(not balance.held.amount for balance in outcome.balances)
