"""Clients at their work, and what each of them was told: on any ledger, in any number, while it is under fire.

A client stands for a bank's backend. It calls the desk, and calls again what failed for want of the ledger; it believes
what it is told. `Told` is the memory that a ledger is held to afterwards (`invariants`).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from tests.trust.exports import Export, exporter

from eximledger.desk import LoanDesk, Retry
from eximledger.errors import EximError
from eximledger.ledger import Ledger
from eximledger_chaincode.contracts.loan import LoanState

__all__ = ["BANKS", "Connect", "Load", "Officers", "Told", "lend"]

AnswerT = TypeVar("AnswerT")
Connect = Callable[[str], Ledger]
"""Opens a connection for `member` or `member/user`."""

BANKS: Final = ("eximbank", "tradebank")
PATIENCE: Final = 180.0
"""Seconds within which a step must succeed, however often it is repeated: far more than any fault lasts."""
PAUSE: Final = 0.1


@dataclass
class Told:
    """What clients were told: for each loan the last step that was acknowledged, and what failed on the way."""

    states: dict[str, LoanState] = field(default_factory=dict)
    calls: int = 0
    """Answered, well or not."""
    failures: Counter[str] = field(default_factory=Counter)
    """By step and kind of error. Each was repeated until it succeeded."""

    async def insist(
        self, step: str, call: Callable[[], Awaitable[AnswerT]], *, final: tuple[type[EximError], ...] = ()
    ) -> AnswerT:
        """Call until it succeeds, as an officer would who is told that the ledger is away. Raises what is `final`, and
        the last error when it has not succeeded after PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await call()
            except final:
                self.calls += 1
                raise
            except EximError as error:
                self.calls += 1
                self.failures[f"{step}: {type(error).__name__}"] += 1
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(PAUSE)
            else:
                self.calls += 1
                return answer


@dataclass(frozen=True)
class Officers:
    """Who it takes to lend: a bank's two officers, and the customs officer who declares the exports."""

    maker: LoanDesk
    checker: LoanDesk
    customs: LoanDesk

    @classmethod
    def of(cls, bank: str, connect: Connect, retry: Retry | None = None) -> Officers:
        who = (bank, f"{bank}/checker", "customs")
        return cls(*(LoanDesk(connect(name), retry=retry) for name in who))

    async def file(self, export: Export) -> None:
        """The declaration and the bank's papers of an export."""
        await self.customs.file(export.declaration)
        await self.maker.file(export.papers)


async def lend(officers: Officers, export: Export, loan_id: str, told: Told) -> None:
    """The main job: papers, application, check, approval, payment, repayment. Each step until it succeeds."""
    maker, checker, insist = officers.maker, officers.checker, told.insist
    await insist("file", lambda: officers.file(export))
    await insist("apply", lambda: maker.apply(export.application(loan_id)))
    told.states[loan_id] = LoanState.APPLIED
    verdict = await insist("check", lambda: maker.check(loan_id))
    told.states[loan_id] = LoanState.CHECKED
    told.states[loan_id] = (await insist("approve", lambda: checker.approve(loan_id, verdict.evidence_hash))).state
    told.states[loan_id] = (await insist("disburse", lambda: maker.disburse(loan_id, f"PAID-{loan_id}"))).state
    told.states[loan_id] = (await insist("repay", lambda: maker.repay(loan_id, f"BACK-{loan_id}"))).state


class Load:
    """Clients of both banks that lend, one export after the other, until they are told to stop."""

    def __init__(self, connect: Connect, clients: int, serials: Iterator[int]) -> None:
        self.told = Told()
        self.finished = 0
        """Loans that went through their whole life."""
        self._officers = [Officers.of(bank, connect) for bank in BANKS]
        self._serials = serials
        self._steps = [0] * clients
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Load:
        self._tasks = [asyncio.create_task(self._client(number)) for number in range(len(self._steps))]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let every client finish its loan; after a failure give them up at once."""
        self._stopping = True
        if kind is not None:
            for task in self._tasks:
                task.cancel()
            for task in self._tasks:
                with suppress(asyncio.CancelledError, EximError):
                    await task
            return
        await asyncio.gather(*self._tasks)

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Work on until the condition holds, at most so long; whether it holds. Raises what a client died of."""
        deadline = time.monotonic() + seconds
        while not condition() and time.monotonic() < deadline:
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.02)
        return condition()

    async def until_everyone_moves(self) -> None:
        """Until each client has finished one more loan than now: what was struck is there again for all of them."""
        before = list(self._steps)
        moved = await self.until(
            lambda: all(now > then for now, then in zip(self._steps, before, strict=True)), PATIENCE
        )
        assert moved, f"no progress within {PATIENCE:.0f} s: {dict(self.told.failures)}"

    async def _client(self, number: int) -> None:
        officers, seller = self._officers[number % len(self._officers)], exporter(number)
        while not self._stopping:
            export = Export(next(self._serials), seller)
            await lend(officers, export, f"L-{export.serial}", self.told)
            self.finished += 1
            self._steps[number] += 1
