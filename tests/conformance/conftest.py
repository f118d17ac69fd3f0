"""The conformance suite's fixtures: a network for every test, and connections to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.conformance.fabric import ProbeNetwork, fresh_probe, probe_consortium, running_probes
from tests.conformance.hfc import HfcProvider, hfc_environment, is_of_every_run
from tests.conformance.providers import PROVIDERS, ConformanceNetwork, Connect

from hlf_client import Ledger
from hlf_client.hfc import Environment
from hlf_network.testing import missing_for

ON_FABRIC = pytest.mark.fabric
FABRIC = pytest.param("fabric", marks=ON_FABRIC)
HFC = pytest.param("hfc", marks=ON_FABRIC)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to `make test-hfc` what every run need not try through hfc, too."""
    left = [item for item in items if _is_through_hfc(item) and not is_of_every_run(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _is_through_hfc(item: pytest.Item) -> bool:
    return (
        isinstance(item, pytest.Function)
        and getattr(item, "callspec", None) is not None
        and (item.callspec.params.get("ledger_network") == "hfc")
    )


@pytest.fixture(scope="session")
def fabric_probes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProbeNetwork]:
    """Real Fabric, once for the session."""
    name = "exim-shim-suite"
    if reason := missing_for(probe_consortium(name)):
        pytest.skip(reason)
    with running_probes(name, tmp_path_factory.mktemp("suite")) as probes:
        yield probes


@pytest.fixture(scope="session")
def hfc_home(request: pytest.FixtureRequest) -> Environment:
    return hfc_environment(request.config)


@pytest.fixture(params=[*sorted(PROVIDERS), FABRIC, HFC])
async def ledger_network(request: pytest.FixtureRequest) -> AsyncIterator[ConformanceNetwork]:
    """A network with the probe on every channel, its state empty for every test."""
    if request.param == "hfc":
        environment = request.getfixturevalue("hfc_home")
        async with fresh_probe(request.getfixturevalue("fabric_probes")) as probe:
            yield HfcProvider(probe, environment)
    elif request.param == "fabric":
        async with fresh_probe(request.getfixturevalue("fabric_probes")) as probe:
            yield probe
    else:
        async with PROVIDERS[request.param]() as network:
            yield network


@pytest.fixture
async def connect(ledger_network: ConformanceNetwork) -> AsyncIterator[Connect]:
    """Opens connections; all are closed after the test."""
    opened: list[Ledger] = []

    def open_as(identity: str) -> Ledger:
        opened.append(ledger_network.connect(identity))
        return opened[-1]

    yield open_as
    for ledger in opened:
        await ledger.close()


@pytest.fixture
def exim(connect: Connect) -> Ledger:
    """Eximbank's maker."""
    return connect("eximbank")


@pytest.fixture
def trade(connect: Connect) -> Ledger:
    """Tradebank's maker."""
    return connect("tradebank")


@pytest.fixture
def safe(connect: Connect) -> Ledger:
    """SAFE's officer."""
    return connect("safe")
