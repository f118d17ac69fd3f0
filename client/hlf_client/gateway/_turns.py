"""How much is asked of one peer at once: calls beyond it wait for their turn, in the order in which they came.

A peer that simulates more than some sixty transactions at a time falls behind with its blocks; its simulations take
longer, and what it answers is what others have already passed. To wait here costs less than to ask it all at once.
"""

from __future__ import annotations

import asyncio
from typing import Final
from weakref import WeakKeyDictionary

from hlf_client.turns import Turns

__all__ = ["AT_ONCE", "turns_at"]

AT_ONCE: Final = 48
"""Endorsements and queries under way at one peer, of all connections on an event loop, unless a connection is told
otherwise."""


_turns: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Turns]]] = WeakKeyDictionary()


def turns_at(address: str) -> Turns:
    """The turns at the peer of this address that all connections on the running event loop share."""
    found = _turns.setdefault(asyncio.get_running_loop(), {})
    return found.setdefault(address, Turns())
