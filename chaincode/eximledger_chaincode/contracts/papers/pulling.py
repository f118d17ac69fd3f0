"""Pulling copies: a bank's officer asks once for what its case needs; the writer's peer, alone, endorses.

Only documents of the exporter whose consent is shown are copied. Another exporter's answers as one that does not exist,
and is not looked at: an endorsement shows the hashes of keys that were read, and in which block each was written last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from eximledger_chaincode.contracts.papers.reading import (
    read_earlier,
    read_of_exporter,
    read_records,
)
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    audience_key,
    classes_key,
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
from eximledger_chaincode.contracts.state.vault import Vault, open_vault
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


def _mark(what: Literal["declaration", "invoice", "sums"], number: str = "") -> bytes:
    return encode(Copied(what=what, number=number))


@dataclass(slots=True)
class _Copying:
    """One bank's copies of one exporter as a transaction brings them up."""

    context: Context
    main: Vault
    copies: Vault
    bank: str
    exporter: str

    async def documents(self, records: Sequence[bytes], beside: dict[str, bytes | None]) -> None:
        """Copy documents with what stands beside them, and let the writer know who has them."""
        entries = [entry_of(record) for record in records]
        writes = {document_key(entry.kind, entry.id): record for entry, record in zip(entries, records, strict=True)}
        numbers = await self._numbers(entries)
        rows: dict[str, bytes] = {}
        for entry in entries:
            rows |= document_rows(self.copies, entry)
        await put_copies(self.context, self.copies, self.exporter, writes | beside | numbers)
        await self.context.stub.put_states(rows)

    async def _numbers(self, entries: Iterable[Entry]) -> dict[str, bytes]:
        """By which a copy is found by its bare number, beside those found already; what stands there is not written
        again, so that officers who pull at one time do not meet."""
        added: dict[str, list[str]] = {}
        for entry in entries:
            if entry.number != entry.id:
                added.setdefault(numbered_key(entry.kind, entry.number), []).append(entry.id)
        keys = sorted(added)
        stored = await self.copies.get_many(keys)
        return {
            key: plain_json(dict.fromkeys(sorted({*names_in(value), *added[key]}), True))
            for key, value in zip(keys, stored, strict=True)
            if not {*names_in(value)} >= {*added[key]}
        }

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


async def pull_declarations(
    context: Context, consortium: Consortium, exporter: str, numbers: Sequence[str]
) -> list[str]:
    """Copy declarations of the exporter, and what it declared in the last twelve months; the numbers copied."""
    months = _months(context)
    telling = [declared_parts_key(exporter, month) for month in months]
    seals = [seal_key(exporter, number) for number in numbers]
    copying = await _open(context, consortium, exporter, {"declarations"}, seals, telling)
    sealed = await copying.main.get_many(seals)
    mine = {number: seal for number, seal in zip(numbers, sealed, strict=True) if seal is not None}
    found = await copying.main.get_many([document_key("declaration", number) for number in mine])
    records = [record for record in found if record is not None]
    beside: dict[str, bytes | None] = {seal_key(exporter, number): seal for number, seal in mine.items()}
    beside |= {copied_key(exporter, "declaration", number): _mark("declaration", number) for number in mine}
    entries = [entry_of(record) for record in records]
    copied = [entry.id for entry in entries]
    earlier = [entry_of(version) for version in await read_earlier(copying.main, exporter, records)]
    beside |= await _as_they_stand(copying, [version_key(each.kind, each.id, each.version) for each in earlier])
    beside |= await _sums_as_they_stand(copying, telling)
    beside[copied_key(exporter, "sums")] = _mark("sums")
    await copying.documents(records, beside)
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
    months = _months(context)
    telling = [received_parts_key(exporter, month) for month in months]
    sums = [classes_key(exporter), differences_key(exporter)]
    sums += [unallocated_key(exporter, month) for month in months]
    sums += [receipts_of_invoice_key(owner, number) for owner in (exporter, NOBODY) for number in invoices]
    copying = await _open(context, consortium, exporter, {"classification", "receipts"}, sums, telling)
    owned = await ask(context, list[bool], CUSTOMS, "copies:owned", exporter, list(numbers))
    mine = [number for number, is_own in zip(numbers, owned, strict=True) if is_own]
    main = copying.main
    records = [record for part in await read_of_exporter(main, exporter) for record in part]
    for number in receipts:
        own, unsaid = await main.get_many([referred_key(owner, number) for owner in (exporter, NOBODY)])
        found = await read_records(main, "receipt", names_in(own) or names_in(unsaid))
        records += [record for record in found if record is not None]
    sums += [receipts_of_declaration_key(owner, number) for owner in (exporter, NOBODY) for number in mine]
    beside = await _as_they_stand(copying, sums)
    beside |= await _sums_as_they_stand(copying, telling)
    beside |= {copied_key(exporter, "declaration", number): _mark("declaration", number) for number in mine}
    beside |= {copied_key(exporter, "invoice", number): _mark("invoice", number) for number in invoices}
    beside[copied_key(exporter, "sums")] = _mark("sums")
    records = list(dict.fromkeys(records))
    await copying.documents(records, beside)
    entries = [entry_of(record) for record in records]
    await copying.follow([*((each.kind, each.id) for each in entries), *(("declaration", number) for number in mine)])
    return [each.id for each in entries if each.kind == "receipt"]


async def _open(
    context: Context,
    consortium: Consortium,
    exporter: str,
    scopes: set[Scope],
    of_writer: Sequence[str],
    telling: Sequence[str],
) -> _Copying:
    """The vaults of writer and bank; `of_writer` are keys that are read of the writer's, `telling` those of sums that
    are read of both. Raises `NotAuthorized` where the caller is no bank's person, or the exporter has not let the bank
    read this."""
    require_role(context, consortium, {Role.BANK})
    bank = person_of(context.creator).msp_id
    readers = [(exporter, bank, scope) for scope in sorted(scopes)]
    standing = await read_standing(context, readers)
    for reader in readers:
        if not standing[reader]:
            raise NotAuthorized(
                f"no authorisation of exporter {exporter} lets {bank} read its {reader[2]} today: have it sign one "
                "(eximledger exporter authorise) and file it; it holds when SAFE has opened its first day",
                exporter=exporter,
                scope=reader[2],
            )
    ahead = [latest_key(exporter), audience_key(exporter), *of_writer, *telling]
    main = await open_vault(context, MAIN_COLLECTION[context.channel], ahead)
    if main.is_empty:  # the bank's seed would make the secret of its keys
        raise Refused(f"nothing has begun on channel {context.channel} yet: SAFE opens its first business day before")
    await _require_now(context, main, exporter)
    return _Copying(context, main, await open_vault(context, shared_with(bank), telling), bank, exporter)


async def _require_now(context: Context, main: Vault, exporter: str) -> None:
    """Raises `Refused` where the call says that it is older than what was filed last. Its time is its signer's own
    word: with yesterday's, what came today would be copied under a consent that ended yesterday."""
    stored = await main.get(latest_key(exporter))
    if stored is not None and context.timestamp + _SKEW < datetime.fromisoformat(stored.decode()):
        raise Refused(
            "the call is older than what was filed last for this exporter: set the clock right, and pull again"
        )


async def _as_they_stand(copying: _Copying, keys: Sequence[str]) -> dict[str, bytes | None]:
    """Sums as the writer has them, of which the copy differs."""
    values = await copying.main.get_many(keys)
    copies = await copying.copies.get_many(keys)
    return {key: value for key, value, copy in zip(keys, values, copies, strict=True) if value != copy}


async def _sums_as_they_stand(copying: _Copying, telling: Sequence[str]) -> dict[str, bytes | None]:
    """Sums of which keys tell the parts; a part that stands no more is taken away."""
    parts = [*await standing_parts(copying.main, telling), *await standing_parts(copying.copies, telling)]
    return await _as_they_stand(copying, [*telling, *dict.fromkeys(parts)])


def _months(context: Context) -> list[date]:
    """The months that a case decided today is about."""
    today = day_in_china(context.timestamp)
    return months_between(year_until(today), today)
