"""What blocks hide, as the judge reads it: whose a collection is, and what a sealed position says.

Stated anew: nothing of `eximledger_chaincode` is imported here either.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.trust.adversary.chain import Committed
from tests.trust.adversary.people import Actor

__all__ = [
    "SEAL",
    "Consents",
    "Json",
    "Violation",
    "canonical",
    "json_of",
    "name_of",
    "require",
    "require_place",
    "unsealed",
]

_BY_BANKS: Final = frozenset({"authorisations", "copies"})
"""Contracts whose functions change what customs and SAFE have, called by banks."""
SEAL: Final = re.compile(rb"[0-9a-f]{64}")
Json = dict[str, Any]


class Violation(AssertionError):
    """Something was committed that must not have been, or refused that had to be taken."""


def require(holds: bool, *words: object) -> None:
    if not holds:
        raise Violation(" ".join(map(str, words)))


def require_place(committed: Committed, actor: Actor, collection: str) -> None:
    """Whose people may change a collection, by which functions."""
    use, _, bank = collection.partition("-")
    own = actor.msp_id == bank
    lawful = {
        "papers": own,
        "shared": own or actor.member in {"customs", "safe"},
        "matching": actor.member == "safe",
        "declarations": actor.member == "customs" or committed.function.partition(":")[0] in _BY_BANKS,
        "receipts": actor.member == "safe" or committed.function.partition(":")[0] in _BY_BANKS,
    }
    require(lawful.get(use, False), actor, "changed collection", collection, "by", committed.function)


def json_of(value: bytes | None) -> Json | None:
    """A value that is a JSON object; None for every other."""
    try:
        found = json.loads(value or b"")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def name_of(seal: str) -> str:
    """The public name of what is held of the declaration with this seal."""
    return hmac.digest(bytes.fromhex(seal), b"name of position", "sha256").hex()


def unsealed(seal: str, value: bytes) -> bytes:
    """What is held of it."""
    key = hmac.digest(bytes.fromhex(seal), b"value of position", "sha256")
    try:
        padded = AESGCM(key).decrypt(value[:12], value[12:], b"position")
    except InvalidTag:
        raise Violation("a position that its seal does not open") from None
    return padded[4 : 4 + int.from_bytes(padded[:4])]


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@dataclass
class Consents:
    """What exporters have signed, and what of it was filed."""

    signed: set[str] = field(default_factory=set)
    """As canonical JSON."""
    filed: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """By bank and exporter."""

    def allow(self, bank: str, exporter: str, day: date) -> bool:
        """Whether the exporter lets the bank read on that day."""
        return any(
            consent["authorisation"]["valid_from"] <= day.isoformat() <= consent["authorisation"]["valid_until"]
            and not consent.get("revoked_on")
            for consent in self.filed.get((bank, exporter), ())
        )

    def file(self, book: Json) -> None:
        """Just what exporters have signed is filed, each for the bank that it names. Raises `Violation`."""
        consents = [each["consent"] for each in book["consents"]]
        for consent in consents:
            paper = consent["authorisation"]
            require(consent["given"] == "signed", "a consent that nobody signed:", paper)
            require(canonical(paper) in self.signed, "a consent that its exporter never signed:", paper)
            require((paper["bank"], paper["exporter"]) == (book["bank"], book["exporter"]), "another's consent:", paper)
        self.filed[book["bank"], book["exporter"]] = consents
