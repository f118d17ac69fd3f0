"""Listening for so many events and no more, as a test does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, TypeVar

__all__ = ["close", "take"]

EventT = TypeVar("EventT")
DEADLINE: Final = 30


async def take(events: AsyncIterator[EventT], count: int) -> list[EventT]:
    """The next events; the listener stays open."""
    async with asyncio.timeout(DEADLINE):
        return [await anext(events) for _ in range(count)]


async def close(events: AsyncIterator[object]) -> None:
    """End a listener before its time."""
    closing = getattr(events, "aclose", None)
    if closing is not None:
        await closing()
