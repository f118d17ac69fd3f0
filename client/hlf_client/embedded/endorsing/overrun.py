"""Ends a contract that computes without end, on whatever thread it runs.

The chaincode server interrupts by a signal; a user's program has its signals for itself. So a thread looks at the turns
under way a few times a second and sets an exception into the thread of one that is over. It goes when there has been
none for a while. What runs in C (one regular expression, one sleep) is ended when it comes back to Python. The garbage
collector waits for the end of a turn: what a large program's garbage takes is not the contract's computing.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from typing import Final

from hlf_chaincode.limits import IDLE_FACTOR

__all__ = ["Late", "Turn"]

_LOOKS: Final = 8
"""In the time that a turn may take."""
_IDLE_LOOKS: Final = 40
"""Without a turn, after which the thread goes."""


class Late(BaseException):
    """Ends a contract that has used up its time. Not an `Exception`, so no contract catches it by accident."""


class Turn:
    """One contract's computing between two requests, on the thread that made this; it may begin and end many times."""

    __slots__ = ("_began", "_clock", "_cpu_began", "_struck", "seconds", "thread")

    def __init__(self, seconds: float) -> None:
        """`seconds` of CPU are the limit; by the clock on the wall it is `IDLE_FACTOR` times as long."""
        self.thread = threading.get_ident()
        self.seconds = seconds
        self._clock = time.CLOCK_MONOTONIC if sys.platform == "darwin" else time.pthread_getcpuclockid(self.thread)
        self._struck = False
        self._began = self._cpu_began = 0.0

    def begin(self) -> None:
        self._cpu_began = time.clock_gettime(self._clock)
        self._began = time.monotonic()
        _watch.add(self)

    def end(self) -> None:
        """Raises `Late` where it was too long."""
        _watch.discard(self)
        if self._struck or self.is_over():
            _watch.settle(self)
            raise Late

    def close(self) -> None:
        """The contract has ended, however it did."""
        while True:
            try:
                _watch.discard(self)
                if self._struck:
                    _watch.settle(self)
                return
            except Late:  # set just before: what it cut off is still to be done
                continue

    def is_over(self) -> bool:
        if time.monotonic() - self._began > self.seconds * IDLE_FACTOR:
            return True
        try:
            return time.clock_gettime(self._clock) - self._cpu_began > self.seconds
        except OSError:  # its thread is gone
            return False

    def strike(self) -> None:
        """Called under the watch's lock. Either `end` sees that this turn is struck, and waits for the lock, or it is
        seen here that the turn has ended: an exception never comes later than `end`."""
        self._struck = True
        if _watch.has(self):
            _send(Late, self.thread)


def _send(late: type[Late] | None, thread: int) -> None:
    """Into another thread, or this one; None takes back what has not come."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), late and ctypes.py_object(late))


class _Watch:
    """The turns under way in this process, and the thread that looks at them."""

    def __init__(self) -> None:
        self._turns: set[Turn] = set()
        self._lock = threading.Lock()
        self._is_watching = False
        self._holds_collector = False

    def add(self, turn: Turn) -> None:
        self._turns.add(turn)
        if gc.isenabled():
            self._holds_collector = True
            gc.disable()
        if not self._is_watching:
            self._start(turn.seconds / _LOOKS)

    def discard(self, turn: Turn) -> None:
        self._turns.discard(turn)
        if not self._turns:
            self._free_collector()

    def _free_collector(self) -> None:
        if self._holds_collector:
            self._holds_collector = False
            gc.enable()

    def has(self, turn: Turn) -> bool:
        return turn in self._turns

    def settle(self, turn: Turn) -> None:
        """What was set and has not come comes here, on the turn's own thread.

        Taken back it would leave CPython 3.11 looking for it at every call from then on, and with a tracer (a
        debugger's, coverage's) for ever at one. Elsewhere, as where the collector closes what was left lying, it would
        never come: there it is taken back.
        """
        if threading.get_ident() != turn.thread:
            with self._lock:
                _send(None, turn.thread)
            return
        try:
            with self._lock:
                _send(Late, turn.thread)
            while True:
                pass
        except Late:
            return

    def forked(self) -> None:
        """A child has no thread of its parent's."""
        self._turns, self._lock, self._is_watching = set(), threading.Lock(), False
        self._free_collector()

    def _start(self, interval: float) -> None:
        with self._lock:
            if not self._is_watching:
                self._is_watching = True
                threading.Thread(target=self._run, args=(interval,), name="hlf-turns", daemon=True).start()

    def _run(self, interval: float) -> None:
        idle = 0
        while True:
            time.sleep(interval)
            idle = 0 if self._turns else idle + 1
            for turn in list(self._turns):
                if turn.is_over():
                    with self._lock:
                        turn.strike()
            if idle > _IDLE_LOOKS:
                with self._lock:
                    self._is_watching = bool(self._turns)  # one that has begun since finds a thread, or starts one
                    if not self._is_watching and not self._turns:
                        return
                    self._is_watching = True


_watch = _Watch()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_watch.forked)
