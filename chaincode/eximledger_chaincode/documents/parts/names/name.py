"""A name as it is compared: its words in one script, what it is without its legal form, computed once for each name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from eximledger_chaincode.documents.parts.names.forms import Form, parted
from eximledger_chaincode.documents.parts.names.scripts import (
    has_umlaut,
    is_glued,
    is_han,
    is_other_alphabet,
    latin,
    loosely,
    simplified,
    without_digraphs,
)
from eximledger_chaincode.documents.parts.names.spelling import compared_name, folded_words

__all__ = ["Name", "Reading", "name_of", "normal_name", "one_script"]

_JOINING: Final = frozenset({"and", "und", "et", "y", "e", "og", "och", "ve", "en", "i"})
"""What stands in a name where another paper has the sign &."""
_SIGNS: Final = frozenset("株有合주유")
"""Forms of one character, which stand apart from the name: (株)."""
_ADDRESSING: Final = frozenset({"messrs", "the"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: the name proper and its form."""

    words: tuple[str, ...]
    core: str
    """The words without spaces."""
    plain: str
    """The core with ä, ö, ü, å and the two letters that stand for each as the plain letter."""
    form: Form | None
    sure: bool

    @property
    def loose(self) -> str:
        return loosely(self.core)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what is known of how it is written."""

    compared: str
    """Without case and punctuation: who agrees in this has the same name."""
    readings: tuple[Reading, ...]
    """The likeliest first; at least one."""
    marked: bool
    """Whether its letters were changed to compare them: a diacritic, another script."""
    umlauts: bool
    """Whether it may be written with ä, ö, ü or å, by its letters or the language of its form."""
    other_alphabet: bool
    """Whether it is in Cyrillic or Greek."""
    han: bool
    """Whether it has Chinese characters."""

    @property
    def first(self) -> Reading:
        return self.readings[0]


def one_script(name: str) -> list[tuple[str, str]]:
    """The words of a name, each as it is folded and in the letters by which it is compared; without what joins words
    or addresses somebody, and characters of scripts without spaces together."""
    words = [(word, latin(simplified(word))) for word in folded_words(name)]
    words = [(folded, plain) for folded, plain in words if plain]
    if [plain for _, plain in words[:2]] == ["m", "s"] and len(words) > 3:
        words = words[2:]
    if len(words) > 1 and words[0][1] in _ADDRESSING:
        words = words[1:]
    if len(words) > 1 and words[-1][1] == "the":
        words = words[:-1]
    inner = [pair for place, pair in enumerate(words) if not (0 < place < len(words) - 1 and pair[1] in _JOINING)]
    ends = {place for place in (0, len(inner) - 1) if inner and inner[place][1] in _SIGNS}
    found: list[tuple[str, str]] = []
    for joined, group in groupby(enumerate(inner), key=lambda each: each[0] not in ends and is_glued(each[1][1])):
        pairs = [pair for _, pair in group]
        found += [("".join(each for each, _ in pairs), "".join(each for _, each in pairs))] if joined else pairs
    return found


@lru_cache(maxsize=16384)
def name_of(name: str) -> Name:
    """The name as it is compared."""
    compared, pairs = compared_name(name), one_script(name)
    if not pairs:
        bare = Reading((name,), name, name, None, sure=True)
        return Name(compared, (bare,), marked=False, umlauts=False, other_alphabet=False, han=False)
    folded, plain = [each for each, _ in pairs], [each for _, each in pairs]
    alphabet = any(map(is_other_alphabet, folded))
    readings = _readings(plain)
    if alphabet:  # wholly of letters that look like Latin ones, or in earnest
        looking = compared.split()
        readings += [each for each in _readings(looking) if each.core != readings[0].core]
    return Name(
        compared=compared,
        readings=tuple(readings),
        marked=any(mine != other for mine, other in pairs if other in readings[0].words or is_glued(other)),
        umlauts=any(map(has_umlaut, folded)) or any(each.form is not None and each.form.umlauts for each in readings),
        other_alphabet=alphabet,
        han=any(map(is_han, plain)),
    )


def _readings(words: Sequence[str]) -> list[Reading]:
    return [
        Reading(each.words, "".join(each.words), "".join(map(without_digraphs, each.words)), each.form, each.sure)
        for each in parted(words)
    ]


@lru_cache(maxsize=16384)
def normal_name(name: str) -> str:
    """A party's name for ids and fingerprints: its words in one script, without diacritics and legal form.

    Two names that differ in anything but spelling and form have two.
    """
    found = name_of(name)
    reading = found.first
    if found.umlauts:
        return _joined(tuple(without_digraphs(word) for word in reading.words))
    return _joined(reading.words)


def _joined(words: tuple[str, ...]) -> str:
    """With one space between words, and single letters together: A.B.C. and ABC are one word."""
    groups = groupby(words, key=lambda word: len(word) == 1 and word.isascii() and word.isalpha())
    return " ".join(("" if single else " ").join(group) for single, group in groups)
