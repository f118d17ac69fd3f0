"""Parties and places of a DCSA transport document."""

from __future__ import annotations

from eximledger.formats.dcsa.tree import Branch
from eximledger.formats.text.values import country_of, port_of, unique, uscc_of
from eximledger_chaincode.documents import Address, Contact, Identifier, Party, Place

__all__ = ["party_of", "place_of"]

_NOT_A_COUNTRY = "is not an ISO 3166 country code"


def party_of(branch: Branch) -> Party | None:
    """A party by its name; None where there is none."""
    name = branch.text("partyName")
    if name is None:
        return None
    identifiers = _identifiers(branch)
    usccs = [code for code in (uscc_of(each.value) for each in identifiers) if code is not None]
    address = _address(branch)
    with branch.located():
        return Party(
            name=name,
            uscc=usccs[0] if usccs else None,
            identifiers=unique([each for each in identifiers if uscc_of(each.value) not in usccs[:1]]),
            address=address,
            contact=_contact(branch),
        )


def _identifiers(branch: Branch) -> list[Identifier]:
    found = []
    for each in branch.branches("identifyingCodes"):
        scheme = each.text("codeListName") or each.text("codeListProvider")
        each.take("codeListProvider")
        if (value := each.text("partyCode")) is not None:
            with each.located():
                found.append(Identifier(scheme=scheme, value=value))
    for each in branch.branches("taxLegalReferences"):
        scheme, value = each.text("type"), each.text("value")
        each.take("countryCode")
        if value is not None:
            with each.located():
                found.append(Identifier(scheme=scheme, value=value))
    return found


def _address(branch: Branch) -> Address | None:
    lines = branch.texts("addressLines")
    stated = branch.branch("address")
    street = " ".join(text for name in ("street", "streetNumber") if (text := stated.text(name)) is not None)
    extra = [text for name in ("floor",) if (text := stated.text(name)) is not None]
    if (box := stated.text("POBox")) is not None:
        extra.append(f"P.O. Box {box}")
    lines += [street] if street else []
    if not lines and not stated.has("city"):
        lines = branch.texts("displayedAddress")
    with stated.located():
        address = Address(
            lines=(*lines, *extra),
            city=stated.text("city"),
            postal_code=stated.text("postCode"),
            region=stated.text("stateRegion"),
            country=stated.known("countryCode", country_of, _NOT_A_COUNTRY),
        )
    return address if address != Address() else None


def _contact(branch: Branch) -> Contact | None:
    details = branch.branches("partyContactDetails")
    if not details:
        return None
    first = details[0]
    with first.located():
        contact = Contact(name=first.text("name"), telephone=first.text("phone"), email=first.text("email"))
    return contact if contact != Contact() else None


def place_of(branch: Branch) -> Place | None:
    """A port or place by its code and name."""
    code = branch.known("UNLocationCode", port_of, "is not a UN/LOCODE")
    city = branch.branch("city")
    address = branch.branch("address")
    named = branch.text("locationName")
    country = city.known("countryCode", country_of, _NOT_A_COUNTRY)
    country = country or address.known("countryCode", country_of, _NOT_A_COUNTRY)
    with branch.located():
        place = Place(code=code, name=named or city.text("city") or address.text("city"), country=country)
    return place if place != Place() else None
