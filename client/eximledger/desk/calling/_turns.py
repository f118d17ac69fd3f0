"""Whose turn it is among a bank's loans to one exporter: who changes what all of them read waits, and is waited for.

What a bank finances of an exporter is one key, so that two approvals which together pass its share cannot both count.
An approval, a drawing or a repayment writes it, a check reads it: of many at once one would commit, and all others be
endorsed anew until their tries run out. To wait here costs less. It is courtesy among the desks of one process, no
lock: the ledger judges as ever, and what other processes change meanwhile is repeated as ever.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Final
from weakref import WeakKeyDictionary, WeakValueDictionary

from hlf_client.turns import Turns

__all__ = ["turn_of"]

_ALL: Final = 1 << 30
"""More than there are officers."""
_BY_NAME: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[tuple[str, str], Turns]]] = (
    WeakKeyDictionary()
)


def turn_of(bank: str, exporter: str, *, changes: bool) -> AbstractAsyncContextManager[bool]:
    """A turn among all desks on the running event loop: alone where it `changes` what the bank finances of the
    exporter, else beside others who only read it. Yields whether others were waited for, so that what was read before
    may be old."""
    of_loop = _BY_NAME.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    turns = of_loop.setdefault((bank, exporter), Turns())
    return turns.turn(1, weight=_ALL) if changes else turns.turn(_ALL)
