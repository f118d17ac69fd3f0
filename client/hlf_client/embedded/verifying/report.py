"""What `verify` answers: how far each channel is good, what is wrong, and what was not looked at again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hlf_client.embedded.verifying.contents import Problem

__all__ = ["Earlier", "Progress", "Verification", "VerifiedChannel"]

Progress = Callable[[str, int], None]
"""Told the channel and the number of each block that was found good."""


@dataclass(frozen=True, slots=True)
class VerifiedChannel:
    """How far a channel was found good. Compare `genesis_hash` and `last_hash` with what other members have noted."""

    name: str
    height: int
    transactions: int
    genesis_hash: str
    last_hash: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an interrupted verification had done of a channel, at which time. Of these blocks the hashes were computed
    again, and that they and their verdicts are the same; signatures, policies and versions read were not looked at."""

    channel: str
    height: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """The report. `problems` holds at most a few: the first of each kind, the first block first."""

    path: Path
    channels: tuple[VerifiedChannel, ...]
    problems: tuple[Problem, ...]
    earlier: tuple[Earlier, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.problems
