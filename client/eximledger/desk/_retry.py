"""How often a call is repeated, and which failures may be."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from hlf_client.errors import Conflict, EndorsementFailed, FabricError, LedgerUnavailable

__all__ = ["Retry", "is_repeatable"]


@dataclass(frozen=True, slots=True)
class Retry:
    """At most `attempts` tries, with pauses that double from `base` to `cap` seconds, each shortened by chance so that
    clients which met once do not meet again."""

    attempts: int = 6
    base: float = 0.05
    cap: float = 2.0
    chance: random.Random = field(default_factory=random.Random, compare=False, repr=False)

    async def pause(self, attempt: int, error: FabricError) -> None:
        """Wait before try `attempt + 1`; raises `error` when there is none."""
        if attempt >= self.attempts:
            raise error
        longest = min(self.cap, self.base * 2 ** (attempt - 1))
        await asyncio.sleep(longest * self.chance.uniform(0.5, 1))


def is_repeatable(error: FabricError) -> bool:
    """Whether the same call may succeed a moment later without anybody deciding anything anew.

    A `Conflict` over evidence is not: an officer has to see the new evidence first. `EndorsementFailed` is: a peer or
    its chaincode server is away, or a block behind another; what a contract refuses has errors of its own. What a
    ledger has repeated by itself is not repeated again.
    """
    if isinstance(error, Conflict):
        return "evidence_hash" not in error.details
    return isinstance(error, EndorsementFailed) or (isinstance(error, LedgerUnavailable) and not error.repeated)
