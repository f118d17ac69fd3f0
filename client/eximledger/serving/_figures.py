"""A member's portfolio: of a large mirror it takes seconds, so the last one is shown while a new one is found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

from eximledger.mirror.reading import MirrorReader, Portfolio
from hlf_client import Clock

__all__ = ["Figures", "Found"]

_QUICK: Final = 0.15
"""Seconds: figures that take no longer are found at every call."""
_OLD: Final = 600.0
"""Seconds after which nobody is shown what was found then."""


@dataclass(frozen=True, slots=True)
class Found:
    """A portfolio, and when it was so."""

    portfolio: Portfolio
    at: datetime


@dataclass(slots=True)
class _Last:
    found: Found
    took: float
    until: float


class Figures:
    """Portfolios by member and bank, each found by one task at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[tuple[str, str], _Last] = {}
        self._finding: dict[tuple[str, str], asyncio.Task[Found]] = {}

    async def of(self, msp_id: str, reader: MirrorReader, bank: str) -> Found:
        """The portfolio of a bank as a member sees it, or of all for "". Raises what the mirror does."""
        name = msp_id, bank
        last = self._last.get(name)
        if last is None or last.took <= _QUICK or last.until < monotonic():
            return await asyncio.shield(self._find(name, reader))
        self._find(name, reader).add_done_callback(_heard)
        return last.found

    def _find(self, name: tuple[str, str], reader: MirrorReader) -> asyncio.Task[Found]:
        task = self._finding.get(name)
        if task is None:
            task = self._finding[name] = asyncio.create_task(self._read(name, reader))
            task.add_done_callback(lambda _task: self._finding.pop(name, None))
        return task

    async def _read(self, name: tuple[str, str], reader: MirrorReader) -> Found:
        started, at = monotonic(), self._clock()
        found = Found(await asyncio.to_thread(reader.portfolio, name[1]), at)
        self._last[name] = _Last(found, monotonic() - started, monotonic() + _OLD)
        return found


def _heard(task: asyncio.Task[Found]) -> None:
    """A failure to find figures anew is the next caller's, who finds none so fresh."""
    if not task.cancelled():
        task.exception()
