"""Fixtures that pytest offers wherever eximledger is installed. Nothing is imported until a test asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from eximledger.testing import LedgerNetwork

__all__ = ["exim_network", "exim_network_factory"]


@pytest.fixture
def exim_network_factory() -> Iterator[Callable[..., LedgerNetwork]]:
    """Makes ledgers, each closed after the test: `exim_network_factory(path, strict=True, clock=ManualClock())`."""
    from eximledger.testing import LedgerNetwork as Network

    networks: list[LedgerNetwork] = []

    def make(*args: object, **kwargs: object) -> LedgerNetwork:
        networks.append(Network(*args, **kwargs))  # type: ignore[arg-type]  # LedgerNetwork checks its own arguments
        return networks[-1]

    yield make
    for network in networks:
        network.close()


@pytest.fixture
def exim_network(exim_network_factory: Callable[..., LedgerNetwork]) -> LedgerNetwork:
    """The default consortium on a new ledger in memory."""
    return exim_network_factory()
