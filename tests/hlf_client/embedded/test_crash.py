"""A SIGKILL at any moment loses nothing that was acknowledged, and leaves a file that verifies."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member

from hlf_client.embedded import verify_file

ROOT = Path(__file__).resolve().parents[3]

WRITER = """
import asyncio, itertools, os, sys
from pathlib import Path
from tests.hlf_client.embedded.probing import as_member, open_network

async def main(path, name):
    ledger = as_member(open_network(Path(path)))
    async def write(worker):
        for number in itertools.count():
            key = f"{name}-{worker}-{number}"
            if number % 3:
                await ledger.submit("bank", "state:put", key, key)
            else:
                await ledger.submit("bank", "private:put", "exim-safe", key, transient={"value": key.encode()})
            os.write(1, (key + "\\\\n").encode())  # acknowledged: the parent will ask for it
    await asyncio.gather(*(write(worker) for worker in range(4)))

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}


async def killed_after(path: Path, name: str, lines: int, pause: float) -> list[str]:
    """What a writer acknowledged before it was killed, some time after so many acknowledgements."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER.replace("\\\\", "\\"), str(path), name, stdout=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    acknowledged = [await process.stdout.readline() for _ in range(lines)]
    await asyncio.sleep(pause)  # where in its work the kill finds it is left to chance
    process.send_signal(signal.SIGKILL)
    acknowledged += (await process.stdout.read()).splitlines(keepends=True)
    assert await process.wait() == -signal.SIGKILL
    return [line.decode().strip() for line in acknowledged if line.endswith(b"\n")]


@pytest.mark.slow
async def test_what_was_acknowledged_survives_sigkill(tmp_path: Path, opener: Opener) -> None:
    path = tmp_path / "exim.db"
    opener(path).close()
    chance = random.Random(20260901)
    acknowledged: list[str] = []
    for round_number in range(5):
        acknowledged += await killed_after(path, f"r{round_number}", chance.randrange(1, 40), chance.random() / 50)
        report = verify_file(path)
        assert report.is_good, report.problems
    ledger = as_member(opener(path), "safe")
    for key in acknowledged:
        private = int(key.rsplit("-", 1)[1]) % 3 == 0
        call = ("private:get", "exim-safe", key) if private else ("state:get", key)
        assert json.loads(await ledger.evaluate("bank", *call)) == key, key


@pytest.mark.slow
async def test_a_founding_cut_short_is_finished_by_the_next_opening(tmp_path: Path, opener: Opener) -> None:
    path = tmp_path / "exim.db"
    chance = random.Random(7)
    code = (
        "import sys; from pathlib import Path; from hlf_client.embedded import open_network; "
        "from eximledger.consortium import EXIM; EXIM.chaincodes(); "
        "print('begins', flush=True); open_network(Path(sys.argv[1]), EXIM).close_now(); print('done', flush=True)"
    )
    for _ in range(6):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, str(path), stdout=subprocess.PIPE, env=environment()
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"begins\n"
        await asyncio.sleep(chance.random() / 10)
        if process.returncode is None:
            process.kill()
        await process.wait()
    from eximledger import connect

    async with connect(f"embedded:{path}", "eximbank") as ledger:
        assert len(json.loads(await ledger.evaluate("bank", "consortium:members"))) == 4
    report = verify_file(path)
    assert report.is_good, report.problems
    assert {channel.height for channel in report.channels} == {2}
