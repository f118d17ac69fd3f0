"""How inputs that stand for large ones are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final

from eximledger.formats import _limits as limits

__all__ = ["LAUGHS", "MIB", "archive_of", "repeated"]

MIB: Final = 1 << 20
_ENTITIES: Final = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
LAUGHS: Final = b'<!DOCTYPE a [<!ENTITY e0 "ha">' + _ENTITIES + b"]>"


def repeated(head: bytes, body: bytes, tail: bytes, size: int = limits.MAX_BYTES - 1) -> bytes:
    """As often as it fits in."""
    return head + body * ((size - len(head) - len(tail)) // len(body)) + tail


def archive_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()
