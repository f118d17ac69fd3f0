"""Hits: where a subject of a case meets an entry of a list, how well, in what, and what two persons cleared of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from eximledger_chaincode.documents import Identifier, Value, compared_name
from eximledger_chaincode.documents.parts.base import Count, First, Flag, Moment, Whole
from eximledger_chaincode.documents.parts.record import Hex256, Record
from eximledger_chaincode.documents.published.watch_list import (
    LegalForce,
    ListedKind,
    ListedName,
    ListId,
    OwnWatchList,
    WatchEntry,
    WatchList,
)
from eximledger_chaincode.lending.loan import LoanId
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.keys import number_of
from eximledger_chaincode.lending.screening.names import readings_of
from eximledger_chaincode.lending.screening.scoring import EQUAL, alike
from eximledger_chaincode.lending.screening.subjects import Subject, SubjectKind
from eximledger_chaincode.lending.steps import Reason
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = [
    "Cleared",
    "Clearing",
    "Directory",
    "Hit",
    "HitBasis",
    "Screened",
    "Trait",
    "hit_of",
]

_TELLING_NUMBER: Final = 15
"""So long a number is one person's the world over: a USCC, a LEI, an IBAN."""
_WORLDWIDE: Final = frozenset({"USCC", "LEI", "BIC", "SWIFT", "SWIFT/BIC", "IMO"})


class HitBasis(StrEnum):
    """What of an entry agrees."""

    NUMBER = "number"
    SHIP = "ship"
    NAME = "name"
    COUNTRY = "country"
    PORT = "port"
    GOODS = "goods"


class Trait(StrEnum):
    """What agrees beside a name, or a number that more than one may have."""

    COUNTRY = "country"
    PLACE = "place"
    """City or postal code."""
    NAME = "name"
    """Another of its names, or with a number any."""
    NUMBER = "number"


class Hit(Value):
    """One subject and one entry. `key` names just this pair as both are now: what is cleared is cleared for it."""

    subject: Hex256
    own: ListedName
    """What papers call the subject."""
    list_id: ListId
    force: LegalForce
    entry_id: str
    entry: ListedName
    """The entry's name that agrees."""
    entry_sha256: Hex256
    basis: HitBasis
    score: Annotated[Whole, Field(ge=0, le=100)]
    traits: tuple[Trait, ...] = ()
    certain: Flag = False
    """Whether what agrees can be no other's: a worldwide number, a ship's, a country's or port's code."""
    programmes: tuple[ListedName, ...] = ()

    @property
    def key(self) -> str:
        return sha256_hex(canonical_json([self.list_id, self.entry_id, self.entry_sha256, self.subject]))

    @property
    def is_the_same(self) -> bool:
        """Whether it is whom the list means: by number or code, or by name and country with one more trait."""
        if self.certain:
            return True
        beside = set(self.traits) - {Trait.COUNTRY}
        return self.score == EQUAL and Trait.COUNTRY in self.traits and bool(beside)


class Clearing(Value):
    """What one person proposed and another confirmed: that a subject is not whom an entry means. It holds until either
    changes; `confirmed_by` is None while it waits."""

    kind: Literal["clearing"] = "clearing"
    schema_version: First = 1
    hit: Hit
    loan_id: LoanId
    reason: Reason
    proposed_by: Person
    proposed_at: Moment
    confirmed_by: Person | None = None
    confirmed_at: Moment | None = None

    @property
    def key(self) -> str:
        return self.hit.key

    @property
    def sha256(self) -> str:
        """What the second person names."""
        told = [self.key, self.loan_id, self.reason, self.proposed_by]
        return sha256_hex(canonical_json(told))


class Cleared(Value):
    """What a bank cleared, or means to, for one subject."""

    kind: Literal["cleared"] = "cleared"
    schema_version: First = 1
    clearings: Annotated[tuple[Clearing, ...], Field(max_length=1000)] = ()


class Directory(Value):
    """The lists that hold or will hold: SAFE's on its channel, or a bank's own; and how often the bank cleared."""

    kind: Literal["watch-lists"] = "watch-lists"
    schema_version: First = 1
    shared: tuple[Record[WatchList], ...] = ()
    own: tuple[Record[OwnWatchList], ...] = ()
    clearings: Count = 0

    @property
    def headings(self) -> tuple[WatchList, ...]:
        """Of all editions."""
        shared = tuple(record.document for record in self.shared)
        return (*shared, *(record.document for record in self.own))


class Screened(Value):
    """What one channel answers to a case's subjects: by which lists, and the hits. Of its own lists a bank's answer
    holds also what it cleared for these subjects."""

    lists: tuple[Record[WatchList], ...] = ()
    own_lists: tuple[Record[OwnWatchList], ...] = ()
    hits: tuple[Hit, ...] = ()
    omitted: Count = 0
    """Hits beyond those told, the least alike."""
    clearings: tuple[Clearing, ...] = ()


# -- from an entry to a hit --------------------------------------------------------------------------------------------


def hit_of(subject: Subject, entry: WatchEntry, sha256: str, found_in: WatchList, least: int) -> Hit | None:
    """Whether, and how well, a subject meets an entry that was looked up for it; None for less than `least` percent."""
    found = _by_code(subject, entry) or _by_number(subject, entry) or _by_name(subject, entry, least)
    if found is None:
        return None
    basis, score, own, name, certain, traits = found
    return Hit(
        subject=subject.digest, own=own[:500] or "-", list_id=found_in.list_id, force=found_in.force,
        entry_id=entry.entry_id, entry=name[:500], entry_sha256=sha256, basis=basis, score=score,
        traits=tuple(sorted(set(traits))), certain=certain, programmes=entry.programmes[:5],
    )  # fmt: skip


_Found = tuple[HitBasis, int, str, str, bool, Sequence[Trait]]


def _by_code(subject: Subject, entry: WatchEntry) -> _Found | None:
    code = subject.code or ""
    if subject.kind is SubjectKind.COUNTRY and entry.kind is ListedKind.COUNTRY and code in entry.countries:
        return HitBasis.COUNTRY, EQUAL, code, entry.name, True, ()
    if subject.kind is SubjectKind.PORT and code in entry.ports:
        return HitBasis.PORT, EQUAL, code, entry.name, True, ()
    if subject.kind is SubjectKind.GOODS and any(code.startswith(each) for each in entry.hs_codes):
        return HitBasis.GOODS, EQUAL, code, entry.name, False, ()
    ships = {each.value for each in subject.identifiers if each.scheme == "IMO"}
    if entry.imo_number is not None and entry.imo_number in ships:
        return HitBasis.SHIP, EQUAL, subject.called, entry.name, True, ()
    return None


def _by_number(subject: Subject, entry: WatchEntry) -> _Found | None:
    theirs = {number: each for each in entry.identifiers if (number := number_of(each)) is not None}
    for ours in subject.identifiers:
        number = number_of(ours)
        other = theirs.get(number) if number is not None and ours.scheme != "IMO" else None
        if number is None or other is None:
            continue
        traits = [*_traits(subject, entry)]
        if any(_best(name, entry.names)[0] >= 80 for name in subject.names):
            traits.append(Trait.NAME)
        certain = _is_worldwide(number, ours, other) or Trait.COUNTRY in traits or Trait.NAME in traits
        return HitBasis.NUMBER, EQUAL, subject.called, entry.name, certain, traits
    return None


def _is_worldwide(number: str, ours: Identifier, theirs: Identifier) -> bool:
    schemes = {(ours.scheme or "").upper(), (theirs.scheme or "").upper()}
    return len(number) >= _TELLING_NUMBER or bool(schemes & _WORLDWIDE)


def _by_name(subject: Subject, entry: WatchEntry, least: int) -> _Found | None:
    ship = subject.kind is SubjectKind.VESSEL
    if not (_may_be_ship(entry) if ship else entry.kind is not ListedKind.VESSEL):
        return None
    if ship and entry.imo_number and any(each.scheme == "IMO" for each in subject.identifiers):
        return None  # numbered otherwise: another ship of that name
    traits = [*_traits(subject, entry)]
    found = [(*_best(name, entry.names), name) for name in subject.names]
    if Trait.COUNTRY in traits:
        found += [(*_best(name, entry.weak_aliases), name) for name in subject.names]
    score, theirs, ours = max(found, default=(0, "", ""), key=lambda each: each[0])
    if score < (EQUAL if ship else least):
        return None
    if len({other for value, other, _ in found if value == EQUAL}) > 1:
        traits.append(Trait.NAME)
    return HitBasis.NAME, score, ours, theirs, False, traits


def _may_be_ship(entry: WatchEntry) -> bool:
    return entry.kind is ListedKind.VESSEL or entry.imo_number is not None


def _best(name: str, names: Iterable[str]) -> tuple[int, str]:
    """The most alike of an entry's names."""
    ours = readings_of(name)
    scored = [(alike(one, other), each) for each in names for other in readings_of(each) for one in ours]
    return max(scored, default=(0, ""), key=lambda each: each[0])


def _traits(subject: Subject, entry: WatchEntry) -> Iterable[Trait]:
    countries = {*entry.countries, *(place.country for place in entry.places)}
    if subject.country is not None and subject.country in countries:
        yield Trait.COUNTRY
    named = {compared_name(each) for place in entry.places for each in (place.city, place.postal_code) if each}
    if named & set(subject.places):
        yield Trait.PLACE
