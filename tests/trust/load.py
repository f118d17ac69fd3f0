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
from datetime import timedelta
from typing import Final, TypeVar

from tests.pledge import met
from tests.trust.exports import Export, exporter, today_in_china

from eximledger.desk import LoanDesk, Retry
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import OPEN, Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_client import Ledger
from hlf_client.errors import FabricError, NotFound

__all__ = ["BANKS", "Connect", "Load", "Officers", "Told", "lend", "standing"]

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
    slowest: dict[str, float] = field(default_factory=dict)
    """Of each step the longest call, in seconds."""

    def __str__(self) -> str:
        slowest = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in self.slowest.items())
        return f"repeated: {dict(self.failures) or 'nothing'}; longest calls: {slowest}"

    def acknowledge(self, loan: Loan) -> None:
        """A client was told that a loan stands there."""
        self.states[loan.loan_id] = loan.state

    async def insist(
        self, step: str, call: Callable[[], Awaitable[AnswerT]], *, final: tuple[type[FabricError], ...] = ()
    ) -> AnswerT:
        """Call until it succeeds, as an officer would who is told that the ledger is away. Raises what is `final`, and
        the last error when it has not succeeded after PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while True:
            begun = time.monotonic()
            try:
                return await call()
            except final:
                raise
            except FabricError as error:
                self.failures[f"{step}: {type(error).__name__}"] += 1
                if time.monotonic() > deadline:
                    raise
            finally:
                self.calls += 1
                self.slowest[step] = max(self.slowest.get(step, 0), time.monotonic() - begun)
            await asyncio.sleep(PAUSE)


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
    """The main job: papers, application, check, approval, and the loan's life: drawn and repaid in parts, and extended
    between; each step until it succeeds.

    It goes on from where the loan stands, so after a crash the same call finishes it.
    """
    maker, checker, insist = officers.maker, officers.checker, told.insist
    stands = await insist("look", lambda: standing(maker, loan_id))
    if stands is None or stands in OPEN:
        await insist("file", lambda: officers.file(export))
        loan = await insist("apply", lambda: maker.apply(export.application(loan_id)))
        told.acknowledge(loan)
        verdict = await insist("check", lambda: maker.check(loan_id))
        told.acknowledge(await insist("approve", lambda: checker.approve(loan_id, loan.version, verdict.evidence_hash)))
    loan = await insist("look", lambda: maker.loan(loan_id))
    told.acknowledge(loan)
    taken = {each.proposal.reference or each.proposal.step for each in loan.payments}
    for said in _life(export, loan_id):
        if not {said["step"], said.get("reference")} & taken:
            await _take(officers, loan_id, said, told)


def _life(export: Export, loan_id: str) -> Iterator[dict[str, object]]:
    """What is proposed and confirmed of a loan, in its order; payments still without their day."""
    wanted = export.application(loan_id)
    amount, later = wanted.amount, wanted.matures_on + timedelta(days=30)
    part = Money(amount=amount.amount / 4, currency=amount.currency)
    drawn = {"step": Step.DISBURSEMENT, "conditions": met(Step.DISBURSEMENT)}
    yield drawn | {"amount": part, "reference": f"drawn-1-{loan_id}"}
    yield drawn | {"amount": amount - part, "reference": f"drawn-2-{loan_id}"}
    yield {"step": Step.REPAYMENT, "amount": part, "reference": f"repaid-1-{loan_id}"}
    yield {"step": Step.EXTENSION, "matures_on": later, "reason": "the buyer pays later"}
    yield {"step": Step.REPAYMENT, "amount": amount - part, "reference": f"repaid-2-{loan_id}"}


async def _take(officers: Officers, loan_id: str, said: dict[str, object], told: Told) -> None:
    """One person proposes a step, another confirms it."""
    step, day = said["step"], {"day": today_in_china()} if "amount" in said else {}
    proposal = Proposal.model_validate(said | day)
    await told.insist(f"propose {step}", lambda: officers.maker.propose(loan_id, proposal))
    told.acknowledge(await told.insist(f"confirm {step}", lambda: officers.checker.confirm(loan_id, proposal.id)))


async def standing(desk: LoanDesk, loan_id: str) -> LoanState | None:
    """Where a loan stands; None when nobody has applied for it."""
    try:
        return (await desk.loan(loan_id)).state
    except NotFound:
        return None


class Load:
    """Clients of both banks that lend, one export after the other, until they are told to stop."""

    def __init__(self, connect: Connect, clients: int, serials: Iterator[int]) -> None:
        self.told = Told()
        self.numbers: list[str] = []
        """The declarations that loans were asked for."""
        self._officers = [Officers.of(bank, connect) for bank in BANKS]
        self._serials = serials
        self._finished = [0] * clients
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def clients(self) -> int:
        return len(self._finished)

    @property
    def finished(self) -> int:
        """Loans that went through their whole life."""
        return sum(self._finished)

    async def __aenter__(self) -> Load:
        self._tasks = [asyncio.create_task(self._client(number)) for number in range(self.clients)]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let every client finish its loan; after a failure give them up at once."""
        self._stopping = True
        if kind is not None:
            for task in self._tasks:
                task.cancel()
            for task in self._tasks:
                with suppress(asyncio.CancelledError, FabricError):
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
        before = list(self._finished)
        moved = await self.until(
            lambda: all(now > then for now, then in zip(self._finished, before, strict=True)), PATIENCE
        )
        assert moved, f"no progress within {PATIENCE:.0f} s: {dict(self.told.failures)}"

    async def _client(self, number: int) -> None:
        officers, seller = self._officers[number % len(self._officers)], exporter(number)
        while not self._stopping:
            export = Export(next(self._serials), seller)
            self.numbers.append(export.declaration.number)
            await lend(officers, export, f"L-{export.serial}", self.told)
            self._finished[number] += 1
