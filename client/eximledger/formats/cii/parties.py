"""Trade parties of a Cross Industry Invoice."""

from __future__ import annotations

from typing import Final

from eximledger.formats.text.values import country_of
from eximledger.formats.xml.parties import named_party
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Address, Contact, Identifier, Party

__all__ = ["party_of"]

_TAX_SCHEMES: Final = {"VA": "VAT", "FC": "FC"}
"""UN/EDIFACT 1153: VA is the VAT number, FC the fiscal one."""


def party_of(node: Node | None, *, name: str | None = None) -> Party | None:
    """A trade party; `name` stands where the paper gives it none, else its first number. None where there is none."""
    if node is None:
        return None
    names = node.texts("Name") + node.texts("SpecifiedLegalOrganization", "TradingBusinessName")
    identifiers = _identifiers(node)
    address = _address(node.find("PostalTradeAddress"))
    contact = _contact(node.find("DefinedTradeContact"))
    other = name if address is not None or identifiers else None
    party = named_party(node, names, identifiers, address, contact, name=other)
    if party is None:
        node.release()
    return party


def _identifiers(node: Node) -> list[Identifier]:
    found = []
    places = (
        (("ID",), None),
        (("GlobalID",), None),
        (("SpecifiedLegalOrganization", "ID"), "CompanyID"),
        (("SpecifiedTaxRegistration", "ID"), None),
        (("URIUniversalCommunication", "URIID"), "EndpointID"),
    )
    for path, default in places:
        for entry in node.all(*path):
            scheme = entry.attribute("schemeID") or default
            if path[0] == "SpecifiedTaxRegistration":
                scheme = _TAX_SCHEMES.get(scheme or "", scheme)
            if (value := entry.value()) is not None:
                found.append(Identifier(scheme=scheme, value=value))
    return found


def _address(node: Node | None) -> Address | None:
    if node is None:
        return None
    lines = [text for name in ("LineOne", "LineTwo", "LineThree") for text in node.texts(name)]
    lines += node.texts("StreetName") + node.texts("BuildingNumber")
    with node.located():
        address = Address(
            lines=tuple(lines),
            city=node.text("CityName"),
            postal_code=node.text("PostcodeCode"),
            region=", ".join(node.texts("CountrySubDivisionName")) or None,
            country=node.converted(country_of, "is not an ISO 3166 country code", "CountryID"),
        )
    return address if address != Address() else None


def _contact(node: Node | None) -> Contact | None:
    if node is None:
        return None
    names = node.texts("PersonName") + node.texts("DepartmentName")
    with node.located():
        contact = Contact(
            name=", ".join(names) or None,
            telephone=node.text("TelephoneUniversalCommunication", "CompleteNumber"),
            fax=node.text("FaxUniversalCommunication", "CompleteNumber"),
            email=node.text("EmailURIUniversalCommunication", "URIID"),
        )
    return contact if contact != Contact() else None
