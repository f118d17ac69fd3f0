"""How many blocks of a ledger's file are on the disk for certain: a note that the processes which have it open share.

It is raised after an fsync only, so it may say too little and never too much. It counts for the file that it names
(device and inode), and for as long as somebody has that file open: who opens it alone begins at nothing, because
meanwhile the file may have been replaced by an older one, in which other blocks will come at those numbers.

It is mapped into memory, as SQLite's own -shm is: written for each block, it must not wait for the disk's journal.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hlf_client._file_lock import lock_shared, try_lock
from hlf_client.embedded.storage.presence import folder_of_keys

__all__ = ["MARKS", "Mark", "has_failed"]

_NOTE: Final = "durable"
_OPEN: Final = ".open"
_PLACES: Final = (".syncing", ".syncing-too")
"""Who may sync now. Two: the kernel joins fsyncs of one file that run side by side, and who has just been answered is
back before a second one has waited for the first."""
MARKS: Final = (_NOTE, _OPEN, *_PLACES)
"""The files, in the folder of the keys: of this machine, in no copy."""

_FORM: Final = struct.Struct(">QQq")
"""Device, inode, and what is noted of that file."""
_CHECK: Final = struct.Struct(">I")
_SIZE: Final = _FORM.size + _CHECK.size
_BLOCKS: Final = 0
"""Where the blocks stand that are durable."""
_FAILED: Final = 64
"""Where it stands that an fsync of what came after them has failed: by itself, so that nobody overwrites it."""
_BYTES: Final = 128


class Mark:
    """Of one opened file. `open` gives none where the folder takes no such notes: then everyone syncs for himself."""

    def __init__(self, folder: Path, file: tuple[int, int], opened: int, note: mmap.mmap) -> None:
        self._folder = folder
        self._file = file
        self._opened = opened
        self._note = note

    @classmethod
    def open(cls, path: Path, *, mend: Callable[[], None]) -> Mark | None:
        """`mend` is called where an fsync had failed and nobody has the file open any more."""
        folder = folder_of_keys(path)
        with contextlib.ExitStack() as undo:
            try:
                found = path.stat()
                opened = os.open(folder / _OPEN, os.O_RDWR | os.O_CREAT, 0o600)
                undo.callback(os.close, opened)
                mark = cls(folder, (found.st_dev, found.st_ino), opened, _mapped(folder / _NOTE))
                undo.callback(mark._note.close)
                if try_lock(opened):  # nobody else has it open
                    if mark.has_failed:
                        mend()
                    mark._note[:] = bytes(_BYTES)
                lock_shared(opened)
            except (OSError, ValueError):
                return None
            undo.pop_all()
        return mark

    @property
    def blocks(self) -> int:
        """How many are durable: none where it says so of another file, or is just being written."""
        return _read(self._note[_BLOCKS : _BLOCKS + _SIZE], self._file)

    @property
    def has_failed(self) -> bool:
        """Whether an fsync has failed since the file was opened first."""
        return _read(self._note[_FAILED : _FAILED + _SIZE], self._file) > 0

    def raise_to(self, blocks: int) -> None:
        """After an fsync that began when so many blocks were committed. Who writes at the same time may leave less."""
        if blocks > self.blocks:
            self._write(_BLOCKS, blocks)

    def fail(self) -> None:
        """What comes after the mark may be lost, though a later fsync succeeds: a disk's error is told once."""
        self._write(_FAILED, 1)

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
        self._note.close()
        os.close(self._opened)

    def _write(self, at: int, value: int) -> None:
        record = _FORM.pack(*self._file, value)
        self._note[at : at + _SIZE] = record + _CHECK.pack(zlib.crc32(record))


def has_failed(path: Path) -> bool:
    """Whether an fsync has failed, and nobody has opened the file alone since."""
    try:
        found, note = path.stat(), (folder_of_keys(path) / _NOTE).read_bytes()
    except OSError:
        return False
    return _read(note[_FAILED : _FAILED + _SIZE], (found.st_dev, found.st_ino)) > 0


def _mapped(path: Path) -> mmap.mmap:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_size != _BYTES:
            os.pwrite(descriptor, bytes(_BYTES), 0)  # not a hole: a full disk is told now
            os.ftruncate(descriptor, _BYTES)
        return mmap.mmap(descriptor, _BYTES)
    finally:
        os.close(descriptor)


def _read(data: bytes, file: tuple[int, int]) -> int:
    record, check = data[: _FORM.size], data[_FORM.size :]
    if len(check) != _CHECK.size or _CHECK.unpack(check)[0] != zlib.crc32(record):
        return 0
    device, inode, value = _FORM.unpack(record)
    return value if (device, inode) == file else 0
