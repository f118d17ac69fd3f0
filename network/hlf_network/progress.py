"""Telling what is being done: steps with their time, to a person, a pipe or a program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

__all__ = ["Progress", "Recorder", "Step", "in_parallel"]

Result = TypeVar("Result")

WORKERS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is done, and how long it took."""

    title: str
    seconds: float


class Progress(Protocol):
    """Who listens. Called from the driver's own thread only."""

    def begin(self, title: str) -> None: ...

    def end(self, step: Step) -> None: ...


class Recorder:
    """Times steps, keeps them, and tells a listener when there is one."""

    def __init__(self, listener: Progress | None = None) -> None:
        self._listener = listener
        self.steps: list[Step] = []

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step succeeds when its block does; one that fails is not recorded."""
        if self._listener:
            self._listener.begin(title)
        started = time.perf_counter()
        yield
        done = Step(title, time.perf_counter() - started)
        self.steps.append(done)
        if self._listener:
            self._listener.end(done)


def in_parallel(jobs: Sequence[Callable[[], Result]], *, workers: int = WORKERS) -> list[Result]:
    """Run all jobs in threads, wait for all, and give their results in order; the first failure is raised.

    A signal that ends this (Ctrl-C) starts no further job and is raised when those that run have ended, so whoever
    undoes what they made sees all of it.
    """
    if not jobs:
        return []
    with ThreadPoolExecutor(max_workers=min(workers, len(jobs))) as pool:
        gate = _Gate()
        try:
            futures = [pool.submit(gate.run, job) for job in jobs]
            wait(futures)
        except BaseException:
            gate.close()
            raise
    return [future.result() for future in futures]


class _Gate:
    """Lets jobs run until it is closed. It counts them itself: a pool forgets a thread whose start is interrupted."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._is_closed = False

    def run(self, job: Callable[[], Result]) -> Result:
        with self._changed:
            if self._is_closed:
                raise CancelledError
            self._running += 1
        try:
            return job()
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Let no further job run, and wait for those that do."""
        with self._changed:
            self._is_closed = True
            self._changed.wait_for(lambda: self._running == 0)
