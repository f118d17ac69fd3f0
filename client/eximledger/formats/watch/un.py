"""The consolidated list of the UN Security Council, in its XML (scsanctions.un.org)."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger.formats.watch.entries import Gathering, Raw, imo_in, joined, place
from eximledger.formats.watch.streaming import stream
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import ListedKind

__all__ = ["read_un"]

_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read_un(source: bytes) -> Gathering:
    """Individuals and entities, which ships are among, told by the IMO number in their remark."""
    found = Gathering()
    stream(
        source,
        {
            "INDIVIDUAL": lambda node: _entry(found, node, ListedKind.PERSON, "INDIVIDUAL"),
            "ENTITY": lambda node: _entry(found, node, ListedKind.ENTITY, "ENTITY"),
        },
    )
    return found


def _entry(found: Gathering, node: Node, kind: ListedKind, prefix: str) -> None:
    entry_id = node.text("REFERENCE_NUMBER") or node.text("DATAID") or ""
    raw = Raw(entry_id, kind, listed_on=node.text("LISTED_ON"), programmes=node.texts("UN_LIST_TYPE"))
    raw.names = [joined(node.text(part) for part in _PARTS), *node.texts("NAME_ORIGINAL_SCRIPT")]
    for alias in node.all(f"{prefix}_ALIAS"):
        names = raw.weak if (alias.text("QUALITY") or "").casefold() == "low" else raw.names
        names.extend(_names(alias))
    raw.countries = node.texts("NATIONALITY", "VALUE")
    for address in node.all(f"{prefix}_ADDRESS"):
        country = address.text("COUNTRY")
        code = found.country(entry_id, country) if country else None
        if kind is ListedKind.ENTITY and code:
            raw.countries.append(code)
        raw.places.append(place(address.text("CITY"), address.text("ZIP_CODE"), code))
    for paper in node.all(f"{prefix}_DOCUMENT"):
        raw.numbers.append((paper.text("TYPE_OF_DOCUMENT") or "", paper.text("NUMBER") or ""))
    raw.imo = imo_in(node.text("COMMENTS1")) if kind is ListedKind.ENTITY else None
    found.add(raw)


def _names(alias: Node) -> Iterator[str]:
    """An alias; several stand in one with semicolons between them."""
    yield from (part for text in alias.texts("ALIAS_NAME") for part in text.split(";"))
