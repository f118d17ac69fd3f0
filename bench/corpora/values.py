"""What a file says anywhere, as texts, numbers and days: a value that a reader gives and no file has is invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

__all__ = ["Said", "invented", "said_of"]

_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]*)?")
_DAYS: Final = (re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})"), re.compile(r"()([0-9]{2})([0-9]{2})([0-9]{2})"))
_OURS: Final = frozenset({
    "kind", "schema_version", "scheme", "reference_kind", "status", "part", "place", "form", "mode", "type",
    "freight_payment", "reversal", "charge", "type_code",
})  # fmt: skip
"""Fields that hold words of ours, or codes that are told by words of the paper."""


_SUMS: Final = frozenset({"totals.tax", "totals.for_third_parties"})
"""Sums of what a file says in several places; compared as such."""


@dataclass(frozen=True, slots=True)
class Said:
    """All texts of a file in one, without white space and case, and its numbers."""

    text: str
    numbers: frozenset[Decimal]
    days: frozenset[date]


def said_of(texts: Iterable[str]) -> Said:
    """Every text of the file, one after the other."""
    whole: list[str] = []
    numbers: set[Decimal] = set()
    days: set[date] = set()
    for text in texts:
        whole.append(_packed(text))
        numbers.update(_numbers(text))
        days.update(_days(text))
    return Said("\n".join(whole), frozenset(numbers), frozenset(days))


def _packed(text: str) -> str:
    return "".join(text.split()).casefold()


def _numbers(text: str) -> Iterator[Decimal]:
    for found in _NUMBER.findall(text):
        try:
            yield abs(Decimal(found.replace(",", ".").rstrip("."))).normalize()
        except InvalidOperation:
            continue


def _days(text: str) -> Iterator[date]:
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            century, year = ("20", match[2]) if not match[1] else ("", match[1])
            month, day = (match[3], match[4]) if not match[1] else (match[2], match[3])
            day = "29" if (month, day) == ("02", "30") and int(f"{century}{year}") % 4 == 0 else day
            try:
                yield date(int(f"{century}{year}"), int(month), int(day))
            except ValueError:
                continue


def invented(value: object, said: Said, path: str = "") -> Iterator[str]:
    """Where a document, as plain values, has something that the file does not say."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"reference", "reverses"}:
                inner = _unnumbered(inner)
            if name not in _OURS and f"{path}.{name}" not in _SUMS:
                yield from invented(inner, said, f"{path}.{name}" if path else name)
    elif isinstance(value, (list, tuple)):
        for place, inner in enumerate(value):
            yield from invented(inner, said, f"{path}.{place}")
    elif not _is_said(value, said):
        yield f"{path} = {value!s:.60} is not in the file"


def _unnumbered(value: object) -> object:
    """A reference without the place or the number that a reader puts behind it."""
    if isinstance(value, str):
        return re.sub(r"[-/][0-9]+(?:/[0-9]+)*$", "", value)
    return [_unnumbered(each) for each in value] if isinstance(value, (list, tuple)) else value


def _is_said(value: object, said: Said) -> bool:
    match value:
        case None | bool():
            return True
        case date():
            return value in said.days
        case Decimal() | int():
            number = abs(Decimal(value))
            # a fraction said as a percentage, grams or tonnes as kilograms, a base of one that nobody wrote
            scales = (Decimal(1), Decimal(100), Decimal("0.01"), Decimal(1000), Decimal("0.001"))
            return number in {0, 1} or any((number * scale).normalize() in said.numbers for scale in scales)
        case str():
            return all(_packed(line) in said.text for line in value.splitlines()) or _in_parts(value, said)
        case _:
            return True


def _ascii(text: str) -> str:
    return "".join(character for character in text if character.isascii())


def _in_parts(value: str, said: Said) -> bool:
    """A text put together of several, with words of ours before some: each of its words is there."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return date.fromisoformat(value) in said.days
    if "\ufffd" in value:  # letters that nobody can tell
        return _packed(_ascii(value)) in _ascii(said.text)
    words = re.split(r"[\s,;:/()]+", value)
    return all(word in {"UUID", "P.O.", "Box", "returned"} or _packed(word) in said.text for word in words)
