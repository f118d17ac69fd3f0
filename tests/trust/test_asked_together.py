"""Keys that a chaincode server asks for together, by what it has learnt: as many reads, whatever it has learnt."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.trust.exports import Export, exporter, today_in_china
from tests.trust.fields import EXPORTERS, field_of_embedded
from tests.trust.load import Officers, Told, lend

from eximledger.desk import Retry
from eximledger.testing import LedgerNetwork
from hlf_chaincode.contract import Chaincode, Context
from hlf_chaincode.stub import LedgerStub


@pytest.mark.parametrize("seed", range(3))
async def test_a_peer_that_has_learnt_and_one_that_has_not_read_the_same(
    seed: int, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each simulation, and each call of another channel, by a server that has or has not just been started. A strict
    ledger refuses what its endorsers have read differently, and nothing is tried twice here."""
    chance, genuine = random.Random(seed), Chaincode._context

    def sometimes_new(self: Chaincode, stub: LedgerStub, function: str) -> Context:
        context = genuine(self, stub, function)
        return replace(context, hints={}) if chance.random() < 0.5 else context

    strict = partial(exim_network_factory, strict=True)
    field = await field_of_embedded(strict, tmp_path / "ledger.db")
    monkeypatch.setattr(Chaincode, "_context", sometimes_new)
    told = Told()
    for serial in range(1, 4):
        export = Export(serial, exporter(serial % EXPORTERS), today_in_china())
        officers = Officers.of("eximbank", field.connect, Retry(attempts=1))
        await lend(officers, export, f"L-{serial}", told)
    assert not told.failures
    await field.assert_sound()


async def test_what_was_learnt_of_another_ledger_decides_nothing(
    exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a network is made anew and a server goes on running."""
    genuine = Chaincode._context

    def from_elsewhere(self: Chaincode, stub: LedgerStub, function: str) -> Context:
        context = genuine(self, stub, function)
        return replace(context, hints=dict.fromkeys(context.hints, b"\x01" * 32))

    strict = partial(exim_network_factory, strict=True)
    field = await field_of_embedded(strict, tmp_path / "ledger.db")
    monkeypatch.setattr(Chaincode, "_context", from_elsewhere)
    told = Told()
    officers = Officers.of("eximbank", field.connect, Retry(attempts=1))
    await lend(officers, Export(1, exporter(1), today_in_china()), "L-1", told)
    assert not told.failures
    await field.assert_sound()
