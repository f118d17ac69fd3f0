"""Filing documents: what one transaction writes for new documents, amendments and repetitions.

A transaction reads in one batch and writes in one; a document filed again unchanged writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from eximledger_chaincode.contracts.papers.private import read_papers
from eximledger_chaincode.contracts.state.indexes import IndexRows, index_rows, sum_keys
from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY, document_key, paper_key
from eximledger_chaincode.contracts.state.members import Consortium, consortium_of, require_role
from eximledger_chaincode.contracts.state.names import collection_of, placement_of
from eximledger_chaincode.contracts.state.records import document_json, encode, entry_of, record_json, record_of
from eximledger_chaincode.contracts.state.sums import SumChanges
from eximledger_chaincode.documents import (
    DeclarationStatus,
    Document,
    Entry,
    ExportDeclaration,
    Kind,
    document_type,
)
from eximledger_chaincode.lending.roles import Person, Role, person_of, writers_of
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused
from hlf_chaincode.policies import EndorsementPolicy, Principal, Rule, all_of, any_of

__all__ = ["Draft", "Filing", "draft_of", "file_documents", "guard_of", "plan_filing", "write_filings"]

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
    """The index rows of the version before."""

    @property
    def is_new(self) -> bool:
        return self.changed and self.entry.version == 1


def draft_of(document: Document, bank: str) -> Draft:
    """`bank` is "" for public kinds."""
    content = document_json(document)
    return Draft(document, content, sha256_hex(content), document_key(document.KIND, document.id, bank))


async def file_documents(context: Context, kind: str, documents: Sequence[Document]) -> list[Filing]:
    """File documents of one kind, each on its own, in one transaction. Raises `Refused`, `NotAuthorized`,
    `InvalidDocument`."""
    placement = placement_of(kind, context.channel)
    bank = context.creator.msp_id if placement.private else ""
    drafts = [draft_of(document, bank) for document in documents]
    _refuse_repeated(drafts)
    sums = list(dict.fromkeys(key for document in documents for key in sum_keys(document)))
    members, *found = await context.stub.get_states([MEMBERS_KEY, *(draft.key for draft in drafts), *sums])
    stored = found[: len(drafts)]
    consortium = consortium_of(members, context.channel)
    require_role(context, consortium, {placement.writer})
    replaced = await _replaced(context, placement, drafts, stored)
    filings = [
        plan_filing(context, draft, before, replaced.get(draft.key), bank)
        for draft, before in zip(drafts, stored, strict=True)
    ]
    await write_filings(context, consortium, filings, read=dict(zip(sums, found[len(drafts) :], strict=True)))
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


async def _replaced(
    context: Context, placement: Kind, drafts: Sequence[Draft], stored: Sequence[bytes | None]
) -> Mapping[str, Document]:
    """The documents that these amend, by key."""
    amended: list[tuple[Draft, Entry, bytes]] = []
    for draft, value in zip(drafts, stored, strict=True):
        if value is not None and (entry := entry_of(value)).sha256 != draft.sha256:
            amended.append((draft, entry, value))
    if not amended:
        return {}
    if not placement.private:
        return {draft.key: record_of(entry.kind, value).document for draft, entry, value in amended}
    own = [(draft, entry) for draft, entry, _ in amended if entry.issuer == context.creator.msp_id]
    papers = await read_papers(context, context.creator.msp_id, [entry for _, entry in own])
    kind = document_type(drafts[0].document.KIND)
    return {draft.key: kind.parse(paper) for (draft, _), paper in zip(own, papers, strict=True)}


def plan_filing(
    context: Context, draft: Draft, stored: bytes | None, replaced: Document | None, bank: str, note: str = ""
) -> Filing:
    """What filing `draft` over `stored` changes; `replaced` is the document that stands there where it differs, `note`
    what there is to say of it."""
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
        transaction_id=context.transaction_id,
        sha256=draft.sha256,
        reached=reached,
        note=note or None,
        collection=collection_of(creator.msp_id) if bank else None,
    )
    rows = index_rows(document, entry, bank)
    gone = IndexRows() if before is None or replaced is None else index_rows(replaced, before, bank)
    return Filing(draft, entry, encode(entry), changed=True, rows=rows, gone=gone)


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


def guard_of(consortium: Consortium, issuer: str) -> EndorsementPolicy:
    """A document's own endorsement policy: the issuer's peer, and for a bank's also an fx-bureau's."""
    rules: list[Rule] = [Principal(issuer)]
    bureaux = [Principal(msp_id) for msp_id in consortium.with_role(Role.FX_BUREAU)]
    if consortium.roles.get(issuer) is Role.BANK and bureaux:
        rules.append(bureaux[0] if len(bureaux) == 1 else any_of(*bureaux))
    return EndorsementPolicy(all_of(*rules))


async def write_filings(
    context: Context,
    consortium: Consortium,
    filings: Sequence[Filing],
    more: Mapping[str, bytes] | None = None,
    read: Mapping[str, bytes | None] | None = None,
) -> None:
    """Write what changed (and `more`) in one batch, with the sums that it moves and the guard of every new key; `read`
    are sums that were read already."""
    writes: dict[str, bytes] = dict(more or {})
    papers: dict[str, bytes] = {}
    stale: list[str] = []
    changed = [filing for filing in filings if filing.changed]
    for filing in changed:
        entry, draft = filing.entry, filing.draft
        if entry.collection is None:
            writes[draft.key] = record_json(filing.entry_json, draft.content)
        else:
            writes[draft.key] = filing.entry_json
            papers[paper_key(entry.kind, entry.id, entry.version)] = draft.content
        writes |= filing.rows.public
        stale += sorted(filing.gone.public.keys() - filing.rows.public.keys())
    emptied = await _sum_up(context, changed, writes, read or {})
    emptied_papers = await _sum_up_papers(context, changed, papers)
    await context.stub.put_states(writes)
    for key in (*stale, *emptied):
        await context.stub.delete_state(key)
    if papers or emptied_papers:
        collection = collection_of(context.creator.msp_id)
        await context.stub.put_private_data_many(collection, papers)
        for key in emptied_papers:
            await context.stub.delete_private_data(collection, key)
    guard = guard_of(consortium, context.creator.msp_id).to_bytes()
    for filing in changed:
        if filing.is_new:
            await context.stub.set_state_validation_parameter(filing.draft.key, guard)


async def _sum_up(
    context: Context, filings: Sequence[Filing], writes: dict[str, bytes], read: Mapping[str, bytes | None]
) -> list[str]:
    """Add to `writes` the sums that these filings change; answers those of which nothing is left."""
    changes = SumChanges()
    for filing in filings:
        changes.replace(filing.entry.id, filing.gone.sums, filing.rows.sums)
    missing = [key for key in changes.keys if key not in read]
    stored = dict(zip(missing, await context.stub.get_states(missing), strict=True))
    return _sorted_out(changes.over({**read, **stored}), writes)


async def _sum_up_papers(context: Context, filings: Sequence[Filing], writes: dict[str, bytes]) -> list[str]:
    """The same for the sums in the bank's collection."""
    changes = SumChanges()
    for filing in filings:
        changes.replace(filing.entry.id, filing.gone.private_sums, filing.rows.private_sums)
    stored = await context.stub.get_private_data_many(collection_of(context.creator.msp_id), changes.keys)
    return _sorted_out(changes.over(dict(zip(changes.keys, stored, strict=True))), writes)


def _sorted_out(sums: Mapping[str, bytes | None], writes: dict[str, bytes]) -> list[str]:
    writes |= {key: value for key, value in sums.items() if value is not None}
    return [key for key, value in sums.items() if value is None]
