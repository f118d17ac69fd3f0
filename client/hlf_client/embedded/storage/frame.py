"""The one binary form of everything that is signed or stored: a JSON header, then byte strings as they are.

    "EXL1" | u32 header length | u32 number of parts | u32 length of each part | header | parts

JSON carries names and numbers, the parts carry values, so a document is neither escaped nor encoded again. One value
has one encoding: keys sorted, no white space.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["FrameError", "pack", "unpack"]

_MAGIC: Final = b"EXL1"
_START: Final = struct.Struct(">4sII")
_MAX_PARTS: Final = 1_000_000
_json: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class FrameError(ValueError):
    """Bytes that are not a frame, or not the frame that was expected."""


def pack(header: Mapping[str, object], parts: Sequence[bytes]) -> bytes:
    """The frame of a header and its parts. Raises ValueError for text that is not Unicode (lone surrogates)."""
    head = _json(header).encode()
    count = len(parts)
    return b"".join((
        _START.pack(_MAGIC, len(head), count),
        struct.pack(f">{count}I", *map(len, parts)),
        head,
        *parts,
    ))  # fmt: skip


def unpack(data: bytes) -> tuple[dict[str, object], list[bytes]]:
    """Header and parts of a frame. Raises `FrameError` for anything but a whole frame."""
    try:
        magic, head_size, count = _START.unpack_from(data)
        if magic != _MAGIC or count > _MAX_PARTS:
            raise FrameError("not a frame")
        sizes = struct.unpack_from(f">{count}I", data, _START.size)
        at = _START.size + 4 * count
        head = data[at : at + head_size]
        header = json.loads(head.decode())
    except (struct.error, ValueError, RecursionError) as error:
        raise FrameError("a frame cannot be read") from error
    if not isinstance(header, dict) or b"\\ud" in head.lower():  # no escape of ours is a surrogate
        raise FrameError("a frame's header is an object of Unicode text")
    at += head_size
    parts = []
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    if at != len(data):
        raise FrameError("a frame is cut off or goes on too long")
    return header, parts
