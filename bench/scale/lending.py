"""Loans on Fabric: their papers filed beforehand, officers at work alone and beside the filing of declarations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tests.trust.exports import Export, exporter, today_in_china
from tests.trust.load import BANKS

from bench.scale.figures import FilingRun, LendingRun
from bench.scale.filing import Filer
from bench.scale.officers import Asked, Officers
from bench.scale.stage import Stage
from bench.scale.usage import spent
from eximledger.desk import LoanDesk
from eximledger_chaincode.lending.loan import LoanState

__all__ = ["Lender"]

_PER_CALL: Final = 400
_LOOKED_AT: Final = 20


@dataclass
class Lender:
    """Makes loans of exports that no loan had before."""

    stage: Stage
    exporters: int
    _serial: int = 0

    async def begin(self) -> None:
        """A loan of each bank by itself, before anything is timed: the first in a collection makes its secret, and of
        many firsts at once all but one are voided, which a consortium meets once in its life."""
        for asked in await self.prepare(len(BANKS)):
            crew = Officers(self.stage.connect, 1)
            await crew.work([asked])
            assert not crew.failed, crew.failed
        await self.stage.settle("customs", "fx", "bank")

    async def prepare(self, count: int, bank: str = "") -> list[Asked]:
        """Declarations and papers of so many exports, filed in batches; every peer has them. Both banks' in
        turn, unless one is named."""
        day = today_in_china()
        exports = [each for each in self._exports(day, count if not bank else len(BANKS) * count)
                   if bank in {"", self._bank(each)}]  # fmt: skip
        of_bank = {name: [each for each in exports if self._bank(each) == name] for name in BANKS}
        await LoanDesk(self.stage.connect("customs")).file([each.declaration for each in exports])
        for owner, some in of_bank.items():
            desk = LoanDesk(self.stage.connect(owner))
            for first in range(0, len(some), _PER_CALL):
                await desk.file([paper for each in some[first : first + _PER_CALL] for paper in each.papers])
        await self.stage.settle("customs", "bank")
        return [Asked(self._bank(each), each.application(f"S-{each.serial}")) for each in exports]

    def _exports(self, day: date, count: int) -> Iterator[Export]:
        for _ in range(count):
            self._serial += 1
            yield Export(self._serial, exporter((self._serial - 1) % self.exporters), day)

    def _bank(self, export: Export) -> str:
        """The bank that the exporter has authorised."""
        return BANKS[(export.serial - 1) % self.exporters % len(BANKS)]

    async def run(
        self,
        officers: int,
        asked: Sequence[Asked],
        filer: Filer | None = None,
        pace: float = 0.0,
        looking: float = 0.0,
        among: int = 0,
    ) -> LendingRun:
        """Officers lend, and look so many seconds before each step; where a filer is given, it files `pace`
        declarations a second as long as they do. `among` is how many were filed before, where that is the question."""
        crew = Officers(self.stage.connect, officers, looking)
        cpu = self.stage.usage.cpu()
        ended = asyncio.Event()
        beside: asyncio.Task[FilingRun] | None = None
        if filer is not None:
            beside = asyncio.create_task(filer.file(max(1, round(pace)), 1, until=ended.is_set, pace=pace))
        try:
            await crew.work(asked)
        finally:
            used = spent(cpu, self.stage.usage.cpu())
            ended.set()
        filed = await beside if beside is not None else None
        await self._check(asked, crew)
        return LendingRun(
            officers=officers,
            loans=len(asked),
            finished=len(crew.finished),
            failed=tuple(crew.failed),
            seconds=round(crew.seconds, 3),
            steps=crew.latencies(),
            transactions=crew.transactions(),
            repeated=crew.repeated(),
            cpu=used,
            filed=filed.declarations if filed else 0,
            filing=filed.transaction if filed else None,
            looking=looking,
            among=among,
            middle_per_second=round(crew.middle_per_second(), 3),
            bank=asked[0].bank if len({each.bank for each in asked}) == 1 else "",
        )

    async def _check(self, asked: Sequence[Asked], crew: Officers) -> None:
        """Loans that officers finished are closed at the other of their peers, too, and hold nothing. Outside the time.

        Raises AssertionError."""
        await self.stage.settle("bank")
        of = {each.application.loan_id: each for each in asked}
        safe = LoanDesk(self.stage.connect("safe"))
        for loan_id in list(crew.finished)[:_LOOKED_AT]:
            bank = self.stage.network.consortium.organization(of[loan_id].bank).msp
            loan = await safe.loan(loan_id, bank=bank)
            assert loan.state is LoanState.CLOSED, (loan_id, loan.state)
            assert not loan.held, loan_id
