"""How many values a JSON text may hold, looked at before it is parsed.

Parsed, a value takes up to a hundred times the bytes that it has in the text, and a wrong one takes as much again for
the report of what is wrong with it: a text of a few megabytes could fill the memory of a peer.
"""

from __future__ import annotations

from typing import Final

from hlf_chaincode.errors import InvalidDocument

__all__ = ["MAX_JSON_VALUES", "require_sane_size"]

MAX_JSON_VALUES: Final = 100_000
"""Values of one JSON text; a batch of 500 large documents has less."""


def require_sane_size(text: str | bytes, field: str = "") -> None:
    """Raises `InvalidDocument` for more values than there are in any document. Commas in texts count as well."""
    separators = text.count(",") if isinstance(text, str) else text.count(b",")
    if separators >= MAX_JSON_VALUES:
        reason = f"has more than {MAX_JSON_VALUES} values"
        raise InvalidDocument(f"{field or 'the JSON'} {reason}: send less at once", field=field, reason=reason)
