"""The files in a ZIP archive, looked at before they are unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from eximledger.formats._limits import MAX_BYTES, MAX_PACKED_PARTS, MAX_PARTS, MAX_XLSX_RATIO
from eximledger.formats.containers.parts import Part, shown
from hlf_chaincode.errors import InvalidDocument

__all__ = ["parts_of_archive"]

_PACKED: Final = (b"PK", b"%PDF", b"\xd0\xcf\x11\xe0")
_OF_SYSTEMS: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def parts_of_archive(source: bytes) -> tuple[Part, ...]:
    """Raises `InvalidDocument` for an archive that is damaged, encrypted, or holds more than banks send in one."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_of_a_system(entry)]
            _check(entries)
            return _unpacked(archive, entries)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise _refused("is damaged") from None


def _is_of_a_system(entry: zipfile.ZipInfo) -> bool:
    return any(entry.filename.startswith(name) or entry.filename.endswith(name) for name in _OF_SYSTEMS)


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise _refused(f"has more than {MAX_PARTS} files")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("is encrypted; send it without a password")
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise _refused(f"unpacks to more than {MAX_BYTES // 2**20} MiB")
    for entry in entries:
        if entry.file_size > 2**20 and entry.file_size > MAX_XLSX_RATIO * max(entry.compress_size, 1):
            raise _refused("is refused: a file in it is packed more tightly than real papers are")


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> tuple[Part, ...]:
    """What an entry says of its size may be wrong, so no more than that is taken."""
    found: list[Part] = []
    for entry in entries:
        with archive.open(entry) as file:
            content = file.read(entry.file_size)
        found.append(Part(shown(entry.filename), content))
    if sum(part.content.startswith(_PACKED) for part in found) > MAX_PACKED_PARTS:
        raise _refused(f"holds more than {MAX_PACKED_PARTS} workbooks and PDFs; send it in parts")
    return tuple(found)


def _refused(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the archive {reason}", field="file", reason=reason)
