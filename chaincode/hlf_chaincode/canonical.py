"""Canonical JSON: one byte string for one value, on every peer and in every Python.

Keys sorted by code point, no white space, UTF-8 without escapes, decimals as text without exponent. A float is refused:
two machines may print it differently. Used for ledger state, hashes and verdicts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

__all__ = ["Json", "canonical_json", "decimal_text", "plain_json", "sha256_hex", "to_json"]

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


def decimal_text(value: Decimal) -> str:
    """Plain decimal text, without exponent and with the digits that the value has (`1.50` stays `1.50`)."""
    return format(value, "f")


def to_json(value: object) -> Json:
    """`value` as plain JSON types. Raises TypeError for a float or a type that has no canonical form."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return to_json(value.value)
        case str():
            return value
        case Decimal():
            return decimal_text(value)
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case list() | tuple():
            return [to_json(item) for item in value]
        case _ if (dump := getattr(value, "model_dump", None)) is not None:  # pydantic's; the client has no pydantic
            dumped: Json = dump(mode="json", exclude_none=True)
            return dumped  # plain already: no model has a float, which a test holds
        case Mapping():
            return {str(key): to_json(item) for key, item in value.items()}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def canonical_json(value: object) -> bytes:
    """The canonical JSON of `value` as UTF-8 bytes; fields that are None are left out of models."""
    return plain_json(to_json(value))


def plain_json(value: Json) -> bytes:
    """The canonical JSON of what holds plain JSON types only: spares the walk through it."""
    return _ENCODER.encode(value).encode()


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
