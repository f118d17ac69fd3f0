"""Who writes next: processes and event loops take turns, so that a busy one keeps nobody else from writing.

SQLite's own lock is had by who asks at the right moment, and who has just written asks first. Here whoever writes next
waits for the writer alone, and all others wait for the place next to it: who comes back from writing stands behind.
Both places are locks of files beside the ledger's keys; the kernel lets go of them when their process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from pathlib import Path
from typing import Final

from hlf_client._file_lock import lock, try_lock

__all__ = ["PLACES", "Turns"]

PLACES: Final = (".next", ".writing")
"""The locks' files, in the order in which they are taken."""


class Turns:
    """Of one writer. Where a folder takes no locks there are no turns: SQLite's lock decides alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: int | None = None

    async def take(self, seconds: float) -> None:
        """Wait for the turn, without holding the event loop. Raises TimeoutError, with nothing held."""
        async with asyncio.timeout(seconds):
            before: int | None = None
            try:
                for name in PLACES:
                    held = await self._lock(name)
                    if before is not None:
                        os.close(before)
                    before = held
            except BaseException:
                if before is not None:
                    os.close(before)
                raise
            self._held = before

    def give(self) -> None:
        """Let the next one write."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    async def _lock(self, name: str) -> int | None:
        try:
            descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        try:
            if try_lock(descriptor):
                return descriptor
        except OSError:
            os.close(descriptor)
            return None
        waiting = _Waiting(descriptor)
        try:
            await waiting.done
        except BaseException:
            waiting.give_up()
            raise
        return descriptor


class _Waiting:
    """A wait for a lock, on a thread of its own: it may last, and must not keep the process from ending."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self._loop.create_future()
        self._mutex = threading.Lock()
        self._is_over = False
        self._is_wanted = True
        threading.Thread(target=self._wait, name="hlf-turn", daemon=True).start()

    def give_up(self) -> None:
        """The lock is let go of as soon as it is had."""
        with self._mutex:
            self._is_wanted = False
            if self._is_over:
                os.close(self._descriptor)

    def _wait(self) -> None:
        with contextlib.suppress(OSError):  # SQLite's lock decides then
            lock(self._descriptor)
        with self._mutex:
            self._is_over = True
            if not self._is_wanted:
                os.close(self._descriptor)
                return
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
