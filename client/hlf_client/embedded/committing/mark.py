"""How many blocks of a ledger's file are on the disk for certain: a note that the processes which have it open share.

It is raised after an fsync only, so it may say too little and never too much. It counts for the file that it names
(device and inode), and for as long as somebody has that file open: who opens it alone begins at nothing, because
meanwhile the file may have been replaced by an older one, in which other blocks will come at those numbers.
"""

from __future__ import annotations

import contextlib
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hlf_client._file_lock import lock_shared, try_lock
from hlf_client.embedded.storage.presence import folder_of_keys

__all__ = ["MARKS", "Mark", "Noted", "has_failed"]

_NOTE: Final = "durable"
_OPEN: Final = ".open"
_PLACES: Final = (".syncing", ".syncing-too")
"""Who may sync now. Two: the kernel joins fsyncs of one file that run side by side, and who has just been answered is
back before a second one has waited for the first."""
MARKS: Final = (_NOTE, _OPEN, *_PLACES)
"""The files, in the folder of the keys: of this machine, in no copy."""

_FORM: Final = struct.Struct(">QQq?")
_CHECK: Final = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Noted:
    """Blocks that are durable, and whether an fsync of what came after them has failed."""

    blocks: int = 0
    failed: bool = False


class Mark:
    """Of one opened file. `open` gives none where the folder takes no such notes: then everyone syncs for himself."""

    def __init__(self, folder: Path, file: tuple[int, int], opened: int, note: int) -> None:
        self._folder = folder
        self._file = file
        self._opened = opened
        self._note = note

    @classmethod
    def open(cls, path: Path, *, mend: Callable[[], None]) -> Mark | None:
        """`mend` is called where an fsync had failed and nobody has the file open any more."""
        folder = folder_of_keys(path)
        descriptors: list[int] = []
        try:
            found = path.stat()
            for name in (_OPEN, _NOTE):
                descriptors.append(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600))
            mark = cls(folder, (found.st_dev, found.st_ino), descriptors[0], descriptors[1])
            if try_lock(descriptors[0]):  # nobody else has it open
                if mark.read().failed:
                    mend()
                mark._write(Noted())
            lock_shared(descriptors[0])
        except BaseException as error:
            for descriptor in descriptors:
                os.close(descriptor)
            if isinstance(error, OSError):
                return None
            raise
        return mark

    def read(self) -> Noted:
        """What is noted of this file: nothing where it is of another one, or half written."""
        try:
            return _read(self._note, self._file)
        except OSError:
            return Noted()

    def raise_to(self, blocks: int) -> bool:
        """After an fsync that began when so many blocks were committed. False where another process's has failed."""
        noted = self.read()
        with contextlib.suppress(OSError), self._alone(tries=1) as is_alone:
            noted = self.read()
            if is_alone and blocks > noted.blocks and not noted.failed:
                self._write(Noted(blocks))
        return not noted.failed

    def fail(self) -> None:
        """What comes after the mark may be lost, though a later fsync succeeds: a disk's error is told once."""
        with contextlib.suppress(OSError), self._alone(tries=100):
            self._write(Noted(self.read().blocks, failed=True))

    @contextlib.contextmanager
    def _alone(self, tries: int) -> Iterator[bool]:
        """One process changes it at a time, for microseconds; who leaves it as it is leaves too little there."""
        descriptor = os.open(self._folder / _NOTE, os.O_RDWR)
        try:
            while not (is_alone := try_lock(descriptor)) and (tries := tries - 1):
                time.sleep(0.001)
            yield is_alone
        finally:
            os.close(descriptor)

    def _write(self, noted: Noted) -> None:
        record = _FORM.pack(*self._file, noted.blocks, noted.failed)
        os.pwrite(self._note, record + _CHECK.pack(zlib.crc32(record)), 0)

    def place(self) -> int | None:
        """A place to sync, given back by closing it; None while others have them all."""
        for name in _PLACES:
            with contextlib.suppress(OSError):
                descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
                if try_lock(descriptor):
                    return descriptor
                os.close(descriptor)
        return None

    def close(self) -> None:
        os.close(self._note)
        os.close(self._opened)


def has_failed(path: Path) -> bool:
    """Whether an fsync has failed, and nobody has opened the file alone since."""
    try:
        found = path.stat()
        descriptor = os.open(folder_of_keys(path) / _NOTE, os.O_RDONLY)
    except OSError:
        return False
    try:
        return _read(descriptor, (found.st_dev, found.st_ino)).failed
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _read(descriptor: int, file: tuple[int, int]) -> Noted:
    data = os.pread(descriptor, _FORM.size + _CHECK.size, 0)
    record, check = data[: _FORM.size], data[_FORM.size :]
    if len(check) != _CHECK.size or _CHECK.unpack(check)[0] != zlib.crc32(record):
        return Noted()
    device, inode, blocks, failed = _FORM.unpack(record)
    return Noted(blocks, failed) if (device, inode) == file else Noted()
