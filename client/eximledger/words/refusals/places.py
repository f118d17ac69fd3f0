"""Places in files in both languages: rows, lines, pages and columns, as readers name them. A cell, a path stays."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["SPACED", "place_in_chinese"]

_FORMS: Final = tuple(
    (re.compile(form, re.DOTALL), zh)
    for form, zh in (
        (r"line (\d+), column (\d+)", "第 {} 行第 {} 列"),
        (r"(?:row|line) (\d+)", "第 {} 行"),
        (r"page (\d+)", "第 {} 页"),
        (r"column (\d+) without a name", "第 {} 列（无列名）"),
        (r"column (\S+)", "{} 列"),
        (r"entry (.+)", "条目 {}"),
        (r"sheet (.+)", "工作表 {}"),
    )
)
_SHEET: Final = re.compile(r"(?P<sheet>.+!)?(?P<place>.+?)(?P<field> \(.*\))?", re.DOTALL)
SPACED: Final = (
    r"(?:[^:：]+!)?(?:row|line|page|column) \S+?"
    r"(?:, column \d+| without a name)?(?: \(:\w+:\)| \([^()]*\))?|[^:：]+\.[A-Za-z0-9]{1,5}"
)
"""A place that has a space within, a file's name among them: what stands before the colon of a sentence."""


def place_in_chinese(place: str) -> str:
    """A place as Chinese readers write it; one that is a cell, a path or a field stays as it is."""
    found = _SHEET.fullmatch(place)
    if found is None:
        return place
    for form, zh in _FORMS:
        parts = form.fullmatch(found["place"])
        if parts is not None:
            field = found["field"]
            beside = f"（{field[2:-1]}）" if field else ""
            return f"{found['sheet'] or ''}{zh.format(*parts.groups())}{beside}"
    return place
