"""Parties of EDIFACT messages: NAD and what follows it."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from eximledger.formats.edifact.segments import Group, Segment
from eximledger.formats.edifact.values import refused_by_model
from eximledger.formats.text.values import country_of, unique, uscc_of
from eximledger_chaincode.documents import Address, Contact, Identifier, Party

__all__ = ["account_parts", "party_of"]

_AGENCIES: Final = {"9": "GLN", "16": "DUNS", "92": "buyer", "91": "seller"}
_REGISTERS: Final = {"VA": "VAT", "FC": "FC", "XA": "CompanyID", "GN": "GN", "AHP": "tax"}
_CHANNELS: Final = {"TE": "telephone", "FX": "fax", "EM": "email"}


def party_of(group: Group | None) -> Party | None:
    """The party of a NAD, named by its first number where it has no name; None where it has neither."""
    if group is None:
        return None
    segment = group.segment
    names = segment.texts(4, range(1, 6))
    lines = segment.texts(3, range(1, 6))
    if not names and lines:
        names = [lines.pop(0)]
    name = " ".join(names)
    try:
        identifiers = _identifiers(group)
        address = _address(segment, lines)
        if not name and identifiers:
            name = identifiers[0].value
        if not name:
            segment.release()
            return None
        segment.at(1)
        usccs = [code for code in (uscc_of(each.value) for each in identifiers) if code is not None]
        return Party(
            name=name,
            uscc=usccs[0] if usccs else None,
            identifiers=unique([each for each in identifiers if uscc_of(each.value) not in usccs[:1]]),
            address=address,
            contact=_contact(group),
        )
    except ValidationError as error:
        raise refused_by_model(group, error) from None


def _identifiers(group: Group) -> list[Identifier]:
    found = []
    segment = group.segment
    number, list_code, agency = segment.at(2, 1), segment.at(2, 2), segment.at(2, 3)
    if number is not None:
        found.append(Identifier(scheme=_AGENCIES.get(agency or "") or list_code, value=number))
    for reference in group.segments("RFF"):
        code, value = reference.at(1, 1), reference.at(1, 2)
        if value is not None:
            found.append(Identifier(scheme=_REGISTERS.get(code or "") or code, value=value))
    return found


def _address(segment: Segment, lines: list[str]) -> Address | None:
    street = [*lines, *segment.texts(5, range(1, 5))]
    country = segment.at(9)
    known = country_of(country) if country is not None else None
    if country is not None and known is None:
        segment.unusable("its country is not one of ISO 3166")
    address = Address(
        lines=tuple(street),
        city=segment.at(6),
        region=segment.at(7, 4) or segment.at(7),
        postal_code=segment.at(8),
        country=known,
    )
    return address if address != Address() else None


def _contact(group: Group) -> Contact | None:
    found: dict[str, str] = {}
    for person in group.all("CTA"):
        person.segment.at(1)
        name = person.segment.at(2, 2) or person.segment.at(2, 1)
        if name is not None:
            found.setdefault("name", name)
        for segment in person.segments("COM"):
            field = _CHANNELS.get(segment.at(1, 2) or "")
            value = segment.at(1, 1)
            if field is None or value is None or field in found:
                segment.release()
            else:
                found[field] = value
    return Contact(**found) if found else None


def account_parts(group: Group | None) -> tuple[str | None, str | None, str | None]:
    """Account, its holder and the bank of a party's FII."""
    found = group.find("FII") if group is not None else None
    if found is None:
        return None, None, None
    segment = found.segment
    segment.at(1)
    bank = [value for value in (segment.at(3, 7), segment.at(3, 1)) if value is not None]
    for component in (2, 3):
        segment.at(3, component)
    return segment.at(2, 1), segment.at(2, 2), ", ".join(bank) or None
