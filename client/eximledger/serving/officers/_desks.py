"""Open desks: one for each person who is signed in, shared by the person's requests, closed when it is not used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from eximledger.attachments import AttachmentStore
from eximledger.desk import LoanDesk, Retry
from eximledger.serving.officers._accounts import Account
from eximledger.serving.officers._officer import Officer, officer_at

__all__ = ["Desks"]


@dataclass(slots=True)
class _Open:
    desk: LoanDesk
    officer: Officer
    leases: int = 0
    used: float = field(default_factory=monotonic)


class Desks:
    """Desks by account. A lease keeps its desk open; `let_go` and `sweep` close those that nobody has leased."""

    def __init__(self, retry: Retry, store_of: Callable[[str], AttachmentStore | None]) -> None:
        """`store_of` is where a member's files beside papers are, by its MSP id."""
        self._retry = retry
        self._store_of = store_of
        self._open: dict[str, _Open] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._ended: set[str] = set()

    @property
    def open_accounts(self) -> tuple[str, ...]:
        """Whose keys are open now."""
        return tuple(sorted(self._open))

    @property
    def open_officers(self) -> tuple[Officer, ...]:
        """Who these are."""
        return tuple(self._open[name].officer for name in self.open_accounts)

    @asynccontextmanager
    async def lease(self, account: Account) -> AsyncIterator[tuple[LoanDesk, Officer]]:
        """The account's desk and who it is. Raises what connecting raises."""
        found = await self._opened(account)
        found.leases += 1
        try:
            yield found.desk, found.officer
        finally:
            found.leases -= 1
            found.used = monotonic()
            if account.name in self._ended:
                await self.let_go(account.name)

    async def let_go(self, name: str) -> None:
        """Close an account's desk, now or as soon as its last request has ended."""
        found = self._open.get(name)
        if found is None or found.leases:
            self._ended |= {name} if found is not None else set()
            return
        self._ended.discard(name)
        del self._open[name]
        await found.desk.ledger.close()

    async def sweep(self, idle: float) -> None:
        """Close desks that nobody has used for so many seconds."""
        before = monotonic() - idle
        for name in [name for name, each in self._open.items() if not each.leases and each.used < before]:
            await self.let_go(name)

    async def close(self) -> None:
        """Close all."""
        for name in list(self._open):
            await self._open.pop(name).desk.ledger.close()

    async def _opened(self, account: Account) -> _Open:
        async with self._opening.setdefault(account.name, asyncio.Lock()):
            self._ended.discard(account.name)
            if account.name not in self._open:
                ledger = await asyncio.to_thread(account.connect)
                try:
                    await ledger.__aenter__()
                    desk = LoanDesk(ledger, retry=self._retry, attachments=self._store_of(ledger.msp_id))
                    self._open[account.name] = _Open(desk, await officer_at(account, desk))
                except BaseException:
                    await ledger.close()
                    raise
            return self._open[account.name]
