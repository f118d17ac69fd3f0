"""A document as the ledger keeps it: with its version, its issuer and the hash of what was written."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import StringConstraints

from eximledger_chaincode.documents.parts.base import Day, First, Moment, Value, Version
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import MspId

__all__ = ["Entry", "Hex256", "Record"]

Hex256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 as lower-case hexadecimal digits."""

DocumentT = TypeVar("DocumentT", bound=Document)


class Entry(Value):
    """What the ledger says of one stored version beside the document itself; seen by whoever sees the document."""

    schema_version: First = 1
    """Of the entry; the document carries its own."""
    kind: str
    id: str
    number: str
    exporter: str | None = None
    dated: Day | None = None
    version: Version
    issuer: MspId
    """The organisation whose certificate signed the transaction that wrote it."""
    written_by: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """The issuer's person who signed it, by the name that the certificate gives (`lending.roles.person_of`)."""
    earlier_writers: tuple[str, ...] = ()
    """The other persons who signed versions before it, in their order."""
    written_at: Moment
    """Transaction time, UTC."""
    filed_at: Moment
    """Transaction time of its first version, UTC."""
    transaction_id: str
    sha256: Hex256
    """SHA-256 of the document's canonical JSON."""
    reached: str | None = None
    """Of a declaration: the furthest that any version had come (declared, released, settled), as the ledger saw."""
    note: str | None = None
    """What the ledger has to say of this filing, in English: that a reversal met no credit, say."""
    collection: str | None = None
    """The private collection in which its writer filed it; None where it is open to the channel."""


class Record(Entry, Generic[DocumentT]):
    """An entry together with its document."""

    document: DocumentT
