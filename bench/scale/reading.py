"""Reading declarations through the gateway of customs' peer: one by its number, pages of all and of one exporter's."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from bench.scale.contract import POOL
from bench.scale.figures import Latency, ReadingRun
from bench.scale.filing import Filer
from bench.scale.stage import Stage, in_turns
from bench.scale.usage import spent
from eximledger_chaincode.documents import ExportDeclaration

__all__ = ["read_declarations"]

ItemT = TypeVar("ItemT")
_PAGE: Final = 20
_WARM: Final = 50


async def read_declarations(stage: Stage, filer: Filer, *, points: int, pages: int, at_once: int) -> ReadingRun:
    """So many single reads, one after the other and `at_once`; so many pages of 20."""
    ledger, chance = stage.connect("customs"), random.Random(7)
    papers = filer.filed

    async def point(paper: ExportDeclaration) -> None:
        answer = await ledger.evaluate("customs", "documents:get", "declaration", paper.id)
        assert paper.declaration_number.encode() in answer

    async def floor(place: int) -> None:
        asked = {"place": place, "reads": [{"collection": "declarations", "found": 1, "absent": 0}]}
        await ledger.evaluate("customs", "bytes:read", json.dumps(asked))

    bookmark = ""

    async def page(exporter: str) -> None:
        nonlocal bookmark
        since = "" if exporter else bookmark
        answer: dict[str, Any] = json.loads(
            await ledger.evaluate("customs", "documents:list", "declaration", exporter, _PAGE, since)
        )
        assert answer["entries"]
        bookmark = answer["bookmark"] if not exporter else bookmark

    drawn = chance.choices(papers, k=points)
    await _timed(papers[:_WARM], point)
    alone, floors = list[float](), list[float]()
    for paper in drawn:  # by turns, so that what else the peers have to do just then is in both
        alone += await _timed([paper], point)
        floors += await _timed([chance.randrange(POOL)], floor)
    of_all = await _timed([""] * pages, page)
    of_one = await _timed([paper.exporter for paper in chance.choices(papers, k=pages)], page)
    cpu, begun, times = stage.usage.cpu(), time.monotonic(), list[float]()

    async def timed_point(number: int) -> None:
        times.extend(await _timed([drawn[number % len(drawn)]], point))

    many = points * 4
    await in_turns(many, timed_point, at_once)
    seconds = time.monotonic() - begun
    return ReadingRun(
        declarations=filer.count,
        point=Latency.of(alone),
        page=Latency.of(of_all),
        exporter_page=Latency.of(of_one),
        at_once=at_once,
        points_per_second=round(many / seconds, 1),
        point_at_once=Latency.of(times),
        cpu=spent(cpu, stage.usage.cpu()),
        queries=many,
        floor=Latency.of(floors),
    )


async def _timed(items: Sequence[ItemT], call: Callable[[ItemT], Awaitable[None]]) -> list[float]:
    times = []
    for item in items:
        begun = time.monotonic()
        await call(item)
        times.append(time.monotonic() - begun)
    return times
