"""Attaching a file to a paper: its facts in the vault where the paper stands, nothing of it anywhere else."""

from __future__ import annotations

from eximledger_chaincode.contracts.papers.reading import read_record
from eximledger_chaincode.contracts.state.keys import attached_key
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import placement_of
from eximledger_chaincode.contracts.state.records import decode, encode, entry_of
from eximledger_chaincode.contracts.state.shelves import open_shelf
from eximledger_chaincode.documents import KINDS, Kept
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHED, Attached, Attachment, NewAttachment
from eximledger_chaincode.lending.roles import person_of
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["attach", "read_attached"]


async def attach(context: Context, kind: str, id: str, given: NewAttachment) -> Attachment:
    """Attach a file to a paper of the caller's own. The same file again changes nothing, and answers what stands.

    Raises `NotAuthorized` for who is no bank, `NotFound` where the caller has no such paper, `Refused` for a paper that
    has too many.
    """
    placement = placement_of(kind, context.channel)
    consortium = await read_consortium(context)
    require_role(context, consortium, {placement.writer})
    person = person_of(context.creator)
    _require_own(kind)
    shelf = await open_shelf(context, consortium, placement)
    paper = entry_of(await read_record(shelf, kind, id))
    key = attached_key(kind, id)
    stored = await shelf.get(key)
    before = Attached() if stored is None else decode(Attached, stored)
    for each in before.attachments:
        if each.sha256 == given.sha256:
            return each
    if len(before.attachments) >= MAX_ATTACHED:
        raise Refused(f"{MAX_ATTACHED} files are attached to {kind} {paper.number} already: a paper takes no more")
    attachment = Attachment(
        **given.model_dump(),
        attached_by=person.name,
        attached_at=context.timestamp,
        paper_version=paper.version,
        transaction_id=context.transaction_id,
    )
    await shelf.put_many({key: encode(Attached(attachments=(*before.attachments, attachment)))})
    context.set_event("documents.attached", {"documents": [shelf.name(key)]})
    return attachment


async def read_attached(context: Context, kind: str, id: str, bank: str) -> list[Attachment]:
    """What is attached to a paper, in the order in which it came. Raises `NotFound` where there is no such paper."""
    placement = placement_of(kind, context.channel)
    _require_own(kind)
    shelf = await open_shelf(context, await read_consortium(context), placement, bank)
    await read_record(shelf, kind, id)
    stored = await shelf.get(attached_key(kind, id))
    return [] if stored is None else list(decode(Attached, stored).attachments)


def _require_own(kind: str) -> None:
    """Files stand beside what a bank files for itself: what others write is theirs, and copied to many."""
    if KINDS[kind].kept is not Kept.OWN:
        raise Refused(f"nothing is attached to a {kind}: it is no paper of a bank's own", kind=kind)
