"""How long a call may take, and how often it is made again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from hlf_client.errors import InvalidDocument

__all__ = ["BALANCES", "SILENCE", "Balance", "Retries", "Timeouts"]

Balance: TypeAlias = Literal["failover", "round_robin", "least_outstanding"]
"""Which of several gateway peers a call goes to first."""
BALANCES: Final[tuple[str, ...]] = get_args(Balance)
SILENCE: Final = 7.5


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a call may take, all its attempts and pauses included. `commit` is how long a commit is waited for.

    Where several gateway peers can be asked, one that hangs uses up its share only: half of the time where there are
    two.
    """

    evaluate: float = 15
    endorse: float = 30
    order: float = 15
    commit: float = 60

    def __post_init__(self) -> None:
        for name in ("evaluate", "endorse", "order", "commit"):
            _require(f"timeouts.{name}", getattr(self, name) > 0, "is not a positive number of seconds")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a call is made that nobody answered (UNAVAILABLE), and how long a listener goes on.

    At most `attempts` times, at all gateway peers together, but at each of them once; within the call's time. Each peer
    is asked before the first pause, which is `pause` seconds, doubled up to `longest_pause`, and each shortened by
    chance so that clients which met once do not meet again. A commit is asked for until its time is over.

    A listener opens its stream again for `outage` seconds without one (`math.inf`: for ever). A peer that says nothing
    for `silence` seconds, though something is awaited of it and it was asked whether it is there, counts as one that
    does not answer (`math.inf`: it is not asked).
    """

    attempts: int = 6
    pause: float = 0.1
    longest_pause: float = 2.0
    outage: float = 600
    silence: float = SILENCE

    def __post_init__(self) -> None:
        _require("retries.attempts", self.attempts >= 1, "is less than one")
        _require("retries.pause", self.pause >= 0, "is negative")
        _require("retries.longest_pause", self.longest_pause >= 0, "is negative")
        _require("retries.outage", self.outage >= 0, "is negative")
        _require("retries.silence", self.silence > 0, "is not a positive number of seconds")

    def pause_after(self, rounds: int) -> float:
        """Seconds to wait when every peer has been asked `rounds` times."""
        longest = min(self.longest_pause, self.pause * 2.0 ** min(rounds - 1, 1000))
        return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads clients, keeps no secret


def _require(field: str, holds: bool, reason: str) -> None:
    if not holds:
        raise InvalidDocument(f"{field} {reason}", field=field, reason=reason)
