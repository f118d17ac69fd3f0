"""Lines of goods: LIN and what follows it."""

from __future__ import annotations

from typing import Final

from eximledger.formats.edifact.segments import Group
from eximledger.formats.text.values import country_of, hs_code_of, unique
from eximledger_chaincode.documents import Identifier

__all__ = ["Article", "origin_of"]

_SCHEMES: Final = {"SA": "seller", "BP": "buyer", "IN": "buyer", "MF": "manufacturer", "EN": "EAN", "SRV": "GTIN"}
"""UN/EDIFACT 7143."""


class Article:
    """What a line is of: its number on the paper, its name, and the numbers it has elsewhere."""

    def __init__(self, line: Group, place: int) -> None:
        segment = line.segment
        self.number = segment.at(1) or str(place)
        segment.at(2)
        self.hs_code: str | None = None
        found: list[Identifier] = []
        if (value := segment.at(3, 1)) is not None:
            found.append(self._identifier(value, segment.at(3, 2)))
        for each in line.segments("PIA"):
            each.at(1)
            for element in range(2, 7):
                for repetition in range(1, 6):
                    self._additional(each.at(element, 1, repetition), each.at(element, 2, repetition), found)
        self.identifiers = unique(found)
        texts = [text for text in map(_described, line.all("IMD")) if text]
        known = [each.value for each in found]
        if not texts and not known:
            raise line.missing("IMD")
        self.name = texts[0] if texts else known[0]
        self.description = "\n".join(texts[1:]) or None

    def _additional(self, value: str | None, code: str | None, found: list[Identifier]) -> None:
        if value is None:
            return
        hs_code = hs_code_of(value) if code == "HS" and self.hs_code is None else None
        if hs_code is not None:
            self.hs_code = hs_code
        else:
            found.append(self._identifier(value, code))

    def _identifier(self, value: str, code: str | None) -> Identifier:
        return Identifier(scheme=_SCHEMES.get(code or "") or code, value=value)


def _described(group: Group) -> str:
    """The words of an IMD; one that has a code in place of words is left unread."""
    segment = group.segment
    text = " ".join(segment.texts(3, range(4, 6)))
    if text:
        segment.at(1)
        segment.at(2)
    return text


def origin_of(line: Group) -> str | None:
    """The country of origin: of ALI, else of LOC 27."""
    for tag, element in (("ALI", 1), ("LOC", 2)):
        for segment in line.segments(tag, *(("27",) if tag == "LOC" else ())):
            code = country_of(segment.at(element) or "")
            if code is not None:
                segment.at(1)
                return code
            segment.release()
    return None
