"""`hlf_client.repeating` for synchronous backends: it sleeps where that awaits."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from hlf_client.errors import CommitFailed
from hlf_client.repeating import pause_after
from hlf_client.wire.timeouts import Retries

__all__ = ["repeat_conflicts"]

ResultT = TypeVar("ResultT")


def repeat_conflicts(
    act: Callable[[], ResultT], retries: Retries | None = None, *, told: Callable[[CommitFailed], object] | None = None
) -> ResultT:
    """What `act` gives, done again where its transaction met a read conflict, as `hlf_client.repeat_conflicts` does."""
    rule = retries or Retries()
    for attempt in count(1):
        try:
            return act()
        except CommitFailed as failed:
            pause = pause_after(failed, attempt, rule)
            if told is not None:
                told(failed)
        time.sleep(pause)
    raise AssertionError("unreachable")
