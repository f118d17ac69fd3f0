"""The scenarios' network, once for the session, and connections to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from tests.fabric.gateway.faults import Faults
from tests.fabric.gateway.network import ScenarioNetwork, running_scenarios, scenario_consortium

from hlf_client.gateway import GatewayLedger
from hlf_network.testing import missing_for

NAME = "exim-scenarios"


@pytest.fixture(scope="session")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScenarioNetwork]:
    """Three organisations that have found each other."""
    consortium = scenario_consortium(NAME)
    if reason := missing_for(consortium):
        pytest.skip(reason)
    with running_scenarios(consortium, tmp_path_factory.mktemp("scenarios")) as scenarios:
        yield scenarios


@pytest.fixture
async def connect(scenarios: ScenarioNetwork) -> AsyncIterator[Callable[..., GatewayLedger]]:
    """`ScenarioNetwork.connect`, closed after the test."""
    opened: list[GatewayLedger] = []

    def connected(organization: str, **options: object) -> GatewayLedger:
        opened.append(scenarios.connect(organization, **options))  # type: ignore[arg-type]  # passed on as they come
        return opened[-1]

    yield connected
    for ledger in opened:
        await ledger.close()


@pytest.fixture
def org1(connect: Callable[..., GatewayLedger]) -> GatewayLedger:
    """Organisation 1's user."""
    return connect("org1")


@pytest.fixture
def org2(connect: Callable[..., GatewayLedger]) -> GatewayLedger:
    """Organisation 2's user."""
    return connect("org2")


@pytest.fixture
def org3(connect: Callable[..., GatewayLedger]) -> GatewayLedger:
    """Organisation 3's user."""
    return connect("org3")


@pytest.fixture
async def faults(scenarios: ScenarioNetwork) -> AsyncIterator[Faults]:
    """Mended after the test."""
    faults = Faults(scenarios)
    yield faults
    await faults.mend()
