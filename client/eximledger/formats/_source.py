"""A file as its bytes: where it is read, how large it may be, and by which name errors call it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from eximledger.formats._limits import MAX_BYTES, MAX_TEXT_BYTES
from eximledger.formats.tables.sheets import decode_text
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Named", "Readable", "Source", "bytes_of", "text_of", "within_limits"]

_HEADER: Final = re.compile(
    rb"(?s)\s*(?:<\?xml[^>]{0,200}\?>)?\s*<((?:[A-Za-z0-9]{1,20}:)?AppHdr)[\s>].{0,20000}?</\1\s*>(?=\s*<)"
)
"""ISO 20022's business application header where it stands before the message, not around it: no XML, but usual."""


class Readable(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int, /) -> bytes: ...


Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable
"""A paper: the path of its file, its bytes, or its open file."""


class Named:
    """Put the file's name before the message of an `InvalidDocument` from within."""

    def __init__(self, source: Source, name: str) -> None:
        self._name = name or _name_of(source)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, InvalidDocument) and self._name:
            details = {key: value for key, value in error.details.items() if key not in {"field", "reason"}}
            message = f"{self._name}: {error.message}"
            raise InvalidDocument(message, field=error.field, reason=error.reason, **details) from None


def _name_of(source: Source) -> str:
    """The name by which errors call it: none for bytes, nor for a file in memory."""
    if isinstance(source, bytes | bytearray | memoryview):
        return ""
    named = source if isinstance(source, str | os.PathLike) else getattr(source, "name", "")
    return Path(named).name if isinstance(named, str | os.PathLike) else ""


def bytes_of(given: Source) -> bytes:
    """The file's bytes, or those given; within the limit. Of an open file, what is left to read."""
    if isinstance(given, bytes | bytearray | memoryview):
        source = bytes(given) if len(given) <= MAX_BYTES else bytes(given[: MAX_BYTES + 1])
    else:
        source = _file(Path(given)) if isinstance(given, str | os.PathLike) else _left_of(given)
    if len(source) > MAX_BYTES:
        raise _too_large(MAX_BYTES)
    header = _HEADER.match(source)
    return source[header.end() :].lstrip() if header is not None else source


def text_of(source: bytes) -> str:
    """Them as text, of which less is allowed."""
    within_limits(source)
    return decode_text(source)


def within_limits(source: bytes) -> None:
    """Raises `InvalidDocument` for more than is taken of text."""
    if len(source) > MAX_TEXT_BYTES:
        raise _too_large(MAX_TEXT_BYTES)


def _left_of(file: Readable) -> bytes:
    """Files of sockets and archives give less than is asked for at a time."""
    read = getattr(file, "read", None)
    if read is None:
        raise TypeError(f"a paper is a path, bytes or an open file, not {type(file).__name__}")
    found = bytearray()
    while len(found) <= MAX_BYTES:
        try:
            part = read(MAX_BYTES + 1 - len(found))
        except (OSError, ValueError) as error:
            raise InvalidDocument(f"the file cannot be read: {error}", field="file", reason="cannot be read") from None
        if isinstance(part, str):
            raise TypeError("open the file for reading bytes: open(path, 'rb')")
        if not part:
            break
        found += part
    return bytes(found)


def _too_large(limit: int) -> InvalidDocument:
    reason = f"is larger than {limit // 2**20} MiB"
    return InvalidDocument(f"the file {reason}", field="file", reason=reason)


def _file(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InvalidDocument("this is not a file", field="file", reason="not a file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one of a file"
        raise InvalidDocument(f"the file cannot be read: {reason}", field="file", reason=reason) from None
