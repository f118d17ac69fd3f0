"""DESADV as the packing list that it stands for. Source: UN/EDIFACT D.96A to D.16B, and EANCOM's subsets of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pydantic import ValidationError

from eximledger.formats.edifact.goods import Article
from eximledger.formats.edifact.interchange import Message
from eximledger.formats.edifact.parties import party_of
from eximledger.formats.edifact.segments import Group, Shape, grouped
from eximledger.formats.edifact.values import (
    day_at,
    notes_of,
    number_at,
    references_of,
    refused_by_model,
    weight_of,
)
from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.values import container_of, unique
from eximledger_chaincode.documents import PackingLine, PackingList, Party

__all__ = ["read_desadv"]

_LINE: Final[Shape] = {
    "PIA": {}, "IMD": {}, "MEA": {}, "QTY": {}, "ALI": {}, "GIN": {}, "GIR": {}, "DLM": {}, "DTM": {}, "FTX": {},
    "MOA": {}, "RFF": {"DTM": {}}, "DGS": {}, "LOC": {}, "QVR": {}, "PCI": {"GIN": {}, "DTM": {}},
}  # fmt: skip
_PACKING: Final[Shape] = {
    "FTX": {},
    "QTY": {},
    "MEA": {},
    "PAC": {"MEA": {}, "QTY": {}, "PCI": {"RFF": {}, "DTM": {}, "GIN": {}}},
    "LIN": _LINE,
}
_SHAPE: Final[Shape] = {
    "RFF": {"DTM": {}},
    "NAD": {"LOC": {}, "RFF": {"DTM": {}}, "CTA": {"COM": {}}},
    "TOD": {"LOC": {}, "FTX": {}},
    "TDT": {"PCD": {}, "LOC": {"DTM": {}}},
    "EQD": {"MEA": {}, "SEL": {}, "EQA": {}},
    "CPS": _PACKING,
    "LIN": _LINE,
}
_FUNCTIONS: Final = frozenset({None, "5", "7", "9", "31", "43"})


def read_desadv(message: Message) -> PackingList:
    """The packing list. Raises `InvalidDocument` naming the segment of what is missing or wrong."""
    segments = message.segments
    if not segments or segments[0].tag != "BGM":
        raise message.header.error("is not followed by BGM")
    begin = segments[0]
    function = begin.at(3)
    if function not in _FUNCTIONS:
        raise begin.error(f"has the function {function} (UN/EDIFACT 1225): it is no despatch advice that stands")
    begin.at(1)
    top = grouped(begin, segments[1:], _SHAPE)
    for each in (*top.segments("UNS"), *top.segments("CNT")):
        each.ignore()
    seller = party_of(top.find("NAD", "SE", "SU", "CZ", "SF"))
    if seller is None:
        raise top.missing("NAD+SE")
    buyer = party_of(top.find("NAD", "BY", "IV"))
    ship_to = party_of(top.find("NAD", "DP", "ST", "UC", "CN"))
    packings = top.all("CPS")
    lines = tuple(_line(each, place) for place, each in enumerate(_lines(top, packings), 1))
    if not lines:
        raise top.missing("LIN")
    references = references_of(top)
    numbers = Numbers(references)
    issued = day_at(top, "137")
    if issued is None:
        raise top.missing("DTM+137")
    whole = _whole(packings)
    try:
        return PackingList(
            list_number=begin.need(2),
            issued_on=issued,
            seller=seller,
            buyer=buyer,
            ship_to=ship_to,
            carrier=_carrier(top),
            invoice_numbers=numbers.all("invoice"),
            contract_number=numbers.first("contract"),
            order_number=numbers.first("order"),
            despatched_on=day_at(top, "11"),
            destination_country=ship_to.country if ship_to is not None else None,
            packages=_packages(whole),
            gross_weight_kg=_weight(top, whole, gross=True),
            net_weight_kg=_weight(top, whole, gross=False),
            containers=_containers(top),
            lines=lines,
            references=references,
            notes=notes_of(top),
        )
    except ValidationError as error:
        raise refused_by_model(top, error) from None


def _lines(top: Group, packings: list[Group]) -> list[Group]:
    """The lines in their order, within the packages that hold them."""
    for each in packings:
        for element in (1, 2, 3):
            each.segment.at(element)
    return top.all("LIN") + [line for each in packings for line in each.all("LIN")]


def _whole(packings: list[Group]) -> Group | None:
    """The level of the whole shipment: the one that no other is above, where there is one."""
    upper = [each for each in packings if each.segment.at(2) is None]
    return upper[0] if len(upper) == 1 else None


def _packages(whole: Group | None) -> int | None:
    """Packages as the level of the whole shipment counts them; those of levels below are not added up."""
    groups = whole.all("PAC") if whole is not None else []
    if len(groups) != 1:
        return None
    count = number_at(groups[0].segment, 1, 1)
    return int(count) if count is not None and count == int(count) and count >= 0 else None


def _weight(top: Group, whole: Group | None, *, gross: bool) -> Decimal | None:
    for where in (top, whole):
        if where is not None and (found := weight_of(where, gross=gross)) is not None:
            return found
    return None


def _carrier(top: Group) -> Party | None:
    if (carrier := party_of(top.find("NAD", "CA"))) is not None:
        return carrier
    for segment in top.segments("TDT", "20"):
        name = segment.at(5, 4)
        if name is not None:
            segment.at(1)
            return Party(name=name)
    return None


def _containers(top: Group) -> tuple[str, ...]:
    """Numbers of containers (EQD CN); one that is none is reported."""
    found = []
    for segment in top.segments("EQD", "CN"):
        stated = segment.at(2, 1)
        number = container_of(stated) if stated is not None else None
        if number is None:
            segment.unusable("is not a container number of ISO 6346")
        else:
            segment.at(1)
            found.append(number)
    return unique(found)


def _line(group: Group, place: int) -> PackingLine:
    article = Article(group, place)
    quantity = group.find("QTY", "12")
    orders = group.segments("RFF", "ON")
    if quantity is not None:
        quantity.segment.at(1, 1)
    for each in orders:
        each.at(1, 1)
    try:
        return PackingLine(
            number=article.number,
            name=article.name,
            description=article.description,
            hs_code=article.hs_code,
            quantity=number_at(quantity.segment, 1, 2) if quantity is not None else None,
            unit=quantity.segment.at(1, 3) if quantity is not None else None,
            gross_weight_kg=weight_of(group, gross=True),
            net_weight_kg=weight_of(group, gross=False),
            identifiers=article.identifiers,
            order_number=orders[0].at(1, 2) if orders else None,
            order_line=orders[0].at(1, 3) if orders else None,
            note="\n".join(notes_of(group)) or None,
        )
    except ValidationError as error:
        raise refused_by_model(group, error) from None
