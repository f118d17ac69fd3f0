"""A client that ends by SIGKILL, of its own hand at a chosen call or of its parent's at any moment.

As a program (`python -m tests.trust.mortal URL BANK SERIAL SELLER DAY AT`) it does the main job of one loan on a ledger
that kills the process at moment AT: every call of the ledger has two, before it is made and after it was answered. It
writes a line when it begins and for every state of its loan that it was told.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from tests.trust.exports import Export, exporter
from tests.trust.load import Officers, Told, lend

from eximledger import connect
from eximledger.desk import LoanDesk
from eximledger_chaincode.lending.loan import Loan, LoanState
from hlf_client import Ledger

__all__ = ["NEVER", "Death", "Job", "live"]

NEVER: Final = 1_000_000
BEGINS: Final = "begins"
_ROOT: Final = Path(__file__).resolve().parents[2]
_CALLS: Final = frozenset({"commit_status", "endorse", "evaluate", "order", "sign"})


@dataclass(frozen=True, slots=True)
class Job:
    """One loan from papers to repayment, by one bank."""

    bank: str
    serial: int
    seller: int
    day: date

    @property
    def loan_id(self) -> str:
        return f"M-{self.serial}"

    @property
    def export(self) -> Export:
        return Export(self.serial, exporter(self.seller), self.day)


@dataclass(frozen=True, slots=True)
class Death:
    """How a client ended: killed or not, and what it had been told of its loan by then."""

    job: Job
    killed: bool
    told: LoanState | None
    seconds: float
    """At work, its start not counted."""


async def live(url: str, job: Job, *, at: int = NEVER, after: float | None = None) -> Death:
    """Run a client as a process: until it kills itself at moment `at`, or `after` seconds of work; or to its end."""
    arguments = (url, job.bank, str(job.serial), str(job.seller), job.day.isoformat(), str(at))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.trust.mortal", *arguments, stdout=subprocess.PIPE, env=_environment()
    )
    assert process.stdout is not None
    try:
        first = await process.stdout.readline()
        assert first.decode().strip() == BEGINS, first
        begun = time.monotonic()
        if after is not None:
            try:
                await asyncio.wait_for(process.wait(), after)
            except TimeoutError:
                _kill(process)
        states = (await process.stdout.read()).decode().split()
        code = await process.wait()
    finally:
        if process.returncode is None:
            _kill(process)
            await process.wait()
    assert code in {0, -signal.SIGKILL}, f"{job}: the client ended with {code}"
    return Death(job, code != 0, LoanState(states[-1]) if states else None, time.monotonic() - begun)


def _kill(process: asyncio.subprocess.Process) -> None:
    """`Process.kill` may take the exit code of a child that has just ended away from the event loop."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)])}


class _Mortal:
    """A ledger in whose calls the process dies. All connections of the process count together."""

    moments = 0

    def __init__(self, ledger: Ledger, at: int) -> None:
        self._ledger, self._at = ledger, at

    def __getattr__(self, name: str) -> object:
        found = getattr(self._ledger, name)
        return self._around(found) if name in _CALLS else found

    def _around(self, call: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def around(*args: object, **kwargs: object) -> object:
            self._moment()
            answer = await call(*args, **kwargs)
            self._moment()
            return answer

        return around

    def _moment(self) -> None:
        _Mortal.moments += 1
        if _Mortal.moments == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Speaking(Told):
    """Writes what it is told, before anything else is done."""

    def acknowledge(self, loan: Loan) -> None:
        os.write(1, f"{loan.state}\n".encode())


async def _work(url: str, job: Job, at: int) -> None:
    async with AsyncExitStack() as stack:
        desks = []
        for name in (job.bank, f"{job.bank}/checker", "customs"):
            ledger = await stack.enter_async_context(connect(url, name))
            desks.append(LoanDesk(_Mortal(ledger, at)))  # type: ignore[arg-type]  # stands in by __getattr__
        os.write(1, f"{BEGINS}\n".encode())
        await lend(Officers(*desks), job.export, job.loan_id, _Speaking())


if __name__ == "__main__":
    url, bank, serial, seller, day, at = sys.argv[1:]
    asyncio.run(_work(url, Job(bank, int(serial), int(seller), date.fromisoformat(day)), int(at)))
