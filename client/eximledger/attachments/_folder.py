"""Attachments as files in a folder: a disk of the bank's, or one that its hosts share."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from eximledger.attachments._store import StoreUnavailable
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHMENT

__all__ = ["FolderStore"]

_HASH: Final = re.compile(r"[0-9a-f]{64}")


class FolderStore:
    """`ab/abcd...` for a file whose hash begins with ab; readable by their owner alone. Never half a file: it is
    written under another name, brought to the disk, and renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, sha256: str, content: bytes) -> None:
        await asyncio.to_thread(self._write, self._place(sha256), content)

    async def get(self, sha256: str) -> bytes | None:
        return await asyncio.to_thread(self._read, self._place(sha256))

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise StoreUnavailable(f"{sha256[:80]!r} is no SHA-256")
        return self._root / sha256[:2] / sha256

    def _write(self, place: Path, content: bytes) -> None:
        draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(place)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    draft.unlink()
        except OSError as error:
            raise StoreUnavailable(f"the folder {self._root} takes no attachment: {error.strerror}") from error

    def _read(self, place: Path) -> bytes | None:
        try:
            with place.open("rb") as file:
                return file.read(MAX_ATTACHMENT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(f"the folder {self._root} cannot be read: {error.strerror}") from error
