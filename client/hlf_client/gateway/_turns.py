"""How much is asked of one peer at once: calls beyond it wait for their turn, in the order in which they came.

A peer that simulates more than some sixty transactions at a time falls behind with its blocks; its simulations take
longer, and what it answers is what others have already passed. To wait here costs less than to ask it all at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakKeyDictionary

__all__ = ["AT_ONCE", "Turns", "turns_at"]

AT_ONCE: Final = 48
"""Endorsements and queries under way at one peer, of all connections on an event loop, unless a connection is told
otherwise."""


class Turns:
    """The turns at one peer. Each connection brings its own bound; the one that waits longest goes first."""

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def turn(self, at_once: int) -> AsyncIterator[None]:
        """Wait until fewer than `at_once` have a turn and nobody came before, and have it for the block."""
        if self._waiting or self._taken >= at_once:
            await self._wait(at_once)
        else:
            self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            self._call_up()

    async def _wait(self, at_once: int) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append((at_once, mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # called up and cancelled at once: the turn goes to the next
                self._taken -= 1
            else:
                self._waiting.remove((at_once, mine))
            self._call_up()
            raise

    def _call_up(self) -> None:
        while self._waiting and self._taken < self._waiting[0][0]:
            self._taken += 1
            self._waiting.popleft()[1].set_result(None)


_turns: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Turns]]] = WeakKeyDictionary()


def turns_at(address: str) -> Turns:
    """The turns at the peer of this address that all connections on the running event loop share."""
    found = _turns.setdefault(asyncio.get_running_loop(), {})
    return found.setdefault(address, Turns())
