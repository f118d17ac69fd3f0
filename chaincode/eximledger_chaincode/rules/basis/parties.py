"""Whether two papers mean the same party, in grades, and how a finding says so.

By USCC where both carry one. Otherwise by name: the closest of any name of the one and any of the other
(`documents.parts.names`). The same is no finding, spelt otherwise is informed of, another legal form or nearly the same
name is referred, and what another party is the rule says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from eximledger_chaincode.documents import Party, Words
from eximledger_chaincode.documents.parts.names.comparison import (
    DIFFERENT,
    SAME,
    Grade,
    Likeness,
    Why,
    compare_names,
)
from eximledger_chaincode.lending.verdict import Severity

__all__ = ["Compared", "closest", "compared", "distinct", "graded", "may_be_one", "so"]

_UMLAUTS: Final = frozenset({"AT", "CH", "DE", "DK", "EE", "FI", "IS", "LI", "NO", "SE"})
"""Countries whose names are written with ä, ö, ü or å, and abroad with two letters or none."""

_SPELT: Final[Mapping[Why, Words]] = {
    Why.SPACING: Words("spaces and signs", "空格和标点"),
    Why.FORM_SPELT: Words("the legal form", "公司形式的写法"),
    Why.FORM_LEFT_OUT: Words("the legal form left out", "省略公司形式"),
    Why.DIACRITICS: Words("diacritics", "变音符号"),
    Why.TRANSLITERATION: Words("transliteration", "转写"),
    Why.SCRIPT: Words("traditional and simplified characters", "繁简体"),
    Why.PINYIN: Words("pinyin, which other characters may share", "拼音，可能有同音字"),
}


class Compared(NamedTuple):
    """Two parties, how like they are, and the names by which they are it."""

    likeness: Likeness
    left: str
    right: str

    @property
    def grade(self) -> Grade:
        return self.likeness.grade


def compared(left: Party, right: Party) -> Compared:
    """How like two parties are."""
    if left.uscc is not None and right.uscc is not None:
        if left.uscc == right.uscc:
            return Compared(SAME, left.name, right.name)
        names = (left.name, right.name)
        if left.name == right.name:
            names = (f"{left.name} ({left.uscc})", f"{right.name} ({right.uscc})")
        return Compared(Likeness(Grade.DIFFERENT, Why.OTHER_NUMBER, 0), *names)
    umlauts = left.country in _UMLAUTS or right.country in _UMLAUTS
    found = Compared(DIFFERENT, left.name, right.name)
    for mine in left.names:
        for theirs in right.names:
            likeness = compare_names(mine, theirs, umlauts=umlauts)
            if likeness.grade is Grade.SAME:
                return Compared(likeness, mine, theirs)
            if likeness.order < found.likeness.order:
                found = Compared(likeness, mine, theirs)
    return found


def closest(lefts: Iterable[Party], rights: Iterable[Party]) -> Compared | None:
    """The closest two of both sides, the first of these; None where a side is empty."""
    others = distinct(rights)
    pairs = (compared(left, right) for left in distinct(lefts) for right in others)
    return min(pairs, key=lambda pair: pair.likeness.order, default=None)


def distinct(parties: Iterable[Party]) -> list[Party]:
    """Those that are compared otherwise than the ones before them: a buyer stands on many papers."""
    found: dict[tuple[object, ...], Party] = {}
    for party in parties:
        found.setdefault((party.name, party.other_names, party.uscc, party.country), party)
    return list(found.values())


def may_be_one(left: Party | None, right: Party | None) -> bool:
    """Whether two parties are the same, or may be: all but different. False where either is missing."""
    return left is not None and right is not None and compared(left, right).grade is not Grade.DIFFERENT


def graded(pair: Compared, different: Severity) -> Severity | None:
    """How severe it is that a paper names these for one party; None where they are."""
    match pair.grade:
        case Grade.SAME:
            return None
        case Grade.ALIKE:
            return Severity.INFORM
        case Grade.DOUBTFUL:
            return Severity.REFER
        case Grade.DIFFERENT:
            return different


def so(pair: Compared) -> Words:
    """What a sentence about two names ends with, before its full stop: nothing where they are different."""
    likeness = pair.likeness
    if (spelt := _SPELT.get(likeness.why)) is not None:
        return Words(f": one name spelt otherwise ({spelt.en})", f"：同一名称的不同写法（{spelt.zh}）")
    if likeness.why is Why.OTHER_FORM:
        return Words(": the same name with another legal form", "：名称相同，公司形式不同")
    if likeness.why is Why.NEAR:
        return Words(f": the names are {likeness.score} % alike", f"：名称相似度 {likeness.score}%")
    if likeness.why is Why.PART_PINYIN:
        return Words(
            f": {likeness.score} % of the name is pinyin of the characters", f"：名称的 {likeness.score}% 为汉字拼音"
        )
    return Words("", "")
