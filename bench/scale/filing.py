"""Filing declarations in batches, several transactions at a time, each with exporters of its own."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from stdnum.cn import uscc

from bench._papers import declaration_model
from bench.scale.figures import FilingRun, Latency
from bench.scale.stage import Stage
from bench.scale.usage import spent
from eximledger_chaincode.contracts.state.records import document_json, record_list, record_of
from eximledger_chaincode.documents import ExportDeclaration
from hlf_client import Ledger
from hlf_client.errors import FabricError
from hlf_client.private import Answered, submit_private

__all__ = ["FILERS", "LENT_TO", "Filer", "Lane", "filer"]

LENT_TO: Final = 1000
"""Exporters of loans have the numbers below, who only export those from it on: a country has 780,000 exporters, so that
an exporter's next declaration falls into the tenth of a second of its check hardly ever."""
FILERS: Final = 8192
_DAYS: Final = 300
_TRIES: Final = 5
_TENTHS: Final = 10
_SAMPLE: Final = 50
_SAMPLED: Final = 2


@lru_cache(maxsize=FILERS)
def filer(number: int) -> str:
    """The code of a company that only exports."""
    body = f"91520600{LENT_TO + number % FILERS:09}"
    return body + str(uscc.calc_check_digit(body))


@dataclass(frozen=True, slots=True)
class Lane:
    """What one stream of batches files: declarations of exporters of its own, so that no two batches under way change
    one exporter's sums."""

    number: int
    of: int

    def declarations(self, first: int, count: int) -> Iterator[ExportDeclaration]:
        """Different declarations, by number, exporter and day."""
        model = declaration_model()
        days = {name: day for name, day in model if isinstance(day, date)}
        for number in range(first, first + count):
            seller = model.consignor.model_copy(update={"uscc": filer(self.number + self.of * (number // 7))})
            moved = {name: day - timedelta(days=number % _DAYS) for name, day in days.items()}
            said = {"declaration_number": f"224820260{number + 1:09}", "consignor": seller}
            yield model.model_copy(update=said | moved)


@dataclass
class Filer:
    """Customs' filing: which declarations there are so far."""

    stage: Stage
    filed: list[ExportDeclaration] = field(default_factory=list)
    """Every so manieth, to be read again."""
    count: int = 0
    _next: int = 0

    async def file(
        self,
        batch: int,
        lanes: int,
        *,
        declarations: int = 0,
        until: Callable[[], bool] = lambda: False,
        pace: float = math.inf,
    ) -> FilingRun:
        """File so many declarations, or until it is enough, `pace` a second at most; what is filed is then checked,
        outside the time."""
        before, ledger = self.count, self.stage.connect("customs")
        cpu, begun = self.stage.usage.cpu(), time.monotonic()
        work = _Work(ledger, batch, lanes, batch / pace)
        batches = self._batches(batch, declarations, until)
        await asyncio.gather(*(work.lane(Lane(number, lanes), batches) for number in range(lanes)))
        seconds = time.monotonic() - begun
        used = spent(cpu, self.stage.usage.cpu())
        self.count += work.filed
        self.filed += work.sample
        await self._check(ledger, work)
        return FilingRun(
            batch=batch,
            lanes=lanes,
            declarations=work.filed,
            before=before,
            seconds=round(seconds, 3),
            transaction=Latency.of(work.times),
            failed=work.failed,
            cpu=used,
            rates=_rates(work.moments, begun, seconds, batch),
        )

    def _batches(self, batch: int, declarations: int, until: Callable[[], bool]) -> Iterator[int]:
        """Where each batch begins."""
        end = self._next + declarations if declarations else None
        while (end is None or self._next < end) and not until():
            first, self._next = self._next, self._next + batch
            yield first

    async def _check(self, ledger: Ledger, work: _Work) -> None:
        """Declarations read again are what was filed. Raises AssertionError."""
        for paper in itertools.islice(reversed(work.sample), _SAMPLE):
            found = await ledger.evaluate("customs", "documents:get", "declaration", paper.id)
            assert document_json(record_of("declaration", found).document) == document_json(paper)


@dataclass
class _Work:
    """What the lanes of one run have done."""

    ledger: Ledger
    batch: int
    lanes: int
    pause: float
    """Seconds between the beginnings of batches, of all lanes together."""
    filed: int = 0
    begun: int = 0
    """Batches."""
    failed: int = 0
    times: list[float] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    sample: list[ExportDeclaration] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    async def lane(self, lane: Lane, batches: Iterator[int]) -> None:
        for first in batches:
            due = self.since + self.begun * self.pause
            self.begun += 1
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            papers = list(lane.declarations(first, self.batch))
            await self._submit([document_json(paper) for paper in papers])
            self.sample += papers[:_SAMPLED]

    async def _submit(self, papers: list[bytes]) -> None:
        """One transaction, again where it failed. Raises the last error."""
        for attempt in range(1, _TRIES + 1):
            begun = time.monotonic()
            try:
                await submit_private(
                    self.ledger,
                    "customs",
                    "documents:put_many",
                    "declaration",
                    record_list(papers),
                    endorsing_organizations=["CustomsMSP"],
                    answered=Answered.BRIEF,  # as the desk files
                )
            except FabricError:
                self.failed += 1
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(0.2 * attempt)
            else:
                self.times.append(time.monotonic() - begun)
                self.moments.append(time.monotonic())
                self.filed += len(papers)
                return


def _rates(moments: list[float], begun: float, seconds: float, batch: int) -> tuple[float, ...]:
    """Declarations a second in each tenth of the time."""
    tenth = seconds / _TENTHS
    counts = [0] * _TENTHS
    for moment in moments:
        counts[min(_TENTHS - 1, int((moment - begun) / tenth))] += batch
    return tuple(round(each / tenth, 1) for each in counts)
