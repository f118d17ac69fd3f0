"""Attachments in an embedded ledger's own file, each member's under its MSP id."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hlf_client.embedded import Beside

__all__ = ["InLedgerStore"]


class InLedgerStore:
    """Beside the ledger that `path` is the file of."""

    def __init__(self, path: Path, owner: str) -> None:
        self._beside = Beside(path)
        self._owner = owner

    async def put(self, sha256: str, content: bytes) -> None:
        await asyncio.to_thread(self._beside.put, self._owner, sha256, content)

    async def get(self, sha256: str) -> bytes | None:
        return await asyncio.to_thread(self._beside.get, self._owner, sha256)
