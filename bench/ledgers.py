"""`python -m bench.ledgers write|verify`: `ledger verify` of as many real transactions as disk and time allow.

`write` submits them by their contracts, 64 in flight: `key` puts a key and its value, `declaration` files one
declaration a transaction, `batch` 500 (one after the other). `verify` runs the command on the file that stands: whole,
or interrupted and taken up again. Of each: seconds, CPU of all its processes, and of it the walk's, which is one
process and bounds it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench._notes import NotesContract, chaincode_with, only
from bench._papers import BATCH, declarations
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.contracts.state.records import document_json, record_list
from hlf_client import Commit, Ledger, info
from hlf_client.embedded import checkpoint_of
from hlf_client.private import submit_private

__all__ = ["main"]

_CHANNEL: Final = "customs"
_IN_FLIGHT: Final = 64
_FOUNDING: Final = 10
"""Fewer transactions are what a new ledger begins with."""
_SPACE: Final = 1_000_000
_SPACES: Final = 89
"""Where a ledger is written on: numbers that it does not have, most probably."""
_TOLD: Final = 50_000
_FILE: Final = "exim.db"
_LOOK: Final = 0.05
_INTERRUPTED: Final = 130

Call = Callable[[], Awaitable[Commit]]


async def _write(kind: str, count: int, folder: Path) -> None:
    path = folder / _FILE
    notes = chaincode_with(NotesContract)
    network = LedgerNetwork(only(notes), path, chaincode=notes.name) if kind == "key" else exim_ledger(path)
    with contextlib.closing(network):
        ledger = network.connect("customs", chaincode=notes.name) if kind == "key" else network.connect("customs")
        began, cpu = time.perf_counter(), time.process_time()
        present = sum(channel.transactions for channel in info(path).channels)
        first = 0 if present < _FOUNDING else _SPACE * (1 + secrets.randbelow(_SPACES))
        in_flight = 1 if kind == "batch" else _IN_FLIGHT  # two batches of one writer write the same sums
        await _submit_all(_calls(kind, first, max(1, count - present), ledger), in_flight)
        await network.finish()
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    size = path.stat().st_size
    print(
        f"{count - present:,} transactions ({kind}), {in_flight} in flight: {seconds:,.0f} s, {used:,.0f} s of CPU "
        f"({1e6 * used / (count - present):,.0f} us each), {size / 1e9:.2f} GB ({size / count:,.0f} bytes each)",
        flush=True,
    )


def _calls(kind: str, first: int, count: int, ledger: Ledger) -> Iterator[Call]:
    if kind == "key":
        for number in range(first, first + count):
            yield partial(ledger.submit, _CHANNEL, "notes:put", f"key-{number:08}", f"value-{number}")
        return
    filing = partial(submit_private, ledger, _CHANNEL, endorsing_organizations=["CustomsMSP"])
    if kind == "declaration":
        for paper in declarations(first, count):
            yield partial(filing, "documents:put", "declaration", document_json(paper))
        return
    for number in range(first, first + count * BATCH, BATCH):
        papers = record_list([document_json(one) for one in declarations(number, BATCH)])
        yield partial(filing, "documents:put_many", "declaration", papers)


async def _submit_all(calls: Iterator[Call], in_flight: int) -> None:
    done = 0

    async def client() -> None:
        nonlocal done
        for call in calls:
            await call()
            done += 1
            if done % _TOLD == 0:
                print(f"{done:,}", flush=True)

    await next(calls)()  # what the first makes for all
    await asyncio.gather(*(client() for _ in range(in_flight)))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the command. `walk`: CPU seconds of its first process, of which `waiting` is none."""

    code: int
    seconds: float
    cpu: float
    walk: float
    said: str

    def shown(self, what: str, transactions: int) -> str:
        each = 1e6 / transactions
        return (
            f"{what}: {self.seconds:,.1f} s, CPU {self.cpu:,.1f} s ({self.cpu * each:,.0f} us a transaction), "
            f"of it the walk {self.walk:,.1f} s ({self.walk * each:,.0f} us)"
        )


def _verify(path: Path, stop: float | None) -> None:
    """Whole; or ended by Ctrl+C after `stop` seconds, and taken up."""
    count = sum(channel.transactions for channel in info(path).channels)
    print(f"{path}: {count:,} transactions, {path.stat().st_size / 1e9:.2f} GB, load {_load()}", flush=True)
    if stop is None:
        whole = _run(path, None)
        if whole.code:
            raise SystemExit(whole.said)
        print(whole.shown("whole", count), f"load {_load()}", flush=True)
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background has its children ignore it
    ended = _run(path, stop)
    if ended.code != _INTERRUPTED:
        raise SystemExit(f"it was not interrupted: {ended.code}\n{ended.said}")
    size = checkpoint_of(path).stat().st_size
    print(ended.shown("interrupted", count), f"{size / 1e9:.2f} GB of checkpoint, load {_load()}", flush=True)
    again = _run(path, None)
    if again.code or "Verified before" not in again.said:
        raise SystemExit(again.said)
    earlier = " ".join(again.said.partition("Verified before")[2].split()[:9])
    print(again.shown("resumed", count), f"(verified before{earlier}...), load {_load()}", flush=True)


def _run(path: Path, stop: float | None) -> _Run:
    """`ledger verify` as its users run it, but for `stop` seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "eximledger", "ledger", "verify", "--ledger", f"embedded:{path}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if stop is not None:
        threading.Timer(stop, process.send_signal, (signal.SIGINT,)).start()
    said: list[str] = []
    reading = threading.Thread(target=lambda: said.append(process.communicate()[0]))
    reading.start()
    walk = 0.0
    while reading.is_alive():
        walk = max(walk, _own_cpu(process.pid))
        reading.join(_LOOK)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Run(process.returncode, time.perf_counter() - began, cpu, walk, said[0])


def _own_cpu(process: int) -> float:
    """CPU seconds of a process without those that it has started; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ledgers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser(
        "write", help="a ledger in FOLDER/exim.db, to be removed by you; one that is there is filled up"
    )
    write.add_argument("--of", choices=("key", "declaration", "batch"), default="key")
    write.add_argument("--transactions", type=int, default=1_000_000)
    write.add_argument("--folder", type=Path, required=True)
    verify = commands.add_parser("verify", help="the ledger in FOLDER/exim.db")
    verify.add_argument("--folder", type=Path, required=True)
    verify.add_argument("--stop", type=float, help="interrupt it after so many seconds, and take it up again")
    given = parser.parse_args()
    if given.command == "verify":
        _verify(given.folder / _FILE, given.stop)
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_write(given.of, given.transactions, given.folder))


if __name__ == "__main__":
    main()
