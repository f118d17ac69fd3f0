"""Peers, orderers and chaincode servers killed, paused and cut off under load: what was acknowledged is there."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from tests.trust.faults import Fault, Strike, Targets, legal_pairs
from tests.trust.fields import EXPORTERS, field_on_fabric
from tests.trust.invariants import assert_acknowledged, assert_held_by_loans, assert_held_once
from tests.trust.load import Load

from eximledger.desk import LoanDesk
from eximledger_chaincode.lending.loan import LoanState
from hlf_network.driver import Network

pytestmark = [pytest.mark.fabric, pytest.mark.slow]

CALLS_UNDER_FIRE = 6
"""Of each client, before what was struck is mended; a fault that stops them all is mended after LONGEST seconds."""
LONGEST = 2.5


def strikes_of(targets: Targets, chance: random.Random, *, is_long: bool) -> list[tuple[Strike, ...]]:
    """Every fault of every container, and every legal pair of containers with faults by chance; or one of each."""
    singles = [(Strike(target, fault),) for target in targets.all for fault in Fault]
    pairs = [tuple(Strike(one, chance.choice(list(Fault))) for one in pair) for pair in legal_pairs(targets.all)]
    if is_long:
        return [*singles, *pairs]
    return [chance.choice(singles), chance.choice(pairs)]


async def test_nothing_acknowledged_is_lost_and_nothing_done_twice_when_nodes_fail(
    fabric: Network, targets: Targets, is_long: bool, seed: int, serials: Iterator[int]
) -> None:
    chance = random.Random(seed)
    async with field_on_fabric(fabric) as field:
        async with Load(field.connect, EXPORTERS if is_long else 2, serials) as load:
            await load.until_everyone_moves()
            for strikes in strikes_of(targets, chance, is_long=is_long):
                await strike(load, targets, strikes)
        assert set(load.told.states.values()) == {LoanState.CLOSED}
        await field.settle()
        safe = LoanDesk(field.connect("safe"))
        await assert_acknowledged(safe, load.told.states)
        await assert_held_once(safe, load.numbers, promised=())
        await assert_held_by_loans(safe, load.numbers)
        print(f"{load.finished} loans went through; {load.told}")  # noqa: T201


async def strike(load: Load, targets: Targets, strikes: tuple[Strike, ...]) -> None:
    """Under fire for some calls, or some seconds where nobody gets an answer; then until everyone works again."""
    calls, begun = load.told.calls, time.monotonic()
    async with targets.struck(*strikes):
        await load.until(lambda: load.told.calls > calls + CALLS_UNDER_FIRE * load.clients, LONGEST)
    mended = time.monotonic()
    await load.until_everyone_moves()
    print(  # noqa: T201
        f"{', '.join(map(str, strikes))}: {mended - begun:.1f} s, "
        f"{time.monotonic() - mended:.1f} s until every client had finished another loan"
    )
