"""The European Union's consolidated list of financial sanctions, in its XML 1.1 (Financial Sanctions Database)."""

from __future__ import annotations

from eximledger.formats.watch.entries import Gathering, Raw, imo_in, joined, place
from eximledger.formats.watch.streaming import stream
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import ListedKind

__all__ = ["read_eu"]

_KINDS = {"person": ListedKind.PERSON, "P": ListedKind.PERSON}


def read_eu(source: bytes) -> Gathering:
    """Persons and enterprises, which ships are among, told by their IMO number."""
    found = Gathering()
    stream(source, {"sanctionEntity": lambda node: _entry(found, node)})
    return found


def _entry(found: Gathering, node: Node) -> None:
    entry_id = node.attribute("euReferenceNumber") or node.attribute("logicalId") or ""
    subject = node.find("subjectType")
    code = (subject.attribute("code") or subject.attribute("classificationCode")) if subject is not None else None
    raw = Raw(entry_id, _KINDS.get(code or "", ListedKind.ENTITY))
    for regulation in node.all("regulation"):
        raw.programmes += [each for each in (regulation.attribute("programme"),) if each]
        raw.listed_on = raw.listed_on or regulation.attribute("entryIntoForceDate")
    for alias in node.all("nameAlias"):
        parts = [alias.attribute(each) for each in ("firstName", "middleName", "lastName")]
        names = raw.weak if alias.attribute("strong") == "false" else raw.names
        names.append(alias.attribute("wholeName") or joined(parts))
    if not raw.names and raw.weak:
        raw.names, raw.weak = raw.weak, []
    for each in node.all("citizenship"):
        raw.countries.append(_country(each))
    for address in node.all("address"):
        country = found.country(entry_id, _country(address))
        if raw.kind is ListedKind.ENTITY and country:
            raw.countries.append(country)
        raw.places.append(place(address.attribute("city"), address.attribute("zipCode"), country))
    for paper in node.all("identification"):
        if paper.attribute("knownFalse") != "true":
            number = paper.attribute("number") or paper.attribute("latinNumber") or ""
            raw.numbers.append((paper.attribute("identificationTypeCode") or "", number))
    _name_ship(raw, node)
    found.add(raw)


def _country(node: Node) -> str:
    """By its code; 00 stands for none."""
    code = node.attribute("countryIso2Code") or ""
    return "" if code == "00" else code


def _name_ship(raw: Raw, node: Node) -> None:
    ships = [value for scheme, value in raw.numbers if scheme.casefold() in {"imo", "imonumber"}]
    raw.imo = ships[0] if len(ships) == 1 else imo_in(" ".join(node.texts("remark")))
