"""The audit log: who asked for what, when, from where and with which outcome. No bodies, no queries, no secrets."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Final

from eximledger.serving._store import Store
from hlf_client import Clock

__all__ = ["Audit", "AuditLine"]

_ADD: Final = (
    "INSERT INTO audit (at, account, how, client, method, route, status, request) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_LINES: Final = (
    "SELECT number, at, account, how, client, method, route, status, request FROM audit "
    "WHERE (? = '' OR account = ?) AND (? = 0 OR number < ?) ORDER BY number DESC LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One request that changed something, or was refused at the door. `route` is the route's pattern, not the path."""

    at: str
    account: str
    how: str
    client: str
    method: str
    route: str
    status: int
    request: str


class Audit:
    """The lines, in the order in which requests ended. What a loan went through is the ledger's to tell, not theirs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def now(self) -> str:
        """The time as lines have it."""
        return self._clock().isoformat(timespec="milliseconds")

    async def note(self, line: AuditLine) -> None:
        """Add a line."""
        await self._store.run(lambda state: state.execute(_ADD, astuple(line)))

    async def lines(self, *, account: str = "", before: int = 0, most: int = 100) -> list[tuple[int, AuditLine]]:
        """Lines with their numbers, the newest first; `before` goes on below a number."""

        def work(state: sqlite3.Connection) -> list[tuple[int, AuditLine]]:
            rows = state.execute(_LINES, (account, account, before, before, most))
            return [(number, AuditLine(*line)) for number, *line in rows]

        return await self._store.run(work)

    async def sweep(self, kept: timedelta) -> None:
        """Forget lines older than that."""
        first = (self._clock() - kept).isoformat(timespec="milliseconds")
        await self._store.run(lambda state: state.execute("DELETE FROM audit WHERE at < ?", (first,)))
