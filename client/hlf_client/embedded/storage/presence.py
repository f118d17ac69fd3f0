"""Whether the file at a ledger's path still is the one that was opened, with every block that was written into it.

Beside the file, in the folder of its keys, stands how many blocks each channel has had. A file that was copied while it
was open, without its write-ahead log, ends earlier, and is sound in itself: only that note tells.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hlf_client.errors import LedgerUnavailable

__all__ = ["HEIGHTS", "Presence", "folder_of_keys", "noted_heights", "shortfall"]

HEIGHTS: Final = "heights"
"""The note, in the folder of the keys."""
_BYTES: Final = 8
"""Of one channel's height, at its number's place."""


class Presence:
    """Of one opened file; for any thread. Heights are not noted of a ledger that ends with its process."""

    def __init__(self, path: Path, *, lasting: bool) -> None:
        self._path = path
        self._lasting = lasting
        self._seen = _identity(path)
        self._notes: int | None = None

    def check(self) -> None:
        """Raises `LedgerUnavailable` when the file is gone, or another one stands in its place."""
        if _identity(self._path) != self._seen:
            raise LedgerUnavailable(
                f"{self._path} was deleted or replaced while it was open: what this process wrote last is not in what "
                "stands there now; put the file back or connect again"
            )

    def confirm(self, heights: Mapping[int, int]) -> None:
        """After a durable commit: the blocks are where the path leads, and their number is noted. Raises as `check`."""
        self.check()
        if self._lasting and heights:
            with contextlib.suppress(OSError):  # a disk that takes blocks and no note: the blocks count
                for channel, height in heights.items():
                    noted = os.pread(self._opened(), _BYTES, channel * _BYTES)
                    if height > int.from_bytes(noted):  # who committed after us may have noted it before us
                        os.pwrite(self._opened(), height.to_bytes(_BYTES), channel * _BYTES)

    def _opened(self) -> int:
        if self._notes is None:
            self._notes = os.open(_place(self._path), os.O_RDWR | os.O_CREAT, 0o600)
        return self._notes

    def close(self) -> None:
        if self._notes is not None:
            os.close(self._notes)
            self._notes = None


def noted_heights(path: Path) -> Mapping[int, int]:
    """The channels' heights as they were last noted, by channel number; none where nothing was."""
    try:
        content = _place(path).read_bytes()
    except OSError:
        return {}
    notes = (content[start : start + _BYTES] for start in range(0, len(content), _BYTES))
    return {channel: height for channel, note in enumerate(notes) if (height := int.from_bytes(note))}


def shortfall(
    path: Path, noted: Mapping[int, int], heights: Mapping[int, tuple[str, int]]
) -> tuple[str, int, str] | None:
    """The first channel, of names and heights by number, that has had more blocks than the file holds; the first of
    them that is missing; what there is to say. `noted` is read before the heights are: others may be writing."""
    for channel, (name, height) in sorted(heights.items()):
        if height < noted.get(channel, 0):
            last = noted[channel] - 1
            return name, height, (
                f"the block is missing, and all to {last}, which {path} has had: the file was copied while it was "
                f"open, without {path.name}-wal, or is an older copy; put that log or a whole copy there, or delete "
                f"{_place(path)} to go on without those blocks"
            )  # fmt: skip
    return None


def folder_of_keys(path: Path) -> Path:
    """Where a ledger's keys are, beside its file."""
    return path.with_name(path.name + ".msp")


def _place(path: Path) -> Path:
    return folder_of_keys(path) / HEIGHTS


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
