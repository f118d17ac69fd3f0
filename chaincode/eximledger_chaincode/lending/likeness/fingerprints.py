"""Fingerprints: how the register of all banks knows a paper again without knowing the paper.

Five SHA-256 hashes of a paper's four traits (number, amount, date, parties): of all of them, and of all but one each.
Two papers are the same when the first agrees, and suspiciously alike when any other does. A transport document's
containers have hashes of their own: of the voyage that each is on, and of every week that it is under way.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

from eximledger_chaincode.documents import (
    LOAN_KINDS,
    Document,
    LoanApplication,
    Party,
    TolerancePolicy,
    TransportDocument,
    Value,
    compared_name,
    normal_name,
)
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.likeness.once import OncePerPaper
from eximledger_chaincode.lending.likeness.voyages import Voyage, voyage_of
from hlf_chaincode.canonical import Json, decimal_text, plain_json, sha256_hex
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.wording import with_article

__all__ = [
    "ContainerHashes",
    "Fingerprint",
    "Similarity",
    "all_but_number",
    "fingerprint",
    "registered_numbers",
]


class Similarity(StrEnum):
    """How a registered paper resembles one of the case: in everything, in all but one of four traits, or in a container
    that both have on one sailing or under way at one time."""

    EXACT = "exact"
    ALL_BUT_NUMBER = "all-but-number"
    ALL_BUT_AMOUNT = "all-but-amount"
    ALL_BUT_DATE = "all-but-date"
    ALL_BUT_PARTIES = "all-but-parties"
    SAME_SAILING = "same-sailing"
    UNDER_WAY = "under-way"


class ContainerHashes(Value):
    """One container of a transport document: by its voyage, where the paper names vessel and voyage, and by every week
    in which it is under way."""

    number: str
    sailing: Hex256 | None = None
    weeks: tuple[Hex256, ...] = ()


class Fingerprint(Value):
    """The hashes of one paper; but for the numbers of containers nothing of the paper can be read from them."""

    kind: str
    exact: Hex256
    all_but_number: Hex256
    all_but_amount: Hex256
    all_but_date: Hex256
    all_but_parties: Hex256
    containers: tuple[ContainerHashes, ...] = ()

    @property
    def digest(self) -> str:
        """One hash of all of them."""
        if not self.containers:
            return self.exact
        return sha256_hex(plain_json([self.exact, [each.model_dump(mode="json") for each in self.containers]]))

    @property
    def lookups(self) -> int:
        """What looking it up counts for: whoever asks of a container asks one thing more."""
        return 1 + len(self.containers)


_PARTS: Final = re.compile(r"[0-9]+|[^0-9 ]+")
"""Of a paper's number: COSU6301 and COSU 6301 are one, for letters part from digits by themselves; digits are parted
where the paper parts them: 2026/11-1 is not 2026/1-11."""


def _party(party: Party | None) -> str:
    return "" if party is None else party.uscc or normal_name(party.name)


def _traits(document: Document) -> dict[str, Json]:
    traits = document.traits
    if traits is None:
        raise InvalidDocument(f"{with_article(document.KIND)} has no fingerprint")
    names: list[Json] = [*sorted(_party(party) for party in traits.parties)]
    day = document.dated
    return {
        "number": " ".join(_PARTS.findall(compared_name(document.number))),
        "amount": [decimal_text(part) if isinstance(part, Decimal) else part for part in traits.measure],
        "date": "" if day is None else day.isoformat(),
        "parties": names,
    }


def _digest(kind: str, traits: dict[str, Json], without: str | None) -> str:
    kept = {name: value for name, value in traits.items() if name != without}
    return sha256_hex(plain_json([kind, without or "", kept]))


def fingerprint(document: Document) -> Fingerprint:
    """The fingerprint of a paper; `InvalidDocument` for a kind that has none."""
    return _fingerprints(document)


def _fingerprint(document: Document) -> Fingerprint:
    kind, traits = document.KIND, _traits(document)
    return Fingerprint(
        kind=kind,
        exact=_digest(kind, traits, None),
        all_but_number=_digest(kind, traits, "number"),
        all_but_amount=_digest(kind, traits, "amount"),
        all_but_date=_digest(kind, traits, "date"),
        all_but_parties=_digest(kind, traits, "parties"),
        containers=_containers(document) if isinstance(document, TransportDocument) else (),
    )


_fingerprints = OncePerPaper(_fingerprint)


def _containers(bill: TransportDocument) -> tuple[ContainerHashes, ...]:
    voyage = voyage_of(bill)
    return tuple(_of_container(number, voyage) for number in sorted({each.number for each in bill.containers}))


def _of_container(number: str, voyage: Voyage) -> ContainerHashes:
    return ContainerHashes(
        number=number,
        sailing=None if voyage.sailing is None else sha256_hex(plain_json(["sailing", number, *voyage.sailing])),
        weeks=tuple(sha256_hex(plain_json(["week", number, week])) for week in voyage.weeks),
    )


def all_but_number(document: Document) -> str:
    """The one of the five hashes that a paper under two numbers keeps."""
    return _digest(document.KIND, _traits(document), "number")


def registered_numbers(application: LoanApplication, policy: TolerancePolicy) -> dict[str, tuple[str, ...]]:
    """By kind the papers of an application that the register of all banks is to know, by their numbers: those of the
    kinds that policy says, and what a packing loan is on, whatever policy says."""
    found = {
        kind.name: application.named(kind.field)
        for kind in LOAN_KINDS
        if kind.fingerprinted and kind.name in policy.fingerprinted
    }
    for item in application.frames:
        found[item.kind] = (*found.get(item.kind, ()), item.number)
    return found
