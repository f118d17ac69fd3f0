"""Reading ahead of who works: items of a stream as they come, several at a time where several are there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TypeVar

__all__ = ["ahead", "finished"]

ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")


async def ahead(
    stream: AsyncIterator[ItemT], *, waiting: int, size: Callable[[ItemT], int], most: int
) -> AsyncGenerator[list[ItemT], None]:
    """What is there of the stream, at least one item; about `most` in size at one time, and `waiting` items beyond.

    Raises what the stream raises, after what came before it.
    """
    queue: asyncio.Queue[ItemT | None] = asyncio.Queue(waiting)

    async def read() -> None:
        async for item in stream:
            await queue.put(item)

    async def ended() -> None:
        await asyncio.wait({reading})
        await queue.put(None)

    reading = asyncio.create_task(read())
    ending = asyncio.create_task(ended())
    try:
        is_over = False
        while not is_over:
            items: list[ItemT] = []
            total = 0
            first = await queue.get()
            is_over = first is None
            while first is not None:
                items.append(first)
                total += size(first)
                if total >= most or queue.empty():
                    break
                first = queue.get_nowait()
                is_over = first is None
            if items:
                yield items
        await reading
    finally:
        for task in (reading, ending):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


async def finished(work: Callable[[], AnswerT]) -> AnswerT:
    """Work on a thread that is waited for also when this task is cancelled meanwhile: it is not left half done."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
