"""One event loop on a background thread, for callers that have none."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator
from contextlib import aclosing
from typing import Any, Final, TypeVar, cast

__all__ = ["call_on_loop", "each", "wait_for"]

AnswerT = TypeVar("AnswerT")
EventT = TypeVar("EventT")


class _Background:
    """Starts its thread at the first call, and anew in a forked child, where only the forking thread lives on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def forget(self) -> None:
        self.__init__()  # type: ignore[misc]  # as new: another thread may have held the lock when the process forked

    def loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                threading.Thread(target=loop.run_forever, name="hlf-client", daemon=True).start()
                self._loop = loop
            return self._loop


_background: Final = _Background()
if hasattr(os, "register_at_fork"):  # where processes fork
    os.register_at_fork(after_in_child=_background.forget)


def wait_for(work: Coroutine[Any, Any, AnswerT]) -> AnswerT:
    """Run a coroutine on the background loop and wait for it.

    An interrupted wait (KeyboardInterrupt) cancels it. Raises RuntimeError when called from a coroutine.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        work.close()
        raise RuntimeError("the synchronous API would block this event loop: await the asyncio API instead")
    future = asyncio.run_coroutine_threadsafe(work, _background.loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def call_on_loop(function: Callable[[], AnswerT]) -> AnswerT:
    """Call what does not wait itself, but may make what belongs to the loop that runs."""

    async def called() -> AnswerT:
        return function()

    return wait_for(called())


def each(listen: Callable[[], AsyncIterator[EventT]]) -> Generator[EventT, None, None]:
    """An asynchronous iterator's items, one wait for each."""
    events = call_on_loop(lambda: cast("AsyncGenerator[EventT, None]", listen()))

    async def following() -> EventT | None:
        return await anext(events, None)

    async def closed() -> None:
        async with aclosing(events):
            pass

    try:
        while (event := wait_for(following())) is not None:
            yield event
    finally:
        wait_for(closed())
