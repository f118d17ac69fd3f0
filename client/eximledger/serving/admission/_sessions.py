"""Sessions of browsers: an opaque id in a cookie, its hash here, with an idle and an absolute end."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from eximledger.serving._store import Store
from eximledger.serving.admission._secrets import hashed, new_secret
from hlf_client import Clock

__all__ = ["Session", "Sessions"]

_NOTED_EVERY: Final = 15.0
"""Seconds between two notes of when a session was used: not every request writes."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in: as whom, how it came in, and when (seconds of the epoch)."""

    key: str
    account: str
    how: str
    opened: float
    seen: float


class Sessions:
    """All sessions of the server."""

    def __init__(self, store: Store, clock: Clock, *, idle: timedelta, longest: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._idle = idle.total_seconds()
        self._longest = longest.total_seconds()

    async def open(self, account: str, how: str, replacing: str = "") -> str:
        """A new session's secret. The one that the browser showed before ends: an id that somebody planted in it is
        never signed in."""
        secret, now = new_secret(), self._now()

        def work(state: sqlite3.Connection) -> None:
            state.execute("DELETE FROM session WHERE hash = ?", (hashed(replacing),))
            state.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?)", (hashed(secret), account, how, now, now))

        await self._store.run(work)
        return secret

    async def find(self, secret: str, *, using: bool = True) -> Session | None:
        """The session of a secret, where it still holds; it is used by that, unless it is only looked for."""
        now, key = self._now(), hashed(secret)

        def work(state: sqlite3.Connection) -> Session | None:
            row = state.execute(
                "SELECT hash, account, how, opened, seen FROM session WHERE hash = ?", (key,)
            ).fetchone()
            if row is None:
                return None
            found = Session(*row)
            if found.seen + self._idle <= now or found.opened + self._longest <= now:
                state.execute("DELETE FROM session WHERE hash = ?", (key,))
                return None
            if using and now - found.seen >= _NOTED_EVERY:
                state.execute("UPDATE session SET seen = ? WHERE hash = ?", (now, key))
            return found

        return await self._store.run(work)

    async def end(self, secret: str) -> bool:
        """End a session; whether its account has no other left."""
        key = hashed(secret)

        def work(state: sqlite3.Connection) -> bool:
            row = state.execute("DELETE FROM session WHERE hash = ? RETURNING account", (key,)).fetchone()
            if row is None:
                return False
            (left,) = state.execute("SELECT count(*) FROM session WHERE account = ?", row).fetchone()
            return not left

        return await self._store.run(work)

    async def sweep(self) -> None:
        """Forget what is over."""
        now = self._now()
        await self._store.run(
            lambda state: state.execute(
                "DELETE FROM session WHERE seen + ? <= ? OR opened + ? <= ?", (self._idle, now, self._longest, now)
            )
        )

    def _now(self) -> float:
        return self._clock().timestamp()
