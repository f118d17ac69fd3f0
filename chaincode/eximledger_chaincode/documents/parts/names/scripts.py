"""Names in one script: without diacritics, from Cyrillic and Greek to Latin, from traditional to simplified, as pinyin.

Everything rests on tables of this folder and on Unicode 3.2 (`spelling`): one name is read alike on every Python.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final
from unicodedata import ucd_3_2_0 as pinned

from eximledger_chaincode.documents.parts.names.spelling import without_look_alikes

__all__ = [
    "has_umlaut",
    "is_glued",
    "is_han",
    "is_other_alphabet",
    "latin",
    "loosely",
    "read_tables",
    "reads_as",
    "simplified",
    "table_lines",
    "without_digraphs",
]

_PLAIN: Final = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "a",
        "ß": "ss", "ı": "i",
    }
)  # fmt: skip
"""Latin letters that are no letter with a mark."""
_ALPHABETS: Final = str.maketrans(
    {
        # Cyrillic: Russian and what its neighbours have beside it
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj",
        "ћ": "c", "џ": "dz", "ѕ": "dz", "ѓ": "g", "ќ": "k", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u",
        "ү": "u", "һ": "h",
        # Greek
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_UMLAUT: Final = re.compile("[äöüøåæœ]")
_DIGRAPH: Final = re.compile(r"(?<![aeiou])(?:(a|o|u)e|aa)(?![aeiou])(?=.)")
"""Two letters that may stand for ä, ö, ü or å: between consonants or at the beginning, not at the end (blue)."""
_LOOSELY: Final = (
    ("shch", "sch"), ("kh", "h"), ("ch", "h"), ("tz", "c"), ("ts", "c"), ("ks", "x"), ("ph", "f"), ("ou", "u"),
    ("yu", "iu"), ("ju", "iu"), ("ya", "ia"), ("ja", "ia"), ("ye", "e"), ("ie", "e"), ("y", "i"), ("j", "i"),
    ("w", "v"), ("ii", "i"),
)  # fmt: skip
"""What ways to write Cyrillic and Greek in Latin letters differ in."""
_V: Final = ("v", "u", "yu")
"""How ü of pinyin is written."""


def table_lines(name: str) -> list[list[str]]:
    """The fields of every line of a table of this package."""
    text = files(__package__).joinpath("tables", name).read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]


# -- alphabets ---------------------------------------------------------------------------------------------------------


def latin(word: str) -> str:
    """A folded word without diacritics, Cyrillic and Greek in Latin letters; other scripts as they are.

    Cyrillic and Greek letters among Latin ones are taken as the Latin ones that they look like.
    """
    if word.isascii():
        return word
    if any("a" <= letter <= "z" for letter in word):
        word = without_look_alikes(word)
    elif any(_is_alphabet(letter) for letter in word):
        word = pinned.normalize("NFC", _unmarked(word.translate(_ALPHABETS)).translate(_ALPHABETS))
    return pinned.normalize("NFC", _unmarked(word.translate(_PLAIN)))


def _unmarked(word: str) -> str:
    return "".join(letter for letter in pinned.normalize("NFD", word) if not 0x300 <= ord(letter) <= 0x36F)


def _is_alphabet(letter: str) -> bool:
    return 0x370 <= ord(letter) <= 0x52F


def is_other_alphabet(word: str) -> bool:
    """Whether a folded word is written in Cyrillic or Greek."""
    return any(map(_is_alphabet, word)) and not any("a" <= letter <= "z" for letter in word)


def loosely(core: str) -> str:
    """Latin letters as far as all ways to write Cyrillic and Greek in them agree."""
    for written, common in _LOOSELY:
        core = core.replace(written, common)
    return core


def has_umlaut(word: str) -> bool:
    """Whether a folded word has a letter that some write as two: Müller, Mueller."""
    return _UMLAUT.search(word) is not None


def without_digraphs(word: str) -> str:
    """A word of plain letters with one letter for two that may stand for ä, ö, ü or å: mueller is muller."""
    return _DIGRAPH.sub(lambda found: found[1] or "a", word)


# -- Chinese and its neighbours ----------------------------------------------------------------------------------------


def is_glued(word: str) -> bool:
    """Whether a word is of a script that writes names without spaces, or may: Thai and all east of it."""
    return not word.isascii() and any(ord(letter) >= 0xE00 and not 0x1E00 <= ord(letter) < 0x2000 for letter in word)


def is_han(word: str) -> bool:
    """Whether a word has a Chinese character."""
    return not word.isascii() and any(0x3400 <= ord(letter) <= 0x9FFF for letter in word)


@cache
def _to_simplified() -> dict[int, str]:
    return {ord(each): plain for plain, traditional in table_lines("simplified.csv") for each in traditional}


def simplified(word: str) -> str:
    """Traditional characters as simplified ones."""
    return word if word.isascii() else word.translate(_to_simplified())


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for syllable, characters in table_lines("pinyin.csv"):
        for character in characters:
            said = [syllable.replace("v", each) for each in _V] if "v" in syllable else [syllable]
            found.setdefault(character, []).extend(said)
    return {character: tuple(said) for character, said in found.items()}


def read_tables() -> None:
    """Reads the tables of characters."""
    _to_simplified()
    _readings()


def reads_as(han: str, letters: str) -> bool:
    """Whether simplified characters may be read as these letters, in pinyin without tones and spaces."""
    places, readings = {0}, _readings()
    for character in han:
        said = readings.get(character, (character,))
        places = {place + len(each) for place in places for each in said if letters.startswith(each, place)}
        if not places:
            return False
    return len(letters) in places
