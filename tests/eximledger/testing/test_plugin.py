"""The pytest plugin's fixtures, as a bank's own tests would use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork, ManualClock
from eximledger.testing.plugin import exim_network, exim_network_factory
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import NotAuthorized

__all__ = ["exim_network", "exim_network_factory"]  # the plugin's own, wherever it is not installed as one


async def test_a_network_is_ready_with_its_consortium(exim_network: LedgerNetwork) -> None:
    bank, customs = exim_network.connect("eximbank/checker"), exim_network.connect("customs")
    assert bank.channels == ("bank", "customs", "fx")
    members = json.loads(await customs.evaluate("customs", "consortium:members"))
    assert {member["role"] for member in members} == {"bank", "customs", "fx-bureau"}


async def test_the_business_day_of_the_clock_is_open(exim_network_factory: Callable[..., LedgerNetwork]) -> None:
    clock = ManualClock()
    network = exim_network_factory(clock=clock)
    day = await LoanDesk(network.connect("eximbank")).business_day()
    assert (day.day, day.opening, day.opened_by.name) == (day_in_china(clock()), 1, "officer@safe")


async def test_a_later_day_is_opened_by_safe_alone(exim_network_factory: Callable[..., LedgerNetwork]) -> None:
    clock = ManualClock()
    network = exim_network_factory(clock=clock)
    clock.advance(timedelta(days=11))
    later = day_in_china(clock())
    with pytest.raises(NotAuthorized, match="fx-bureau"):
        await LoanDesk(network.connect("eximbank/admin")).open_day(later)
    opened = await LoanDesk(network.connect("safe")).open_day(later)
    assert (opened.day, opened.opening) == (later, 2)


async def test_a_factory_makes_them_to_measure(
    exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    clock = ManualClock()
    network = exim_network_factory(tmp_path / "exim.db", strict=True, clock=clock)
    assert network.url == f"embedded:{tmp_path / 'exim.db'}"
    clock.advance(timedelta(hours=1))
    await network.connect("safe").evaluate("fx", "consortium:members")
    assert exim_network_factory().path != network.path
