"""Who writes takes turns: nobody is overtaken by one who has just written, and who waits does not wait for ever."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member
from tests.hlf_client.embedded.test_crash import environment

from hlf_client.embedded import verify_file
from hlf_client.embedded.committing import committer
from hlf_client.embedded.committing.turns import PLACES, Turns
from hlf_client.errors import LedgerUnavailable


async def test_who_has_written_stands_behind_who_waits(tmp_path: Path) -> None:
    busy, other = Turns(tmp_path), Turns(tmp_path)
    order: list[str] = []
    await busy.take(10)

    async def wait() -> None:
        await other.take(10)
        order.append("other")
        other.give()

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0.1)  # it stands next to the writer now
    busy.give()
    await busy.take(10)
    order.append("busy")
    busy.give()
    await waiting
    assert order == ["other", "busy"]


async def test_many_loops_and_turns_exclude_one_another(tmp_path: Path) -> None:
    inside = 0
    counts = [0] * 4

    async def work(number: int) -> None:
        nonlocal inside
        turns = Turns(tmp_path)
        for _ in range(15):
            await turns.take(30)
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.001)
            inside -= 1
            counts[number] += 1
            turns.give()

    await asyncio.gather(*map(work, range(4)))
    assert counts == [15] * 4


@pytest.mark.parametrize("place", PLACES)
async def test_a_wait_ends_and_what_comes_after_it_is_let_go(tmp_path: Path, place: str) -> None:
    from hlf_client._file_lock import lock

    held = os.open(tmp_path / place, os.O_RDWR | os.O_CREAT)
    lock(held)
    turns = Turns(tmp_path)
    with pytest.raises(TimeoutError):
        await turns.take(0.1)
    os.close(held)
    again = Turns(tmp_path)
    await again.take(10)  # the wait that was given up holds nothing
    again.give()
    await turns.take(10)
    turns.give()


async def test_a_writer_that_never_ends_is_said(
    tmp_path: Path, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = as_member(opener(tmp_path / "exim.db"))
    monkeypatch.setattr(committer, "_LOCK_DEADLINE", 0.2)
    other = Turns(tmp_path / "exim.db.msp")
    await other.take(10)
    with pytest.raises(LedgerUnavailable, match="another process is writing"):
        await ledger.submit("bank", "state:put", "a", "1")
    other.give()
    await ledger.submit("bank", "state:put", "a", "1")


async def test_without_a_folder_for_them_there_are_no_turns(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "nowhere")
    await turns.take(1)
    turns.give()


HOLDER = """
import asyncio, sys
from pathlib import Path
from hlf_client.embedded.committing.turns import Turns
async def main():
    await Turns(Path(sys.argv[1])).take(10)
    print("has it", flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


async def test_a_killed_writers_turn_is_over(tmp_path: Path, opener: Opener) -> None:
    ledger = as_member(opener(tmp_path / "exim.db"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(tmp_path / "exim.db.msp"), stdout=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"has it\n"
    waiting = asyncio.create_task(ledger.submit("bank", "state:put", "a", "1"))
    done, _ = await asyncio.wait({waiting}, timeout=0.2)
    assert not done
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert (await waiting).block_number == 1


@pytest.mark.slow
async def test_of_several_busy_processes_none_starves_and_nothing_acknowledged_is_lost(
    tmp_path: Path, opener: Opener
) -> None:
    from tests.hlf_client.embedded.test_crash import killed_after

    path = tmp_path / "exim.db"
    opener(path).close()
    acknowledged = await asyncio.gather(*(killed_after(path, f"p{n}", 30, 0.05) for n in range(3)))
    report = verify_file(path)
    assert report.is_good, report.problems
    ledger = as_member(opener(path), "safe")
    for key in (key for keys in acknowledged for key in keys):
        private = int(key.rsplit("-", 1)[1]) % 3 == 0
        call = ("private:get", "exim-safe", key) if private else ("state:get", key)
        assert await ledger.evaluate("bank", *call) == f'"{key}"'.encode()
