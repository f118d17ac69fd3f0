"""Fsyncs of the log that a test sees and holds back, and openings of one ledger that share them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence

import pytest

from hlf_client.embedded import EmbeddedLedger
from hlf_client.embedded.committing import finishing, syncing

__all__ = ["Syncs", "let_share"]

_SECONDS = 30


class Syncs:
    """What happened in order, by COMMITs and fsyncs; while `hold` is called, fsyncs do not end."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.events: list[str] = []
        self.fails = False
        self._may_end = threading.Event()
        self._may_end.set()
        self._changed = threading.Condition()
        self._commit, self._sync = finishing._commit, syncing._sync
        patch.setattr(finishing, "_commit", self._committed)
        patch.setattr(syncing, "_sync", self._synced)
        patch.setattr(syncing, "_PATIENCE", _SECONDS)  # a test may be stopped for longer than a disk takes

    def hold(self) -> None:
        self._may_end.clear()

    def release(self) -> None:
        self._may_end.set()

    def count(self, event: str) -> int:
        return self.events.count(event)

    async def until(self, event: str, count: int) -> None:
        """Wait until it has happened so often."""
        await asyncio.to_thread(self._wait, event, count)

    def _wait(self, event: str, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.count(event) >= count, _SECONDS), self.events

    def _tell(self, event: str) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def _committed(self, connection: sqlite3.Connection) -> None:
        self._commit(connection)
        self._tell("commit")

    def _synced(self, descriptor: int) -> None:
        self._tell("begin")
        assert self._may_end.wait(_SECONDS)
        if self.fails:
            self._tell("failed")
            raise OSError(5, "Input/output error")
        self._sync(descriptor)
        self._tell("end")


async def let_share(ledgers: Sequence[EmbeddedLedger]) -> None:
    """Each sees that others write, too: from now on they share fsyncs."""
    for turn in range(2):
        for number, ledger in enumerate(ledgers):
            await ledger.submit("bank", "state:put", f"shared-{number}", str(turn))
