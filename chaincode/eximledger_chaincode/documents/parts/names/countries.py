"""The country that a text of a paper ends in: "Nampo, North Korea", "12 Main Street, Pyongyang, DPRK".

Papers often have an address or a port in words and no code beside it. Only a country's whole name at the end counts
(in Chinese at the beginning), and none that is a region of another country as well.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pycountry

from eximledger_chaincode.documents.parts.names.spelling import compared_name

__all__ = ["country_named"]

_MOST_WORDS: Final = 9
_ALSO: Final = {
    "AE": ("UAE", "U A E", "Emirates"), "AF": ("阿富汗",), "BY": ("Byelorussia", "白俄罗斯"), "CD": ("DR Congo", "DRC"),
    "CF": ("Central African Rep",), "CI": ("Ivory Coast",), "CU": ("古巴",),
    "GB": ("UK", "U K", "England", "Scotland", "Wales", "Great Britain", "Northern Ireland"), "IQ": ("伊拉克",),
    "IR": ("Iran", "Islamic Republic of Iran", "I R Iran", "伊朗"),
    "KP": ("North Korea", "DPRK", "D P R K", "DPR Korea", "DPR of Korea", "Democratic People's Republic of Korea",
           "Korea North", "朝鲜", "北朝鲜", "朝鮮"),
    "KR": ("South Korea", "Republic of Korea", "R O K"), "LY": ("利比亚",), "MM": ("Burma", "缅甸"),
    "RU": ("Russia", "俄罗斯"), "SD": ("苏丹",), "SO": ("索马里",), "SS": ("南苏丹",),
    "SY": ("Syria", "Syrian Arab Rep", "叙利亚"), "US": ("USA", "U S A", "United States of America"),
    "VE": ("Venezuela", "委内瑞拉"), "YE": ("也门",),
}  # fmt: skip
_TELEPHONE: Final = frozenset({"tel", "telephone", "phone", "fax", "mob", "mobile", "zip"})
_ELSEWHERE: Final = frozenset({"georgia", "jersey", "new mexico", "new jersey"})
"""Regions of the United States, whose names end as countries' do."""


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Names of countries, compared, by which each is told; a word or two that more than one has tell none."""
    found: dict[str, str] = {}
    for country in pycountry.countries:
        stated = (getattr(country, field, None) for field in ("name", "common_name", "official_name"))
        for name in filter(None, stated):
            whole, *turned = str(name).split(", ")
            found[compared_name(str(name))] = country.alpha_2
            if turned:  # Iran, Islamic Republic of
                found[compared_name(f"{' '.join(turned)} {whole}")] = country.alpha_2
    for code, names in _ALSO.items():
        found |= {compared_name(name): code for name in names}
    return {name: code for name, code in found.items() if name not in _ELSEWHERE}


@lru_cache(maxsize=4096)
def country_named(text: str | None) -> str | None:
    """The country's code; None where the text ends in none. A postal code or a telephone may follow it."""
    words = compared_name(text or "").split()[:60]
    while len(words) > 1 and (words[-1] in _TELEPHONE or any(map(str.isdigit, words[-1]))):
        words.pop()
    names = _names()
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        tail = " ".join(words[-count:])
        if tail in _ELSEWHERE:
            return None
        if tail in names:
            return names[tail]
    han = "".join(words)
    return next((names[han[:count]] for count in (4, 3, 2) if not han[:1].isascii() and han[:count] in names), None)
