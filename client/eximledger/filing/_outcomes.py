"""What became of each file, how far a run is, and what it came to."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from eximledger.desk import Filed
from eximledger.formats import Reading
from hlf_client.errors import FabricError, InvalidDocument

__all__ = ["MAX_EXAMPLES", "Outcome", "Progress", "Reason", "State", "Summary", "Tally"]

MAX_EXAMPLES: Final = 100
"""Files that are named with each reason; all of them are counted."""
MAX_REASONS: Final = 1000
"""Reasons that are told apart; what comes after is one more."""
_WINDOW: Final = 30
"""Steps of a run over which its rate is taken."""
_PLACE: Final = re.compile(r"\[[0-9]+\]")
_OWN: Final = re.compile(r"\S*[0-9]\S*")
"""What is one file's own in a message: anything with a digit."""


class State(StrEnum):
    """What became of a file."""

    READ = "read"
    """Read only, as was asked."""
    FILED = "filed"
    KNOWN = "known"
    """Filed before, and its papers stand on the ledger."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: `reading` where it was read in this run, `filed` its papers in order, `error` why it was refused."""

    path: Path
    state: State
    reading: Reading | None = None
    filed: tuple[Filed, ...] = ()
    error: FabricError | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `per_second` is of late; `left` in seconds, None while nothing can be said."""

    total: int
    done: int
    known: int
    refused: int
    per_second: float
    left: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why files were refused, in words that hold for all of them; the first files, in order."""

    reason: str
    files: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. `papers` counts what filing did, `unmapped` the parts of files that no paper holds."""

    files: int
    read: int
    filed: int
    known: int
    refused: int
    papers: Mapping[str, int]
    unmapped: Mapping[str, int]
    refusals: tuple[Reason, ...]
    seconds: float
    first_error: FabricError | None = None

    @property
    def per_second(self) -> float:
        return self.files / self.seconds if self.seconds else 0.0


@dataclass
class _Refused:
    files: int = 0
    examples: list[str] = field(default_factory=list)


class Tally:
    """Counts outcomes as they come and tells whoever asked; holds no paper."""

    def __init__(self, total: int, on_file: Callable[[Outcome], None], on_progress: Callable[[Progress], None]) -> None:
        self._total = total
        self._on_file = on_file
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._steps: deque[tuple[float, int]] = deque([(self._started, 0)], maxlen=_WINDOW)
        self._states: Counter[State] = Counter()
        self._papers: Counter[str] = Counter()
        self._unmapped: Counter[str] = Counter()
        self._reasons: dict[str, _Refused] = {}
        self._first_error: FabricError | None = None

    def take(self, outcome: Outcome) -> None:
        self._states[outcome.state] += 1
        self._papers.update(one.change.value for one in outcome.filed)
        if outcome.reading is not None and outcome.error is None:
            self._unmapped.update(part.cause.value for part in outcome.reading.unmapped)
        if outcome.error is not None:
            self._first_error = self._first_error or outcome.error
            reason = _reason_of(outcome.error, outcome.path.name)
            if reason not in self._reasons and len(self._reasons) >= MAX_REASONS:
                reason = "other reasons"
            refused = self._reasons.setdefault(reason, _Refused())
            refused.files += 1
            if len(refused.examples) < MAX_EXAMPLES:
                refused.examples.append(str(outcome.path))
        self._on_file(outcome)

    def step(self) -> None:
        """Say how far the run is."""
        now, done = time.monotonic(), self._states.total()
        then, before = self._steps[0]
        self._steps.append((now, done))
        rate = (done - before) / (now - then) if now > then else 0.0
        left = (self._total - done) / rate if rate else None
        self._on_progress(
            Progress(self._total, done, self._states[State.KNOWN], self._states[State.REFUSED], rate, left)
        )

    def summary(self) -> Summary:
        refusals = [Reason(reason, each.files, tuple(each.examples)) for reason, each in self._reasons.items()]
        return Summary(
            files=self._states.total(),
            read=self._states[State.READ],
            filed=self._states[State.FILED],
            known=self._states[State.KNOWN],
            refused=self._states[State.REFUSED],
            papers=dict(self._papers),
            unmapped=dict(self._unmapped),
            refusals=tuple(sorted(refusals, key=lambda each: (-each.files, each.reason))),
            seconds=time.monotonic() - self._started,
            first_error=self._first_error,
        )


def _reason_of(error: FabricError, name: str) -> str:
    """The reason without what is one file's own: its name, its numbers, the place among siblings."""
    if isinstance(error, InvalidDocument) and error.field not in {"", "file", "format"}:
        return f"{_PLACE.sub('', error.field)}: {_OWN.sub('…', error.reason)}"
    if isinstance(error, InvalidDocument):
        return error.reason
    return _OWN.sub("…", error.message.removeprefix(f"{name}: "))
