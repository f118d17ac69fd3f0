"""Who goes on and who waits, in the order in which they came: for what bears only so much at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Turns"]


class Turns:
    """The turns of those on one event loop that meet at one place. Each brings its own bound; the one that waits
    longest goes first, and nobody passes it."""

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: deque[tuple[int, int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def turn(self, at_once: int, *, weight: int = 1) -> AsyncIterator[bool]:
        """Wait until less than `at_once` is taken and nobody came before, and have the turn for the block; it takes
        `weight`. Yields whether there was a wait."""
        waited = bool(self._waiting) or self._taken >= at_once
        if waited:
            await self._wait(at_once, weight)
        else:
            self._taken += weight
        try:
            yield waited
        finally:
            self._give_back(weight)

    def _give_back(self, weight: int) -> None:
        self._taken -= weight
        self._call_up()

    async def _wait(self, at_once: int, weight: int) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append((at_once, weight, mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # called up and cancelled at once: the turn goes to the next
                self._give_back(weight)
            else:
                self._call_up()
            raise

    def _call_up(self) -> None:
        while self._waiting:
            at_once, weight, first = self._waiting[0]
            if first.cancelled():  # its task has not heard of it yet
                self._waiting.popleft()
                continue
            if self._taken >= at_once:
                return
            self._taken += weight
            self._waiting.popleft()
            first.set_result(None)
