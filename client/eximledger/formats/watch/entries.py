"""From what a publisher writes to an entry: codes that are looked up, and what cannot be used left out and told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pydantic import ValidationError

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables.codes import country
from eximledger.formats.text.values import date_of, imo_of, one_line, unique
from eximledger_chaincode.documents import Identifier, ListedKind, ListedPlace, WatchEntry, imo_check_digit_is_right

__all__ = ["Gathering", "Raw", "imo_in", "joined", "place"]

_LONGEST: Final = 500
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_IMO: Final = re.compile(r"(?i)\bIMO\b[^0-9]{0,20}([0-9]{7})(?![0-9])")
_COUNTRIES: Final[Mapping[str, str]] = {
    "DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA": "KP", "KOREA, NORTH": "KP", "NORTH KOREA": "KP", "SOUTH KOREA": "KR",
    "KOREA, SOUTH": "KR", "DEMOCRATIC REPUBLIC OF THE CONGO": "CD", "CONGO, DEMOCRATIC REPUBLIC OF THE": "CD",
    "CONGO, REPUBLIC OF THE": "CG", "SYRIA": "SY", "RUSSIA": "RU", "IRAN": "IR", "IRAN (ISLAMIC REPUBLIC OF)": "IR",
    "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND": "GB", "UNITED STATES": "US", "BURMA": "MM",
    "VENEZUELA": "VE", "BOLIVIA": "BO", "TANZANIA": "TZ", "VIETNAM": "VN", "LAOS": "LA", "MOLDOVA": "MD",
    "TURKEY": "TR", "COTE D IVOIRE": "CI", "CÔTE D'IVOIRE": "CI", "MACAU": "MO", "THE GAMBIA": "GM",
    "GAMBIA, THE": "GM",
    "BAHAMAS, THE": "BS", "CAPE VERDE": "CV", "SWAZILAND": "SZ", "STATE OF PALESTINE": "PS", "PALESTINIAN": "PS",
    "CZECH REPUBLIC": "CZ", "REGION: GAZA": "PS", "WEST BANK": "PS", "BRUNEI": "BN", "MICRONESIA": "FM",
}  # fmt: skip
"""Countries as lists call them, where ISO 3166 has another name."""


@dataclass(slots=True)
class Raw:
    """An entry as a reader found it."""

    entry_id: str
    kind: ListedKind
    names: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    places: list[ListedPlace] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    """Each with its scheme."""
    imo: str | None = None
    ports: list[str] = field(default_factory=list)
    hs_codes: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    listed_on: str | None = None


class Gathering:
    """Entries as they are read, and what could not be used of them."""

    def __init__(self) -> None:
        self.entries: list[WatchEntry] = []
        self.left_out: list[Unmapped] = []

    def add(self, raw: Raw) -> None:
        """Take an entry; one without a name or a sound id is left out and told."""
        names = unique(short for each in raw.names if (short := _short(each)))
        if not names:
            self._leave_out(raw, "has no name")
            return
        countries = [self._country(raw, each) for each in raw.countries]
        weak = [short for each in raw.weak if (short := _short(each))]
        try:
            entry = WatchEntry(
                entry_id=_short(raw.entry_id)[:140].strip() or names[0][:140].strip(),
                kind=raw.kind,
                name=names[0],
                aliases=names[1:501],
                weak_aliases=unique(each for each in weak if each not in names)[:500],
                countries=unique(each for each in countries if each)[:100],
                places=unique(each for each in raw.places if each != ListedPlace())[:100],
                identifiers=unique(_identifiers(raw.numbers))[:200],
                imo_number=imo_of(raw.imo) if raw.imo else None,
                ports=unique(raw.ports)[:100],
                hs_codes=unique(raw.hs_codes)[:200],
                programmes=unique(short for each in raw.programmes if (short := _short(each)))[:50],
                listed_on=_day(raw.listed_on),
            )
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
            self._leave_out(raw, f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}")
            return
        self.entries.append(entry)

    def country(self, raw_id: str, text: str) -> str | None:
        """A country's code by what a list calls it; one that nobody knows is told."""
        called = one_line(text)
        if not called:
            return None
        found = _COUNTRIES.get(called.upper()) or country(called[:100])
        if found is None:
            self.left_out.append(Unmapped(f"entry {raw_id[:140]}", "names a country that is not known", Cause.UNUSABLE))
        return found

    def _country(self, raw: Raw, text: str) -> str | None:
        return self.country(raw.entry_id, text)

    def _leave_out(self, raw: Raw, reason: str) -> None:
        self.left_out.append(Unmapped(f"entry {raw.entry_id[:140]}", reason, Cause.UNUSABLE))


def _short(text: str) -> str:
    return one_line(_CONTROL.sub(" ", text))[:_LONGEST].strip()


def _identifiers(numbers: Iterable[tuple[str, str]]) -> list[Identifier]:
    return [
        Identifier(scheme=_short(scheme) or None, value=short) for scheme, value in numbers if (short := _short(value))
    ]


def place(city: str | None, postal_code: str | None, code: str | None) -> ListedPlace:
    """An address as far as it is compared."""
    return ListedPlace(city=_short(city or "") or None, postal_code=_short(postal_code or "") or None, country=code)


def joined(parts: Iterable[str | None]) -> str:
    """Parts of a name in a row."""
    return " ".join(part for part in parts if part)


def imo_in(text: str | None) -> str | None:
    """The one IMO number of a ship that a remark states; None where it states none, or several. Companies are numbered
    by the IMO, too, with another check digit."""
    found = {number for number in _IMO.findall(text or "") if imo_check_digit_is_right(number)}
    return found.pop() if len(found) == 1 else None


def _day(text: str | None) -> date | None:
    try:
        return date_of(text[:10]) if text else None
    except ValueError:
        return None
