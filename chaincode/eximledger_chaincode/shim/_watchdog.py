"""A watch over contracts that compute and never come to an end.

Contracts run on the event loop's thread, so one that computes for long holds up the others. After `seconds` its turn is
interrupted by a signal, whose handler raises inside the contract's own code.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Overrun", "Watchdog"]


class Overrun(BaseException):
    """A contract's turn was interrupted. Not an `Exception`, so no contract catches it by accident."""


class Watchdog:
    """`started` is when the running turn began (monotonic seconds), 0 between turns; whoever runs contracts sets it."""

    __slots__ = ("_seconds", "_stop", "started")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._stop = threading.Event()
        self.started = 0.0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the main thread until the block ends. On another thread nothing is watched: signals go to the main
        one only."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, self._interrupt)
        thread = threading.Thread(target=self._watch, name="contract-watchdog", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            signal.signal(signal.SIGALRM, before)

    def _is_over(self) -> bool:
        return self.started > 0 and time.monotonic() - self.started > self._seconds

    def _watch(self) -> None:
        main = threading.main_thread().ident or 0
        while not self._stop.wait(self._seconds / 8):
            if self._is_over():
                signal.pthread_kill(main, signal.SIGALRM)

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        if self._is_over():  # the turn may have ended since
            self.started = 0.0
            raise Overrun
