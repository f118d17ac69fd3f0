"""What a key and a value may be: the bounds that every ledger holds a contract to, and Fabric's composite keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "COMPOSITE_NAMESPACE",
    "LAST_CODE_POINT",
    "MAX_KEY_BYTES",
    "MAX_VALUE_BYTES",
    "check_key",
    "check_value",
    "checked_writes",
    "composite_key",
    "simple_range",
    "split_composite_key",
]

COMPOSITE_NAMESPACE: Final = "\x00"
LAST_CODE_POINT: Final = "\U0010ffff"

MAX_KEY_BYTES: Final = 1024
"""UTF-8 bytes of a key, composite keys included."""
_SURELY_SHORT: Final = MAX_KEY_BYTES // 4
"""Characters: none takes more than four bytes."""
MAX_VALUE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of one value."""


def composite_key(object_type: str, attributes: Sequence[str]) -> str:
    """Fabric's composite key: U+0000, the type, then each attribute, all ended by U+0000.

    Raises `InvalidDocument` for an empty type or a part that holds U+0000 or U+10FFFF.
    """
    if not object_type:
        raise InvalidDocument("a composite key needs an object type", field="key", reason="empty object type")
    key = "\x00".join(("", object_type, *attributes, ""))
    if key.count("\x00") != len(attributes) + 2 or LAST_CODE_POINT in key:
        raise InvalidDocument(
            "a part of a composite key may not hold U+0000 or U+10FFFF", field="key", reason="reserved character"
        )
    if len(key) > _SURELY_SHORT:
        _check_length(key)
    return key


def split_composite_key(key: str) -> tuple[str, tuple[str, ...]]:
    """The object type and attributes of a composite key."""
    _check_composite(key)
    object_type, *attributes = key[1:-1].split("\x00")
    return object_type, tuple(attributes)


def _check_composite(key: str) -> None:
    if not key.startswith(COMPOSITE_NAMESPACE) or not key.endswith("\x00") or len(key) < 3:
        raise InvalidDocument("not a composite key", field="key", reason="not a composite key")


def _check_length(key: str) -> None:
    if len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES:
        raise InvalidDocument(f"a key has at most {MAX_KEY_BYTES} bytes", field="key", reason="too long")


def check_key(key: str) -> str:
    if not key:
        raise InvalidDocument("a key may not be empty", field="key", reason="empty")
    if len(key) > _SURELY_SHORT:
        _check_length(key)
    if key.startswith(COMPOSITE_NAMESPACE):
        _check_composite(key)
    elif "\x00" in key or LAST_CODE_POINT in key:
        raise InvalidDocument("a key may not hold U+0000 or U+10FFFF", field="key", reason="reserved character")
    return key


def check_value(value: bytes) -> bytes:
    if not value:
        raise InvalidDocument(
            "an empty value cannot be told from none: delete the key instead", field="value", reason="empty"
        )
    if len(value) > MAX_VALUE_BYTES:
        raise InvalidDocument(f"a value has at most {MAX_VALUE_BYTES} bytes", field="value", reason="too large")
    return value


def checked_writes(writes: Mapping[str, bytes]) -> dict[str, bytes]:
    return {check_key(key): check_value(value) for key, value in sorted(writes.items())}


def simple_range(start: str, end: str) -> tuple[str, str]:
    """The bounds of a range over simple keys, kept out of the composite keys' space."""
    if start.startswith(COMPOSITE_NAMESPACE) or end.startswith(COMPOSITE_NAMESPACE):
        raise InvalidDocument(
            "a range over simple keys has simple bounds; composite keys have ranges of their own",
            field="range",
            reason="composite bound",
        )
    return start or "\x01", end or LAST_CODE_POINT
