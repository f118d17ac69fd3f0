"""Peers of other members that are some blocks behind: waited for, instead of being asked to endorse in vain.

A step follows on what was committed a moment ago, by this desk or one beside it. Where another member's peer has not
that block yet, it refuses the step, or reads something else, and two simulations were in vain. So at first,
and as long as it has happened not long ago, a call asks that peer for its height before, which costs it next to
nothing; one question serves all that wait.
Nothing rests on it: a peer that says too much, or nothing, is asked to endorse as if nobody had waited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from weakref import WeakKeyDictionary

from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from hlf_client import Ledger
from hlf_client.errors import FabricError

__all__ = ["Lag", "lag_of", "lags_of"]

_ASKED: Final[Mapping[str, tuple[str, ...]]] = {BANK: (CUSTOMS, FX), FX: (CUSTOMS,)}
"""Which other channels the contracts on a channel ask: what a peer has not there makes it decide otherwise, too."""

_REMEMBERED: Final = 30.0
"""Seconds for which a peer that was behind is taken to be behind again, and one that does not answer not to."""
_PAUSE: Final = 0.05
"""Seconds between two questions."""
_PATIENCE: Final = 5.0
"""Seconds that a call waits at most."""


class Lag:
    """How far the peers of one channel are, as the desks of one process know."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._blocks = 0
        """Height of the channel at least: what was told to be committed."""
        self._heights: dict[str, int] = {}
        self._asked: dict[str, asyncio.Future[None]] = {}
        """Done when an organisation's peer has been asked."""
        self._behind_until = asyncio.get_running_loop().time() + _REMEMBERED
        """At first, too: officers who begin at one moment would all find out."""
        self._silent_until = 0.0

    def committed(self, block: int) -> None:
        """A transaction was committed in this block, by the own peer's word."""
        self._blocks = max(self._blocks, block + 1)

    def met(self) -> None:
        """A peer was behind, so that an endorsement was in vain."""
        self._behind_until = asyncio.get_running_loop().time() + _REMEMBERED

    async def over(self, ledger: Ledger, organizations: Sequence[str]) -> None:
        """Return when the peers of others have what was committed before, or they took too long."""
        now, wanted = asyncio.get_running_loop().time(), self._blocks
        if not self._silent_until <= now < self._behind_until:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                for organization in organizations:
                    if organization != ledger.msp_id:
                        await self._reached(ledger, organization, wanted)
        except (TimeoutError, FabricError):
            self._silent_until = now + _PATIENCE + _REMEMBERED

    async def _reached(self, ledger: Ledger, organization: str, wanted: int) -> None:
        while self._heights.get(organization, 0) < wanted:
            asked = self._asked.get(organization)
            if asked is not None:
                await asyncio.shield(asked)
                continue
            mine = self._asked[organization] = asyncio.get_running_loop().create_future()
            try:
                told = await ledger.channel_info(self._channel, organization=organization)
                self._heights[organization] = told.height
                if told.height < wanted:
                    self.met()  # it still is: whoever comes next asks, too
                    await asyncio.sleep(_PAUSE)
            finally:
                del self._asked[organization]
                mine.set_result(None)


_LAGS: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], Lag]]] = WeakKeyDictionary()


def lag_of(msp_id: str, channel: str) -> Lag:
    """What all desks of a member on the running event loop know of a channel's peers."""
    return _LAGS.setdefault(asyncio.get_running_loop(), {}).setdefault((msp_id, channel), Lag(channel))


def lags_of(msp_id: str, channel: str) -> tuple[Lag, ...]:
    """The same of a channel and those that its transactions read, the channel's own first."""
    return tuple(lag_of(msp_id, each) for each in (channel, *_ASKED.get(channel, ())))
