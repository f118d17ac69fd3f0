"""Days in the fields of forms and addresses."""

from __future__ import annotations

from datetime import date

from hlf_client.errors import InvalidDocument

__all__ = ["day_of"]


def day_of(text: str, name: str) -> date | None:
    """The day that a field says; None where it says nothing. Raises `InvalidDocument`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidDocument(f"{name}: write a day as 2026-12-31", field=name, reason="no day") from None
