"""A watch over contracts that compute and never come to an end.

Contracts run on the event loop's thread, so one that computes for long holds up the others. A turn that uses up its
share of CPU, or waits for something without using any, is interrupted by a signal, whose handler raises inside the
contract's own code.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hlf_chaincode.limits import IDLE_FACTOR

__all__ = ["Overrun", "Watchdog"]


class Overrun(BaseException):
    """A contract's turn was interrupted. Not an `Exception`, so no contract catches it by accident."""


class Watchdog:
    """Whoever runs contracts says when a turn begins and ends; at most one runs at a time."""

    __slots__ = ("_began", "_seconds", "_seen", "_stop", "_turn")

    def __init__(self, seconds: float) -> None:
        """`seconds` of CPU are a turn's limit: a busy machine makes no contract guilty."""
        self._seconds = seconds
        self._stop = threading.Event()
        self._began = 0.0
        self._turn = 0
        self._seen = (0, 0.0)
        """The turn that was on when the watch looked first, and the CPU used until then: a turn would have to ask for
        its own at its beginning, which costs some turns more than they take."""

    def begin(self) -> None:
        self._turn += 1
        self._began = time.monotonic()

    def end(self) -> None:
        self._began = 0.0

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

    def _watch(self) -> None:
        main = threading.main_thread().ident or 0
        clock = time.pthread_getcpuclockid(main)
        while not self._stop.wait(self._seconds / 8):
            used, turn = time.clock_gettime(clock), self._turn
            if self._seen[0] != turn:
                self._seen = turn, used
            elif self._is_over(used):
                signal.pthread_kill(main, signal.SIGALRM)

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        if self._is_over(time.thread_time()):  # the turn may have ended since
            self.end()
            raise Overrun

    def _is_over(self, cpu_now: float) -> bool:
        began, (turn, cpu_seen) = self._began, self._seen
        if began == 0 or turn != self._turn:
            return False
        return cpu_now - cpu_seen > self._seconds or time.monotonic() - began > self._seconds * IDLE_FACTOR
