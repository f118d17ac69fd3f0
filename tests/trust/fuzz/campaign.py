"""A run of many inputs over one target: the same ones for the same seed; what fails is written to a file."""

from __future__ import annotations

import hashlib
import resource
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final

from tests.trust.fuzz.mutation import mutated
from tests.trust.fuzz.targets import Target

__all__ = ["Failure", "Outcome", "campaign", "failure_of", "limited_memory"]

SECONDS: Final = 2.0
"""CPU of one input. The inputs are small, so this is far from what any of them needs."""


class TooSlow(BaseException):
    """One input has used up its CPU time. No `Exception`, so that no reader takes it for a fault of the input."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that was answered with something else than a typed error."""

    target: str
    seed: int
    error: BaseException
    path: Path

    def __str__(self) -> str:
        return (
            f"{self.target}: {type(self.error).__name__}: {self.error!s:.200}\n  input: {self.path}, seed {self.seed}"
        )


@dataclass(slots=True)
class Outcome:
    """What a run came to. `refused` counts the typed errors."""

    inputs: int = 0
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)


def campaign(target: Target, *, seed: int, inputs: int, folder: Path, most: int = 20) -> Outcome:
    """Give a target so many inputs. `most`: it ends after so many failures that are not alike."""
    outcome, seeds, known = Outcome(), target.seeds(), set[str]()
    for number in range(inputs):
        data = mutated(Random(f"{seed}-{target.name}-{number}"), seeds, target.ways)
        error = failure_of(target, data, outcome)
        outcome.inputs += 1
        if error is not None and (place := _place(error)) not in known:
            known.add(place)
            outcome.failures.append(Failure(target.name, seed, error, _written(folder, target, data)))
            if len(known) >= most:
                break
    return outcome


def failure_of(target: Target, data: bytes, outcome: Outcome | None = None) -> BaseException | None:
    """What is wrong with the target's answer to an input, or None."""
    outcome = outcome or Outcome()
    try:
        with _limited_time():
            target.run(data)
    except target.errors as error:
        outcome.refused[type(error).__name__] += 1
        return _unsayable(error.message)
    except (Exception, TooSlow) as error:
        return error
    outcome.read += 1
    return None


def _unsayable(message: str) -> BaseException | None:
    """An error says something, and what it says can be printed and sent."""
    try:
        assert message, "an error without a word"
        message.encode()
    except (AssertionError, UnicodeEncodeError) as error:
        return error
    return None


@contextmanager
def _limited_time() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"more than {SECONDS} s of CPU")


def limited_memory(more: int) -> None:
    """Let this process grow by so many bytes and no further: then `MemoryError`."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + more, resource.RLIM_INFINITY))


def _place(error: BaseException) -> str:
    """Where it was raised: failures of one place are alike."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__} {at}"


def _written(folder: Path, target: Target, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target.name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path
