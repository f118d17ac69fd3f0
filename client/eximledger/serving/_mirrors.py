"""The mirrors that lists are read from: one for each member whose officers sign in here, kept up by the server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Final

from eximledger.mirror.reading import MirrorReader
from eximledger.serving._figures import Figures, Found
from hlf_client import Clock, Ledger, utc_now
from hlf_client.errors import FabricError, LedgerUnavailable

__all__ = ["Mirrors"]

_LONGEST: Final = 1.0
"""Seconds that a list waits for what was written just before."""
_ASKED_AGAIN: Final = 0.02
_COMING: Final = 10.0
"""Seconds that a list waits for a mirror that is being opened: the first page is asked for at once."""
_FRESH: Final = 30.0
"""Seconds after a write in which lists look whether the mirror has it."""


class Mirrors:
    """Readers by MSP id. A member's mirror holds what that member may see, so nobody else is shown it."""

    def __init__(self, readers: Mapping[str, MirrorReader] | None = None, clock: Clock = utc_now) -> None:
        self._readers = dict(readers or {})
        self._written: dict[str, float] = {}
        self._figures = Figures(clock)
        self._coming = 0

    def expect(self, count: int) -> None:
        """Say that so many mirrors are being opened."""
        self._coming = count

    def add(self, msp_id: str, reader: MirrorReader) -> None:
        """Have a member's mirror read from; at first it may still have much to read."""
        self._readers[msp_id] = reader
        self._coming = max(self._coming - 1, 0)
        self.note_write(msp_id)

    def remove(self, msp_id: str) -> None:
        """Have it read from no longer."""
        self._readers.pop(msp_id, None)

    def of(self, msp_id: str) -> MirrorReader:
        """A member's mirror. Raises `LedgerUnavailable` where none is kept here."""
        found = self._readers.get(msp_id)
        if found is None:
            raise LedgerUnavailable(f"this server keeps no mirror of {msp_id}, or not yet: there are no lists")
        return found

    def note_write(self, msp_id: str) -> None:
        """Say that somebody of a member has just written."""
        self._written[msp_id] = monotonic()

    async def caught_up(self, ledger: Ledger) -> MirrorReader:
        """The member's mirror, once it has the blocks that the ledger had when this was called; where that takes longer
        than a second, as far as it is."""
        await self._opened(ledger.msp_id)
        reader = self.of(ledger.msp_id)
        if self._written.get(ledger.msp_id, -_FRESH) + _FRESH < monotonic():
            return reader
        until = monotonic() + _LONGEST
        try:
            wanted = {name: (await ledger.channel_info(name)).height for name in ledger.channels}
        except FabricError:
            return reader  # lists are shown as they are while the ledger is away
        while monotonic() < until:
            have = {each.channel: each.height for each in await asyncio.to_thread(reader.status)}
            if all(have.get(name, 0) >= height for name, height in wanted.items()):
                break
            await asyncio.sleep(_ASKED_AGAIN)
        return reader

    async def _opened(self, msp_id: str) -> None:
        """Wait for a mirror that may be this member's, while any is being opened."""
        until = monotonic() + _COMING
        while self._coming and msp_id not in self._readers and monotonic() < until:  # noqa: ASYNC110 - bounded
            await asyncio.sleep(_ASKED_AGAIN)

    async def portfolio(self, ledger: Ledger, bank: str = "") -> Found:
        """The figures of a bank, or of all, and when they were so: of a large mirror the last ones that were found."""
        return await self._figures.of(ledger.msp_id, await self.caught_up(ledger), bank)
