"""Whose paper it is. Paper numbers are unique only within the party that wrote them, so ids carry both."""

from __future__ import annotations

import re
from functools import lru_cache

from eximledger_chaincode.documents.parts.party import Party
from eximledger_chaincode.documents.parts.spelling import compared_name, filed_number
from hlf_chaincode.canonical import sha256_hex

__all__ = ["normal_name", "owned_id", "owner_key"]

_LEGAL_FORMS = re.compile(
    r"\b(co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh|ag|sa|srl|bv|nv|oy|ab|as|pte|pty|kk)\b"
)


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """A party's name as it is compared: `compared_name`, without the legal form."""
    text = compared_name(name)
    without_form = _LEGAL_FORMS.sub(" ", text)
    return " ".join((without_form if without_form.strip() else text).split())


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
