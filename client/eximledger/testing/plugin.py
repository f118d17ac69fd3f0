"""Fixtures that pytest offers wherever eximledger is installed. Nothing is imported until a test asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from eximledger.testing import LedgerNetwork

__all__ = ["exim_network", "exim_network_factory", "fabric_network"]


@pytest.fixture
def exim_network_factory() -> Iterator[Callable[..., LedgerNetwork]]:
    """Makes ledgers, each closed after the test: `exim_network_factory(path, strict=True, clock=ManualClock())`."""
    from eximledger.testing import exim_ledger

    networks: list[LedgerNetwork] = []

    def make(*args: object, **kwargs: object) -> LedgerNetwork:
        networks.append(exim_ledger(*args, **kwargs))  # type: ignore[arg-type]  # it checks its own arguments
        return networks[-1]

    yield make
    for network in networks:
        network.close()


@pytest.fixture
def exim_network(exim_network_factory: Callable[..., LedgerNetwork]) -> LedgerNetwork:
    """The default consortium on a new ledger in memory, its business day open."""
    return exim_network_factory()


@pytest.fixture(scope="session")
def fabric_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The default consortium with our contracts on real Fabric, once for the session: an `hlf_network.Network`.

    Its profiles are in `fabric_network.layout.root / "profiles"`, which `eximledger.connect` opens. Skips with the
    reason where the extra `testing`, a Docker engine or an image is missing; nothing is ever pulled for a test. The
    containers belong to the session of testcontainers, whose reaper takes them away should the tests be killed.
    """
    # By name, when it is asked for: the client does not depend on the driver.
    missing = "needs pip install 'eximledger[testing]'"
    driver, testing = (
        pytest.importorskip(name, reason=missing) for name in ("eximledger_network", "hlf_network.testing")
    )
    consortium = driver.default_consortium().model_copy(update={"name": "exim-pytest"})
    reason = testing.missing_for(consortium)
    if reason:
        pytest.skip(reason)
    with testing.running_network(consortium, tmp_path_factory.mktemp("fabric")) as network:
        yield network
