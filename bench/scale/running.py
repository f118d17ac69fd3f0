"""One run: the parts in their order, each of which adds its figures as soon as it has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from tests.trust.load import BANKS

from bench.scale.ceiling import Ceiling
from bench.scale.figures import CeilingRun, FilingRun, Founding, Growth, LendingRun, Measured, ReadingRun
from bench.scale.filing import Filer
from bench.scale.lending import Lender
from bench.scale.officers import half_load_look
from bench.scale.reading import read_declarations
from bench.scale.recording import record_filing, record_loan
from bench.scale.stage import Stage
from bench.scale.steps import Step
from bench.scale.usage import CPU_OF, growth, spent

__all__ = ["PARTS", "Run", "Sizes"]

PARTS: Final = ("filing", "reading", "lending", "mixed", "synchronising", "idle")
_AT_ONCE: Final = 32
_CATCH_UP: Final = 600.0
_LATE: Final = "tradebank"
"""Whose peer is away for a while and catches up."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    declarations: tuple[int, ...] = (10_000, 100_000)
    batches: tuple[int, ...] = (100, 500, 500)
    lanes: tuple[int, ...] = (4, 2, 4)
    trial: int = 2000
    seconds: float = 0.0
    points: int = 1000
    pages: int = 100
    officers: tuple[int, ...] = (1, 8, 32, 128)
    loans: tuple[int, ...] = (8, 48, 96, 160)
    mixed: tuple[int, int] = (32, 64)
    pace: float = 50.0
    """Declarations a second that are filed beside; a country's mean is 11."""
    half_load: tuple[int, int] = (128, 768)
    """Officers and loans; each looks so long before a step that all make half of the most that was made before."""
    among: tuple[int, int] = (10, 160)
    """Officers and loans at each number of declarations, with about half of the most that the machine bears."""
    one_bank: tuple[int, int] = (8, 32)
    """Officers and loans of one bank, so that the other's peer only commits: what that costs is known then."""
    synchronised: int = 10_000
    exporters: int = 1000
    ceiling_batches: int = 12
    idle_seconds: float = 15

    def with_options(self, options: Mapping[str, Any]) -> Sizes:
        """With what the command line names."""
        said: dict[str, Any] = {each.name: options[each.name] for each in fields(self) if options.get(each.name)}
        return TypeAdapter(Sizes).validate_python(asdict(self) | said)


@dataclass
class Run:
    """What has been measured so far."""

    stage: Stage
    client: Path
    sizes: Sizes
    founding: Founding
    tell: Callable[[str], None]
    filing: list[FilingRun] = field(default_factory=list)
    reading: list[ReadingRun] = field(default_factory=list)
    lending: list[LendingRun] = field(default_factory=list)
    ceilings: list[CeilingRun] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    idle: dict[str, float] = field(default_factory=dict)
    _batch: Sequence[Step] = ()
    """What a batch of declarations reads and writes, recorded once: filed again it would write nothing."""

    def measured(self, machine: str, on: str) -> Measured:
        return Measured(
            machine=machine,
            measured_on=on,
            founding=self.founding,
            filing=tuple(self.filing),
            reading=tuple(self.reading),
            lending=tuple(self.lending),
            ceilings=tuple(self.ceilings),
            growth=tuple(self.growth),
            idle_cpu=self.idle,
        )

    async def parts(self, wanted: frozenset[str]) -> None:
        async with self.stage.connected():
            filer = Filer(self.stage)
            ceiling = Ceiling(self.stage, self.client)
            lender = Lender(self.stage, self.sizes.exporters)
            if wanted & {"lending", "mixed"}:
                await lender.begin()
            if "idle" in wanted:
                await self._idle()
            if "filing" in wanted:
                await self._filing(filer, ceiling)
            if wanted & {"filing", "reading"}:
                await self._to_sizes(filer, lender, ceiling, wanted)
            if "lending" in wanted:
                await self._lending(lender, ceiling)
            if "mixed" in wanted:
                await self._mixed(lender, filer)
            if "synchronising" in wanted:
                await self._synchronising(filer)

    async def _idle(self) -> None:
        before = self.stage.usage.cpu()
        await asyncio.sleep(self.sizes.idle_seconds)
        used = spent(before, self.stage.usage.cpu())
        self.idle = {part: round(each / self.sizes.idle_seconds, 4) for part, each in used.items()}
        self.tell(f"idle: {self.idle} of a core")

    async def _filing(self, filer: Filer, ceiling: Ceiling) -> None:
        """Sizes of batches in turn, then as much by the ceiling as the last of them."""
        for batch, lanes in zip(self.sizes.batches, self.sizes.lanes, strict=True):
            self._filed(await filer.file(batch, lanes, declarations=max(self.sizes.trial, batch * lanes * 3)))
        for reads in (True, False):
            await self._bytes_alone(ceiling, filer, reads=reads)

    async def _bytes_alone(self, ceiling: Ceiling, filer: Filer, *, reads: bool = True) -> None:
        """As much as a size of batches is tried with."""
        batch, lanes, count = self.sizes.batches[-1], self.sizes.lanes[-1], self.sizes.ceiling_batches
        self._batch = self._batch or await record_filing(self.stage.folder, batch)
        self._ceiling(
            await ceiling.run(
                "filing", self._batch, workers=lanes, sequences=count, items=batch, reads=reads, among=filer.count
            )
        )

    async def _to_sizes(self, filer: Filer, lender: Lender, ceiling: Ceiling, wanted: frozenset[str]) -> None:
        """File until there are so many, without a pause, then read and lend; at each size as much again beside its
        ceiling, both from rest."""
        batch, lanes = self.sizes.batches[-1], self.sizes.lanes[-1]
        await self.stage.settle("customs")
        for size in self.sizes.declarations:
            if size > filer.count:
                disk, count = self.stage.usage.disk(), filer.count
                self._filed(await filer.file(batch, lanes, declarations=size - filer.count))
                await self.stage.settle("customs")
                await self.stage.rest()
                self.growth = [Growth("declaration", filer.count - count, growth(disk, self.stage.usage.disk()))]
            if "reading" in wanted:
                await self._read(filer)
            if "lending" in wanted:
                officers, loans = self.sizes.among
                self._lent(await lender.run(officers, await lender.prepare(loans), among=filer.count))
                await self.stage.rest()
            if "filing" in wanted:
                self._filed(await filer.file(batch, lanes, declarations=batch * self.sizes.ceiling_batches))
                await self.stage.rest()
                await self._bytes_alone(ceiling, filer)
                await self.stage.rest()
        if self.sizes.seconds:
            end = time.monotonic() + self.sizes.seconds
            self._filed(await filer.file(batch, lanes, until=lambda: time.monotonic() > end))
        await self.stage.settle("customs")

    async def _read(self, filer: Filer) -> None:
        sizes = self.sizes
        found = await read_declarations(self.stage, filer, points=sizes.points, pages=sizes.pages, at_once=_AT_ONCE)
        self.reading.append(found)
        self.tell(f"reading among {filer.count}: {found.point}")

    async def _lending(self, lender: Lender, ceiling: Ceiling) -> None:
        steps = await record_loan(self.stage.folder)
        for officers, loans in zip(self.sizes.officers, self.sizes.loans, strict=True):
            bare = self.stage.usage.disk()
            asked = await lender.prepare(loans)
            with_papers = self.stage.usage.disk()
            self._lent(await lender.run(officers, asked))
            lent = self.stage.usage.disk()
            self._ceiling(await ceiling.run("loans", steps, workers=officers, sequences=loans))
        self._ceiling(await ceiling.run("loans", steps, workers=officers, sequences=loans, reads=False))
        officers, count = self.sizes.half_load
        seconds = half_load_look(officers, self.lending)
        self._lent(await lender.run(officers, await lender.prepare(count), looking=seconds))
        own, count = self.sizes.one_bank
        self._lent(await lender.run(own, await lender.prepare(count, BANKS[0])))
        self.growth.append(Growth("loan's papers", loans, growth(bare, with_papers)))
        self.growth.append(Growth("loan", loans, growth(with_papers, lent)))

    async def _mixed(self, lender: Lender, filer: Filer) -> None:
        officers, loans = self.sizes.mixed
        asked = await lender.prepare(loans)
        self._lent(await lender.run(officers, asked, filer, self.sizes.pace))

    async def _synchronising(self, filer: Filer) -> None:
        """A peer that was away while declarations were filed, until it has all blocks."""
        state = next(
            each for each in self.stage.usage.engine.containers()
            if each.kind == "peer" and each.organization == _LATE
        )  # fmt: skip
        container = self.stage.usage.engine.client.containers.get(state.name)
        await asyncio.to_thread(container.stop)
        try:
            self._filed(
                await filer.file(self.sizes.batches[-1], self.sizes.lanes[-1], declarations=self.sizes.synchronised)
            )
            wanted = await asyncio.to_thread(self.stage.height, "customs", "customs")
        finally:
            begun = time.monotonic()
            await asyncio.to_thread(container.start)
        had = await self._caught_up(wanted)
        seconds = time.monotonic() - begun
        self.founding = replace(
            self.founding,
            catch_up_seconds=round(seconds, 2),
            catch_up_blocks=wanted - had,
            caught_up=self.filing[-1].declarations,
        )

    async def _caught_up(self, wanted: int) -> int:
        """Wait until the late peer has so many blocks; how many it had when it first answered. Raises TimeoutError."""
        had, deadline = 0, time.monotonic() + _CATCH_UP
        while time.monotonic() < deadline:
            try:
                height = await asyncio.to_thread(self.stage.height, _LATE, "customs")
            except Exception:  # not up yet: in whatever way that shows
                height = 0
            had = had or height
            if height >= wanted:
                return had
            await asyncio.sleep(0.2)
        raise TimeoutError(f"{_LATE}'s peer has {had} of {wanted} blocks")

    def _filed(self, run: FilingRun) -> None:
        self.filing.append(run)
        self.tell(
            f"filed {run.declarations} by {run.batch} x {run.lanes}: {run.per_second:.0f} a second, {_parts(run.cpu)}"
        )

    def _lent(self, run: LendingRun) -> None:
        self.lending.append(run)
        self.tell(
            f"{run.officers} officers: {run.finished} of {run.loans}, {run.per_second:.2f} a second, "
            f"{_parts(run.cpu)}, repeated {run.repeated} {run.failed[:3]}"
        )

    def _ceiling(self, run: CeilingRun) -> None:
        self.ceilings.append(run)
        self.tell(
            f"ceiling of {run.of}, {run.workers} workers, reads {run.has_reads}: {run.per_second:.2f} a second, "
            f"{_parts(run.cpu)}, {run.failures} failures"
        )


def _parts(used: Mapping[str, float]) -> str:
    return "CPU s: " + ", ".join(f"{part} {used[part]:.1f}" for part in CPU_OF)
