"""The parties named on papers: seller and buyer, shipper and consignee, payer."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger_chaincode.documents.parts.base import Value
from eximledger_chaincode.documents.parts.identifiers import Country, Text, Uscc

__all__ = ["Address", "Contact", "Identifier", "Party"]


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
