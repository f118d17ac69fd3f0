"""The conformance suite's fixtures: a network for every test, and connections to it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.conformance.providers import PROVIDERS, ConformanceNetwork, Connect  # noqa: E402

from eximledger.ledger import Ledger  # noqa: E402


@pytest.fixture(params=sorted(PROVIDERS))
async def ledger_network(request: pytest.FixtureRequest) -> AsyncIterator[ConformanceNetwork]:
    """A network with the probe on every channel, new for every test."""
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
