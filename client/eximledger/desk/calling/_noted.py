"""What the desks of one process have seen last, by name: kept for all of them on the running event loop, and bounded.

A note is a guess of what the ledger has now, for others write there, too.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final, Generic, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

__all__ = ["Name", "Noted"]

ValueT = TypeVar("ValueT")

Name: TypeAlias = tuple[str, ...]


class Noted(Generic[ValueT]):
    """The `kept` values that were noted last."""

    def __init__(self, kept: int) -> None:
        self._kept: Final = kept
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict[Name, ValueT]] = WeakKeyDictionary()

    def note(self, name: Name, value: ValueT) -> None:
        noted = self._by_loop.setdefault(asyncio.get_running_loop(), OrderedDict())
        noted[name] = value
        noted.move_to_end(name)
        if len(noted) > self._kept:
            noted.popitem(last=False)

    def get(self, name: Name) -> ValueT | None:
        noted = self._by_loop.get(asyncio.get_running_loop())
        return None if noted is None else noted.get(name)
