"""Whole approvals (apply, check, approve) of many officers at once: how many a second, how long, what is repeated."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from tests.trust.exports import Export, application_of, exporter, today_in_china
from tests.trust.fields import EXPORTERS
from tests.trust.load import BANKS, Connect

from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger_chaincode.documents import LoanApplication, Money
from eximledger_chaincode.lending.verdict import Severity
from hlf_client.errors import FabricError

__all__ = ["LEVELS", "Approvals", "Level", "Outcome", "page", "write"]

AnswerT = TypeVar("AnswerT")
STEPS: Final = ("apply", "check", "approve")
SHARED: Final = 10
"""Every tenth loan is on a declaration that another loan is on, too."""


@dataclass(frozen=True, slots=True)
class Level:
    """So many loans, by so many officers at once."""

    loans: int
    officers: int


LEVELS: Final = (Level(100, 1), Level(300, 8), Level(1000, 32), Level(1000, 128))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a level. Times in seconds."""

    loans: int
    officers: int
    at_once: int
    approved: int
    undecided: tuple[str, ...]
    seconds: float
    longest_pause: float
    """Between two approvals."""
    p50: dict[str, float]
    p99: dict[str, float]
    repeated: dict[str, dict[str, int]]
    """By function: endorsed anew because a peer refused or peers differed (`endorsed`), or because a block said that it
    does not count (`conflicts`)."""

    @property
    def throughput(self) -> float:
        return self.approved / self.seconds


@dataclass(frozen=True, slots=True)
class _Loan:
    bank: str
    application: LoanApplication


@dataclass
class Approvals:
    """One level on a field that is prepared."""

    connect: Connect
    level: Level
    serials: Iterator[int]
    at_once: int
    _times: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    _approved: list[float] = field(default_factory=list)
    _undecided: list[str] = field(default_factory=list)
    _reached: Counter[tuple[str, Moment]] = field(default_factory=Counter)

    async def run(self) -> Outcome:
        """File all papers, then let the officers work."""
        loans = await self._filed()
        work, begun = iter(loans), time.monotonic()
        await asyncio.gather(*(self._officer(number, work) for number in range(self.level.officers)))
        seconds = time.monotonic() - begun
        moments = [begun, *sorted(self._approved)]
        return Outcome(
            loans=self.level.loans,
            officers=self.level.officers,
            at_once=self.at_once,
            approved=len(self._approved),
            undecided=tuple(self._undecided),
            seconds=seconds,
            longest_pause=max((after - before for before, after in pairwise(moments)), default=seconds),
            p50={step: _percentile(times, 50) for step, times in self._times.items()},
            p99={step: _percentile(times, 99) for step, times in self._times.items()},
            repeated=self._repeated(),
        )

    async def _filed(self) -> list[_Loan]:
        """Exports of several exporters, declared and filed in batches; who shares a declaration has no papers."""
        day, loans = today_in_china(), list[_Loan]()
        exports = list[Export]()
        papers: dict[str, list[Export]] = {bank: [] for bank in BANKS}
        for number in range(self.level.loans):
            bank = BANKS[number % len(BANKS)]
            if number % SHARED == SHARED - 1:
                export, named = exports[-1], False
            else:
                export, named = Export(next(self.serials), exporter(number % EXPORTERS), day), True
                exports.append(export)
                papers[bank].append(export)
            loans.append(_Loan(bank, _application(f"T-{export.serial}-{number}", export, named=named)))
        await LoanDesk(self.connect("customs")).file(export.declaration for export in exports)
        for bank, filed in papers.items():
            await LoanDesk(self.connect(bank)).file(paper for export in filed for paper in export.papers)
        return loans

    async def _officer(self, number: int, work: Iterator[_Loan]) -> None:
        """One officer with a checker, who take loan after loan of any bank."""
        desks = {
            user: LoanDesk(self.connect(user), interceptor=self._reach)
            for bank in BANKS
            for user in (f"{bank}/maker", f"{bank}/checker")
        }
        for loan in work:
            try:
                await self._lend(desks[f"{loan.bank}/maker"], desks[f"{loan.bank}/checker"], loan)
            except FabricError as error:
                self._undecided.append(f"{loan.application.loan_id}: {type(error).__name__}: {error}")
            else:
                self._approved.append(time.monotonic())

    async def _lend(self, maker: LoanDesk, checker: LoanDesk, loan: _Loan) -> None:
        loan_id = loan.application.loan_id
        applied = await self._timed("apply", lambda: maker.apply(loan.application))
        verdict = await self._timed("check", lambda: maker.check(loan_id))
        reasons = {each.id: "shared" for each in verdict.findings if each.severity is Severity.REFER}
        await self._timed("approve", lambda: checker.approve(loan_id, applied.version, verdict.evidence_hash, reasons))

    async def _timed(self, step: str, call: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        begun = time.monotonic()
        try:
            return await call()
        finally:
            self._times[step].append(time.monotonic() - begun)

    async def _reach(self, boundary: Boundary) -> None:
        self._reached[boundary.function, boundary.moment] += 1

    def _repeated(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for function in sorted({function for function, _ in self._reached}):
            tried, ordered, done = (
                self._reached[function, moment] for moment in (Moment.ENDORSING, Moment.ORDERED, Moment.COMMITTED)
            )
            if tried:
                found[function] = {"calls": done, "endorsed": tried - ordered, "conflicts": ordered - done}
        return found


def _application(loan_id: str, export: Export, *, named: bool) -> LoanApplication:
    made = application_of(loan_id, [(export, Money.of(20_000, export.currency))], export.day, "50000.00")
    if named:
        return made
    return made.model_copy(update=dict.fromkeys(("contracts", "invoices", "transport_documents", "packing_lists"), ()))


def _percentile(times: Sequence[float], percent: int) -> float:
    if len(times) < 2:
        return times[0] if times else 0.0
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def page(outcomes: Sequence[Outcome]) -> str:
    """A table for docs/trust.md."""
    lines = [
        "| officers | loans | undecided | approvals/s | longest pause | apply p50 / p99 | check | approve | repeated |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in outcomes:
        times = " | ".join(f"{each.p50[step]:.2f} / {each.p99[step]:.2f} s" for step in STEPS)
        repeated = "; ".join(
            f"{function} {counts['endorsed']} + {counts['conflicts']}"
            for function, counts in each.repeated.items()
            if counts["endorsed"] or counts["conflicts"]
        )
        lines.append(
            f"| {each.officers} | {each.loans} | {len(each.undecided)} | {each.throughput:.1f} | "
            f"{each.longest_pause:.1f} s | {times} | {repeated or 'nothing'} |"
        )
    return "\n".join(lines) + "\n"


def write(outcomes: Sequence[Outcome], folder: Path) -> None:
    """`approvals.json` and `approvals.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = [asdict(each) | {"throughput": each.throughput} for each in outcomes]
    (folder / "approvals.json").write_text(json.dumps(figures, indent=1) + "\n")
    (folder / "approvals.md").write_text(page(outcomes))
