"""OFAC's list of Specially Designated Nationals in the UN's advanced XML (SDN_ADVANCED.XML).

The file is a small database: tables of codes, places and papers, then parties that point to them by id. It is read in
its own order, in which what is pointed to comes first; measures come last, so parties wait for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from eximledger.formats.watch.entries import Gathering, Raw, joined, place
from eximledger.formats.watch.streaming import stream
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import ListedKind, ListedPlace
from hlf_chaincode.errors import InvalidDocument

__all__ = ["read_ofac"]

_MOST: Final = 2_000_000
"""Places, papers and parties, each."""
_TABLES: Final = (
    "Country", "AreaCode", "PartySubType", "PartyType", "FeatureType", "IDRegDocType", "LocPartType", "AliasType",
)  # fmt: skip
_NUMBERED: Final = re.compile(r"(?i)SWIFT|BIC|D-U-N-S|Registration|Tax ID|Identification Number|MMSI|Call Sign")
_OF_COUNTRY: Final = re.compile(r"(?i)Nationality|Citizenship|Flag|Nationality of Registration")


class _Reading:
    def __init__(self) -> None:
        self.codes: dict[str, dict[str, Node]] = {name: {} for name in _TABLES}
        self.places: dict[str, ListedPlace] = {}
        self.papers: dict[str, list[tuple[str, str, str]]] = {}
        """By identity: type, number, country."""
        self.parties: dict[str, Raw] = {}
        """By profile."""
        self.found = Gathering()

    def takers(self) -> Mapping[str, Callable[[Node], None]]:
        tables = {name: self._code(name) for name in _TABLES}
        return tables | {
            "Location": self._place, "IDRegDocument": self._paper, "DistinctParty": self._party,
            "SanctionsEntry": self._entry,
        }  # fmt: skip

    def _code(self, name: str) -> Callable[[Node], None]:
        def take(node: Node) -> None:
            self.codes[name][node.attribute("ID") or ""] = node

        return take

    def word(self, table: str, code: str | None) -> str:
        node = self.codes[table].get(code or "")
        return "" if node is None else node.value() or ""

    def country(self, code: str | None, owner: str) -> str | None:
        node = self.codes["Country"].get(code or "")
        if node is None:
            return None
        return node.attribute("ISO2") or self.found.country(owner, node.value() or "")

    def _place(self, node: Node) -> None:
        _bound(self.places)
        parts: dict[str, str] = {}
        for part in node.all("LocationPart"):
            kind = self.word("LocPartType", part.attribute("LocPartTypeID")).upper()
            parts.setdefault(kind, joined(part.texts("LocationPartValue", "Value")[:1]))
        country = node.find("LocationCountry")
        owner = f"place {node.attribute('ID')}"
        code = self.country(country.attribute("CountryID"), owner) if country is not None else None
        self.places[node.attribute("ID") or ""] = place(parts.get("CITY"), parts.get("POSTAL CODE"), code)

    def _paper(self, node: Node) -> None:
        identity = node.attribute("IdentityID") or ""
        _bound(self.papers)
        kind = self.word("IDRegDocType", node.attribute("IDRegDocTypeID"))
        number = node.text("IDRegistrationNo") or ""
        self.papers.setdefault(identity, []).append((kind, number, node.attribute("IssuedBy-CountryID") or ""))

    def _party(self, node: Node) -> None:
        _bound(self.parties)
        for profile in node.all("Profile"):
            entry_id = node.attribute("FixedRef") or profile.attribute("ID") or ""
            raw = Raw(entry_id, self._kind(profile.attribute("PartySubTypeID")))
            for identity in profile.all("Identity"):
                self._identity(raw, identity)
            for feature in profile.all("Feature"):
                self._feature(raw, feature)
            self.parties[profile.attribute("ID") or entry_id] = raw

    def _kind(self, code: str | None) -> ListedKind:
        node = self.codes["PartySubType"].get(code or "")
        word = "" if node is None else (node.value() or "").casefold()
        if word in {"vessel", "aircraft"}:
            return ListedKind.VESSEL if word == "vessel" else ListedKind.OTHER
        kind = "" if node is None else self.word("PartyType", node.attribute("PartyTypeID")).casefold()
        return ListedKind.PERSON if kind == "individual" else ListedKind.ENTITY

    def _identity(self, raw: Raw, node: Node) -> None:
        if node.attribute("False") == "true":
            return
        for alias in node.all("Alias"):
            names = raw.weak if alias.attribute("LowQuality") == "true" else raw.names
            written = [joined(_parts(each)) for each in alias.all("DocumentedName")]
            if alias.attribute("Primary") == "true":
                raw.names[:0] = written
            else:
                names += written
        for kind, number, _ in self.papers.pop(node.attribute("ID") or "", ()):
            ship = re.fullmatch(r"(?i)\s*IMO\s*([0-9]{7})\s*", number)
            if ship:
                raw.imo = ship[1]
            raw.numbers.append(("BIC" if "SWIFT" in kind.upper() else kind, number))

    def _feature(self, raw: Raw, node: Node) -> None:
        kind = self.word("FeatureType", node.attribute("FeatureTypeID"))
        for version in node.all("FeatureVersion"):
            for where in version.all("VersionLocation"):
                found = self.places.get(where.attribute("LocationID") or "")
                if found is None:
                    continue
                if _OF_COUNTRY.search(kind) or raw.kind is ListedKind.ENTITY:
                    raw.countries += [each for each in (found.country,) if each]
                raw.places.append(found)
            if _NUMBERED.search(kind):
                scheme = "BIC" if "SWIFT" in kind.upper() else kind
                raw.numbers += [(scheme, text) for text in version.texts("VersionDetail")]

    def _entry(self, node: Node) -> None:
        raw = self.parties.get(node.attribute("ProfileID") or "")
        if raw is not None:
            raw.programmes += node.texts("SanctionsMeasure", "Comment")
            for event in node.all("EntryEvent"):
                day = [event.text("Date", part) or "" for part in ("Year", "Month", "Day")]
                raw.listed_on = raw.listed_on or ("-".join(each.zfill(2) for each in day) if all(day) else None)

    def gathered(self) -> Gathering:
        for raw in self.parties.values():
            self.found.add(raw)
        return self.found


def _parts(name: Node) -> Iterator[str]:
    yield from name.texts("DocumentedNamePart", "NamePartValue")


def _bound(table: Mapping[str, object]) -> None:
    if len(table) >= _MOST:
        reason = f"has more than {_MOST} places, papers or parties"
        raise InvalidDocument(f"the list {reason}", field="/", reason=reason)


def read_ofac(source: bytes) -> Gathering:
    """Every party of the file, with its measures' programmes."""
    reading = _Reading()
    stream(source, reading.takers())
    return reading.gathered()
