"""Parties and addresses of a FatturaPA."""

from __future__ import annotations

from eximledger.formats.text.values import country_of, uscc_of
from eximledger.formats.xml.parties import named_party
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Address, Contact, Identifier, Party

__all__ = ["address_of", "party_of"]

_CONTACT = ("Telefono", "Fax", "Email")


def party_of(node: Node | None) -> Party | None:
    """The party of `CedentePrestatore` and its like; None where there is none."""
    if node is None:
        return None
    data = node.find("DatiAnagrafici") or node
    called = data.find("Anagrafica") or Node("Anagrafica", {}, None)
    names = called.texts("Denominazione")
    if not names:
        person = " ".join(called.texts("Titolo") + called.texts("Nome") + called.texts("Cognome"))
        names = [person] if person else []
    party = named_party(
        node, names, _identifiers(data, called), address_of(node.find("Sede")), _contact(node), name=None
    )
    if party is None:
        node.release()
    return party


def _identifiers(data: Node, called: Node) -> list[Identifier]:
    found = []
    for node in data.all("IdFiscaleIVA"):
        country, code = node.text("IdPaese"), node.text("IdCodice")
        if code is not None:
            value = code if uscc_of(code) is not None else f"{country or ''}{code}"
            with node.located():
                found.append(Identifier(scheme="VAT", value=value))
    found += [Identifier(scheme="CodiceFiscale", value=value) for value in data.texts("CodiceFiscale")]
    found += [Identifier(scheme="EORI", value=value) for value in called.texts("CodEORI")]
    return found


def address_of(node: Node | None) -> Address | None:
    """A `Sede` or `IndirizzoResa`."""
    if node is None:
        return None
    street = " ".join(node.texts("Indirizzo") + node.texts("NumeroCivico"))
    with node.located():
        address = Address(
            lines=(street,) if street else (),
            city=node.text("Comune"),
            postal_code=node.text("CAP"),
            region=node.text("Provincia"),
            country=node.converted(country_of, "is not an ISO 3166 country code", "Nazione"),
        )
    return address if address != Address() else None


def _contact(node: Node) -> Contact | None:
    holder = node.find("Contatti")
    if holder is None:
        return None
    telephone, fax, email = (holder.text(name) for name in _CONTACT)
    with holder.located():
        contact = Contact(telephone=telephone, fax=fax, email=email)
    return contact if contact != Contact() else None
