"""Filing documents: what one transaction writes for new documents, amendments and repetitions.

A transaction reads in one batch and writes in one; a document filed again unchanged writes nothing. The version that an
amendment replaces is kept under a key of its own, for what is private has no history on Fabric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from eximledger_chaincode.contracts.papers.copying import Change, copy_on
from eximledger_chaincode.contracts.state.indexes import IndexRows, index_rows, sum_keys
from eximledger_chaincode.contracts.state.keys import NOBODY, document_key, latest_key, seal_key, version_key
from eximledger_chaincode.contracts.state.lists import PRESENT, row_key
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import placement_of
from eximledger_chaincode.contracts.state.records import document_json, encode, entry_of, record_json, record_of
from eximledger_chaincode.contracts.state.shelves import Shelf, open_shelf
from eximledger_chaincode.contracts.state.sums.amounts import SumChanges
from eximledger_chaincode.contracts.state.sums.parts import kept_parts, telling_keys
from eximledger_chaincode.documents import (
    KINDS,
    DeclarationStatus,
    Document,
    Entry,
    ExportDeclaration,
    FxReceipt,
    Kept,
)
from eximledger_chaincode.lending.collecting.naming import naming_of
from eximledger_chaincode.lending.roles import Person, person_of, writers_of
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused

__all__ = ["Draft", "Filing", "draft_of", "file_documents", "plan_filing", "write_filings"]

_RANK: Final = {DeclarationStatus.DECLARED: 0, DeclarationStatus.RELEASED: 1, DeclarationStatus.SETTLED: 2}


@dataclass(frozen=True, slots=True)
class Draft:
    """A validated document on its way to the ledger, with its canonical bytes and their SHA-256."""

    document: Document
    content: bytes
    sha256: str
    key: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What filing one document changes: nothing when it stands there already."""

    draft: Draft
    entry: Entry
    entry_json: bytes
    changed: bool
    rows: IndexRows
    gone: IndexRows = field(default_factory=IndexRows)
    """What the version before had added."""
    replaced: bytes | None = None
    """The stored record of the version before."""


def draft_of(document: Document) -> Draft:
    """A document with what is written of it."""
    content = document_json(document)
    return Draft(document, content, sha256_hex(content), document_key(document.KIND, document.id))


async def file_documents(context: Context, kind: str, documents: Sequence[Document]) -> list[Filing]:
    """File documents of one kind, each on its own, in one transaction. Raises `Refused`, `NotAuthorized`,
    `InvalidDocument`."""
    placement = placement_of(kind, context.channel)
    drafts = [draft_of(document) for document in documents]
    _refuse_repeated(drafts)
    consortium = await read_consortium(context)
    require_role(context, consortium, {placement.writer})
    sums = list(dict.fromkeys(key for document in documents for key in sum_keys(document)))
    keys = [*(draft.key for draft in drafts), *sums]
    shelf = await open_shelf(context, consortium, placement, ahead=keys)
    found = await shelf.get_many(keys)
    stored = found[: len(drafts)]
    filings = [
        plan_filing(context, draft, before, _replaced(draft, before), shelf.collection)
        for draft, before in zip(drafts, stored, strict=True)
    ]
    read = dict(zip(sums, found[len(drafts) :], strict=True))
    await write_filings(context, shelf, filings, read=read)
    return filings


def _refuse_repeated(drafts: Sequence[Draft]) -> None:
    """A transaction does not see its own writes: the second of two documents under one id would overwrite the first."""
    seen: set[str] = set()
    for place, draft in enumerate(drafts):
        if draft.key in seen:
            document = draft.document
            raise InvalidDocument(
                f"documents.{place}: {document.KIND} {document.id} stands twice in one call: amend it in another",
                field=f"documents.{place}",
                reason="stands twice in one call",
            )
        seen.add(draft.key)


def _replaced(draft: Draft, stored: bytes | None) -> Document | None:
    """The document that this one amends."""
    if stored is None or entry_of(stored).sha256 == draft.sha256:
        return None
    return record_of(draft.document.KIND, stored).document


def plan_filing(
    context: Context,
    draft: Draft,
    stored: bytes | None,
    replaced: Document | None,
    collection: str | None,
    note: str = "",
) -> Filing:
    """What filing `draft` over the record `stored` changes; `replaced` is the document that stands there where it
    differs, `note` what there is to say of it."""
    document = draft.document
    creator = context.creator
    person = person_of(creator)
    before = entry_of(stored) if stored is not None else None
    if before is not None:
        if before.issuer != creator.msp_id:
            raise NotAuthorized(
                f"{document.KIND} {before.number} was written by {before.issuer}: only it may amend it",
                issuer=before.issuer,
            )
        if before.sha256 == draft.sha256:
            said = before.model_copy(update={"note": note}) if note else before
            return Filing(draft, said, encode(said), changed=False, rows=IndexRows())
        if KINDS[document.KIND].once:
            raise Refused(f"{document.KIND} {before.number} was published on {before.filed_at:%Y-%m-%d}, for good")
    reached = None
    if isinstance(document, ExportDeclaration):
        reached = _reached(before, replaced if isinstance(replaced, ExportDeclaration) else None, document)
    entry = Entry(
        kind=document.KIND,
        id=document.id,
        number=document.number,
        exporter=document.exporter,
        dated=document.dated,
        version=1 if before is None else before.version + 1,
        issuer=creator.msp_id,
        written_by=person.name,
        earlier_writers=_earlier_writers(before, person),
        written_at=context.timestamp,
        filed_at=context.timestamp if before is None else before.filed_at,
        transaction_id=context.transaction_id,
        sha256=draft.sha256,
        reached=reached,
        note=note or None,
        collection=collection,
    )
    gone = IndexRows() if replaced is None else index_rows(replaced)
    rows = index_rows(document)
    return Filing(draft, entry, encode(entry), changed=True, rows=rows, gone=gone, replaced=stored)


def _earlier_writers(before: Entry | None, person: Person) -> tuple[str, ...]:
    """Who wrote the versions so far, but for the person who writes now."""
    names = dict.fromkeys(each.name for each in writers_of(before) if not each.is_same(person)) if before else {}
    return tuple(names)


def _reached(before: Entry | None, replaced: ExportDeclaration | None, after: ExportDeclaration) -> DeclarationStatus:
    """How far the declaration has come with this version. Its life goes forward: declared, released, settled; amended
    at any time, when it keeps what it had reached; cancelled for good.

    What it had reached stands in the entry, where the ledger wrote it. Of a declaration that is amended (or cancelled)
    when the ledger first sees it, the customs' own dates tell. Raises `Refused`.
    """
    if replaced is not None and replaced.status is DeclarationStatus.CANCELLED:
        raise Refused(f"declaration {after.number} is cancelled: it cannot become {after.status}")
    had = DeclarationStatus(before.reached) if before is not None and before.reached is not None else None
    now = after.status if after.status in _RANK else had or _dated_status(after)
    if had is not None and _RANK[now] < _RANK[had]:
        was = f"was {had} before it was amended" if replaced and replaced.status not in _RANK else f"is {had}"
        raise Refused(f"declaration {after.number} {was}: it cannot become {now}")
    return now


def _dated_status(declaration: ExportDeclaration) -> DeclarationStatus:
    if declaration.settled_on is not None:
        return DeclarationStatus.SETTLED
    return DeclarationStatus.DECLARED if declaration.released_on is None else DeclarationStatus.RELEASED


async def write_filings(
    context: Context,
    shelf: Shelf,
    filings: Sequence[Filing],
    more: Mapping[str, bytes] | None = None,
    read: Mapping[str, bytes | None] | None = None,
) -> None:
    """Write what changed (and `more`) in one batch, with the sums that it moves, announce it by opaque names, and bring
    the copies up that banks have of it; `read` are sums that were read already."""
    changed = [filing for filing in filings if filing.changed]
    sums = await _summed_up(shelf, changed, read or {})
    writes = dict(more or {}) | {key: value for key, value in sums.items() if value is not None}
    rows: dict[str, bytes] = {}
    stale: list[str] = []
    for filing in changed:
        writes |= _of(context, filing)
        since, key = filing.entry.filed_at, filing.draft.key
        rows |= {
            row_key(shelf, name, since, key): PRESENT for name in filing.rows.lists if name not in filing.gone.lists
        }
        if _moved(filing):
            writes |= await _with_its_seal(shelf, filing)
        stale += [row_key(shelf, name, since, key) for name in filing.gone.lists if name not in filing.rows.lists]
    if changed and KINDS[changed[0].entry.kind].kept is Kept.SHARED:
        stamp = context.timestamp.isoformat().encode()  # written unread: filings at one time do not meet
        writes |= {latest_key(exporter): stamp for exporter in {each.entry.exporter for each in changed} if exporter}
    await shelf.put_many(writes)
    await shelf.delete(key for key, value in sums.items() if value is None)
    await shelf.delete(seal_key(_owner_before(filing), filing.entry.id) for filing in changed if _moved(filing))
    await context.stub.put_states(rows)
    for row in stale:
        await context.stub.delete_state(row)
    if changed:
        context.set_event("documents.filed", {"documents": [shelf.name(filing.draft.key) for filing in changed]})
    if changed and KINDS[changed[0].entry.kind].kept is Kept.SHARED:
        changes = [_change(context, filing) for filing in changed]
        await copy_on(context, shelf, changes, sums)


def _of(context: Context, filing: Filing) -> dict[str, bytes]:
    """What stands of one document: its latest version, the one before it, and at the first a declaration's seal."""
    entry, draft = filing.entry, filing.draft
    writes = {draft.key: record_json(filing.entry_json, draft.content)}
    if filing.replaced is not None:
        writes[version_key(entry.kind, entry.id, entry.version - 1)] = filing.replaced
    elif isinstance(draft.document, ExportDeclaration):
        writes[seal_key(entry.exporter or NOBODY, entry.id)] = context.derived(f"seal {entry.id}").hex().encode()
    return writes


def _owner_before(filing: Filing) -> str:
    return NOBODY if filing.replaced is None else entry_of(filing.replaced).exporter or NOBODY


def _moved(filing: Filing) -> bool:
    """Whether it is a declaration that was another exporter's before."""
    is_declaration = isinstance(filing.draft.document, ExportDeclaration)
    return is_declaration and filing.replaced is not None and _owner_before(filing) != (filing.entry.exporter or NOBODY)


async def _with_its_seal(shelf: Shelf, filing: Filing) -> dict[str, bytes]:
    """A declaration keeps its seal, for what is held of it stands under that."""
    seal = await shelf.get(seal_key(_owner_before(filing), filing.entry.id))
    return {} if seal is None else {seal_key(filing.entry.exporter or NOBODY, filing.entry.id): seal}


def _change(context: Context, filing: Filing) -> Change:
    before = None if filing.replaced is None else entry_of(filing.replaced).exporter
    receipt = filing.draft.document
    named = [paper.number for paper in naming_of(receipt).declarations] if isinstance(receipt, FxReceipt) else []
    return Change(filing.entry, _of(context, filing), before, tuple(named))


async def _summed_up(
    shelf: Shelf, filings: Sequence[Filing], read: Mapping[str, bytes | None]
) -> Mapping[str, bytes | None]:
    """The sums that these filings change; None where nothing is left of one."""
    changes = SumChanges()
    for filing in filings:
        changes.replace(filing.entry.id, filing.gone.sums, filing.rows.sums)
    before = {**read, **await _missing(shelf, changes.keys, read)}
    after = changes.over(before)
    told = await _missing(shelf, telling_keys(before, after), read)
    return after | kept_parts(before, after, told)


async def _missing(shelf: Shelf, keys: Sequence[str], read: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    missing = [key for key in keys if key not in read]
    return dict(zip(missing, await shelf.get_many(missing), strict=True))
