"""Names as lists and papers are compared by them: one deterministic spelling, whatever the script.

A name becomes Latin words without case, diacritics and punctuation, its legal form left out. Chinese is read as pinyin
without tones and compared as one word, for papers part it at will. Arabic and Hebrew write no vowels: what comes of
them is compared by consonants. A Cyrillic or Greek letter counts as what it sounds like and as what it looks like, so a
name has up to two readings. The transliteration's tables are a library's, pinned by the rule set's id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from anyascii import anyascii

from eximledger_chaincode.documents import compared_name, normal_name, shown
from eximledger_chaincode.lending.screening.general import GENERAL_WORDS

__all__ = ["Reading", "consonants", "is_general", "readings_of"]

_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_ABJAD: Final = re.compile("[\u0590-\u06ff\u0750-\u077f\ufb1d-\ufdff\ufe70-\ufeff]")
_CHINESE_FORM: Final = re.compile("(?:股份|责任|責任)?有限(?:责任|責任)?(?:公司)?$|(?:集团|集團)?公司$")
_WORD: Final = re.compile(r"[a-z0-9]+")
_ARTICLE: Final = re.compile("(?<![\u0620-\u06ff])\u0648?(?:\u0627\u0644|\u0644\u0644)(?=[\u0620-\u06ff]{3})")
"""The Arabic article (ال, لل), with or without "and" before it: it is written on to its word, or left out."""
_AL: Final = re.compile("al(?=[a-z]{4})")
"""The same in Latin letters: Alqahtani. Of Alexander nobody thinks it, so only beside an Arabic given name."""
_ABD: Final = re.compile("abd[aeu][lr](?=[a-z]{4})")
"""The servant of, written on to the name that follows."""
_BEHIND: Final = re.compile(
    r"[\s,]*(?:\([^()]*\)|\uff08[^\uff08\uff09]*\uff09)\s*$"
    r"|[\s,]+branch\b(?=\W*\w).*$|[\s,]+[\w.-]+\s+branch(?:\s+office)?\W*$",
    re.IGNORECASE,
)
"""What a paper adds behind a name: a place in brackets, a branch."""
_MAX_WORDS: Final = 24
_SPELT: Final = {
    spelling: spellings[0]
    for spellings in (
        ("abd", "abdul", "abdel", "abdal", "abdur", "abdoul"),  # with or without the article that follows
        ("muhammad", "mohammed", "mohamed", "mohammad", "muhammed", "mohamad", "mohamud", "mohammod"),
        ("ahmad", "ahmed", "ahmet"), ("ali", "aly"), ("hassan", "hasan", "hasan"), ("ibrahim", "ebrahim"),
        ("hussein", "hussain", "husain", "husayn", "hossein", "hussayn"), ("omar", "umar"), ("khalid", "khaled"),
        ("yusuf", "yousef", "youssef", "yousuf", "yusef"), ("abdullah", "abdallah", "abdulla"), ("said", "saeed"),
        ("mahmud", "mahmoud", "mahmood"), ("mustafa", "mostafa", "moustafa"), ("osama", "usama"),
        ("qadir", "kadir", "qader"), ("rashid", "rasheed", "rachid"), ("karim", "kareem"), ("jamal", "gamal"),
        ("aleksandr", "alexander", "aleksander", "oleksandr"), ("aleksei", "alexei", "aleksey", "alexey"),
        ("sergei", "sergey", "serhii"), ("dmitri", "dmitry", "dmitrii", "dmitriy"), ("yuri", "yury", "yuriy", "iurii"),
    )
    for spelling in spellings
}  # fmt: skip
"""Given names that are transliterated in many ways, by one of them."""
_ARABIC: Final = frozenset(_SPELT.values()) - {"aleksandr", "aleksei", "sergei", "dmitri", "yuri"}


class Reading(NamedTuple):
    """One reading of a name. Words that came of a script without vowels begin with `~`."""

    words: tuple[str, ...]
    joined: str
    """All letters in a row."""

    @property
    def form(self) -> str:
        """The words as an index keeps them."""
        return " ".join(self.words)

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that tell the name from others, else all."""
        return tuple(word for word in self.words if not is_general(word)) or self.words


def is_general(word: str) -> bool:
    """Whether a word says little of whose name it is."""
    return word in GENERAL_WORDS or (len(word) == 1 and not word.isdigit())


@lru_cache(maxsize=16_384)
def readings_of(name: str) -> tuple[Reading, ...]:
    """The readings of a name, the one by sound first; none of a name that has no letter."""
    found: dict[str, Reading] = {}
    for words in _spellings(name):
        if words:
            joined = "".join(words).replace("~", "")
            found.setdefault(" ".join(words), Reading(words[:_MAX_WORDS], joined))
    return tuple(found.values())


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    yield _spelt(_without_form(name))
    bare = _spelt(_without_form(_BEHIND.sub("", name)))
    if not all(map(is_general, bare)):
        yield bare
    if not name.isascii() and not _HAN.search(name):
        yield _spelt(normal_name(name))


def _spelt(text: str) -> tuple[str, ...]:
    words = tuple(_words(text))
    if _ARABIC.isdisjoint(words):
        return words
    return tuple(part for word in words for part in (("al", word[2:]) if _AL.match(word) else (word,)))


def _without_form(name: str) -> str:
    """A name by its sound, without its legal form."""
    if _HAN.search(name):
        plain = "".join(compared_name(name).split())
        return _CHINESE_FORM.sub("", plain) or plain
    if name.isascii() or not _ABJAD.search(name):
        return normal_name(anyascii(_parted(name)))
    return name


def _parted(name: str) -> str:
    """Invisible characters cut no word in two; what is not a letter does."""
    if name.isascii():
        return name
    return "".join(character for character in name if shown(character) == character or character in "\t\n\r")


def _words(text: str) -> Iterator[str]:
    for part in _parts(text):
        mark = "~" if _ABJAD.search(part) else ""
        sounded = _ABD.sub("abd ", anyascii(part).lower())
        if _HAN.search(part):
            yield "".join(_WORD.findall(sounded))
            continue
        for word in _WORD.findall(sounded.replace("'", "").replace("`", "")):
            yield mark + _SPELT.get(word, word)


def _parts(text: str) -> list[str]:
    """What white space parts; Chinese as one."""
    if _HAN.search(text):
        return ["".join(text.split())]
    return re.split(r"[\s\-_/.,;:()&+]+", _ARTICLE.sub(" ", text))


_ALIKE: Final = (
    (re.compile("tsch|tch|sch|sh|ch|zh|cz|dj|dzh"), "s"), (re.compile("ph"), "f"), (re.compile("kh|gh|ck|q|g|c"), "k"),
    (re.compile("dh"), "d"), (re.compile("th"), "t"), (re.compile("x"), "ks"), (re.compile("z|j"), "s"),
    (re.compile("w|v|b"), "v"), (re.compile("[aeiouyh']"), ""),
)  # fmt: skip
_TWICE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=32_768)
def consonants(word: str) -> str:
    """What of a word transliterations agree in, at most four letters: by it names are looked up, never judged.

    Muhammad, Mohamed and محمد have one; a word of vowels stands for itself.
    """
    bare = word.removeprefix("~")
    if bare.isdigit():
        return bare
    text = bare
    for pattern, letter in _ALIKE:
        text = pattern.sub(letter, text)
    text = _TWICE.sub(r"\1", text)
    return text[:4] or bare[:4]
