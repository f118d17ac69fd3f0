"""A file within another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Part", "encoded", "shown"]

_DECLARED: Final = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9-]{1,20})[\"']")
_ENCODINGS: Final = frozenset({"iso-8859-1", "iso-8859-15", "windows-1252", "gb18030", "gbk", "gb2312"})


@dataclass(frozen=True, slots=True)
class Part:
    """Its name, as it may be shown, and what it holds."""

    name: str
    content: bytes


def shown(name: str) -> str:
    """A name from a file of others, without what a terminal or a log would take for more than a name."""
    return re.sub(r"[^\w .()\-/+@,=]", "?", name)[-100:] or "?"


def encoded(text: str) -> bytes:
    """A file that stood in another as text: its bytes in the encoding that it declares, else in UTF-8."""
    declared = _DECLARED.match(text)
    name = declared[1].lower() if declared is not None else ""
    return text.encode(name if name in _ENCODINGS else "utf-8", errors="xmlcharrefreplace")
