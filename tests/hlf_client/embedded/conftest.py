"""Fixtures of the embedded ledger's own tests: the probe chaincode on the default consortium, in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, open_network

from eximledger.testing import LedgerNetwork
from hlf_client.embedded import Clock, utc_now


@pytest.fixture
def opener() -> Iterator[Opener]:
    """Opens the ledger in a file, as often as asked; all are closed after the test."""
    opened: list[LedgerNetwork] = []

    def make(path: Path | None = None, *, strict: bool = False, clock: Clock = utc_now) -> LedgerNetwork:
        opened.append(open_network(path, strict=strict, clock=clock))
        return opened[-1]

    yield make
    for network in opened:
        network.close()


@pytest.fixture
def network(opener: Opener, tmp_path: Path) -> LedgerNetwork:
    """A new ledger in a file."""
    return opener(tmp_path / "exim.db")
