"""How a party of any XML paper comes to its name and its unified social credit code."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger.formats.text.values import unique, uscc_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Address, Contact, Identifier, Party

__all__ = ["named_party"]


def named_party(
    node: Node,
    names: Sequence[str],
    identifiers: Sequence[Identifier],
    address: Address | None,
    contact: Contact | None,
    *,
    name: str | None,
) -> Party | None:
    """The party of these names, else of its contact's, else of `name`, else of its first number; else there is none.

    An identifier that is a unified social credit code, of whatever scheme, becomes `uscc`.
    """
    if not names and contact is not None and contact.name is not None:
        names = [contact.name]
    if not names and name is not None:
        names = [name]
    if not names and identifiers:
        names = [identifiers[0].value]
    if not names:
        return None
    usccs = [code for code in (uscc_of(entry.value) for entry in identifiers) if code is not None]
    known = unique(names)
    with node.located():
        return Party(
            name=known[0],
            other_names=known[1:],
            uscc=usccs[0] if usccs else None,
            identifiers=unique([entry for entry in identifiers if uscc_of(entry.value) not in usccs[:1]]),
            address=address,
            contact=contact,
        )
