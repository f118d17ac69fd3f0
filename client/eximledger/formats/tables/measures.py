"""What a number counts in, as headers and cells write it beside it: a currency, a scale, a unit, `per` something.

`人民币`, `万美元`, `USD'000`, `吨`, `lbs`, `每百件`, `元/件`: a number is never taken without what stands beside it, so
words that are not known here are an error of whoever asked, not nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from eximledger.formats.tables import codes
from eximledger.formats.text.values import currency_of
from eximledger_chaincode.documents.parts.units import known_unit

__all__ = ["Measure", "measure_of"]

_LONGEST: Final = 40
"""Characters; what is longer says more than in what a number counts."""

_SCALES: Final = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000, "million": 10**6, "millions": 10**6,
    "k": 1000, "'000": 1000, "’000": 1000, "'000s": 1000, "000s": 1000, "000": 1000, "mio": 10**6, "mln": 10**6,
    "mn": 10**6,
}  # fmt: skip
_SIGNS: Final = {
    "¥": ("CNY", "JPY"), "$": ("USD", "HKD", "AUD", "CAD", "SGD", "NZD", "TWD", "MXN"), "us$": ("USD",),
    "u.s.$": ("USD",), "hk$": ("HKD",), "a$": ("AUD",), "c$": ("CAD",), "s$": ("SGD",), "nt$": ("TWD",),
    "nz$": ("NZD",), "rmb¥": ("CNY",), "cny¥": ("CNY",), "jp¥": ("JPY",), "cn¥": ("CNY",), "usd$": ("USD",),
    "€": ("EUR",), "£": ("GBP",), "₩": ("KRW",), "₽": ("RUB",), "₹": ("INR",), "฿": ("THB",), "元": ("CNY",),
    "圆": ("CNY",), "本币": ("CNY",), "本位币": ("CNY",), "renminbi": ("CNY",), "yuan": ("CNY",), "cnh": ("CNY",),
    "dollar": ("USD", "HKD", "AUD", "CAD", "SGD", "NZD", "TWD"), "dollars": ("USD", "HKD", "AUD", "CAD", "SGD", "NZD"),
    "usdollar": ("USD",), "usdollars": ("USD",), "euro": ("EUR",), "euros": ("EUR",), "yen": ("JPY",),
    "港纸": ("HKD",), "台币": ("TWD",),
}  # fmt: skip
_CUBIC: Final = frozenset({"方", "立方"})
"""How packing lists call a cubic metre."""
_RATES: Final = ("%", "率", "费率", "rate", "percent", "percentage", "百分比")
_BASES: Final = {
    "fob": "3", "cif": "1", "cfr": "2", "c&f": "2", "cnf": "2", "c&i": "4", "exw": "7", "离岸价": "3", "到岸价": "1",
}  # fmt: skip
_PLACE: Final = re.compile(r"[^\W\d_]{3,}")
_PLACE_WORDS: Final = 3
"""Words of a named place, at most."""
_NO_PLACES: Final = frozenset(
    ["lakh", "lakhs", "crore", "crores", "billion", "bln", "net", "gross", "excl", "incl", "excluding", "including",
     "tax", "vat", "less", "plus", "per", "each", "approx", "price", "prices", "usual", "basis", "terms", "logistics",
     "trading", "company", "group", "shipping", "freight", "import", "export", "international", "incoterms"]
)  # fmt: skip
_SAY_NOTHING: Final = {
    *(
        "单位",
        "金额单位",
        "计量单位",
        "重量单位",
        "币种",
        "币制",
        "货币",
        "原币",
        "外币",
        "计",
        "以",
        "为",
        "折",
        "折合",
    ),
    *(
        "合计",
        "总",
        "必填",
        "选填",
        "可选",
        "数字",
        "数值",
        "申报",
        "成交",
        "填报",
        "小数",
        "保留两位",
        "保留2位小数",
        "小写",
    ),
    *("金额", "价格", "价", "数量", "重量", "净重", "毛重", "净", "毛", "包装", "法定", "实际"),
    *("in", "of", "a", "the", "total", "unit", "currency", "required", "optional", "number", "numeric", "decimal"),
    *("original", "declared", "amount", "value", *"*():,.-_[]"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is said beside a number. `currencies` are those that a sign may mean; empty where none is said."""

    written: str = ""
    currencies: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    unit: str | None = None
    """As known by `known_unit`, where one is said."""
    per: Decimal | None = None
    """How many the price is for, where that is said."""
    per_unit: str | None = None
    rate: bool = False
    basis: str | None = None
    """The transaction mode on whose basis an amount is said to be."""
    place: str | None = None
    """The place of that term."""

    @property
    def says_something(self) -> bool:
        return self != Measure(self.written)


@lru_cache(maxsize=2048)
def measure_of(written: str) -> Measure | None:
    """What the words say, nothing for words that say nothing, or None where they are not understood."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", written)).casefold().replace("m/t", "mt")
    if len(text) > _LONGEST:
        return None
    if text in _RATES:
        return Measure(written, rate=True)
    if (placed := _placed(written)) is not None:
        return placed
    number, per, base = _divided(text)
    said = _side(number)
    if said is None or (per and (said.unit is not None or not base)):
        return None
    if not per:
        return _named(said, written)
    under = _side(re.sub(r"^[0-9]+", "", base))
    if under is None or under.currencies or under.rate or under.basis:
        return None
    count = re.match(r"[0-9]{1,9}", base)
    per_count = Decimal(count[0] if count else 1) * under.factor
    if per_count <= 0:
        return None
    return Measure(written, said.currencies, said.factor, None, per_count, under.unit, said.rate, said.basis)


def _placed(written: str) -> Measure | None:
    """A term of delivery with its place, and what stands around both: `FOB Shanghai`, `USD/PC CIF Hamburg`. A word that
    may say more is no place."""
    words = [word for word in re.split(r"[\s,()]+", unicodedata.normalize("NFKC", written).strip(" :.")) if word]
    at = next((place for place, word in enumerate(words) if _term(word) is not None), len(words))
    end = at + 1
    while end < len(words) and end <= at + _PLACE_WORDS and _is_place(words[end].strip(".:;").casefold()):
        end += 1
    if end <= at + 1 or len(written) > _LONGEST:
        return None
    around = [word for word in (*words[:at], *words[end:]) if word not in {"-", "/"}]
    said = measure_of(" ".join(around)) if around else Measure()
    if said is None or said.basis is not None:
        return None
    place = " ".join(words[at + 1 : end]).upper()
    return replace(said, written=written, basis=_term(words[at]), place=place)


def _term(word: str) -> str | None:
    return _BASES.get(word.casefold()) if word.isascii() else None


def _is_place(word: str) -> bool:
    return _PLACE.fullmatch(word) is not None and word not in _NO_PLACES and _side(word) is None


def _named(said: Measure, written: str) -> Measure:
    return Measure(written, said.currencies, said.factor, said.unit, rate=said.rate, basis=said.basis)


def _divided(text: str) -> tuple[str, str, str]:
    """Before and after `/`, `per` or `每`."""
    if "percent" in text:
        return text, "", ""
    found = re.search(r"/|per|每|for(?=[0-9])|@", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


@lru_cache(maxsize=4096)  # else 千万千万... would be tried in every way
def _side(text: str) -> Measure | None:
    """A text that is nothing but known words, one after the other; the longest first."""
    if not text:
        return Measure()
    if text in _SCALES:
        return Measure(factor=Decimal(_SCALES[text]))
    if text in _CUBIC:
        return Measure(unit="MTQ")
    if (unit := known_unit(text)) is not None and re.search(r"[^\W\d_]", text):  # customs' digits name no unit here
        return Measure(unit=unit)
    for length in range(len(text), 0, -1):
        word = _word(text[:length])
        rest = _side(text[length:]) if word is not None else None
        both = _joined(word, rest) if word is not None and rest is not None else None
        if both is not None:
            return both
    return None


def _word(text: str) -> Measure | None:
    if text in _SAY_NOTHING:
        return Measure()
    if text in _RATES:
        return Measure(rate=True)
    if text in _BASES:
        return Measure(basis=_BASES[text])
    if (scale := _SCALES.get(text)) is not None:
        return Measure(factor=Decimal(scale))
    if text in _SIGNS:
        return Measure(currencies=_SIGNS[text])
    if (code := codes.CURRENCY_WORDS.get(text)) is not None:
        return Measure(currencies=(code,))
    code = currency_of(text.upper()) if len(text) == 3 and text.isascii() and text.isalpha() else None
    return Measure(currencies=(code,)) if code is not None else None


def _joined(one: Measure, other: Measure) -> Measure | None:
    """Both together; None where they say two things of one kind. Two spellings of a currency are one: `RMB¥`."""
    currencies = one.currencies or other.currencies
    if one.currencies and other.currencies:
        currencies = tuple(code for code in one.currencies if code in other.currencies)
        if not currencies:
            return None
    if (one.unit and other.unit) or (one.basis and other.basis):
        return None
    return Measure(
        "",
        currencies,
        one.factor * other.factor,
        one.unit or other.unit,
        rate=one.rate or other.rate,
        basis=one.basis or other.basis,
    )
