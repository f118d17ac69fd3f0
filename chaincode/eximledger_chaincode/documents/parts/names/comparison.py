"""How like two names are, in grades: the same, spelt otherwise, doubtful, different.

Each grade says why. A name that is only contained in another ("Dongyu" in "Dongyu Trading") is another name: a false
alarm costs an officer a minute, a miss costs the loan.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from eximledger_chaincode.documents.parts.names import forms, scripts
from eximledger_chaincode.documents.parts.names.name import Name, Reading, name_of
from eximledger_chaincode.documents.parts.names.scripts import reads_as

__all__ = ["DIFFERENT", "SAME", "Grade", "Likeness", "Why", "compare_names", "edits", "read_tables"]

_NEAR: Final = 85
"""Percent of letters that two names have in common, from which they may be one misspelt."""
_MIXED: Final = 60
"""Percent of a name in Latin letters that are pinyin of the characters, from which the rest may be a translation. A
province or town alone is less."""


_LONGEST: Final = 300
"""Letters of a name beyond which nobody looks for likeness: what long ones differ in, they are different by."""


class Grade(Enum):
    """In order: the closest first."""

    SAME = 0
    ALIKE = 1
    """The same name and form, spelt otherwise, or the form left out."""
    DOUBTFUL = 2
    """Another form, or nearly the same name."""
    DIFFERENT = 3


class Why(Enum):
    """What makes two names less than the same."""

    NOTHING = "nothing"
    SPACING = "spacing"
    FORM_SPELT = "the legal form spelt otherwise"
    FORM_LEFT_OUT = "the legal form left out"
    DIACRITICS = "diacritics"
    TRANSLITERATION = "transliteration"
    SCRIPT = "traditional and simplified characters"
    PINYIN = "pinyin"
    OTHER_FORM = "another legal form"
    NEAR = "near"
    PART_PINYIN = "pinyin in part"
    OTHER_NAME = "another name"
    OTHER_NUMBER = "another number"


class Likeness(NamedTuple):
    """A grade, what it rests on, and of names that are near how much they have in common, in percent."""

    grade: Grade
    why: Why
    score: int = 100
    """0 of different ones."""

    @property
    def order(self) -> tuple[int, int]:
        """The closest first."""
        return self.grade.value, -self.score


SAME: Final = Likeness(Grade.SAME, Why.NOTHING)
DIFFERENT: Final = Likeness(Grade.DIFFERENT, Why.OTHER_NAME, 0)


def read_tables() -> None:
    """Reads the tables now, as they stand beside the code that is running; else the first name does."""
    forms.read_tables()
    scripts.read_tables()


def compare_names(left: str, right: str, *, umlauts: bool = False) -> Likeness:
    """How like two names are, whichever comes first. `umlauts` where one is known to be of a country that writes them:
    Mueller and Muller are one there."""
    return _compare(left, right, umlauts) if left <= right else _compare(right, left, umlauts)


@lru_cache(maxsize=16384)
def _compare(left: str, right: str, umlauts: bool) -> Likeness:
    mine, theirs = name_of(left), name_of(right)
    if mine.compared == theirs.compared and (mine.compared or left == right):
        return SAME
    umlauts = umlauts or mine.umlauts or theirs.umlauts
    found = [
        likeness
        for one in mine.readings
        for other in theirs.readings
        if (likeness := _of_one_core(mine, theirs, one, other, umlauts)) is not None
    ]
    return min(found, key=lambda each: each.order) if found else _apart(mine, theirs)


# -- one name, or not --------------------------------------------------------------------------------------------------


def _of_one_core(mine: Name, theirs: Name, one: Reading, other: Reading, umlauts: bool) -> Likeness | None:
    """Where two readings are of one name, how like they are by their forms; None where they are not."""
    why = _why_one(mine, theirs, one, other, umlauts)
    if why is None:
        return None
    if one.form is None or other.form is None:
        if not one.sure or not other.sure:
            return None  # a word that may be the form, or a part of the name
        left_out = one.form is not other.form
        return Likeness(Grade.ALIKE, Why.FORM_LEFT_OUT if left_out and why is Why.SPACING else why)
    if one.form.is_same(other.form) or (why is Why.PINYIN and _renders(mine, theirs, one, other)):
        spelt = one.form.spelt != other.form.spelt
        return Likeness(Grade.ALIKE, Why.FORM_SPELT if spelt and why is Why.SPACING else why)
    return Likeness(Grade.DOUBTFUL, Why.OTHER_FORM)


def _why_one(mine: Name, theirs: Name, one: Reading, other: Reading, umlauts: bool) -> Why | None:
    """In what two readings of one name are written differently; None where they are of two names."""
    if one.core == other.core:
        if mine.other_alphabet != theirs.other_alphabet:
            return Why.TRANSLITERATION
        if sorted(mine.compared) == sorted(theirs.compared):
            return Why.SPACING
        if mine.marked or theirs.marked:
            return Why.SCRIPT if mine.han or theirs.han else Why.DIACRITICS
        return Why.SPACING
    if umlauts and one.plain == other.plain:
        return Why.TRANSLITERATION
    if mine.other_alphabet != theirs.other_alphabet and one.loose == other.loose:
        return Why.TRANSLITERATION
    if mine.han != theirs.han:
        han, letters = (one, other) if mine.han else (other, one)
        return Why.PINYIN if letters.core.isascii() and reads_as(han.core, letters.core) else None
    return None


_COMPANIES: Final = frozenset({"ltd", "limited", "coltd", "companylimited", "colimited", "companyltd"})
"""How English papers write either form of Chinese company; one with shares may say Inc. or Corp. too."""
_WITH_SHARES: Final = frozenset({"inc", "incorporated", "corp", "corporation"})


def _renders(mine: Name, theirs: Name, one: Reading, other: Reading) -> bool:
    """Whether a form in Latin letters is how names write the Chinese one."""
    han, letters = (one, other) if mine.han else (other, one)
    if han.form is None or letters.form is None:
        return False
    if letters.form.spelt in _WITH_SHARES:
        return "股份" in han.form.spelt
    return letters.form.spelt in _COMPANIES or reads_as(han.form.spelt, letters.form.spelt)


# -- two names ---------------------------------------------------------------------------------------------------------


def _apart(mine: Name, theirs: Name) -> Likeness:
    """Of names that are not one: near, with the score, or different."""
    if max(len(reading.core) for reading in (*mine.readings, *theirs.readings)) > _LONGEST:
        return DIFFERENT
    if mine.han != theirs.han:
        score = _pinyin_in_common(mine, theirs)
        return Likeness(Grade.DOUBTFUL, Why.PART_PINYIN, score) if score >= _MIXED else DIFFERENT
    score = max(_in_common(one, other) for one in mine.readings for other in theirs.readings)
    return Likeness(Grade.DOUBTFUL, Why.NEAR, score) if score >= _NEAR else DIFFERENT


def _in_common(one: Reading, other: Reading) -> int:
    """Percent, never 100: of the letters as they stand, or of the words in another order."""
    score = _percent(one.core, other.core)
    if len(one.words) > 1 and len(other.words) > 1:
        score = max(score, _percent("".join(sorted(one.words)), "".join(sorted(other.words))))
    return min(score, 99)


def _percent(one: str, other: str) -> int:
    shorter, longer = sorted((len(one), len(other)))
    if 100 * shorter < _NEAR * longer:
        return 0  # however the letters are placed
    return 100 * (longer - edits(one, other)) // longer


def _pinyin_in_common(mine: Name, theirs: Name) -> int:
    """Percent of the Latin letters, from the beginning, that read the characters from the beginning."""
    han, letters = (mine.first, theirs.first) if mine.han else (theirs.first, mine.first)
    if not letters.core.isascii():
        return 0
    for size in range(len(letters.words), 0, -1):
        start = "".join(letters.words[:size])
        if any(reads_as(han.core[:length], start) for length in range(2, len(han.core) + 1)):
            return 100 * len(start) // len(letters.core)
    return 0


def edits(one: str, other: str) -> int:
    """The least insertions, deletions and substitutions that turn one text into the other (Levenshtein), by bits as
    Myers (1999) and Hyyrö (2003) count them: a step for each character of the longer text."""
    if len(one) < len(other):
        one, other = other, one
    if not other:
        return len(one)
    places: dict[str, int] = {}
    for place, character in enumerate(other):
        places[character] = places.get(character, 0) | 1 << place
    every, last = (1 << len(other)) - 1, 1 << (len(other) - 1)
    up, down, count = every, 0, len(other)
    for character in one:
        match = places.get(character, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        right, left = down | ~(diagonal | up) & every, up & diagonal
        if right & last:
            count += 1
        elif left & last:
            count -= 1
        right = right << 1 | 1
        up, down = (left << 1 | ~(diagonal | right)) & every, right & diagonal & every
    return count
