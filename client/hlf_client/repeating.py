"""Doing again what lost a race: a transaction that read what another changed before it was in a block."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from hlf_client.errors import CommitFailed
from hlf_client.wire.timeouts import Retries

__all__ = ["pause_after", "repeat_conflicts"]

ResultT = TypeVar("ResultT")


async def repeat_conflicts(
    act: Callable[[], Awaitable[ResultT]],
    retries: Retries | None = None,
    *,
    told: Callable[[CommitFailed], object] | None = None,
) -> ResultT:
    """What `act` gives, which is done again where its transaction met a read conflict: `retries.attempts` times in all,
    after pauses that double and are shortened by chance.

    commit = await repeat_conflicts(lambda: ledger.submit("bank", "transfer", "alice", "bob", 10))

    Each time is a new proposal, so the contract reads and decides anew; put into `act` whatever else the decision hangs
    on. A conflict changed nothing, so nothing is done twice. Every other error comes as it is, also one that leaves a
    transaction's fate open: that is asked for, not repeated. `told` hears of each that is repeated.

    Raises the last `CommitFailed` when the attempts are used up.
    """
    rule = retries or Retries()
    for attempt in count(1):
        try:
            return await act()
        except CommitFailed as failed:
            pause = pause_after(failed, attempt, rule)
            if told is not None:
                told(failed)
        await asyncio.sleep(pause)
    raise AssertionError("unreachable")


def pause_after(failed: CommitFailed, attempt: int, rule: Retries) -> float:
    """Seconds until it is done again; raises `failed` where it is not to be."""
    if not failed.is_read_conflict or attempt >= rule.attempts:
        raise failed
    return rule.pause_after(attempt)
