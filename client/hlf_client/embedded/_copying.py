"""A copy of a ledger in use as one file: its blocks and state at one moment, and the folder of its keys.

The copy is an uncompressed tar archive of `ledger.db` and `ledger.db.msp/...`, as secret as the ledger itself.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from hlf_client.embedded.committing.mark import MARKS
from hlf_client.embedded.committing.syncing import sync_log
from hlf_client.embedded.committing.turns import PLACES
from hlf_client.embedded.storage.database import open_read_only, storage_errors
from hlf_client.embedded.storage.presence import HEIGHTS
from hlf_client.embedded.verifying.report import Verification
from hlf_client.embedded.verifying.verification import verify_file
from hlf_client.errors import LedgerUnavailable
from hlf_client.identity.wallet import make_private_folder

__all__ = ["backup_file", "restore_file"]

_NAME: Final = "ledger.db"
_KEYS: Final = f"{_NAME}.msp"
_LOCK: Final = ".lock"


def backup_file(path: Path, to: Path) -> Verification:
    """Write the copy, verified, while others write on. Raises `LedgerUnavailable`, also where `to` is there already."""
    _require_free(to)
    with _folder_beside(to) as folder:
        copy = folder / _NAME
        noted = _noted(path)  # before the blocks are copied: the copy holds no fewer
        with contextlib.closing(open_read_only(path)) as source:
            _copy_blocks(source, copy)
        sync_log(path)  # the copy holds nothing that the ledger may lose
        of_this_machine = shutil.ignore_patterns(_LOCK, HEIGHTS, *PLACES, *MARKS)
        shutil.copytree(path.with_name(path.name + ".msp"), folder / _KEYS, ignore=of_this_machine)
        if noted:
            (folder / _KEYS / HEIGHTS).write_bytes(noted)
        found = _verified(copy)
        packed = folder / "packed"
        with open(packed, "xb", opener=_private) as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                archive.add(copy, _NAME)
                archive.add(folder / _KEYS, _KEYS)
            file.flush()
            os.fsync(file.fileno())
        _put(packed, to)
    return found


def restore_file(copy: Path, path: Path) -> Verification:
    """Put a ledger where there is none, out of such a copy and verified. Raises `LedgerUnavailable`, also where
    something is there already."""
    keys = path.with_name(path.name + ".msp")
    for each in (path, keys, path.with_name(path.name + "-wal")):
        _require_free(each)
    with _folder_beside(path) as folder:
        _unpack(copy, folder)
        found = _verified(folder / _NAME)
        _put(folder / _KEYS, keys)
        _put(folder / _NAME, path)
    return found


@contextlib.contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """A private folder on the same disk, which goes afterwards; what fails there is `LedgerUnavailable`."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise LedgerUnavailable(f"{error.filename or path}: {error.strerror or error}") from error


def _copy_blocks(source: sqlite3.Connection, copy: Path) -> None:
    """All pages in one step: of one moment, whatever is written meanwhile."""
    copy.touch(mode=0o600)
    with storage_errors(copy), contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _noted(path: Path) -> bytes:
    try:
        return (path.with_name(path.name + ".msp") / HEIGHTS).read_bytes()
    except OSError:
        return b""


def _verified(path: Path) -> Verification:
    found = verify_file(path)
    if not found.is_good:
        raise LedgerUnavailable(f"the copy does not verify: {found.problems[0]}")
    return found


def _unpack(copy: Path, folder: Path) -> None:
    """Plain files under our own names, and nothing else, come out of an archive."""
    try:
        with tarfile.open(copy, "r:") as archive:
            for member in archive:
                place = PurePosixPath(member.name)
                if place.parts[:1] not in {(_NAME,), (_KEYS,)} or ".." in place.parts or place.is_absolute():
                    raise _no_copy(copy)
                if member.isdir():
                    continue
                content = archive.extractfile(member) if member.isreg() else None
                if content is None:
                    raise _no_copy(copy)
                _make_folders(folder, folder / place.parent)
                with open(folder / place, "xb", opener=_private) as file:
                    shutil.copyfileobj(content, file)
                    file.flush()
                    os.fsync(file.fileno())
    except tarfile.TarError:
        raise _no_copy(copy) from None
    if not (folder / _NAME).is_file() or not (folder / _KEYS).is_dir():
        raise _no_copy(copy)


def _make_folders(root: Path, folder: Path) -> None:
    for each in (*reversed(folder.relative_to(root).parents), folder.relative_to(root)):
        make_private_folder(root / each)


def _no_copy(copy: Path) -> LedgerUnavailable:
    return LedgerUnavailable(f"{copy} is not a whole copy of a ledger")


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _require_free(path: Path) -> None:
    if os.path.lexists(path):
        raise LedgerUnavailable(f"{path} is there already: name another place, or move it away")


def _put(made: Path, path: Path) -> None:
    """Where nothing is; what has come there meanwhile is not replaced."""
    _require_free(path)
    made.rename(path)
