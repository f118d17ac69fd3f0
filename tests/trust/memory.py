"""Resident memory of processes over time, and whether it grows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hlf_network.engine.docker import Engine

__all__ = ["Growth", "Memory", "trend"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Growth:
    """What a process held after its warm-up and at the end, by the straight line through its samples, in MiB."""

    first: float
    last: float
    minutes: float

    @property
    def total(self) -> float:
        return self.last - self.first

    @property
    def per_minute(self) -> float:
        return self.total / self.minutes if self.minutes else 0.0


@dataclass
class Memory:
    """Samples of some containers and of this process, by name."""

    engine: Engine
    containers: Mapping[str, str]
    """What each is called, by its container."""
    samples: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def sample(self) -> None:
        """Ask once. A container that is down just now is left out."""
        now = time.monotonic()
        self._note("this client", now, _own_resident())
        for container, name in self.containers.items():
            resident = self._resident(container)
            if resident is not None:
                self._note(name, now, resident)

    def growth(self, warm_up: float) -> dict[str, Growth]:
        """The trend of each after `warm_up` (a share of the whole time)."""
        return {name: trend(samples[int(len(samples) * warm_up) :]) for name, samples in self.samples.items()}

    def _note(self, name: str, now: float, resident: int) -> None:
        self.samples.setdefault(name, []).append((now, resident / _MIB))

    def _resident(self, container: str) -> int | None:
        """The sum over a container's processes, as the engine's host sees them."""
        found = self.engine.client.containers.get(container)
        if found.status != "running":
            return None
        listing = found.top(ps_args="-o pid,rss")
        column = listing["Titles"].index("RSS")
        return sum(int(process[column]) * 1024 for process in listing["Processes"])


def _own_resident() -> int:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return int(fields["VmRSS"].split()[0]) * 1024


def trend(samples: list[tuple[float, float]]) -> Growth:
    """The straight line through samples of (seconds, MiB)."""
    times, sizes = zip(*samples, strict=True)
    if len(samples) < 2 or times[0] == times[-1]:
        return Growth(sizes[0], sizes[-1], 0.0)
    slope, intercept = statistics.linear_regression(times, sizes)
    return Growth(intercept + slope * times[0], intercept + slope * times[-1], (times[-1] - times[0]) / 60)
