"""A file within another."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Part", "shown"]


@dataclass(frozen=True, slots=True)
class Part:
    """Its name, as it may be shown, and what it holds."""

    name: str
    content: bytes


def shown(name: str) -> str:
    """A name from a file of others, without what a terminal or a log would take for more than a name."""
    return re.sub(r"[^\w .()\-/+@,=]", "?", name)[-100:] or "?"
