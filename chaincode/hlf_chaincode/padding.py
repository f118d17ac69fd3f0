"""Content filled up before it is sealed, so that a ciphertext's length says little of it."""

from __future__ import annotations

from typing import Final

__all__ = ["filled", "unfilled"]

_LENGTH_BYTES: Final = 4


def filled(content: bytes, multiple: int) -> bytes:
    """The content behind its length, filled up to a multiple of so many bytes."""
    framed = len(content).to_bytes(_LENGTH_BYTES) + content
    return framed + bytes(-len(framed) % multiple)


def unfilled(data: bytes) -> bytes:
    """What was filled up."""
    return data[_LENGTH_BYTES : _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES])]
