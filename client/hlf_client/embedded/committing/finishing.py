"""COMMIT, so that it lasts: by SQLite's own fsync inside it, or, where several write, by one that they share after it.

Who writes alone has SQLite sync inside COMMIT: nobody waits for the turn meanwhile, and nothing is ever seen that is
not durable. That others write, too, shows in blocks that we have not made.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Final

from hlf_client.embedded.committing.syncing import Syncing
from hlf_client.embedded.committing.turns import Turns

__all__ = ["Finishing"]

_SHARING: Final = 64
"""Batches for which an fsync is shared after others have written."""


class Finishing:
    """Of one writer. Without `syncing`, of a ledger that ends with its process, there is only COMMIT."""

    def __init__(self, syncing: Syncing | None, turns: Turns) -> None:
        self._syncing = syncing
        self._turns = turns
        self._left: int | None = None
        self._changes = 0
        self._for_batches = 0

    @property
    def is_shared(self) -> bool:
        """Whether the next COMMIT's fsync comes after it."""
        return self._for_batches > 0

    def prepare(self, connection: sqlite3.Connection) -> None:
        """Before a transaction, in the turn. Raises `LedgerUnavailable` once an fsync has failed."""
        if self._syncing is None:
            return
        self._syncing.check()
        self._changes = connection.total_changes
        blocks = self._syncing.committed(connection)
        if self._left not in {None, blocks}:
            self._for_batches = _SHARING
        elif self._for_batches:
            self._for_batches -= 1
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if self.is_shared else 'FULL'}")

    def commit(self, connection: sqlite3.Connection, *, makes_blocks: bool) -> float:
        """The seconds that it took. What fails after COMMIT leaves open whether the batch stands. Blocks."""
        begun = time.perf_counter()
        if self._syncing is None:
            _commit(connection)
            return time.perf_counter() - begun
        blocks = self._left = self._syncing.committed(connection)
        _commit(connection)
        if not self.is_shared and connection.total_changes != self._changes:  # by SQLite, with all before it
            self._syncing.note(blocks)
            return time.perf_counter() - begun
        self._turns.give()
        if makes_blocks:
            self._syncing.make_durable(blocks)
        else:  # no number of blocks tells whether it is durable; or it is what others have just written
            self._syncing.sync()
        return time.perf_counter() - begun


def _commit(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")
