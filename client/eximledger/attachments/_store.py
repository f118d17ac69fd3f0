"""What a store of attachments is asked for, and what is checked of a file before it goes in and after it comes out."""

from __future__ import annotations

import hashlib
from typing import ClassVar, Protocol

from pydantic import ValidationError

from eximledger_chaincode.documents import invalid_document
from eximledger_chaincode.documents.attached.attachment import (
    MAX_ATTACHMENT,
    MEDIA_TYPES,
    NewAttachment,
    media_type_of,
)
from eximledger_chaincode.errors import EximError
from hlf_client.errors import InvalidDocument, NotFound

__all__ = ["AttachmentAltered", "AttachmentStore", "StoreUnavailable", "checked_content", "new_attachment"]


class StoreUnavailable(EximError):
    """The store could not be reached, or did not take or give what it was asked for."""

    status: ClassVar[int] = 503
    retryable: ClassVar[bool] = True


class AttachmentAltered(EximError):
    """The store gives other bytes than those that were attached."""

    status: ClassVar[int] = 409


class AttachmentStore(Protocol):
    """Bytes by their SHA-256 (hexadecimal). Whoever reads checks them: a store need not be trusted."""

    async def put(self, sha256: str, content: bytes) -> None:
        """Keep bytes, durably once this returns; the same again is no error. Raises `StoreUnavailable`."""
        ...

    async def get(self, sha256: str) -> bytes | None:
        """The bytes that are kept under a hash, None where there are none. Raises `StoreUnavailable`."""
        ...


def new_attachment(name: str, content: bytes) -> NewAttachment:
    """What the ledger will say of a file; nothing of it is read but its first bytes. Raises `InvalidDocument` for one
    that is too large, empty, of another type, or badly named."""
    if not content or len(content) > MAX_ATTACHMENT:
        reason = f"is larger than {MAX_ATTACHMENT // 2**20} MiB" if content else "is empty"
        raise InvalidDocument(f"{name}: the file {reason}", field="file", reason=reason)
    media_type = media_type_of(content)
    if media_type is None:
        reason = f"is of no type that is attached: {', '.join(MEDIA_TYPES)}"
        raise InvalidDocument(f"{name}: the file {reason}", field="file", reason=reason)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return NewAttachment(sha256=sha256, media_type=media_type, size=len(content), name=name)
    except ValidationError as error:
        raise invalid_document("attachment", error) from None


def checked_content(attachment: NewAttachment, content: bytes | None) -> bytes:
    """The bytes, if they are those that were attached. Raises `NotFound` where the store has none, `AttachmentAltered`
    where it has others."""
    if content is None:
        raise NotFound(
            f"the store has no {attachment.name}: the ledger knows it by {attachment.sha256}", sha256=attachment.sha256
        )
    if hashlib.sha256(content).hexdigest() != attachment.sha256 or len(content) != attachment.size:
        raise AttachmentAltered(
            f"what the store gives as {attachment.name} is not what was attached: its hash is another",
            sha256=attachment.sha256,
        )
    return content
