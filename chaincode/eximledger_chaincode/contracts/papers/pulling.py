"""Pulling copies: a bank's officer asks once for what its case needs; the writer's peer, alone, endorses.

Only documents of the exporter whose consent is shown are copied. Another exporter's answers as one that does not exist,
and is not looked at: an endorsement shows the hashes of keys that were read, and in which block each was written last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from eximledger_chaincode.contracts.papers.consents import KeptDeclarations, read_standing
from eximledger_chaincode.contracts.papers.copying import (
    Audience,
    Copied,
    document_rows,
    followed,
    put_copies,
    read_audience,
)
from eximledger_chaincode.contracts.papers.reading import of_exporter_ids, read_earlier
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    audience_key,
    classes_key,
    consents_key,
    copied_key,
    declared_parts_key,
    differences_key,
    document_key,
    following_key,
    latest_key,
    numbered_key,
    receipts_of_declaration_key,
    receipts_of_invoice_key,
    received_parts_key,
    referred_key,
    seal_key,
    unallocated_key,
    version_key,
)
from eximledger_chaincode.contracts.state.members import Consortium, require_role
from eximledger_chaincode.contracts.state.names import CUSTOMS, MAIN_COLLECTION, shared_with
from eximledger_chaincode.contracts.state.records import encode, entry_of
from eximledger_chaincode.contracts.state.sums.amounts import names_in
from eximledger_chaincode.contracts.state.sums.months import months_between, year_until
from eximledger_chaincode.contracts.state.sums.parts import standing_parts
from eximledger_chaincode.contracts.state.vault import KeyReader, Vault, open_vault
from eximledger_chaincode.documents import Entry
from eximledger_chaincode.lending.consent import Scope
from eximledger_chaincode.lending.roles import Role, person_of
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.canonical import plain_json
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, Refused

__all__ = ["pull_declarations", "pull_exchange"]

_SKEW: Final = timedelta(minutes=15)
"""By how much honest clocks differ."""
_OF_CUSTOMS: Final[tuple[Scope, ...]] = ("declarations",)
_OF_FX: Final[tuple[Scope, ...]] = ("classification", "receipts")


def _mark(what: Literal["declaration", "invoice", "sums"], number: str = "") -> bytes:
    return encode(Copied(what=what, number=number))


@dataclass(slots=True)
class _Copying:
    """One bank's copies of one exporter as a transaction brings them up."""

    context: Context
    main: Vault
    bank: str
    exporter: str

    async def bring(
        self, records: Sequence[bytes], beside: Mapping[str, bytes | None], telling: Sequence[str]
    ) -> list[Entry]:
        """Have the bank's copies be these documents with what stands beside them (None stands no more), and the sums of
        which keys tell the parts, as the writer has them; the documents' entries. What the bank has already is not
        written again: a key costs every peer, and officers who pull at one time do not meet."""
        entries = [entry_of(record) for record in records]
        documents = {document_key(entry.kind, entry.id): record for entry, record in zip(entries, records, strict=True)}
        sums = [*telling, *await standing_parts(self.main, telling)]
        wanted = {**beside, **documents, **dict(zip(sums, await self.main.get_many(sums), strict=True))}
        numbered = _numbered(entries)
        copies = await open_vault(self.context, shared_with(self.bank), [*wanted, *numbered])
        gone = [part for part in await standing_parts(copies, telling) if part not in wanted]
        wanted |= zip(gone, await self.main.get_many(gone), strict=True)
        stored = dict(zip(wanted, await copies.get_many([*wanted]), strict=True))
        writes = {key: value for key, value in wanted.items() if value != stored[key]}
        rows: dict[str, bytes] = {}
        for entry in entries:
            if document_key(entry.kind, entry.id) in writes:
                rows |= document_rows(copies, entry)
        await put_copies(self.context, copies, self.exporter, writes | await _more_numbered(copies, numbered))
        await self.context.stub.put_states(rows)
        return entries

    async def follow(self, documents: Iterable[tuple[str, str]]) -> None:
        """Let whoever files these documents, or what the exporter's sums are made of, bring the copies up."""
        keys = [following_key(kind, id_) for kind, id_ in sorted(set(documents))]
        stored = dict(zip(keys, await self.main.get_many(keys), strict=True))
        after = {key: followed(value, self.bank, self.exporter) for key, value in stored.items()}
        writes = {key: value for key, value in after.items() if value != stored[key]}
        audience = await read_audience(self.main, self.exporter)
        if self.bank not in audience.banks:
            banks = dict(sorted({**audience.banks, self.bank: KeptDeclarations()}.items()))
            writes[audience_key(self.exporter)] = encode(Audience(banks=banks))
        await self.main.put_many(writes)


def _numbered(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """The keys by which copies are found by their bare numbers, with the copies' ids."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.number != entry.id:
            found.setdefault(numbered_key(entry.kind, entry.number), []).append(entry.id)
    return found


async def _more_numbered(copies: Vault, numbered: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
    """What is to stand under these keys, beside the copies found already; where more than does."""
    stored = dict(zip(numbered, await copies.get_many([*numbered]), strict=True))
    return {
        key: plain_json(dict.fromkeys(sorted({*names_in(stored[key]), *ids}), True))
        for key, ids in numbered.items()
        if not {*names_in(stored[key])} >= {*ids}
    }


async def pull_declarations(
    context: Context, consortium: Consortium, exporter: str, numbers: Sequence[str]
) -> list[str]:
    """Copy declarations of the exporter, and what it declared in the last twelve months; the numbers copied."""
    bank = _bank(context, consortium)
    telling = [declared_parts_key(exporter, month) for month in _months(context)]
    seals = [seal_key(exporter, number) for number in numbers]
    await open_vault(context, shared_with(bank), [consents_key(exporter, bank), *telling])
    standing = await read_standing(context, [(exporter, bank, scope) for scope in _OF_CUSTOMS])
    _require_consent(bank, exporter, {scope: holds for (_, _, scope), holds in standing.items()})
    copying = await _open(context, bank, exporter, [*seals, *telling])
    main = copying.main
    mine = {number: seal for number, seal in zip(numbers, await main.get_many(seals), strict=True) if seal is not None}
    documents = [document_key("declaration", number) for number in mine]
    following = [following_key("declaration", number) for number in mine]
    found = await main.get_many([*documents, *following, *await standing_parts(main, telling)])
    records = [record for record in found[: len(mine)] if record is not None]
    beside: dict[str, bytes | None] = {seal_key(exporter, number): seal for number, seal in mine.items()}
    beside[copied_key(exporter, "sums")] = _mark("sums")
    for version in await read_earlier(main, exporter, records):
        entry = entry_of(version)
        beside[version_key(entry.kind, entry.id, entry.version)] = version
    copied = [entry.id for entry in await copying.bring(records, beside, telling)]
    await copying.follow(("declaration", number) for number in copied)
    return copied


async def pull_exchange(
    context: Context,
    consortium: Consortium,
    exporter: str,
    numbers: Sequence[str],
    invoices: Sequence[str],
    receipts: Sequence[str],
) -> list[str]:
    """Copy the exporter's classes, the receipts named, and all that its receipts tell of these declarations and
    invoices (compared numbers) and of the last twelve months; the ids of the receipts copied.

    A declaration counts as the exporter's where the bank has customs' copy of it.
    """
    bank = _bank(context, consortium)
    told = await ask(context, list[bool], CUSTOMS, "copies:owned", exporter, list(numbers), list(_OF_FX))
    _require_consent(bank, exporter, dict(zip(_OF_FX, told[: len(_OF_FX)], strict=True)))
    mine = [number for number, is_own in zip(numbers, told[len(_OF_FX) :], strict=True) if is_own]
    months = _months(context)
    telling = [received_parts_key(exporter, month) for month in months]
    sums = [classes_key(exporter), differences_key(exporter)]
    sums += [unallocated_key(exporter, month) for month in months]
    sums += [receipts_of_invoice_key(owner, number) for owner in (exporter, NOBODY) for number in invoices]
    sums += [receipts_of_declaration_key(owner, number) for owner in (exporter, NOBODY) for number in mine]
    referred = [referred_key(owner, number) for number in receipts for owner in (exporter, NOBODY)]
    declarations = [("declaration", number) for number in mine]
    following = [following_key(*each) for each in declarations]
    copying = await _open(context, bank, exporter, [*sums, *telling, *referred, *following])
    main = copying.main
    ids = await _meant(main, exporter, receipts)
    documents = [document_key(*each) for each in ids]
    following = [following_key(*each) for each in [*declarations, *ids]]
    found = await main.get_many([*documents, *following, *await standing_parts(main, telling)])
    records = [record for record in found[: len(ids)] if record is not None]
    beside = dict(zip(sums, await main.get_many(sums), strict=True))
    beside |= {copied_key(exporter, "declaration", number): _mark("declaration", number) for number in mine}
    beside |= {copied_key(exporter, "invoice", number): _mark("invoice", number) for number in invoices}
    beside[copied_key(exporter, "sums")] = _mark("sums")
    entries = await copying.bring(records, beside, telling)
    await copying.follow([*((each.kind, each.id) for each in entries), *declarations])
    return [each.id for each in entries if each.kind == "receipt"]


async def _meant(main: KeyReader, exporter: str, receipts: Sequence[str]) -> list[tuple[str, str]]:
    """Kinds and ids of SAFE's papers on the exporter and of the receipts named: the exporter's, or where it has none of
    the reference, nobody's; each once."""
    classes, differences = await of_exporter_ids(main, exporter)
    found = [*(("classification", id_) for id_ in classes), *(("total-difference", id_) for id_ in differences)]
    for number in receipts:
        own, unsaid = await main.get_many([referred_key(owner, number) for owner in (exporter, NOBODY)])
        found += [("receipt", id_) for id_ in names_in(own) or names_in(unsaid)]
    return list(dict.fromkeys(found))


def _bank(context: Context, consortium: Consortium) -> str:
    """Raises `NotAuthorized` where the caller is no bank's person."""
    require_role(context, consortium, {Role.BANK})
    return person_of(context.creator).msp_id


def _require_consent(bank: str, exporter: str, standing: Mapping[Scope, bool]) -> None:
    """Raises `NotAuthorized` where the exporter has not let the bank read this."""
    for scope, holds in standing.items():
        if not holds:
            raise NotAuthorized(
                f"no authorisation of exporter {exporter} lets {bank} read its {scope} today: have it sign one "
                "(eximledger exporter authorise) and file it; it holds when SAFE has opened its first day",
                exporter=exporter,
                scope=scope,
            )


async def _open(context: Context, bank: str, exporter: str, ahead: Sequence[str]) -> _Copying:
    """The writer's vault, of which `ahead` are keys that are read."""
    keys = [latest_key(exporter), audience_key(exporter), *ahead]
    main = await open_vault(context, MAIN_COLLECTION[context.channel], keys)
    if main.is_empty:  # the bank's seed would make the secret of its keys
        raise Refused(f"nothing has begun on channel {context.channel} yet: SAFE opens its first business day before")
    await _require_now(context, main, exporter)
    return _Copying(context, main, bank, exporter)


async def _require_now(context: Context, main: Vault, exporter: str) -> None:
    """Raises `Refused` where the call says that it is older than what was filed last. Its time is its signer's own
    word: with yesterday's, what came today would be copied under a consent that ended yesterday."""
    stored = await main.get(latest_key(exporter))
    if stored is not None and context.timestamp + _SKEW < datetime.fromisoformat(stored.decode()):
        raise Refused(
            "the call is older than what was filed last for this exporter: set the clock right, and pull again"
        )


def _months(context: Context) -> list[date]:
    """The months that a case decided today is about."""
    today = day_in_china(context.timestamp)
    return months_between(year_until(today), today)
