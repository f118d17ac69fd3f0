"""Parties, addresses and identifiers of UBL papers. Source: OASIS UBL 2.1, common library."""

from __future__ import annotations

from typing import Final

from eximledger.formats.text.values import country_of, unique
from eximledger.formats.xml.parties import named_party
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Address, Contact, Identifier, Party

__all__ = ["address_of", "country_at", "delivered_to", "identifier_at", "party_of"]

_NOT_A_COUNTRY: Final = "is not an ISO 3166 country code"


def identifier_at(node: Node, *names: str, scheme: str | None = None) -> list[Identifier]:
    """Identifiers at the path; the scheme is the paper's own, else `scheme`."""
    found = []
    for each in node.all(*names):
        own = each.attribute("schemeID")
        if value := each.value():
            with each.located():
                found.append(Identifier(scheme=own or scheme, value=value))
    return found


def country_at(node: Node, *names: str) -> str | None:
    """The country at the path, by its code; its name beside the code says the same."""
    country = node.find(*names)
    if country is None:
        return None
    code = country.converted(country_of, _NOT_A_COUNTRY, "IdentificationCode")
    if code is not None:
        country.take("Name")
    return code


def address_of(node: Node | None) -> Address | None:
    """An address; None where it holds nothing."""
    if node is None:
        return None
    street = [" ".join(node.texts("StreetName") + node.texts("BuildingNumber"))]
    for name in ("AdditionalStreetName", "BuildingName", "BlockName", "Floor", "Room", "PlotIdentification"):
        street += node.texts(name)
    for name in ("Department", "InhouseMail", "MarkAttention", "MarkCare", "CitySubdivisionName", "District"):
        street += node.texts(name)
    street += node.texts("AddressLine", "Line")
    street += [f"P.O. Box {box}" for box in node.texts("Postbox")]
    region = unique(node.texts("CountrySubentity") + node.texts("CountrySubentityCode") + node.texts("Region"))
    with node.located():
        address = Address(
            lines=tuple(line for line in street if line),
            city=node.text("CityName"),
            postal_code=node.text("PostalZone"),
            region=", ".join(region) or None,
            country=country_at(node, "Country"),
            identifiers=tuple(identifier_at(node, "ID")),
        )
    return address if address != Address() else None


def _located_address(address: Address | None, identifiers: list[Identifier]) -> Address | None:
    """The address together with the numbers of its place."""
    if not identifiers:
        return address
    known = address or Address()
    return known.model_copy(update={"identifiers": unique([*known.identifiers, *identifiers])})


def _contact_of(party: Node) -> Contact | None:
    node = party.find("Contact")
    persons = [
        " ".join(p.texts("Title") + p.texts("FirstName") + p.texts("MiddleName") + p.texts("FamilyName"))
        for p in party.all("Person")[:1]
    ]
    person = next(iter(persons), "") or None
    if node is None:
        return Contact(name=person) if person else None
    name = node.text("Name")
    if name is None:
        name = person or node.text("ID")
    elif person is not None and person != name:
        name = f"{name}, {person}"
    with node.located():
        contact = Contact(
            name=name,
            telephone=node.text("Telephone"),
            fax=node.text("Telefax"),
            email=node.text("ElectronicMail"),
        )
    return contact if contact != Contact() else None


def _party_identifiers(party: Node, account_holder: Node) -> list[Identifier]:
    found = identifier_at(party, "PartyIdentification", "ID")
    for legal in party.all("PartyLegalEntity"):
        found += identifier_at(legal, "CompanyID", scheme="CompanyID")
    for tax in party.all("PartyTaxScheme"):
        scheme = tax.text("TaxScheme", "ID") or tax.text("TaxScheme", "TaxTypeCode") or tax.text("TaxScheme", "Name")
        found += identifier_at(tax, "CompanyID", scheme=scheme)
        if (kind := tax.find("TaxScheme", "TaxTypeCode")) is not None and kind.value() not in (scheme or "").split():
            kind.release()
    found += identifier_at(party, "EndpointID", scheme="EndpointID")
    if account_holder is not party:
        for name in ("CustomerAssignedAccountID", "SupplierAssignedAccountID", "AdditionalAccountID"):
            found += identifier_at(account_holder, name, scheme=name)
    return found


def party_of(node: Node | None, *, name: str | None = None) -> Party | None:
    """A party, given as `cac:Party` itself or as the element around it; None where there is none.

    Its name is that of `PartyName`, else the registered one, else the person's; `name` stands where there is none of
    these. A party known by a number only is named by it; one with neither is given back as unread.
    """
    if node is None:
        return None
    party = node.find("Party") or node
    names = party.texts("PartyName", "Name") + party.texts("PartyLegalEntity", "RegistrationName")
    names += party.texts("PartyTaxScheme", "RegistrationName")
    contact = _contact_of(party)
    identifiers = _party_identifiers(party, node)
    address = address_of(party.find("PostalAddress")) or address_of(party.find("PhysicalLocation", "Address"))
    if address is None and (registered := party.find("PartyLegalEntity", "RegistrationAddress")) is not None:
        address = address_of(registered)
    found = named_party(party, names, identifiers, address, contact, name=name)
    if found is None:
        node.release()
    return found


def delivered_to(delivery: Node, name: str | None) -> Party | None:
    """Who takes the goods of a `cac:Delivery`, and where; an address without a name is that of `name`."""
    address = address_of(delivery.find("DeliveryAddress"))
    place = delivery.find("DeliveryLocation")
    if place is not None:
        address = _located_address(address or address_of(place.find("Address")), identifier_at(place, "ID"))
    party = party_of(delivery.find("DeliveryParty"), name=name)
    if party is None and address is not None and name is not None:
        party = Party(name=name)
    if party is not None and address is not None:
        return party.model_copy(update={"address": address})
    return party
