"""The keys under which a list's entries are found: by name, number, ship, country, port and goods.

A name has a key for all its letters in a row, which finds it however its words are parted, and one for each pair of its
telling words by their consonants, which finds it in another order, another transliteration or with a word more. So an
entry and a paper meet where they share two telling words, or the only one; whether they mean the same is for `scoring`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final, NamedTuple

from eximledger_chaincode.documents import Identifier, compared_number
from eximledger_chaincode.documents.published.watch_list import ListedKind, WatchEntry
from eximledger_chaincode.lending.screening.names import Reading, consonants, readings_of
from eximledger_chaincode.lending.screening.subjects import Subject, SubjectKind

__all__ = ["Posting", "entry_key", "keys_of", "number_of", "postings_of"]

_PAIRED: Final = 6
"""Of a long name so many of its longest telling words are paired."""
_SHORTEST_NUMBER: Final = 6
"""A shorter number tells nobody: it is a house, a room, a running number."""
_LONGEST: Final = 120


class Posting(NamedTuple):
    """A key, the number of an entry that has it, and the reading of the name that gave it."""

    key: str
    number: int
    form: str


def entry_key(entry_id: str) -> str:
    """By which one entry is shown."""
    return f"e:{entry_id}"


def number_of(identifier: Identifier) -> str | None:
    """A number as it is compared; None where it tells nobody. A BIC counts without its branch."""
    value = compared_number(identifier.value)
    if (identifier.scheme or "").upper() in {"BIC", "SWIFT", "SWIFT/BIC"}:
        value = value[:8]
    return value if (_SHORTEST_NUMBER <= len(value) <= _LONGEST and any(map(str.isdigit, value))) or (
        len(value) == 8 and value.isalpha()
    ) else None  # fmt: skip


def postings_of(number: int, entry: WatchEntry) -> list[Posting]:
    """All postings of an entry, each once, in one order."""
    found = {Posting(entry_key(entry.entry_id), number, "")}
    found |= {Posting(key, number, "") for key in _codes(entry)}
    for weak, names in (("", entry.names), ("?", entry.weak_aliases)):
        for reading in (reading for name in names for reading in readings_of(name)):
            form = f"{weak}{reading.form[:300]}"
            found |= {Posting(key, number, form) for sort in _sorts(entry) for key in _of_name(sort, reading)}
    return sorted(found)


def _sorts(entry: WatchEntry) -> str:
    """Whether its names are looked up for parties (n), ships (v) or both: lists that know no ships put them among
    enterprises, with their IMO number."""
    match entry.kind:
        case ListedKind.VESSEL:
            return "v"
        case ListedKind.PERSON | ListedKind.ENTITY | ListedKind.OTHER:
            return "n" if entry.imo_number is None else "nv"
        case _:
            return ""


def _codes(entry: WatchEntry) -> Iterator[str]:
    for identifier in entry.identifiers:
        if (value := number_of(identifier)) is not None:
            yield f"i:{value}"
    if entry.imo_number is not None:
        yield f"s:{entry.imo_number}"
    if entry.kind is ListedKind.COUNTRY:
        yield from (f"c:{country}" for country in entry.countries)
    yield from (f"p:{port}" for port in entry.ports)
    yield from (f"g:{code}" for code in entry.hs_codes)


def _of_name(sort: str, reading: Reading) -> Iterator[str]:
    yield f"{sort}={reading.joined[:_LONGEST]}"
    yield from (f"{sort}{pair}" for pair in _pairs(reading.telling))


def _pairs(words: Iterable[str]) -> list[str]:
    """Pairs of the longest telling words by consonants; a single word by itself."""
    longest = sorted(set(words), key=lambda word: (-len(word), word))[:_PAIRED]
    heads = sorted({consonants(word) for word in longest})
    return [f"+{left}+{right}" for left, right in combinations(heads, 2)] or [f"+{head}" for head in heads]


def keys_of(subject: Subject) -> list[str]:
    """Under which keys a subject is looked up."""
    match subject.kind:
        case SubjectKind.COUNTRY:
            return [f"c:{subject.code}"]
        case SubjectKind.PORT:
            return [f"p:{subject.code}"]
        case SubjectKind.GOODS:
            code = subject.code or ""
            return [f"g:{code[:digits]}" for digits in (4, 6, 8, 10, 13) if len(code) >= digits]
    sort = "v" if subject.kind is SubjectKind.VESSEL else "n"
    names = [key for name in subject.names for reading in readings_of(name) for key in _of_name(sort, reading)]
    return list(dict.fromkeys([*names, *_numbers(subject)]))


def _numbers(subject: Subject) -> Iterator[str]:
    for identifier in subject.identifiers:
        if identifier.scheme == "IMO":
            yield f"s:{identifier.value}"
        elif (value := number_of(identifier)) is not None:
            yield f"i:{value}"
