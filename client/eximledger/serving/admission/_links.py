"""One-time links: for one officer at the machine itself."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from eximledger.serving._store import Store
from eximledger.serving.admission._secrets import hashed, new_secret
from hlf_client import Clock

__all__ = ["Links"]


class Links:
    """Each lets an account in once, within a few minutes, and only from this machine (the route sees to that)."""

    def __init__(self, store: Store, clock: Clock, holds: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._holds = holds.total_seconds()

    async def make(self, account: str) -> str:
        """The secret of a new link."""
        secret, until = new_secret(), self._clock().timestamp() + self._holds
        await self._store.run(
            lambda state: state.execute("INSERT INTO link VALUES (?, ?, ?)", (hashed(secret), account, until))
        )
        return secret

    async def take(self, secret: str) -> str | None:
        """Whose link it is, once; None for one that is used, over or none of ours."""
        now = self._clock().timestamp()

        def work(state: sqlite3.Connection) -> str | None:
            row = state.execute(
                "DELETE FROM link WHERE hash = ? RETURNING account, until", (hashed(secret),)
            ).fetchone()
            return None if row is None or row[1] <= now else str(row[0])

        return await self._store.run(work)
