"""What was measured, as plain values that go to JSON and come back: for the page, and for `bench.model`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from pydantic import TypeAdapter

__all__ = [
    "FIGURES",
    "CeilingRun",
    "FilingRun",
    "Founding",
    "Growth",
    "Latency",
    "LendingRun",
    "Measured",
    "ReadingRun",
    "percentile",
]

FIGURES: Final = Path(__file__).with_name("figures.json")
"""The newest figures that are committed."""


def percentile(times: Sequence[float], percent: float) -> float:
    """The least time within which so many per cent of all were done; 0 of none."""
    if not times:
        return 0.0
    place = math.ceil(len(times) * percent / 100) - 1
    return sorted(times)[max(0, place)]


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds."""

    count: int
    p50: float
    p99: float
    p999: float
    longest: float

    @classmethod
    def of(cls, times: Sequence[float]) -> Self:
        found = (percentile(times, percent) for percent in (50, 99, 99.9, 100))
        return cls(len(times), *(round(each, 4) for each in found))


@dataclass(frozen=True, slots=True)
class Founding:
    """The network, from nothing to a consortium that works."""

    fabric: str
    batch: str
    up_seconds: float
    ready_seconds: float
    """With chaincode servers, members' roles, exporters' class and consent."""
    exporters: int
    catch_up_seconds: float = 0.0
    """Until a peer that lost its volume had all blocks again."""
    catch_up_blocks: int = 0
    workers: int = 1
    """Processes of each chaincode server."""
    caught_up: int = 0
    """Declarations in them."""


@dataclass(frozen=True, slots=True)
class FilingRun:
    """Declarations filed in batches, `lanes` transactions at a time."""

    batch: int
    lanes: int
    declarations: int
    before: int
    """Declarations that were there when it began."""
    seconds: float
    transaction: Latency
    failed: int
    cpu: dict[str, float]
    rates: tuple[float, ...] = ()
    """Declarations a second in each tenth of the run."""

    @property
    def per_second(self) -> float:
        return self.declarations / self.seconds


@dataclass(frozen=True, slots=True)
class ReadingRun:
    """Reads through the gateway of customs' peer, with so many declarations there."""

    declarations: int
    point: Latency
    page: Latency
    exporter_page: Latency
    at_once: int
    points_per_second: float
    """With `at_once` in flight."""
    point_at_once: Latency
    cpu: dict[str, float]
    queries: int
    """That the CPU is of."""
    floor: Latency | None = None
    """A key of the same size read by a contract that knows only bytes."""


@dataclass(frozen=True, slots=True)
class LendingRun:
    """Whole loans by so many officers at once."""

    officers: int
    loans: int
    finished: int
    failed: tuple[str, ...]
    seconds: float
    steps: dict[str, Latency]
    transactions: dict[str, Latency]
    """By function."""
    repeated: dict[str, tuple[int, int]]
    """By function: endorsed anew; voided by a block."""
    cpu: dict[str, float]
    filed: int = 0
    """Declarations filed meanwhile."""
    filing: Latency | None = None
    bank: str = ""
    """Whose loans they were; both banks' unless one is named."""
    looking: float = 0.0
    """Seconds for which an officer looks before each step, in the mean; no time of a step."""
    middle_per_second: float = 0.0
    """Without the first and the last quarter of the loans, while officers begin and end one by one; 0 where nobody
    counted."""
    among: int = 0
    """Declarations that were there; 0 where nothing else was filed before."""

    @property
    def per_second(self) -> float:
        return self.finished / self.seconds


@dataclass(frozen=True, slots=True)
class CeilingRun:
    """The official Go SDK over the contract of bytes: `sequences` of so many transactions, `workers` at once."""

    of: str
    """`filing` or `loans`."""
    transactions: int
    """In one sequence."""
    workers: int
    sequences: int
    seconds: float
    failures: int
    transaction: Latency
    cpu: dict[str, float]
    items: int = 1
    """Declarations in a sequence."""
    has_reads: bool = True
    among: int = 0
    """Declarations that there were on the ledger."""

    @property
    def per_second(self) -> float:
        return (self.sequences * self.items) / self.seconds


@dataclass(frozen=True, slots=True)
class Growth:
    """What `count` things added to the volume of each member's peer, in bytes by part of it."""

    of: str
    count: int
    peers: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of the bench, or what several have put together."""

    machine: str = ""
    measured_on: str = ""
    founding: Founding | None = None
    filing: tuple[FilingRun, ...] = ()
    reading: tuple[ReadingRun, ...] = ()
    lending: tuple[LendingRun, ...] = ()
    ceilings: tuple[CeilingRun, ...] = ()
    growth: tuple[Growth, ...] = ()
    idle_cpu: dict[str, float] = field(default_factory=dict)
    """Of a core, when nothing is at work."""
    private_key: dict[str, float] = field(default_factory=dict)
    """Seconds of a core at each peer for one private key, by how many banks' two collections the definition names
    (`bench.members`)."""
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path = FIGURES) -> Measured:
        return TypeAdapter(cls).validate_json(path.read_bytes())

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")
