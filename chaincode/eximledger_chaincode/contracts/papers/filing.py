"""Filing documents: what one transaction writes for new documents, amendments and repetitions.

A transaction reads in one batch and writes in one; a document filed again unchanged writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eximledger_chaincode.contracts.papers.private import read_papers
from eximledger_chaincode.contracts.state.indexes import IndexRows, index_rows
from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY, document_key, paper_key
from eximledger_chaincode.contracts.state.members import Consortium, consortium_of, require_role
from eximledger_chaincode.contracts.state.names import collection_of, placement_of
from eximledger_chaincode.contracts.state.records import document_json, encode, entry_of, record_json, record_of
from eximledger_chaincode.documents import (
    DeclarationStatus,
    Document,
    Entry,
    ExportDeclaration,
    Kind,
    document_type,
)
from eximledger_chaincode.lending.roles import Role, person_of
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
    stale: tuple[str, ...] = ()
    """Index rows of the version before that this one no longer has."""
    stale_private: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.changed and self.entry.version == 1


def draft_of(document: Document, bank: str) -> Draft:
    """`bank` is "" for public kinds."""
    content = document_json(document)
    return Draft(document, content, sha256_hex(content), document_key(document.KIND, document.id, bank))


async def file_documents(context: Context, kind: str, documents: Sequence[Document]) -> list[Filing]:
    """File documents of one kind in one transaction. Raises `Refused`, `NotAuthorized`, `InvalidDocument`."""
    placement = placement_of(kind, context.channel)
    bank = context.creator.msp_id if placement.private else ""
    drafts = [draft_of(document, bank) for document in documents]
    _refuse_repeated(drafts)
    members, *stored = await context.stub.get_states([MEMBERS_KEY, *(draft.key for draft in drafts)])
    consortium = consortium_of(members, context.channel)
    require_role(context, consortium, {placement.writer})
    replaced = await _replaced(context, placement, drafts, stored)
    filings = [
        plan_filing(context, draft, before, replaced.get(draft.key), bank)
        for draft, before in zip(drafts, stored, strict=True)
    ]
    await write_filings(context, consortium, filings)
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


def plan_filing(context: Context, draft: Draft, stored: bytes | None, replaced: Document | None, bank: str) -> Filing:
    """What filing `draft` over `stored` changes; `replaced` is the document that stands there where it differs."""
    document = draft.document
    creator = context.creator
    before = entry_of(stored) if stored is not None else None
    if before is not None:
        if before.issuer != creator.msp_id:
            raise NotAuthorized(
                f"{document.KIND} {before.number} was written by {before.issuer}: only it may amend it",
                issuer=before.issuer,
            )
        if before.sha256 == draft.sha256:
            return Filing(draft, before, encode(before), changed=False, rows=IndexRows())
        if isinstance(document, ExportDeclaration) and isinstance(replaced, ExportDeclaration):
            _check_status(replaced, document)
    entry = Entry(
        kind=document.KIND,
        id=document.id,
        number=document.number,
        exporter=document.exporter,
        dated=document.dated,
        version=1 if before is None else before.version + 1,
        issuer=creator.msp_id,
        written_by=person_of(creator).name,
        written_at=context.timestamp,
        transaction_id=context.transaction_id,
        sha256=draft.sha256,
        collection=collection_of(creator.msp_id) if bank else None,
    )
    rows = index_rows(document, entry, bank)
    gone = IndexRows() if before is None or replaced is None else index_rows(replaced, before, bank)
    return Filing(
        draft, entry, encode(entry), changed=True, rows=rows,
        stale=tuple(sorted(gone.public.keys() - rows.public.keys())),
        stale_private=tuple(sorted(gone.private.keys() - rows.private.keys())),
    )  # fmt: skip


def _check_status(before: ExportDeclaration, after: ExportDeclaration) -> None:
    """A declaration's life goes forward: declared, released, settled; amended at any time; cancelled for good."""
    if before.status is DeclarationStatus.CANCELLED:
        raise Refused(f"declaration {before.number} is cancelled: nothing follows a cancellation")
    if _RANK.get(after.status, 2) < _RANK.get(before.status, 0):
        raise Refused(f"declaration {before.number} is {before.status}: it cannot become {after.status} again")


def guard_of(consortium: Consortium, issuer: str) -> EndorsementPolicy:
    """A document's own endorsement policy: the issuer's peer, and for a bank's also an fx-bureau's."""
    rules: list[Rule] = [Principal(issuer)]
    bureaux = [Principal(msp_id) for msp_id in consortium.with_role(Role.FX_BUREAU)]
    if consortium.roles.get(issuer) is Role.BANK and bureaux:
        rules.append(bureaux[0] if len(bureaux) == 1 else any_of(*bureaux))
    return EndorsementPolicy(all_of(*rules))


async def write_filings(
    context: Context, consortium: Consortium, filings: Sequence[Filing], more: Mapping[str, bytes] | None = None
) -> None:
    """Write what changed (and `more`) in one batch, with the guard of every new key."""
    writes: dict[str, bytes] = dict(more or {})
    private: dict[str, bytes] = {}
    changed = [filing for filing in filings if filing.changed]
    for filing in changed:
        entry, draft = filing.entry, filing.draft
        if entry.collection is None:
            writes[draft.key] = record_json(filing.entry_json, draft.content)
        else:
            writes[draft.key] = filing.entry_json
            private[paper_key(entry.kind, entry.id, entry.version)] = draft.content
        writes |= filing.rows.public
        private |= filing.rows.private
    await context.stub.put_states(writes)
    if private:
        await context.stub.put_private_data_many(collection_of(context.creator.msp_id), private)
    guard = guard_of(consortium, context.creator.msp_id).to_bytes()
    for filing in changed:
        for key in filing.stale:
            await context.stub.delete_state(key)
        for key in filing.stale_private:
            await context.stub.delete_private_data(collection_of(context.creator.msp_id), key)
        if filing.is_new:
            await context.stub.set_state_validation_parameter(filing.draft.key, guard)
