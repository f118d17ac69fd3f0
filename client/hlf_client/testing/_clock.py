"""Clocks for tests: one that a test sets, one that gives a later run the times of the first."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hlf_client._clock import Clock, utc_now
from hlf_client.errors import InvalidDocument, NotFound

__all__ = ["ManualClock", "RecordedClock"]


class ManualClock:
    """The time of proposals and certificate checks: stands still until it is moved, never backwards."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        """Raises ValueError for a negative step."""
        if by < timedelta():
            raise ValueError("a clock goes forward")
        self.now += by


class RecordedClock:
    """The times of a run's transactions, recorded into a file, and given again in their order to every later run.

    with Fabric(basic, clock=RecordedClock(Path("times.json"))) as fabric: ...

    The file is written when the `Fabric` is closed without an error, where there was none; delete it to record anew.
    """

    def __init__(self, path: Path, source: Clock = utc_now) -> None:
        """Raises `InvalidDocument` for a file that holds something else."""
        self._path = path
        self._source = source
        self.is_replayed = path.exists()
        self._times = _read(path) if self.is_replayed else [source()]
        self._given = 1
        """How many of them have been given; the first is when the run began."""

    def __call__(self) -> datetime:
        """Now: between two transactions of a replayed run the time of the one before."""
        return self._times[self._given - 1] if self.is_replayed else max(self._source(), self._times[-1])

    def next(self) -> datetime:
        """The time of the next transaction. Raises `NotFound` where there were not so many."""
        if not self.is_replayed:
            self._times.append(self())
        elif self._given == len(self._times):
            told = f"{self._path} has {self._given - 1} transactions, and this is one more: delete it to record anew"
            raise NotFound(told, path=str(self._path))
        self._given += 1
        return self._times[self._given - 1]

    def save(self) -> None:
        """Write what was recorded; nothing where it was replayed."""
        if not self.is_replayed:
            text = json.dumps([time.isoformat() for time in self._times], indent=1)
            self._path.write_text(f"{text}\n", encoding="utf-8")


def _read(path: Path) -> list[datetime]:
    try:
        times = [datetime.fromisoformat(text) for text in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError, AttributeError):
        times = []
    if not times or any(time.tzinfo is None for time in times) or times != sorted(times):
        reason = "holds no recorded times"
        raise InvalidDocument(f"{path} {reason}: delete it to record anew", field="clock", reason=reason)
    return times
