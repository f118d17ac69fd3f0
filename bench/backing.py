"""`python -m bench.backing`: one writer of an embedded ledger by itself, and while another process backs the ledger up.

Of the same writer, by turns in one run: submits a second, how long it waited for one at most, and its CPU for each. Of
the backup: how long copying and verifying took, and for how many bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench._notes import NotesContract, chaincode_with, only
from eximledger.testing import LedgerNetwork
from hlf_client import Ledger, backup

__all__ = ["main"]

_VALUE: Final = "v" * 2000
_FILLING: Final = 64


@dataclass(frozen=True, slots=True)
class _Writing:
    """A stretch of writing."""

    seconds: float
    waited: tuple[float, ...]
    cpu: float

    def __str__(self) -> str:
        ordered = sorted(self.waited)
        p99 = ordered[len(ordered) * 99 // 100]
        return (
            f"{len(ordered) / self.seconds:8,.0f} /s   p99 {1000 * p99:7.1f} ms   longest {1000 * ordered[-1]:7.1f} ms"
            f"   CPU {1000 * self.cpu / len(ordered):6.2f} ms each"
        )


class _Writer:
    """So many submits under way, each under a key of its own."""

    def __init__(self, ledger: Ledger, in_flight: int) -> None:
        self._ledger, self._in_flight, self._number = ledger, in_flight, 0

    async def fill(self, count: int) -> None:
        for _ in range(0, count, _FILLING):
            await asyncio.gather(*(self._one() for _ in range(_FILLING)))

    async def until(self, ended: asyncio.Event) -> _Writing:
        waited: list[float] = []
        began, cpu = time.perf_counter(), time.process_time()

        async def client() -> None:
            while not ended.is_set():
                since = time.perf_counter()
                await self._one()
                waited.append(time.perf_counter() - since)

        await asyncio.gather(*(client() for _ in range(self._in_flight)))
        return _Writing(time.perf_counter() - began, tuple(waited), time.process_time() - cpu)

    async def _one(self) -> None:
        self._number += 1
        await self._ledger.submit("customs", "notes:put", f"k-{self._number:08}", _VALUE)


async def _measure(folder: Path, values: int, seconds: float, in_flight: int, turns: int) -> None:
    path = folder / "exim.db"
    notes = chaincode_with(NotesContract)
    with contextlib.closing(LedgerNetwork(only(notes), path, chaincode=notes.name)) as network:
        writer = _Writer(network.connect("customs", chaincode=notes.name), in_flight)
        await writer.fill(values)
        print(f"{values:,} values, {_size(path) / 1e6:,.0f} MB, {in_flight} in flight", flush=True)
        for turn in range(turns):
            alone = asyncio.Event()
            asyncio.get_running_loop().call_later(seconds, alone.set)
            print(f"alone        {await writer.until(alone)}", flush=True)
            ended = asyncio.Event()
            writing = asyncio.create_task(writer.until(ended))
            copied = await _copied(path, folder / f"copy-{turn}")
            ended.set()
            print(f"backed up    {await writing}\n             {copied}", flush=True)
        await network.finish()


async def _copied(path: Path, to: Path) -> str:
    """By a process of its own, as the command line does."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.backing", "--copy", str(path), str(to), stdout=subprocess.PIPE
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise SystemExit("the backup failed")
    took, size = time.perf_counter() - began, _size(to)
    return f"{size / 1e6:,.0f} MB copied and verified in {took:.1f} s, {told.decode().strip()}"


def _size(path: Path) -> int:
    return path.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.backing", description=__doc__)
    parser.add_argument("--values", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--in-flight", type=int, default=4)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--copy", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.copy:
        began = time.process_time()
        found = backup(given.copy[0], given.copy[1])
        count = sum(each.transactions for each in found.channels)
        print(f"{time.process_time() - began:.1f} s of CPU for {count:,} transactions")
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), given.values, given.seconds, given.in_flight, given.turns))


if __name__ == "__main__":
    main()
