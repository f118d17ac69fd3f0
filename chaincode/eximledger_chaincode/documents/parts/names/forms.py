"""Legal forms of companies: a name's end, or where the form stands there, its beginning, and what is left without it.

The table is made of GLEIF's list of legal forms (ISO 20275) and of what names beside it use (tools/make_names.py).
A form is known at its place only: "AB Trading Ltd" ends in Ltd and has no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from eximledger_chaincode.documents.parts.names.scripts import is_glued, table_lines

__all__ = ["Form", "Parted", "countries_with_forms", "parted", "read_tables"]

_LONGEST: Final = 12
"""Words, or characters of a script without spaces, that a form has at most."""
_PAIRS: Final = frozenset({("pt", "tbk"), ("oy", "ab")})
"""Forms of which one part stands before a name and the other behind it."""
_SURE: Final = frozenset({"pt", "ooo", "oao", "zao", "pao", "uab", "jsc", "llc"})
"""Of the short words that stand before a name as its form, those that are hardly ever another word."""
_UMLAUTS: Final = frozenset({"de", "sv", "fi", "da", "no", "et", "is"})
_COMPANY: Final = frozenset({"co", "company"})


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form as a name has it."""

    spelt: str
    rows: frozenset[int]
    """The lines of the table that have this spelling."""
    umlauts: bool
    """Whether most of them are of languages that write ä, ö, ü or å."""

    def is_same(self, other: Form) -> bool:
        """Whether both are spellings of one form: GmbH and Gesellschaft mit beschränkter Haftung, Ltd and Limited."""
        return self.spelt == other.spelt or not self.rows.isdisjoint(other.rows)


@dataclass(frozen=True, slots=True)
class Parted:
    """What a name is without its form. `sure` is false where the form may be a part of the name: AB Volvo."""

    words: tuple[str, ...]
    form: Form | None = None
    sure: bool = True


@cache
def _behind() -> Mapping[str, Form]:
    return _table(3)


@cache
def _before() -> Mapping[str, Form]:
    known = _behind()
    return {spelt: known[spelt] for spelt in _table(4)}


def _table(column: int) -> dict[str, Form]:
    lines = table_lines("legal_forms.csv")
    rows: dict[str, set[int]] = {}
    for number, fields in enumerate(lines):
        for spelt in fields[column].split():
            rows.setdefault(spelt, set()).add(number)
    return {
        spelt: Form(spelt, frozenset(numbers), 2 * sum(lines[each][2] in _UMLAUTS for each in numbers) >= len(numbers))
        for spelt, numbers in rows.items()
    }


def read_tables() -> None:
    """Reads the table of legal forms."""
    _before()


@cache
def countries_with_forms() -> frozenset[str]:
    """The countries of which the table has forms."""
    return frozenset(country for fields in table_lines("legal_forms.csv") for country in fields[1].split())


def parted(words: Sequence[str]) -> tuple[Parted, ...]:
    """The ways to part a name's words into name and form, the likeliest first; at least a word is left as the name."""
    whole = tuple(words)
    behind = _cut_behind(whole)
    if behind is not None:
        rest, form = behind
        ahead = _cut_before(rest)
        if ahead is not None and (ahead[1].is_same(form) or (ahead[1].spelt, form.spelt) in _PAIRS):
            rest = ahead[0]
        return (Parted(rest, form),)
    ahead = _cut_before(whole)
    if ahead is None:
        return (Parted(whole),)
    rest, form = ahead
    if len(form.spelt) > 3 or not form.spelt.isascii() or form.spelt in _SURE:
        return (Parted(rest, form),)
    return Parted(whole), Parted(rest, form, sure=False)


def _cut_behind(words: tuple[str, ...]) -> tuple[tuple[str, ...], Form] | None:
    last, known = words[-1], _behind()
    if is_glued(last):
        for size in range(min(_LONGEST, len(last)), 0, -1):
            form = known.get(last[-size:])
            if form is not None and (size > 1 or last == form.spelt):
                rest = (*words[:-1], last[:-size]) if len(last) > size else words[:-1]
                return (rest, form) if rest else None
        return None
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        form = known.get("".join(words[-count:]))
        if form is not None:
            rest = words[:-count]
            return (rest[:-1] if len(rest) > 1 and rest[-1] in _COMPANY else rest), form
    return None


def _cut_before(words: tuple[str, ...]) -> tuple[tuple[str, ...], Form] | None:
    first, known = words[0], _before()
    if is_glued(first):
        for size in range(min(_LONGEST, len(first)), 0, -1):
            form = known.get(first[:size])
            if form is not None and (size > 1 or first == form.spelt):
                rest = (first[size:], *words[1:]) if len(first) > size else words[1:]
                return (rest, form) if rest else None
        return None
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        form = known.get("".join(words[:count]))
        if form is not None:
            return words[count:], form
    return None
