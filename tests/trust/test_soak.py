"""The main job on real Fabric at steady load, with nodes failing one after the other: nothing fails, nothing grows.

`make soak` runs it for half an hour (EXIM_SOAK_SECONDS), `make trust` for seconds; what fails under load test_faults.py
tries at every commit.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Iterator, Mapping

import pytest
from rich.console import Console
from rich.table import Table
from tests.trust.exports import today_in_china
from tests.trust.faults import Fault, Strike, Targets
from tests.trust.fields import Field, field_on_fabric
from tests.trust.invariants import assert_acknowledged, assert_held_by_loans, assert_held_once
from tests.trust.load import Connect, Load
from tests.trust.memory import Growth, Memory

from eximledger.desk import LoanDesk
from eximledger_chaincode.lending.loan import LoanState
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine

pytestmark = [
    pytest.mark.fabric,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.keys() & {"EXIM_TRUST", "EXIM_SOAK_SECONDS"}, reason="make soak, make trust"),
]

SECONDS = float(os.environ.get("EXIM_SOAK_SECONDS", "4"))
CLIENTS = 4
WARM_UP = 1 / 3
"""Of the time: caches fill, allocators take what they will reuse."""
MAY_GROW_BY = 24.0
"""MiB from the end of the warm-up to the end, by the trend of the samples. A leak of 1 KiB in a call exceeds it in half
an hour of this load."""
BETWEEN_STRIKES = 20.0
BETWEEN_SAMPLES = 2.0
STRUCK_FOR = 3.0


def strikes_of(targets: Targets) -> list[Strike]:
    """What may happen in a soak: anything, but of the chaincode servers only customs' is killed. The others live on, so
    that their memory tells something."""
    return [
        Strike(target, fault)
        for target in targets.all
        for fault in Fault
        if fault is not Fault.KILLED or target.kind != "chaincode" or target.organization == "customs"
    ]


async def test_under_steady_load_and_faults_no_case_fails_and_memory_stays_flat(
    fabric: Network, targets: Targets, seed: int, serials: Iterator[int]
) -> None:
    servers = {
        target.container: str(target)
        for target in targets.all
        if target.kind == "chaincode" and target.organization != "customs"
    }
    engine = Engine.connect(fabric.consortium.name)
    memory, begun = Memory(engine, servers), time.monotonic()
    try:
        async with field_on_fabric(fabric) as field:
            async with Load(field.connect, CLIENTS, serials) as load:
                struck = await soak(load, field.connect, memory, targets, random.Random(seed))
            print_report(load, struck, memory.growth(WARM_UP), time.monotonic() - begun)
            await assert_all_is_well(field, load)
    finally:
        engine.close()
    for name, growth in memory.growth(WARM_UP).items():
        assert growth.total < MAY_GROW_BY, f"{name} grows: {growth}"


async def soak(load: Load, connect: Connect, memory: Memory, targets: Targets, chance: random.Random) -> list[Strike]:
    """Strike one node after the other until the time is over; after each SAFE opens the business day anew, so that what
    is under way has to be endorsed again."""
    end, struck = time.monotonic() + SECONDS, list[Strike]()
    safe = LoanDesk(connect("safe"))
    sampling = asyncio.create_task(_sample(memory))
    try:
        while time.monotonic() < end:
            strike = chance.choice(strikes_of(targets))
            async with targets.struck(strike):
                await load.until(lambda: False, STRUCK_FOR)
            struck.append(strike)
            await load.told.insist("open day", lambda: safe.open_day(today_in_china()))
            await load.until(lambda: time.monotonic() > end, BETWEEN_STRIKES)
    finally:
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
    return struck


async def _sample(memory: Memory) -> None:
    while True:
        await asyncio.to_thread(memory.sample)
        await asyncio.sleep(BETWEEN_SAMPLES)


async def assert_all_is_well(field: Field, load: Load) -> None:
    """Every loan came to its end, once, and holds nothing."""
    assert load.finished >= CLIENTS
    assert set(load.told.states.values()) == {LoanState.CLOSED}
    await field.settle()
    safe = LoanDesk(field.connect("safe"))
    await assert_acknowledged(safe, load.told.states)
    await assert_held_once(safe, load.numbers, promised=())
    await assert_held_by_loans(safe, load.numbers)


def print_report(load: Load, struck: list[Strike], growths: Mapping[str, Growth], seconds: float) -> None:
    title = (
        f"{load.finished} loans in {seconds:.0f} s, {60 * load.finished / seconds:.0f} a minute; {len(struck)} strikes"
    )
    table = Table(title=title, title_justify="left", box=None)
    for heading in ("memory of", "after warm-up", "at the end", "grows by", "may by"):
        table.add_column(heading, justify="left" if heading == "memory of" else "right")
    for name, growth in growths.items():
        grown = f"{growth.per_minute:+.2f} MiB/min, {growth.total:+.1f}"
        table.add_row(name, f"{growth.first:.1f} MiB", f"{growth.last:.1f} MiB", grown, f"{MAY_GROW_BY:.0f}")
    console = Console(width=120)
    console.print(table)
    console.print(f"struck: {', '.join(map(str, struck))}")
    console.print(str(load.told))
