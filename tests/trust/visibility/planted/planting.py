"""What is planted: every secret with the kind of fact that it is, and the banks whose business it is."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from tests.trust.visibility.expectation import FACTS, Fact, Seer

from eximledger_chaincode.documents import CommercialInvoice, Document, Money, Party
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint
from eximledger_chaincode.lending.matching import likenesses
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["GUEST", "MSP", "Chance", "Planted", "Secret", "Subject", "is_due", "relation"]

GUEST: Final = "guestbank"
"""The third bank: a member like the others, authorised by no exporter."""
MSP: Final[Mapping[str, str]] = {
    "eximbank": "EximbankMSP",
    "tradebank": "TradebankMSP",
    GUEST: "GuestbankMSP",
    "safe": "SafeMSP",
    "customs": "CustomsMSP",
}
"""The members, and their MSP ids."""


FINGERPRINTED: Final = frozenset({"contract", "letter-of-credit", "invoice", "transport"})
"""Kinds of papers that the register of all banks may know again."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One value that must be held back: of what kind, where in the story, which banks it belongs to, and who may see it
    beside those that see its kind."""

    fact: Fact
    value: str | Decimal
    what: str
    banks: frozenset[str]
    also: frozenset[Seer] = frozenset()

    def __str__(self) -> str:
        return f"{self.what} ({self.value})"


def relation(member: str, banks: Iterable[str]) -> Seer:
    """Who a member is to what belongs to these banks."""
    if member in {"safe", "customs"}:
        return Seer(member.upper() if member == "safe" else member)
    if member in banks:
        return Seer.BANK
    return Seer.GUEST if member == GUEST else Seer.OTHER


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Something that can be asked for: the arguments that name it, by the names that functions give them.

    `decoy` names what there is not, in arguments of the same form: who may not see the one is answered as on the other.
    """

    fact: Fact
    what: str
    banks: frozenset[str]
    arguments: Mapping[str, object]
    decoy: Mapping[str, object]


def is_due(member: str, of: Secret | Subject) -> bool:
    """Whether a member may see that."""
    seer = relation(member, of.banks)
    return seer in FACTS[of.fact].seen_by or (isinstance(of, Secret) and seer in of.also)


@dataclass(slots=True)
class Planted:
    """All that the story has planted so far."""

    known: dict[tuple[Fact, str | Decimal], Secret] = field(default_factory=dict)
    subjects: list[Subject] = field(default_factory=list)
    documents: list[tuple[Document, frozenset[str]]] = field(default_factory=list)
    values: list[tuple[bytes, str, frozenset[str]]] = field(default_factory=list)
    """Whole values as a contract may have written them, of which a plain hash would be a leak."""

    @property
    def secrets(self) -> list[Secret]:
        return list(self.known.values())

    def plant(
        self,
        fact: Fact,
        what: str,
        value: str | Decimal | Money,
        banks: Iterable[str],
        also: Iterable[Seer] = (),
    ) -> None:
        """What two banks each have of themselves is no secret between them."""
        kept = value.amount if isinstance(value, Money) else value
        before = self.known.get((fact, kept))
        owners = frozenset(banks) | (before.banks if before else frozenset())
        self.known[fact, kept] = Secret(fact, kept, what, owners, frozenset(also))

    def plant_party(self, fact: Fact, what: str, party: Party, banks: Iterable[str]) -> None:
        for name in party.names:
            self.plant(fact, f"{what}'s name", name, banks)
        if party.uscc is not None:
            self.plant(fact, f"{what}'s USCC", party.uscc, banks)

    def document(self, document: Document, banks: Iterable[str]) -> None:
        """A document that is filed: its plain hash is a secret too, and so are those of its traits."""
        holders = frozenset(banks)
        name = f"{document.KIND} {document.number}"
        also = [Seer.CUSTOMS] if document.KIND == "declaration" else []
        self.documents.append((document, holders))
        self.values.append((canonical_json(document), name, holders))
        self.plant(Fact.FINGERPRINT, f"hash of {name}", sha256_hex(canonical_json(document)), holders, also)
        if document.KIND in FINGERPRINTED:
            made = fingerprint(document)
            for _, value in likenesses(made):
                self.plant(Fact.FINGERPRINT, f"fingerprint of {name}", value, holders)

    def invoice_of(self, bank: str) -> CommercialInvoice:
        """The first invoice that this bank alone has."""
        return next(each for each, banks in self.documents if isinstance(each, CommercialInvoice) and banks == {bank})

    def answer(self, what: str, value: object, banks: Iterable[str]) -> None:
        """A record or loan as the ledger gave it out."""
        self.values.append((canonical_json(value), what, frozenset(banks)))


class Chance:
    """Values that nobody hits upon by accident, the same in every run."""

    def __init__(self, seed: int = 20261127) -> None:
        self._random = random.Random(seed)

    def amount(self, least: int, most: int) -> Decimal:
        """With digits behind the point that are not zero."""
        return Decimal(self._random.randrange(least, most)) + Decimal(self._random.randrange(11, 99)) / 100

    def number(self, prefix: str, digits: int = 10) -> str:
        """A paper's number: no zero in front, none at the end."""
        return f"{prefix}{self._random.randrange(10 ** (digits - 1), 10**digits) | 1}"

    def token(self) -> str:
        return f"{self._random.getrandbits(48):012x}"

    def percent(self, least: int, most: int) -> Decimal:
        """With nine digits that nobody chooses."""
        return Decimal(self._random.randrange(least * 10**9, most * 10**9) | 1) / 10**9
