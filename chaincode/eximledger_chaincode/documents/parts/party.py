"""The parties named on papers: seller and buyer, shipper and consignee, payer; and whose paper it is.

Paper numbers are unique only within the party that wrote them, so ids carry both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from eximledger_chaincode.documents.parts.base import Value
from eximledger_chaincode.documents.parts.identifiers import Country, Text, Uscc
from eximledger_chaincode.documents.parts.names.countries import country_named
from eximledger_chaincode.documents.parts.names.name import normal_name
from eximledger_chaincode.documents.parts.names.spelling import capitals, compared_number, filed_number
from hlf_chaincode.canonical import sha256_hex

__all__ = ["Address", "Contact", "Identifier", "Party", "compared_id", "owned_id", "owner_key"]


class Identifier(Value):
    """A number that some register gave to a party or to goods: `{"scheme": "GLN", "value": "..."}`."""

    scheme: Text | None = None
    value: Text


class Address(Value):
    lines: tuple[Text, ...] = ()
    city: Text | None = None
    postal_code: Text | None = None
    region: Text | None = None
    country: Country | None = None
    identifiers: tuple[Identifier, ...] = ()
    """Numbers of the place itself, such as its GLN."""

    @property
    def named_countries(self) -> tuple[str, ...]:
        """Countries in which its words end, where it may state no code."""
        found = map(country_named, (*self.lines, self.city, self.region))
        return tuple(dict.fromkeys(each for each in found if each is not None))


class Contact(Value):
    name: Text | None = None
    telephone: Text | None = None
    fax: Text | None = None
    email: Text | None = None


class Party(Value):
    """A party by its name on the paper, its other names (registered, trading, Chinese) and its identifiers."""

    name: Text
    other_names: tuple[Text, ...] = ()
    uscc: Uscc | None = None
    identifiers: tuple[Identifier, ...] = ()
    address: Address | None = None
    contact: Contact | None = None
    representative: Text | None = None
    """Who signs for it: the legal representative (法定代表人), where the paper names one beside the contact."""

    def with_uscc(self, uscc: str) -> Party:
        """The same party under its USCC; one that names a USCC keeps it."""
        return self if self.uscc is not None else self.model_copy(update={"uscc": uscc})

    @property
    def names(self) -> Iterator[str]:
        """All names, the one on the paper first."""
        yield self.name
        yield from self.other_names

    @property
    def country(self) -> str | None:
        return self.address.country if self.address else None

    @property
    def countries(self) -> tuple[str, ...]:
        """Where it is, by its address and, of a bank, by its BIC (letters 5 and 6)."""
        codes = [capitals(each.value) for each in self.identifiers if capitals(each.scheme or "") in _BIC]
        stated = [code[4:6] for code in codes if _IS_BIC.fullmatch(code)]
        return tuple(dict.fromkeys(each for each in (self.country, *stated) if each))


_BIC: Final = frozenset({"BIC", "BICFI", "SWIFT", "SWIFT/BIC"})
_IS_BIC: Final = re.compile("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def owner_key(party: Party) -> str:
    """The party's USCC; for parties abroad, 16 hex digits of their first identifier or normal name."""
    if party.uscc is not None:
        return party.uscc
    named = (
        f"{party.identifiers[0].scheme or ''}:{party.identifiers[0].value}"
        if party.identifiers
        else normal_name(party.name)
    )
    return sha256_hex(named.encode())[:16].upper()


def owned_id(party: Party, number: str) -> str:
    """`OWNER:NUMBER`, the number as the paper has it: 2026/11-1 and 2026/1-11 are two papers."""
    return f"{owner_key(party)}:{filed_number(number)}"


def compared_id(id_: str) -> str:
    """An id with its number as two papers are compared by it: of a paper that another may spell otherwise."""
    owner, _, number = id_.partition(":")
    return f"{owner}:{compared_number(number)}"
