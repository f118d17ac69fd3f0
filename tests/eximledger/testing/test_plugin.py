"""The pytest plugin's fixtures, as a bank's own tests would use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from eximledger.testing import LedgerNetwork, ManualClock
from eximledger.testing.plugin import exim_network, exim_network_factory

__all__ = ["exim_network", "exim_network_factory"]  # the plugin's own, wherever it is not installed as one


async def test_a_network_is_ready_with_its_consortium(exim_network: LedgerNetwork) -> None:
    bank, customs = exim_network.connect("eximbank/checker"), exim_network.connect("customs")
    assert bank.channels == ("bank", "customs", "fx")
    members = json.loads(await customs.evaluate("customs", "consortium:members"))
    assert {member["role"] for member in members} == {"bank", "customs", "fx-bureau"}


async def test_a_factory_makes_them_to_measure(
    exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    clock = ManualClock()
    network = exim_network_factory(tmp_path / "exim.db", strict=True, clock=clock)
    assert network.url == f"embedded:{tmp_path / 'exim.db'}"
    clock.advance(timedelta(hours=1))
    await network.connect("safe").evaluate("fx", "consortium:members")
    assert exim_network_factory().path != network.path
