"""`embedded:PATH[?strict=1]` and `embedded::memory:[NAME][?strict=1]`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote

from hlf_client.errors import InvalidDocument

__all__ = ["MEMORY", "Address"]

MEMORY: Final = ":memory:"
_SWITCH: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Address:
    """Where an embedded ledger is. `path` None is in memory: `name` is shared within the process, else fresh."""

    path: Path | None
    name: str
    strict: bool

    @classmethod
    def parse(cls, text: str) -> Address:
        """From what follows `embedded:`. Raises `InvalidDocument` for what cannot be an address."""
        location, _, query = text.partition("?")
        location = unquote(location)
        if not location:
            raise _wrong("it names no file: write embedded:exim.db")
        strict = _strict(query)
        if location.startswith(MEMORY):
            return cls(None, location.removeprefix(MEMORY) or secrets.token_hex(8), strict)
        try:
            return cls(Path(location).expanduser().resolve(), "", strict)
        except (OSError, RuntimeError, ValueError) as error:
            raise _wrong(f"it is no path: {error}") from None


def _strict(query: str) -> bool:
    strict = False
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name != "strict":
            raise _wrong(f"it has an unknown option {name!r}: there is strict=1")
        if value.lower() not in _SWITCH:
            raise _wrong("strict is 1 or 0")
        strict = _SWITCH[value.lower()]
    return strict


def _wrong(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the ledger's URL is wrong: {reason}", field="ledger", reason=reason)
