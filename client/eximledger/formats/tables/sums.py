"""Rows of a table that are no goods: what sums up or is carried over to a page, and amounts of the paper by their name.

A row that begins as a sum does and goes on in words that are not known is neither taken for goods nor for a sum.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from typing import Final

from eximledger.formats.tables.measures import measure_of
from eximledger.formats.tables.naming.column import Holds, Stands
from eximledger.formats.tables.naming.names import Vocabulary
from eximledger_chaincode.documents.parts.units import known_unit

__all__ = ["Sums", "amount_named", "sums_up"]

_LONGEST: Final = 200
_EXACTLY: Final = re.compile(
    r"(?:本?页?[合总小共]\s*计|总\s*数|总\s*额|(?:grand\s*|sub-?\s*)?total(?:\s+(?:amount|value|price|quantity|qty))?|sum)"
    r"(?:\s*[/(]?\s*(?:[合总小共]\s*计|(?:grand\s*)?total)\s*\)?)?\s*[:：]?",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(
    r"(?:(?:grand|sub|net|gross|sum|invoice|final|overall|page|g)[\s.\-]*)?(?:t\s*o\s*t\s*a\s*l\s*s?|ttl)\b"
    r"|(?:本[页票单批次]|每页|价税|金额|数量|件数|发票|合同|货值)?(?:[合总小共累]\s*计|总(?:金额|价值?|货?值|额|数量?|件数|重量))",
    re.IGNORECASE,
)
_CARRIED: Final = re.compile(
    r"(?:(?:total\s+)?(?:carried|brought)\s+(?:forward|over|down)|[cb]/[fd]|承前页|承上页|过次页|转下页|转次页|接上页|结转下页)"
    r"\s*[:：]?",
    re.IGNORECASE,
)
_PARTLY: Final = re.compile(r"小\s*计|页|sub|page", re.IGNORECASE)
_TERM: Final = re.compile(r"\b(?:EXW|FCA|FAS|FOB|CFR|C&F|CNF|CIF|CPT|CIP|DAP|DPU|DDP)\b.*", re.IGNORECASE)
_WORDS: Final = (
    "amount value price quantity qty packages package weight volume invoice contract order goods the of in for and net"
    " gross item items line lines no pcs ctns as per above this page 金额 数量 件数 货值 大写 小写 人民币 计"
)
_SAYS_NOTHING: Final = frozenset(_WORDS.split())
_BEFORE: Final = re.compile(r"^(?:less|plus|add|deduct(?:ion)?|minus|减|加|扣除?|其中)\s*[:：]?\s*", re.IGNORECASE)
_RATE: Final = re.compile(r"\s*\(?\s*-?[0-9.]+\s*[%％]\s*\)?\s*$")
_TAKEN_OFF: Final = re.compile(
    r"(?:less|deduct\w*|minus|discount|rebate|allowance|deposit|down\s*payment|prepa(?:id|yment)|advance\s*payment|paid)\b"
    r"|balance(?:\s*(?:due|payable|amount|to)\b|\s*[:：(]|$)|折扣|折让|扣除|减[:：\s]|定金|订金|预付|预收|已付|已收|余额|尾款",
    re.IGNORECASE,
)


class Sums(Enum):
    """Whether a text names a sum."""

    ALL = auto()
    PART = auto()
    """Of a page or a group, or carried over."""
    UNSURE = auto()
    """It begins as a sum's name does."""
    TAKEN_OFF = auto()
    """It begins as the name of an amount that is taken off does."""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_LONGEST]).strip()


def sums_up(text: str, *, whole: bool) -> Sums | None:
    """What a cell's text says of its row; `whole`: only a text that is nothing but a sum's name counts."""
    text = _plain(text)
    if _EXACTLY.fullmatch(text) is not None:
        return Sums.PART if _PARTLY.search(text) else Sums.ALL
    if whole:
        return None
    if _CARRIED.fullmatch(text) is not None:
        return Sums.PART
    begins = _BEGINS.match(text)
    if begins is None:
        return Sums.TAKEN_OFF if _TAKEN_OFF.match(text) else None
    if not _understood(text[begins.end() :]):
        return Sums.UNSURE
    return Sums.PART if _PARTLY.search(begins[0]) else Sums.ALL


def _understood(rest: str) -> bool:
    """Whether what follows a sum's name are terms of delivery, numbers, units and currencies, and no other word."""
    rest = _TERM.sub("", rest)
    words = [word for word in re.split(r"[\s()\[\]:：,，;/\-=*.]+", rest) if word]
    return all(
        word.casefold() in _SAYS_NOTHING
        or re.fullmatch(r"[$€£¥]?[0-9]+", word)
        or known_unit(re.sub(r"^[0-9]+", "", word)) is not None
        or measure_of(word) is not None
        for word in words
    )


def amount_named(vocabulary: Vocabulary, text: str) -> str | None:
    """The paper's own amount that a text names, such as its freight: `FREIGHT:`, `Less deposit`, `Discount 5%`."""
    name = _RATE.sub("", _BEFORE.sub("", _plain(text))).strip(" :：")
    field = vocabulary.field_of(name) if name else None
    if field is None or vocabulary.stands(field) is not Stands.PAPER:
        return None
    return field if vocabulary.columns[field].holds in (Holds.AMOUNT, Holds.CHARGE) else None
