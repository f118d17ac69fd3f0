"""Files beside papers: their bytes into the store first, then what the ledger says of them; back only by their hash."""

from __future__ import annotations

import re
from typing import Final

from eximledger.attachments import AttachmentStore, checked_content, new_attachment
from eximledger.desk._reading import resolve
from eximledger.desk.calling import Calls
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.documents.attached.attachment import Attachment, NewAttachment
from hlf_client.errors import InvalidDocument, NotFound, Refused

__all__ = ["attach", "note", "read_attached", "read_file"]

_PREFIX: Final = re.compile(r"[0-9a-f]{8,64}")


async def attach(
    calls: Calls, store: AttachmentStore | None, kind: str, name: str, file_name: str, content: bytes, exporter: str
) -> Attachment:
    """Cut short between the two, it leaves bytes that nothing names; the same call again finds and names them."""
    facts = new_attachment(file_name, content)
    entry = await resolve(calls, kind, name, exporter, "")
    await _needed(store).put(facts.sha256, content)
    return await note(calls, kind, entry.id, facts)


async def note(calls: Calls, kind: str, id: str, facts: NewAttachment) -> Attachment:
    """What the ledger says of a file, wherever its bytes are."""
    return await calls.take(Attachment, BANK, "documents:attach", kind, id, facts)


async def read_attached(calls: Calls, kind: str, name: str, exporter: str, bank: str) -> list[Attachment]:
    entry = await resolve(calls, kind, name, exporter, bank)
    return await calls.ask(list[Attachment], BANK, "documents:attachments", kind, entry.id, bank)


async def read_file(
    calls: Calls, store: AttachmentStore | None, kind: str, name: str, which: str, exporter: str, bank: str
) -> tuple[Attachment, bytes]:
    """By the hash, eight digits of it or more, or the file's name where one has it."""
    attached = await read_attached(calls, kind, name, exporter, bank)
    found = [each for each in attached if each.name == which]
    if _PREFIX.fullmatch(which):
        found += [each for each in attached if each.sha256.startswith(which) and each not in found]
    if not found:
        raise NotFound(f"nothing that is attached to {kind} {name} is {which!r}", kind=kind, which=which)
    if len(found) > 1:
        hashes = ", ".join(each.sha256[:16] for each in found[:5])
        raise InvalidDocument(f"{which!r} are several: say which of {hashes}", field="which", reason="several")
    return found[0], checked_content(found[0], await _needed(store).get(found[0].sha256))


def _needed(store: AttachmentStore | None) -> AttachmentStore:
    if store is None:
        raise Refused("this desk has no store of attachments: LoanDesk(ledger, attachments=open_store(...))")
    return store
