"""Parties, banks and accounts of ISO 20022 cash management messages, in the shapes of all their versions."""

from __future__ import annotations

from typing import Final

from eximledger.formats.text.values import country_of, unique, uscc_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Address, Contact, Identifier, Party

__all__ = ["account_of", "bank_of", "party_of"]

_NOT_A_COUNTRY: Final = "is not an ISO 3166 country code"
_ADDRESS_LINES: Final = (
    "Dept", "SubDept", "BldgNm", "Flr", "PstBx", "Room", "TwnLctnNm", "DstrctNm", "CareOf", "UnitNb", "AdrLine",
)  # fmt: skip


def account_of(node: Node | None) -> str | None:
    """The number of an account: its IBAN or the bank's own."""
    if node is None:
        return None
    return node.text("Id", "IBAN") or node.text("Id", "Othr", "Id") or node.text("Prxy", "Id")


def party_of(node: Node | None) -> Party | None:
    """A party, in newer versions inside `Pty` (or `Agt`, where a bank is the party).

    A party that is known by a number only is named by it. None where there is neither.
    """
    if node is None:
        return None
    if (agent := node.find("Agt")) is not None:
        return bank_of(agent)
    party = node.find("Pty") or node
    identifiers = _party_identifiers(party)
    name = party.text("Nm")
    address = _address(party.find("PstlAdr"), party.find("CtryOfRes"))
    if name is None and not identifiers:
        for part in (party.find("PstlAdr"), party.find("CtryOfRes")):
            if part is not None:
                part.release()
        return None
    usccs = [code for code in (uscc_of(entry.value) for entry in identifiers) if code is not None]
    with party.located():
        return Party(
            name=name or identifiers[0].value,
            uscc=usccs[0] if usccs else None,
            identifiers=unique([entry for entry in identifiers if uscc_of(entry.value) not in usccs[:1]]),
            address=address,
            contact=_contact(party.find("CtctDtls")),
        )


def _party_identifiers(party: Node) -> list[Identifier]:
    found = []
    for name in ("AnyBIC", "BICOrBEI", "LEI"):
        found += [Identifier(scheme=name, value=value) for value in party.texts("Id", "OrgId", name)]
    for kind in ("OrgId", "PrvtId"):
        for entry in party.all("Id", kind, "Othr"):
            scheme = entry.text("SchmeNm", "Cd") or entry.text("SchmeNm", "Prtry") or entry.text("Issr")
            if (value := entry.text("Id")) is not None:
                found.append(Identifier(scheme=scheme, value=value))
    return found


def _address(node: Node | None, residence: Node | None) -> Address | None:
    """The postal address; the country of residence stands where the address names none."""
    address = Address()
    if node is not None:
        lines = [" ".join(node.texts("StrtNm") + node.texts("BldgNb"))]
        lines += [text for name in _ADDRESS_LINES for text in node.texts(name)]
        with node.located():
            address = Address(
                lines=tuple(line for line in lines if line),
                city=node.text("TwnNm"),
                postal_code=node.text("PstCd"),
                region=node.text("CtrySubDvsn"),
                country=node.converted(country_of, _NOT_A_COUNTRY, "Ctry"),
            )
    if residence is not None:
        country = country_of(residence.value() or "")
        if country is None or address.country not in (None, country):
            residence.release()
        else:
            address = address.model_copy(update={"country": country})
    return address if address != Address() else None


def _contact(node: Node | None) -> Contact | None:
    if node is None:
        return None
    with node.located():
        contact = Contact(
            name=node.text("Nm"),
            telephone=node.text("PhneNb") or node.text("MobNb"),
            fax=node.text("FaxNb"),
            email=node.text("EmailAdr"),
        )
    return contact if contact != Contact() else None


def bank_of(node: Node | None) -> Party | None:
    """A financial institution, named by its name, else by its BIC or clearing number."""
    if node is None:
        return None
    institution = node.find("FinInstnId") or node
    found = []
    for name in ("BICFI", "BIC"):
        found += [Identifier(scheme="BIC", value=value) for value in institution.texts(name)]
    for member in institution.all("ClrSysMmbId"):
        system = member.text("ClrSysId", "Cd") or member.text("ClrSysId", "Prtry")
        found += [Identifier(scheme=system, value=value) for value in member.texts("MmbId")]
    found += [Identifier(scheme="LEI", value=value) for value in institution.texts("LEI")]
    for other in institution.all("Othr"):
        scheme = other.text("SchmeNm", "Cd") or other.text("SchmeNm", "Prtry") or other.text("Issr")
        found += [Identifier(scheme=scheme, value=value) for value in other.texts("Id")]
    called = institution.text("Nm")
    if called is None and not found:
        return None
    with institution.located():
        return Party(
            name=called or found[0].value,
            identifiers=unique(found),
            address=_address(institution.find("PstlAdr"), None),
        )
