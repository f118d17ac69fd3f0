"""An attachment: what the ledger says of a file beside a paper, and which files may be one.

Types and limits stand here and nowhere else: peers and clients go by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from eximledger_chaincode.documents.parts.base import First, Moment, Value, Version, Whole
from eximledger_chaincode.documents.parts.record import Hex256

__all__ = ["MAX_ATTACHED", "MAX_ATTACHMENT", "MEDIA_TYPES", "Attached", "Attachment", "NewAttachment", "media_type_of"]

MAX_ATTACHMENT: Final = 20 * 1024 * 1024
"""Bytes of one file."""
MAX_ATTACHED: Final = 50
"""Files of one paper."""

MEDIA_TYPES: Final[Mapping[str, tuple[tuple[int, bytes], ...]]] = {
    "application/pdf": ((0, b"%PDF-"),),
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/tiff": ((0, b"II*\x00"), (0, b"MM\x00*")),
    "image/webp": ((8, b"WEBPVP8"),),
}
"""The types that may be attached, each with the bytes, and their place, of which a file of it has one. Nothing that
a browser would run: no HTML, no SVG, no office document."""


def media_type_of(content: bytes) -> str | None:
    """The type of a file by its first bytes, whatever its name says; None for one that may not be attached."""
    for media_type, marks in MEDIA_TYPES.items():
        if any(content.startswith(mark, place) for place, mark in marks):
            return media_type
    return None


def _media_type(value: str) -> str:
    if value not in MEDIA_TYPES:
        raise ValueError(f"a file of this type is not attached: {', '.join(MEDIA_TYPES)} are")
    return value


class NewAttachment(Value):
    """A file that is to be attached, by its hash."""

    sha256: Hex256
    media_type: Annotated[str, AfterValidator(_media_type)]
    size: Annotated[Whole, Field(ge=1, le=MAX_ATTACHMENT)]
    name: Annotated[
        str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^.\x00-\x1f\x7f/\\][^\x00-\x1f\x7f/\\]*$")
    ]
    """The file's name as it was given: no folder, not hidden."""


class Attachment(NewAttachment):
    """One that is attached: by whom, when, and to which version of the paper."""

    attached_by: str
    attached_at: Moment
    paper_version: Version
    transaction_id: str


class Attached(Value):
    """All that is attached to one paper, in the order in which it came."""

    kind: Literal["attached"] = "attached"
    schema_version: First = 1
    attachments: tuple[Attachment, ...] = ()
