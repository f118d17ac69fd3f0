"""Ports as people write them: which word of a text is a port's code, and not the name of a place or a country.

A UN/LOCODE is five letters, and so are Seoul, Delhi, India and Dover, whose first two are a country's: no such word is
a code, however it is written.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from eximledger.formats.text.values import port_of, unique

__all__ = ["port_in", "port_named_alone"]

_COUNTRIES: Final = (
    "BENIN CHILE CHINA CONGO EGYPT GABON GHANA HAITI INDIA ITALY KENYA KOREA LIBYA MACAO MACAU MALTA NAURU NEPAL NIGER"
    " PALAU QATAR SAMOA SPAIN SUDAN SYRIA TONGA YEMEN"
)
_TOWNS: Final = (
    "ADANA AQABA ARICA ASSAB BAHIA BASEL BASRA BATAM BATNA BEIRA BELEM BOISE BREST CADIZ CAIRO CEARA CEUTA CHIOS COLON"
    " CORFU CORUM DELHI DERBY DOVER ESSEN GALLE GAVLE GEBZE GENOA GHENT GIJON GIOIA GOOLE GRAYS JOHOR LAGOS LAPAZ LARNE"
    " LIEGE LILLE LOMAS LULEA LYONS MACON MAINZ MALMO MANTA MARIA MARIN MARTA MASAN MEDAN MOKPO MUARA MUGLA NATAL NEWRY"
    " NIORT OMAHA PADUA PALMA PALOS PARIS PECEM PEMBA PERTH PLANO PLATA PLZEN PRAHA QASIM ROUEN SALEM SANTA SANYA SELMA"
    " SEOUL SINES SKIEN SLIGO SOFIA SOHAR TOKYO TOURS TRIER VAASA VARNA VIZAG"
)
_OTHERS: Final = "BASIN COAST INNER ISLES METRO NORTH ROADS STATE TERMS"
_NAMES: Final = frozenset(f"{_COUNTRIES} {_TOWNS} {_OTHERS}".split())
"""Words of five letters that stand in columns of ports and look like a UN/LOCODE."""
_NO_WORDS: Final = "BD BG CN GB HK HN HR JP KZ LB LK LT LV MM MV MX MZ NL NZ PK RW SG TZ VN"
_BEGINS_NO_WORD: Final = frozenset(_NO_WORDS.split())
"""Countries' letters with which no name begins, so that what begins with them is a code beside any name."""
_SEPARATED: Final = re.compile(
    r"[()\[\]/|:;、]+|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
_LOCODE: Final = re.compile(r"[A-Z]{2} ?[A-Z2-9]{3}")
_CUSTOMS: Final = re.compile(r"[0-9]{4}|[A-Z]{3}[0-9]{3}")
_LONGEST: Final = 100


def port_named_alone(text: str) -> str | None:
    """The UN/LOCODE or customs' code that a text is, and nothing else; None for the name of a place."""
    text = unicodedata.normalize("NFKC", text).strip()
    if _CUSTOMS.fullmatch(text):
        return port_of(text)
    code = text.replace(" ", "")
    return port_of(code) if _LOCODE.fullmatch(text) and code not in _NAMES else None


def port_in(text: str) -> str | None:
    """The one code in a text that names a port, too: `DEHAM`, `Hamburg (DEHAM)`, `DEHAM Hamburg`, `洛杉矶(USA309)`."""
    whole = unicodedata.normalize("NFKC", text).strip()
    if len(whole) > _LONGEST:
        return None
    pieces = [piece for each in _SEPARATED.split(whole) if (piece := each.strip(" ,.-"))]
    found = [code for piece in pieces if (code := port_named_alone(piece)) is not None]
    if not found:
        words = [word for piece in pieces for word in re.split(r"[\s,\-]+", piece) if word]
        found = [code for word in words if (code := _beside(word, words)) is not None]
    different = unique(found)
    return different[0] if len(different) == 1 else None


def _beside(word: str, words: list[str]) -> str | None:
    """The code that a word among others is: it must be short for them, or no word at all."""
    code = port_named_alone(word)
    if code is None or _CUSTOMS.fullmatch(word) or word[:2] in _BEGINS_NO_WORD:
        return code
    others = [other.upper() for other in words if other != word]
    name = "".join(others)
    return code if any(each.startswith(word[2]) for each in others) and word[3] in name[1:] else None
