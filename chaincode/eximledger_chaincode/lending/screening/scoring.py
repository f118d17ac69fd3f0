"""How alike two names are, in whole percent: exact arithmetic, the same on every peer, with every step explainable.

Words are paired by edit distance, the longer the weightier, general words ("trading", "group") a third of their length;
what of either name stays unpaired counts against it. So a name within a longer one is another, but for general words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from eximledger_chaincode.lending.screening.names import Reading, is_general

__all__ = ["EQUAL", "alike", "reading_of_form"]

EQUAL: Final = 100
_PAIRABLE: Final = 70
"""Words less alike are two words."""
_SHORTEST: Final = 8
"""Letters in a row are compared as a whole from so many on."""
_WITHOUT_VOWELS: Final = 95
_OTHER_KIND: Final = 15
"""What it takes off that one is a trading company and the other is not."""
_VOWELS: Final = re.compile("[aeiouwyh~]")
_TWICE: Final = re.compile(r"(.)\1+")


def reading_of_form(form: str) -> Reading:
    """The reading that an index keeps as its words."""
    words = tuple(form.split())
    return Reading(words, "".join(words).replace("~", ""))


def alike(ours: Reading, theirs: Reading) -> int:
    """How alike two readings are, 0 to 100; 100 where they differ in order or parting of words at most."""
    if ours.joined == theirs.joined or sorted(ours.words) == sorted(theirs.words):
        return EQUAL
    return min(EQUAL - 1, max(_by_words(ours.words, theirs.words), _by_letters(ours, theirs)))


def _by_letters(ours: Reading, theirs: Reading) -> int:
    """Names whose words are parted otherwise, by their telling words in a row."""
    left, right = ("".join(each.telling).replace("~", "") for each in (ours, theirs))
    if min(len(left), len(right)) < _SHORTEST or len(ours.words) == len(theirs.words):
        return 0
    general = ({word for word in each.words if is_general(word)} for each in (ours, theirs))
    return _words_alike(left, right) - (0 if next(general) == next(general) else _OTHER_KIND)


def _by_words(ours: Sequence[str], theirs: Sequence[str]) -> int:
    fewer, more = sorted((ours, theirs), key=lambda words: (len(words), words))
    left = list(more)
    paired = 0
    for word in sorted(fewer, key=lambda each: (-len(each), each)):
        best, other = max(((_words_alike(word, each), each) for each in left), default=(0, ""))
        if best >= _PAIRABLE:
            left.remove(other)
            paired += best * (_weight(word) + _weight(other))
    return paired // sum(_weight(word) for word in (*ours, *theirs))


def _weight(word: str) -> int:
    return len(word) if is_general(word) else 3 * len(word)


@lru_cache(maxsize=65_536)
def _words_alike(left: str, right: str) -> int:
    """Two words, in percent of the longer one; one that was written without vowels by its consonants."""
    if left == right:
        return EQUAL
    if "~" in left + right:
        left, right = (_TWICE.sub(r"\1", _VOWELS.sub("", word)) for word in (left, right))
        return _WITHOUT_VOWELS if left == right and left else 0
    longest = max(len(left), len(right))
    if min(len(left), len(right)) <= 3 or left.isdigit() or right.isdigit():
        return 0
    bound = longest * (EQUAL - _PAIRABLE) // EQUAL
    distance = _distance(left, right, bound)
    return 0 if distance > bound else EQUAL * (longest - distance) // longest


def _distance(left: str, right: str, bound: int) -> int:
    """Edits that make one word of the other, a swap of neighbours counting one; above `bound` only that."""
    if abs(len(left) - len(right)) > bound or len(set(left) ^ set(right)) > 2 * bound:
        return bound + 1  # each edit takes away one letter and brings another at most
    same = next((place for place, (ours, theirs) in enumerate(zip(left, right, strict=False)) if ours != theirs), None)
    if same is None:
        return abs(len(left) - len(right))
    left, right = left[same:], right[same:]
    beyond = bound + 1
    before: list[int] = []
    row = [each if each <= bound else beyond for each in range(len(right) + 1)]
    for place, letter in enumerate(left, start=1):
        last, row = row, [beyond] * (len(right) + 1)
        row[0] = min(place, beyond)
        for other in range(max(1, place - bound), min(len(right), place + bound) + 1):
            theirs = right[other - 1]
            cost = min(last[other] + 1, row[other - 1] + 1, last[other - 1] + (letter != theirs))
            swapped = place > 1 and other > 1 and letter == right[other - 2] and left[place - 2] == theirs
            row[other] = min(cost, before[other - 2] + 1) if swapped else cost
        if min(row) > bound:
            return beyond
        before = last
    return min(row[-1], beyond)
