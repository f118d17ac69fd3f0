"""Connecting: the event loop goes on while a file is founded or opened, once, whoever else asks, gives up or fails."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conformance.providers import PROBED
from tests.hlf_client.embedded.test_crash import environment

from eximledger import connect
from eximledger.consortium import EXIM
from hlf_client import connect as connect_any
from hlf_client.embedded import HostedConsortium, verify_file
from hlf_client.errors import LedgerUnavailable, NotAuthorized

CREATE = "hlf_client.embedded._opening.create"
BOUND = 0.25
"""Seconds that the event loop may stand still."""

IMPORTING = """
import asyncio, sys, threading
import eximledger

class Watch:
    found = []
    def find_spec(self, name, path=None, target=None):
        self.found.append((threading.current_thread() is threading.main_thread(), name))

async def main(url):
    connect = eximledger.connect
    sys.meta_path.insert(0, Watch())
    async with connect(url, "eximbank") as ledger:
        await ledger.channel_info("bank")
    print(*(name for on_loop, name in Watch.found if on_loop))
    assert (False, "eximledger_chaincode.contracts.loans") in Watch.found

asyncio.run(main(sys.argv[1]))
"""


async def imported_on_the_loop(url: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORTING, url, stdout=subprocess.PIPE, env=environment()
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().split()


def heavy(modules: list[str]) -> list[str]:
    embedded = {f"hlf_client.embedded.{name}" for name in ("_ledger", "_network", "_opening")}
    known = {*embedded, "pycountry", "google.protobuf"}
    return [name for name in modules if name in known or name.startswith("eximledger_chaincode.")]


@pytest.mark.slow
async def test_contracts_are_imported_off_the_event_loop(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path / 'exim.db'}"
    assert heavy(await imported_on_the_loop(url)) == []  # a new file
    assert heavy(await imported_on_the_loop(url)) == []  # that file again


async def turns() -> None:
    """Let whatever can go on do so, as far as it goes."""
    for _ in range(10):
        await asyncio.sleep(0)


async def longest_gap(url: str) -> float:
    """How long the event loop stood still while a ledger was connected to."""
    longest, last, done = 0.0, time.perf_counter(), asyncio.Event()

    async def tick() -> None:
        nonlocal longest, last
        while not done.is_set():
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    async with connect(url, "eximbank") as ledger:
        await ledger.channel_info("bank")
    done.set()
    await ticking
    return longest


async def test_the_event_loop_goes_on_while_a_ledger_is_founded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that takes its time; more than once where others use the machine."""
    fsync = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(0.05)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    gaps: list[float] = []
    for number in range(5):
        gaps.append(await longest_gap(f"embedded:{tmp_path / f'{number}.db'}"))
        if gaps[-1] < BOUND:
            return
    pytest.fail(f"the event loop stood still for {gaps} seconds")


@dataclass
class Gate:
    """Holds a founding back until it is opened, and counts foundings."""

    begun: threading.Event
    go: threading.Event
    times: int = 0


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    held = Gate(threading.Event(), threading.Event())
    from hlf_client.embedded._founding import create

    def wait_and_create(*args: object) -> None:
        held.times += 1
        held.begun.set()
        assert held.go.wait(30)
        create(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(CREATE, wait_and_create)
    return held


async def begun(gate: Gate) -> None:
    assert await asyncio.to_thread(gate.begun.wait, 30)


async def test_connect_returns_before_the_ledger_is_there(tmp_path: Path, gate: Gate) -> None:
    ledger = connect(f"embedded:{tmp_path / 'exim.db'}", "eximbank")
    asking = asyncio.create_task(ledger.evaluate("bank", "consortium:members"))
    await begun(gate)
    await asyncio.sleep(0)
    assert not asking.done()
    gate.go.set()
    assert len(json.loads(await asking)) == 4
    assert ledger.msp_id == "EximbankMSP"
    await ledger.close()


async def test_the_properties_wait_when_they_are_used_before(tmp_path: Path) -> None:
    ledger = connect(f"embedded:{tmp_path / 'exim.db'}", "eximbank")
    assert ledger.channels == ("bank", "customs", "fx")
    assert ledger.propose("bank", "consortium:members").channel == "bank"
    await ledger.close()


async def test_many_tasks_found_a_ledger_once(tmp_path: Path, gate: Gate) -> None:
    gate.go.set()
    url = f"embedded:{tmp_path / 'exim.db'}"

    async def use(identity: str) -> str:
        async with connect(url, identity) as ledger:
            return (await ledger.channel_info("bank")).last_hash

    assert len(set(await asyncio.gather(*(use(name) for name in ("eximbank", "safe", "tradebank") * 4)))) == 1
    assert gate.times == 1


async def test_threads_with_loops_of_their_own_found_a_ledger_once(tmp_path: Path, gate: Gate) -> None:
    gate.go.set()
    url = f"embedded:{tmp_path / 'exim.db'}"

    async def height() -> int:
        async with connect(url, "eximbank") as ledger:
            return (await ledger.channel_info("bank")).height

    found = await asyncio.gather(*(asyncio.to_thread(lambda: asyncio.run(height())) for _ in range(4)))
    assert (found, gate.times) == ([2] * 4, 1)


@pytest.mark.slow
async def test_processes_found_a_ledger_once(tmp_path: Path) -> None:
    path = tmp_path / "exim.db"
    await asyncio.gather(*(imported_on_the_loop(f"embedded:{path}") for _ in range(3)))
    report = verify_file(path)
    assert report.is_good, report.problems
    assert {channel.height for channel in report.channels} == {2}


async def test_who_gives_up_waiting_stops_nobody_else(tmp_path: Path, gate: Gate) -> None:
    url = f"embedded:{tmp_path / 'exim.db'}"
    patient = connect(url, "safe")
    waiting = asyncio.create_task(patient.channel_info("bank"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), connect(url, "eximbank"):
            pass
    impatient = asyncio.create_task(patient.channel_info("fx"))
    await begun(gate)
    impatient.cancel()
    gate.go.set()
    assert (await waiting).height == 2
    assert (await patient.channel_info("fx")).height == 2
    await patient.close()


async def test_closing_while_it_is_founded_leaves_a_whole_ledger(tmp_path: Path, gate: Gate) -> None:
    path = tmp_path / "exim.db"
    ledger = connect(f"embedded:{path}", "eximbank")
    await begun(gate)
    closing = asyncio.create_task(ledger.close())
    await turns()
    assert not closing.done()
    gate.go.set()
    await closing
    with pytest.raises(LedgerUnavailable, match="connect again"):
        await ledger.channel_info("bank")
    assert {channel.height for channel in verify_file(path).channels} == {2}


async def test_a_closing_that_is_given_up_still_closes(tmp_path: Path, gate: Gate) -> None:
    path = tmp_path / "exim.db"
    ledger = connect(f"embedded:{path}", "eximbank")
    await begun(gate)
    closing = asyncio.create_task(ledger.close())
    await turns()
    closing.cancel()
    gate.go.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    async with connect(f"embedded:{path}", "eximbank") as again:
        assert (await again.channel_info("bank")).height == 2


async def test_a_founding_that_fails_is_told_to_all_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"embedded:{tmp_path / 'exim.db'}"

    def fail(*_: object) -> None:
        raise LedgerUnavailable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(CREATE, fail)
        ledgers = [connect(url, "eximbank") for _ in range(3)]
        for ledger in ledgers:
            with pytest.raises(LedgerUnavailable, match="disk is full"):
                await ledger.channel_info("bank")
        await ledgers[0].close()
        with pytest.raises(LedgerUnavailable, match="disk is full"):
            async with ledgers[1]:
                pass
    async with connect(url, "eximbank") as ledger:
        assert (await ledger.channel_info("bank")).height == 2


async def test_who_is_not_in_the_definition_may_be_in_the_file(tmp_path: Path) -> None:
    """The file says who its members are; the consortium that connects knows fewer."""
    url = f"embedded:{tmp_path / 'exim.db'}"
    async with connect(url, "eximbank"):
        pass
    banks = EXIM.definition.organizations[:1]
    small = HostedConsortium(EXIM.definition.model_copy(update={"organizations": banks}), EXIM.chaincodes)
    async with connect_any(url, "safe/officer", chaincode="exim", consortium=small) as ledger:
        assert ledger.msp_id == "SafeMSP"
    with pytest.raises(NotAuthorized, match="there are customs, eximbank, safe, tradebank"):
        connect_any(url, "nobody", chaincode="exim", consortium=small)


async def test_events_that_are_asked_for_before_it_is_open_come(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path / 'exim.db'}"
    ledger = connect_any(url, "eximbank", chaincode="probe", consortium=PROBED)
    blocks = ledger.block_events("bank", start=0)
    async with asyncio.timeout(30):
        assert (await anext(blocks)).number == 0
    await ledger.close()
