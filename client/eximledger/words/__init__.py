"""Our own words in both languages: one word per idea, the same on terminal, page, report and command line.

Each table beside this module holds the Chinese of one subject, by the English. It imports documents alone; reports,
console and command line import it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, get_args

from eximledger.words._acts import ACTS
from eximledger.words._console import CONSOLE
from eximledger.words._controls import CONTROLS
from eximledger.words._fields import FIELDS, in_english
from eximledger.words._fields_policy import FIELDS_POLICY
from eximledger.words._help_loans import HELP_LOANS
from eximledger.words._help_members import HELP_MEMBERS
from eximledger.words._help_network import HELP_NETWORK
from eximledger.words._help_papers import HELP_PAPERS
from eximledger.words._reports import REPORTS
from eximledger.words.refusals.forms import in_chinese, is_known_form, is_known_reason
from eximledger.words.refusals.places import place_in_chinese
from eximledger_chaincode.documents import KINDS

__all__ = [
    "ACTS",
    "LANGUAGES",
    "Language",
    "field_name",
    "has_help",
    "help_text",
    "is_known",
    "is_known_form",
    "is_known_reason",
    "kind_name",
    "place_name",
    "refusal",
    "remark",
    "word",
]

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_PLACE: Final = re.compile(r"^([^\[\]]*)((?:\[[^\]]*\])?)$")
"""A field's name, and which of a list."""

_STREET: Final = re.compile(r"((?:^|\.)address\.)lines\b")
"""Lines of an address are no lines of goods."""

_ZH: Final[dict[str, str]] = (
    {name: kind.words.zh for name, kind in KINDS.items()} | dict(REPORTS) | dict(CONSOLE) | dict(CONTROLS)
)
_FIELDS: Final[Mapping[str, str]] = {**FIELDS, **FIELDS_POLICY}
_HELP: Final[Mapping[str, str]] = dict(HELP_PAPERS) | dict(HELP_LOANS) | dict(HELP_MEMBERS) | dict(HELP_NETWORK)


def word(english: str, language: Language) -> str:
    """A word or sentence of ours in a language; what has no translation stays as it is."""
    return _ZH.get(english, english) if language == "zh" else english


def help_text(english: str, language: Language) -> str:
    """A sentence of the command line's help in a language."""
    return _HELP.get(english, english) if language == "zh" else english


def has_help(english: str) -> bool:
    """Whether there is Chinese for a sentence of the help."""
    return english in _HELP


def refusal(message: str, language: Language, status: int = 0) -> str:
    """What a refusal says in a language, its values kept. Where its form is not known it is said in English,
    behind what kind of error it is by its `status`."""
    return in_chinese(message, _ZH, _chinese_field, status) if language == "zh" else message


def remark(text: str, language: Language) -> str:
    """A remark beside an answer, in a language; one whose form is not known stays as it is."""
    return in_chinese(text, _ZH, _chinese_field) if language == "zh" else text


def place_name(place: str, language: Language) -> str:
    """A place in a file, as a reader names it (row 3; page 1), in a language; a cell or a path stays as it is."""
    return place_in_chinese(place) if language == "zh" else place


def is_known(english: str) -> bool:
    """Whether there is Chinese for it."""
    return english in _ZH


def field_name(path: str, language: Language) -> str:
    """A field of a paper, as `lines[2].unit_price` names it, in a language; places in lists stay as they are."""
    names = _STREET.sub(r"\1street", path).split(".")
    return " › ".join(_PLACE.sub(lambda found: _named(found, language), name) for name in names)


def _chinese_field(path: str) -> str:
    return field_name(path, "zh")


def _named(found: re.Match[str], language: Language) -> str:
    place = found[2].strip("[]")
    return f"{_field(found[1], language)} {place}" if place else _field(found[1], language)


def _field(name: str, language: Language) -> str:
    return _FIELDS.get(name, in_english(name)) if language == "zh" else in_english(name)


def kind_name(kind: str, language: Language) -> str:
    """A kind of paper as people call it; another word as `word` has it."""
    known = KINDS.get(kind)
    if known is None:
        return word(kind, language)
    return known.words.zh if language == "zh" else known.words.en
