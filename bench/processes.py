"""`python -m bench.processes`: durable submits to one file by 1, 2 and 4 processes, beside commits of one row by SQL.

Of each: submits a second by all together, by the one that had fewest, the longest that one of them waited, how much of
the time COMMIT and fsync took, and how many submits shared one. Beside N processes with one submit under way each, one
process with N connections that have one each: these share a COMMIT, those an fsync.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench._notes import NotesContract, chaincode_with, only
from eximledger.testing import LedgerNetwork
from hlf_client.embedded.committing import finishing, syncing
from hlf_client.embedded.storage.database import Storage

__all__ = ["main"]

_COUNTS: Final = (1, 2, 4)
_READY: Final = "ready"


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process did."""

    submits: int
    longest: float
    commits: int
    commit_seconds: float
    syncs: int


async def _submits(path: Path, name: str, seconds: float, in_flight: int, connections: int) -> _Share:
    committing, syncs = _count_commits()
    notes = chaincode_with(NotesContract)
    waited: list[float] = []
    with contextlib.closing(LedgerNetwork(only(notes), path, chaincode=notes.name)) as network:
        ledgers = [network.connect("customs", chaincode=notes.name) for _ in range(connections)]
        for ledger in ledgers:
            await ledger.submit("customs", "notes:put", f"{name}-first", "value")
        _wait_for_all()
        committing.clear()
        syncs.clear()
        end = time.perf_counter() + seconds

        async def client(number: int) -> None:
            while (began := time.perf_counter()) < end:
                each = ledgers[number % connections]
                await each.submit("customs", "notes:put", f"{name}-{number}-{len(waited)}", "value")
                waited.append(time.perf_counter() - began)

        await asyncio.gather(*(client(number) for number in range(in_flight)))
        await network.finish()
    return _Share(len(waited), max(waited), len(committing), sum(committing), len(syncs))


def _count_commits() -> tuple[list[float], list[bool]]:
    """What batches wait for COMMIT and fsync, and the fsyncs: SQLite's inside COMMIT, and shared ones after it."""
    committing: list[float] = []
    syncs: list[bool] = []
    commit, sync = finishing.Finishing.commit, syncing._sync

    def timed(self: finishing.Finishing, connection: sqlite3.Connection, *, makes_blocks: bool) -> float:
        if not self.is_shared:
            syncs.append(False)
        committing.append(commit(self, connection, makes_blocks=makes_blocks))
        return committing[-1]

    def counted(descriptor: int) -> None:
        syncs.append(True)
        sync(descriptor)

    finishing.Finishing.commit = timed  # type: ignore[method-assign]
    syncing._sync = counted
    return committing, syncs


def _raw(path: Path, name: str, seconds: float) -> _Share:
    waited: list[float] = []
    with contextlib.closing(Storage(path).connect()) as connection:
        connection.execute("PRAGMA busy_timeout = 60000")
        connection.execute("CREATE TABLE IF NOT EXISTS t (a)")
        _wait_for_all()
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            connection.execute("INSERT INTO t VALUES (?)", (name,))
            waited.append(time.perf_counter() - began)
    return _Share(len(waited), max(waited), len(waited), 0.0, len(waited))


def _wait_for_all() -> None:
    print(_READY, flush=True)
    sys.stdin.readline()


def _together(path: Path, count: int, seconds: float, in_flight: int, connections: int) -> list[_Share]:
    said = [str(seconds), str(in_flight), str(connections)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.processes", "--worker", str(path), str(n), *said],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for n in range(count)
    ]  # fmt: skip
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline().strip() == _READY
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    return [_Share(**json.loads(each.communicate()[0])) for each in processes]


def _measure(seconds: float) -> None:
    print(f"{'':46}{'all /s':>10}{'fewest /s':>12}{'longest ms':>12}{'in COMMIT':>11}{'a commit':>10}{'an fsync':>10}")
    processes = [
        (count, in_flight, 1, what)
        for in_flight, what in ((0, "one row by SQL"), (1, "1 in flight"), (16, "16 in flight"))
        for count in _COUNTS
    ]
    for several in _COUNTS[1:]:
        place = processes.index((several, 1, 1, "1 in flight"))
        processes.insert(place + 1, (1, several, several, f"{several} connections, 1 in flight each"))
    for count, in_flight, connections, what in processes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "exim.db"
            if in_flight:
                notes = chaincode_with(NotesContract)
                LedgerNetwork(only(notes), path, chaincode=notes.name).close()
            found = _together(path, count, seconds, in_flight, connections)
        done = sum(each.submits for each in found)
        commits = max(1, sum(each.commits for each in found))
        syncs = max(1, sum(each.syncs for each in found))
        print(
            f"{_named(count, what):46}{done / seconds:10,.0f}"
            f"{min(each.submits for each in found) / seconds:12,.0f}"
            f"{1000 * max(each.longest for each in found):12,.0f}"
            f"{sum(each.commit_seconds for each in found) / seconds:11.0%}{done / commits:10.1f}{done / syncs:10.1f}",
            flush=True,
        )


def _named(count: int, what: str) -> str:
    return f"{count} process{'es' * (count > 1)}, {what}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.processes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--worker", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.worker:
        _measure(given.seconds)
        return
    path, name, seconds, in_flight, connections = given.worker
    if in_flight == "0":
        share = _raw(Path(path), name, float(seconds))
    else:
        share = asyncio.run(_submits(Path(path), name, float(seconds), int(in_flight), int(connections)))
    print(json.dumps(asdict(share)))


if __name__ == "__main__":
    main()
