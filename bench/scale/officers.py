"""Whole loans: apply, check, approve, pay out and repay, by so many officers at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from tests.pledge import met
from tests.trust.load import BANKS, Connect

from bench.scale.figures import Latency, LendingRun
from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal
from eximledger_chaincode.lending.steps import Step as Taken
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now
from hlf_client.errors import FabricError

__all__ = ["STEPS", "Asked", "Officers", "half_load_look", "lend"]

AnswerT = TypeVar("AnswerT")
Timer = Callable[[str, float], None]
STEPS: Final = ("apply", "check", "approve", "disburse", "repay", "whole loan")


@dataclass(frozen=True, slots=True)
class Asked:
    """A loan that a bank is asked for; its papers are filed."""

    bank: str
    application: LoanApplication


def _untimed(_step: str, _seconds: float) -> None:
    """Nobody asks."""


async def _at_once() -> None:
    """Nobody looks before the next step."""


async def lend(
    maker: LoanDesk,
    checker: LoanDesk,
    application: LoanApplication,
    timer: Timer = _untimed,
    look: Callable[[], Awaitable[None]] = _at_once,
) -> Loan:
    """One loan from its application until it is repaid. `apply` has its papers looked up, `check` pulls copies; before
    each step the officer may `look`, which is no time of the loan."""
    loan_id, steps = application.loan_id, list[float]()

    async def taken(step: str, call: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        await look()
        begun = time.monotonic()
        answer = await call()
        steps.append(time.monotonic() - begun)
        timer(step, steps[-1])
        return answer

    applied = await taken("apply", lambda: maker.apply(application))
    verdict = await taken("check", lambda: maker.check(loan_id))
    await taken("approve", lambda: checker.approve(loan_id, applied.version, verdict.evidence_hash))
    await taken("disburse", lambda: _pay(maker, checker, application, Taken.DISBURSEMENT))
    loan = await taken("repay", lambda: _pay(maker, checker, application, Taken.REPAYMENT))
    timer("whole loan", sum(steps))
    return loan


async def _pay(maker: LoanDesk, checker: LoanDesk, application: LoanApplication, step: Taken) -> Loan:
    """One proposes the payment in full, the other confirms it."""
    proposal = Proposal(
        step=step,
        amount=application.amount,
        day=day_in_china(utc_now()),
        reference=f"{step}-{application.loan_id}",
        conditions=met(step),
    )
    await maker.propose(application.loan_id, proposal)
    return await checker.confirm(application.loan_id, proposal.id)


def half_load_look(officers: int, lent: Sequence[LendingRun]) -> float:
    """Seconds for which so many officers are to look before each step, in the mean, to make half of the most loans a
    second that were made in `lent`."""
    most = max(run.per_second for run in lent)
    loan = min(run.steps["whole loan"].p50 for run in lent)
    return round(max(0.0, 2 * officers / most - loan) / len(STEPS[:-1]), 1)


@dataclass
class Officers:
    """Officers at work, each on loan after loan of any bank, with a checker beside it."""

    connect: Connect
    count: int
    looking: float = 0.0
    """Seconds for which each looks before a step, in the mean (exponential, the same in every run). Who looks begins at
    any moment of a loan's time, so that at each moment others take other steps."""
    finished: dict[str, float] = field(default_factory=dict)
    """Loans that are closed, with the moment at which each was, as the clock of `time.monotonic` has it."""
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _times: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    _reached: Counter[tuple[str, Moment]] = field(default_factory=Counter)
    _since: dict[str, float] = field(default_factory=dict)
    _taken: dict[str, list[float]] = field(default_factory=dict)

    async def work(self, loans: Sequence[Asked]) -> None:
        waiting, begun = iter(loans), time.monotonic()
        await asyncio.gather(*(self._officer(waiting, random.Random(number)) for number in range(self.count)))
        self.seconds = time.monotonic() - begun

    def latencies(self) -> dict[str, Latency]:
        return {step: Latency.of(times) for step, times in self._times.items()}

    def transactions(self) -> dict[str, Latency]:
        """Of each function, from its endorsing to its commit, where it counted."""
        return {function: Latency.of(times) for function, times in sorted(self._taken.items())}

    def middle_per_second(self) -> float:
        """Loans a second from the first quarter of them to the last: without those whom officers begin and end with,
        one by one. 0 of fewer than four."""
        moments = list(self.finished.values())
        quarter = len(moments) // 4
        if not quarter:
            return 0.0
        first, last = moments[quarter - 1], moments[-quarter - 1]
        return (len(moments) - 2 * quarter) / (last - first) if last > first else 0.0

    def repeated(self) -> dict[str, tuple[int, int]]:
        """By function what was endorsed anew, and what a block voided."""
        found = {}
        for function in sorted({function for function, _ in self._reached}):
            tried, ordered, done = (
                self._reached[function, moment] for moment in (Moment.ENDORSING, Moment.ORDERED, Moment.COMMITTED)
            )
            if tried > done:
                found[function] = (tried - ordered, ordered - done)
        return found

    async def _officer(self, waiting: Iterator[Asked], chance: random.Random) -> None:
        async def look() -> None:
            if self.looking:
                await asyncio.sleep(chance.expovariate(1 / self.looking))

        def timer(step: str, seconds: float) -> None:
            self._times[step].append(seconds)

        desks = {
            user: LoanDesk(self.connect(user), interceptor=self._reach)
            for bank in BANKS
            for user in (f"{bank}/maker", f"{bank}/checker")
        }
        await asyncio.sleep(chance.uniform(0, len(STEPS[:-1]) * self.looking))
        for asked in waiting:
            maker, checker = desks[f"{asked.bank}/maker"], desks[f"{asked.bank}/checker"]
            try:
                loan = await lend(maker, checker, asked.application, timer, look)
                assert loan.state is LoanState.CLOSED, loan.state
            except FabricError as error:
                self.failed.append(f"{asked.application.loan_id}: {type(error).__name__}: {error}"[:300])
            else:
                self.finished[asked.application.loan_id] = time.monotonic()

    async def _reach(self, boundary: Boundary) -> None:
        self._reached[boundary.function, boundary.moment] += 1
        if boundary.moment is Moment.ENDORSING:
            self._since[boundary.transaction_id] = time.monotonic()
        elif boundary.moment is Moment.COMMITTED:
            begun = self._since[boundary.transaction_id]
            self._taken.setdefault(boundary.function, []).append(time.monotonic() - begun)
