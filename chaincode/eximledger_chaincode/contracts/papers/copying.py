"""Copies: what a bank is shown of an exporter's documents, kept up by the transactions that change them.

A bank asks for copies once (`pulling`); from then on whoever files brings them up in the same transaction, as long as
the exporter's consent holds, and for declarations that the bank's loans hold until these are closed. A copy stands
under the same name as what it is of, in the bank's `shared-{MSP}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from pydantic import Field

from eximledger_chaincode.contracts.papers.consents import KeptDeclarations, Reader, read_standing
from eximledger_chaincode.contracts.state.indexes import list_of
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    audience_key,
    copied_key,
    document_key,
    following_key,
    seal_key,
)
from eximledger_chaincode.contracts.state.lists import PRESENT, row_key
from eximledger_chaincode.contracts.state.names import shared_with
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.shelves import Shelf
from eximledger_chaincode.contracts.state.vault import KeyReader, Vault, open_vault
from eximledger_chaincode.documents import Entry, Value
from eximledger_chaincode.documents.parts.base import First
from eximledger_chaincode.documents.parts.identifiers import MspId, Uscc
from eximledger_chaincode.lending.consent import Scope
from hlf_chaincode.contract import Context
from hlf_chaincode.stub import split_composite_key

__all__ = [
    "Audience",
    "Change",
    "Copied",
    "Following",
    "copies_list",
    "copy_on",
    "put_copies",
    "read_audience",
    "unfollowed",
]

SCOPE_OF_KIND: Final[Mapping[str, Scope]] = {
    "declaration": "declarations",
    "receipt": "receipts",
    "classification": "classification",
    "total-difference": "classification",
}
_OF_THE_EXPORTER: Final = frozenset({"classification", "total-difference"})
"""Kinds of which whoever is shown the exporter's sums is shown every new document."""
_SCOPE_OF_SUM: Final[Mapping[str, Scope]] = {
    "declared": "declarations",
    "declared-parts": "declarations",
    "classes": "classification",
    "differences": "classification",
    "received": "receipts",
    "received-parts": "receipts",
    "unallocated": "receipts",
    "receipts-of-invoice": "receipts",
    "receipts-of-declaration": "receipts",
}
"""What of an exporter a sum tells; the other sums are their writer's own."""
_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Following(Value):
    """The banks that have a copy of one document, and as whose document each had it."""

    kind: Literal["following"] = "following"
    schema_version: First = 1
    banks: dict[MspId, Uscc] = Field(default_factory=dict)


class Audience(Value):
    """The banks that are shown an exporter's sums, and the declarations that each one's loans hold."""

    kind: Literal["audience"] = "audience"
    schema_version: First = 1
    banks: dict[MspId, KeptDeclarations] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One document that was filed: its entry, what is written of it, whose it was before, the declarations it names."""

    entry: Entry
    writes: Mapping[str, bytes]
    exporter_before: str | None
    declarations: tuple[str, ...] = ()


@dataclass(slots=True)
class _Parcels:
    """What each bank gets, by key; None takes a copy away."""

    of_banks: dict[str, dict[str, bytes | None]] = field(default_factory=dict)
    exporters: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, bank: str, exporter: str, writes: Mapping[str, bytes | None]) -> None:
        self.of_banks.setdefault(bank, {}).update(writes)
        self.exporters |= {(bank, key): exporter for key in writes}


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one bank might get: by consent in a scope, or because its loan holds one of the declarations."""

    bank: str
    exporter: str
    scope: Scope
    declarations: frozenset[str]
    writes: Mapping[str, bytes | None]


async def read_audience(reader: KeyReader, exporter: str) -> Audience:
    """The banks that are shown an exporter's sums."""
    (stored,) = await reader.get_many([audience_key(exporter)])
    return Audience() if stored is None else decode(Audience, stored)


def copies_list(exporter: str) -> str:
    """The list of everything that a bank has of an exporter, by which it is purged."""
    return f"copies {exporter}"


async def copy_on(context: Context, main: Shelf, changes: Sequence[Change], sums: Mapping[str, bytes | None]) -> None:
    """Bring up every copy of what this transaction changes."""
    audiences = await _audiences(main, changes, sums)
    followings = await _followings(main, changes, sums)
    new = _new_of_exporters(changes, audiences)
    followings |= new
    await main.put_many({key: encode(following) for key, following in new.items()})
    offers = [*_of_documents(changes, followings), *_of_sums(sums, audiences, followings)]
    readers = sorted({(each.exporter, each.bank, each.scope) for each in offers})
    standing = await read_standing(context, readers)
    parcels = _Parcels()
    for offer in offers:
        reader: Reader = (offer.exporter, offer.bank, offer.scope)
        if standing[reader] or offer.declarations & _kept(audiences, offer):
            parcels.add(offer.bank, offer.exporter, offer.writes)
    for bank, exporter, change in _taken_over(changes, followings):
        parcels.add(bank, exporter, dict.fromkeys(_copies_of(change.entry, exporter)))
    for bank in sorted(parcels.of_banks):
        await _deliver(context, bank, parcels, [each.entry for each in changes])


def _new_of_exporters(changes: Sequence[Change], audiences: Mapping[str, Audience]) -> dict[str, Following]:
    """Who follows new documents on an exporter itself: nobody could have pulled them yet, and a bank that decided by an
    older class would not know it."""
    new: dict[str, Following] = {}
    for each in changes:
        exporter = each.entry.exporter
        is_new = each.entry.version == 1 and each.entry.kind in _OF_THE_EXPORTER
        if is_new and exporter is not None and exporter in audiences:
            banks = dict.fromkeys(sorted(audiences[exporter].banks), exporter)
            new[following_key(each.entry.kind, each.entry.id)] = Following(banks=banks)
    return new


def _kept(audiences: Mapping[str, Audience], offer: _Offer) -> frozenset[str]:
    audience = audiences.get(offer.exporter)
    kept = audience.banks.get(offer.bank) if audience is not None else None
    return frozenset() if kept is None else frozenset(kept.numbers)


async def _audiences(
    main: KeyReader, changes: Sequence[Change], sums: Mapping[str, bytes | None]
) -> dict[str, Audience]:
    exporters = {each.entry.exporter for each in changes} | {each.exporter_before for each in changes}
    exporters |= {split_composite_key(key)[1][0] for key in sums if split_composite_key(key)[0] in _SCOPE_OF_SUM}
    wanted = sorted(each for each in exporters if each)
    stored = await main.get_many([audience_key(each) for each in wanted])
    return {
        exporter: decode(Audience, value) for exporter, value in zip(wanted, stored, strict=True) if value is not None
    }


async def _followings(
    main: KeyReader, changes: Sequence[Change], sums: Mapping[str, bytes | None]
) -> dict[str, Following]:
    """By the key of the document followed; new documents have no followers."""
    wanted = {following_key(each.entry.kind, each.entry.id) for each in changes if each.entry.version > 1}
    for key in sums:
        name, attributes = split_composite_key(key)
        if name == "receipts-of-declaration":
            wanted.add(following_key("declaration", attributes[1]))
    keys = sorted(wanted)
    stored = await main.get_many(keys)
    return {key: decode(Following, value) for key, value in zip(keys, stored, strict=True) if value is not None}


def _of_documents(changes: Sequence[Change], followings: Mapping[str, Following]) -> list[_Offer]:
    offers = []
    for change in changes:
        entry = change.entry
        following = followings.get(following_key(entry.kind, entry.id), Following())
        named = frozenset({entry.id} if entry.kind == "declaration" else change.declarations)
        offers += [
            _Offer(bank, exporter, SCOPE_OF_KIND[entry.kind], named, change.writes)
            for bank, exporter in sorted(following.banks.items())
            if exporter == entry.exporter
        ]
    return offers


def _of_sums(
    sums: Mapping[str, bytes | None], audiences: Mapping[str, Audience], followings: Mapping[str, Following]
) -> list[_Offer]:
    offers = []
    for key, value in sorted(sums.items()):
        name, attributes = split_composite_key(key)
        scope = _SCOPE_OF_SUM.get(name)
        if scope is None:
            continue
        owner = attributes[0]
        named = frozenset(attributes[1:2]) if name == "receipts-of-declaration" else frozenset()
        if owner != NOBODY:
            banks = [(bank, owner) for bank in sorted(audiences.get(owner, Audience()).banks)]
        else:
            followers = [followings.get(following_key("declaration", each), Following()) for each in sorted(named)]
            banks = [pair for each in followers for pair in sorted(each.banks.items())]
        offers += [_Offer(bank, exporter, scope, named, {key: value}) for bank, exporter in banks]
    return offers


def _taken_over(changes: Sequence[Change], followings: Mapping[str, Following]) -> list[tuple[str, str, Change]]:
    """Banks whose copy is of a document that is another exporter's now."""
    return [
        (bank, exporter, change)
        for change in changes
        for bank, exporter in sorted(
            followings.get(following_key(change.entry.kind, change.entry.id), Following()).banks.items()
        )
        if exporter != change.entry.exporter
    ]


def _copies_of(entry: Entry, exporter: str) -> list[str]:
    """All that a bank has of one document beside sums."""
    keys = [document_key(entry.kind, entry.id)]
    if entry.kind == "declaration":
        keys += [seal_key(exporter, entry.id), copied_key(exporter, entry.kind, entry.id)]  # of earlier pulls
    return keys


async def _deliver(context: Context, bank: str, parcels: _Parcels, entries: Sequence[Entry]) -> None:
    copies = await open_vault(context, shared_with(bank))
    by_exporter: dict[str, dict[str, bytes | None]] = {}
    for key, value in parcels.of_banks[bank].items():
        by_exporter.setdefault(parcels.exporters[bank, key], {})[key] = value
    for exporter in sorted(by_exporter):
        await put_copies(context, copies, exporter, by_exporter[exporter])
    listed: dict[str, bytes] = {}
    for entry in entries:
        if entry.version == 1 and document_key(entry.kind, entry.id) in parcels.of_banks[bank]:
            listed |= document_rows(copies, entry)
    if listed:
        await context.stub.put_states(listed)


async def put_copies(context: Context, copies: Vault, exporter: str, writes: Mapping[str, bytes | None]) -> None:
    """Write copies of what is an exporter's, each with the row by which it is found when all is purged."""
    present = {key: value for key, value in writes.items() if value is not None}
    await copies.put_many(present)
    await copies.delete(sorted(writes.keys() - present.keys()))
    rows = {row_key(copies, copies_list(exporter), _ALWAYS, key): PRESENT for key in sorted(present)}
    await context.stub.put_states(rows)


def document_rows(copies: Vault, entry: Entry) -> dict[str, bytes]:
    """The rows by which a copied document is listed."""
    key = document_key(entry.kind, entry.id)
    names = [list_of(entry.kind)] + ([list_of(entry.kind, entry.exporter)] if entry.exporter else [])
    return {row_key(copies, name, entry.filed_at, key): PRESENT for name in names}


class Copied(Value):
    """That a bank has all that the writer knows of one declaration or invoice of an exporter."""

    kind: Literal["copied"] = "copied"
    schema_version: First = 1
    what: Literal["declaration", "invoice", "sums"]
    number: str = ""


def unfollowed(stored: bytes, bank: str) -> bytes:
    """The followers of a document without one."""
    before = decode(Following, stored)
    return encode(
        before.model_copy(update={"banks": {each: whose for each, whose in before.banks.items() if each != bank}})
    )


def followed(stored: bytes | None, bank: str, exporter: str) -> bytes:
    """The followers of a document with one more."""
    before = Following() if stored is None else decode(Following, stored)
    return encode(before.model_copy(update={"banks": dict(sorted({**before.banks, bank: exporter}.items()))}))
