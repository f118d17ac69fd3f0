"""How often a call is repeated, and which failures may be."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential

from hlf_client.errors import Conflict, EndorsementFailed, FabricError, LedgerUnavailable

__all__ = ["Again", "Retry", "is_repeatable"]

ResultT = TypeVar("ResultT")


class Again(Exception):
    """Raised by what `Retry.repeat` runs: it may be run once more. `error` is the caller's where it may not."""

    def __init__(self, error: FabricError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Retry:
    """At most `attempts` tries, with pauses that double from `base` to `cap` seconds, each shortened by chance so that
    clients which met once do not meet again."""

    attempts: int = 6
    base: float = 0.05
    cap: float = 2.0
    chance: random.Random = field(default_factory=random.Random, compare=False, repr=False)

    async def repeat(self, once: Callable[[], Awaitable[ResultT]]) -> ResultT:
        """What `once` returns; it is run again where it raises `Again`, and every other error ends it."""
        tries = AsyncRetrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(Again),
            reraise=True,
        )
        try:
            return await tries(once)
        except Again as last:
            raise last.error from last.error.__cause__

    def _pause(self, state: RetryCallState) -> float:
        return wait_exponential(multiplier=self.base, max=self.cap)(state) * self.chance.uniform(0.5, 1)


def is_repeatable(error: FabricError) -> bool:
    """Whether the same call may succeed a moment later without anybody deciding anything anew.

    A `Conflict` over evidence is not: an officer has to see the new evidence first. `EndorsementFailed` is: a peer or
    its chaincode server is away, or a block behind another; what a contract refuses has errors of its own. What a
    ledger has repeated by itself is not repeated again.
    """
    if isinstance(error, Conflict):
        return "evidence_hash" not in error.details
    return isinstance(error, EndorsementFailed) or (isinstance(error, LedgerUnavailable) and not error.repeated)
