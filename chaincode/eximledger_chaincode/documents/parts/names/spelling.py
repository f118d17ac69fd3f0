"""Spelling: text that decides (numbers, names, ids) in one form, the same on every Python.

Normalisation follows Unicode 3.2, the one version that every Python ships beside its own (`unicodedata.ucd_3_2_0`): the
peers of a channel need not run one release. A character that is newer stands for itself. Case folding of what Unicode
3.2 knows has been stable since Unicode 5 (Unicode stability policies), so that it too is the same everywhere.
What is invisible (zero-width, soft hyphen, bidirectional marks, fillers) is left out, and a Cyrillic or Greek letter
that looks like a Latin one compares as that letter (after Unicode Technical Standard 39, the letters of these scripts).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import ucd_3_2_0 as pinned

__all__ = [
    "capitals",
    "compared_name",
    "compared_number",
    "filed_number",
    "folded_words",
    "same_number",
    "shown",
    "without_look_alikes",
]

_INVISIBLE_RANGES: Final = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties), the blank Braille pattern, and interlinear marks."""
_INVISIBLE: Final = frozenset(code for first, last in _INVISIBLE_RANGES for code in range(first, last + 1))

_LOOK_ALIKE: Final = str.maketrans(
    {
        # Cyrillic, folded
        "а": "a", "в": "b", "е": "e", "з": "3", "ѕ": "s", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h", "о": "o",
        "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ѵ": "v", "һ": "h", "ӏ": "l", "ԁ": "d", "ԛ": "q", "ԝ": "w",
        # Greek, folded
        "α": "a", "β": "b", "ε": "e", "ζ": "z", "η": "h", "ι": "i", "κ": "k", "μ": "m", "ν": "n", "ο": "o", "ρ": "p",
        "τ": "t", "υ": "y", "χ": "x", "ϲ": "c", "ϳ": "j",
        # Latin letters that look like another
        "ı": "i", "ȷ": "j", "ɡ": "g", "ɑ": "a", "ƽ": "5",
    }
)  # fmt: skip

_CAPITALS: Final = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_PLAIN_WORD: Final = re.compile("[a-z0-9]+")
_ESCAPED: Final = {"\t": " ", "\n": " ", "\r": " "}


def _visible(text: str) -> str:
    """Compatibility forms (full width, ligatures) as plain ones, and nothing that cannot be seen."""
    kept = "".join(character for character in text if ord(character) not in _INVISIBLE)
    plain = pinned.normalize("NFKC", kept)
    return "".join(character for character in plain if ord(character) not in _INVISIBLE)


def _folded(text: str) -> str:
    """Without case; look-alikes as the Latin letter."""
    return without_look_alikes(_caseless(text))


def _caseless(text: str) -> str:
    """Without case, as far as Unicode 3.2 knows the character."""
    if text.isascii():
        return text.lower()
    return pinned.normalize("NFKC", "".join(_folded_character(character) for character in _visible(text)))


def without_look_alikes(folded: str) -> str:
    """Folded text with each Cyrillic or Greek letter that looks like a Latin one as that letter."""
    return folded.translate(_LOOK_ALIKE)


def _folded_character(character: str) -> str:
    match pinned.category(character):
        case "Cn":
            return character
        case "Nd":  # a digit of any script
            return str(pinned.decimal(character))
        case _:
            return character.casefold()


def capitals(text: str) -> str:
    """a to z as A to Z and no other letter: which others have a capital grows with Unicode, and so with Python."""
    return text.translate(_CAPITALS)


def _is_written(character: str) -> bool:
    """A letter, mark or digit; what Unicode 3.2 does not know counts as a letter."""
    return pinned.category(character)[0] in "LMN" or pinned.category(character) == "Cn"


@lru_cache(maxsize=8192)  # rules compare the same numbers with many papers
def compared_number(number: str) -> str:
    """A paper's number as two papers are compared by it: letters and digits alone, without case or look-alikes.

    A number of separators alone compares as it is written. Two papers may compare the same and be two: an id keeps the
    number as written (`filed_number`).
    """
    kept = "".join(character for character in _folded(number) if _is_written(character))
    return capitals(kept) or number


@lru_cache(maxsize=8192)
def filed_number(number: str) -> str:
    """A paper's number as its id keeps it: as written (EN 16931, BT-1), but for what cannot be seen or told apart on
    paper: invisible characters, full width, and runs of white space, which become one space."""
    written = "".join(
        " " if pinned.category(character) in {"Zs", "Zl", "Zp", "Cc"} else character for character in _visible(number)
    )
    return " ".join(filter(None, written.split(" "))) or number


@lru_cache(maxsize=4096)
def compared_name(name: str) -> str:
    """A name as words without case, punctuation and look-alikes, parted by one space."""
    if name.isascii():  # nothing to normalise, and most names are
        return " ".join(_PLAIN_WORD.findall(name.lower()))
    return " ".join(_words(_folded(name)))


def folded_words(name: str) -> list[str]:
    """The words of a name without case and punctuation, each letter in its own script."""
    return _words(_caseless(name))


def _words(folded: str) -> list[str]:
    return "".join(character if _is_written(character) else " " for character in folded).split()


def same_number(left: str, right: str) -> bool:
    """Whether two papers may mean the same number."""
    return compared_number(left) == compared_number(right)


def shown(text: str) -> str:
    """Text of a paper as a terminal or a log may show it: what steers a terminal or turns the direction of reading is
    written out (`\\x1b`, `\\u202e`), so that nothing it says can pass for what the program says."""
    return "".join(_ESCAPED.get(character) or _written_out(character) for character in text)


def _written_out(character: str) -> str:
    code = ord(character)
    if code >= 0x20 and code != 0x7F and not 0x80 <= code <= 0x9F and code not in _STEERING:
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_STEERING: Final = _INVISIBLE | frozenset({0x2028, 0x2029}) | frozenset(range(0xD800, 0xE000))
"""Characters that show nothing themselves, break the line or are no characters (lone surrogates)."""
