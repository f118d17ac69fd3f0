"""How often a call is repeated, and which failures may be."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential

from hlf_client.errors import Conflict, EndorsementFailed, FabricError, LedgerUnavailable

__all__ = ["Again", "Observer", "Repetition", "Retry", "is_repeatable"]

ResultT = TypeVar("ResultT")


class Again(Exception):
    """Raised by what `Retry.repeat` runs: it may be run once more. `error` is the caller's where it may not."""

    def __init__(self, error: FabricError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Repetition:
    """A call that is about to be repeated: of which function, why, after which try, and after how many seconds.

    `error` is a `Conflict` where others changed what the call read, a `NotFound`, `Refused` or other `Conflict` where a
    peer of another member is behind, and otherwise says who could not be reached.
    """

    function: str
    error: FabricError
    tries: int
    pause: float


Observer: TypeAlias = Callable[[Repetition], None]
"""Is told of every repetition, before the pause: to be counted or logged."""


def _unobserved(_repetition: Repetition) -> None:
    """Does nothing."""


@dataclass(frozen=True, slots=True)
class Retry:
    """At most `attempts` tries, with pauses that double from `base` to `cap` seconds, each shortened by chance so that
    clients which met once do not meet again. One may serve many desks.

    The defaults are for peers under load: the first pause is less than a block, all of them give a peer that has fallen
    behind some ten seconds.
    """

    attempts: int = 9
    base: float = 0.1
    cap: float = 4.0
    observer: Observer = field(default=_unobserved, compare=False, repr=False)
    chance: random.Random = field(default_factory=random.Random, compare=False, repr=False)

    async def repeat(self, once: Callable[[], Awaitable[ResultT]], function: str = "") -> ResultT:
        """What `once` returns; it is run again where it raises `Again`, and every other error ends it. `function` is
        what the observer hears of."""
        try:
            return await once()  # most times that is all: tenacity is called in where it is not
        except Again as again:
            failed = again
        return await self._go_on(failed, once, function)

    async def _go_on(self, failed: Again, once: Callable[[], Awaitable[ResultT]], function: str) -> ResultT:
        """What `once` returns in the end, after its first try failed."""
        first: list[Again] = [failed]

        async def tried() -> ResultT:
            if first:
                raise first.pop()
            return await once()

        def tell(state: RetryCallState) -> None:
            again = state.outcome.exception() if state.outcome is not None else None
            if isinstance(again, Again) and state.next_action is not None:
                self.observer(Repetition(function, again.error, state.attempt_number, state.next_action.sleep))

        tries = AsyncRetrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(Again),
            before_sleep=tell,
            reraise=True,
        )
        try:
            return await tries(tried)
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
