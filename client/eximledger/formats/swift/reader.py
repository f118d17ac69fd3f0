"""Files of SWIFT MT messages: each message by its type, and one that cannot be read does not cost the others."""

from __future__ import annotations

from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.camt.reports import numbered
from eximledger.formats.swift.fields import Message, messages_in
from eximledger.formats.swift.letters.reading import CREDIT_TYPES, Letters
from eximledger.formats.swift.payments import Advice
from eximledger.formats.swift.statements import Statement
from eximledger_chaincode.documents import Document, FxReceipt
from hlf_chaincode.errors import InvalidDocument

__all__ = ["CREDIT_TYPES", "MT_TYPES", "read_messages"]

MT_TYPES: Final = ("940", "942", "103", "910")
"""Types of messages that become receipts."""


def read_messages(text: str) -> tuple[tuple[Document, ...], tuple[Unmapped, ...]]:
    """The receipts and letters of credit, perhaps none, and what of the messages they do not hold.

    Raises `InvalidDocument` where nothing of the file could be read.
    """
    receipts: list[FxReceipt] = []
    unmapped: list[Unmapped] = []
    refused: list[InvalidDocument] = []
    read = 0
    messages = messages_in(text)
    letters = Letters([message for message in messages if message.type in CREDIT_TYPES])
    for message in messages:
        if message.type in CREDIT_TYPES:
            continue
        try:
            found = _read(message)
        except InvalidDocument as error:
            refused.append(error)
            unmapped.append(Unmapped(f"line {message.line}", error.message, Cause.UNUSABLE))
            continue
        receipts += found.receipts
        unmapped += found.unmapped
        failed = found.refused if isinstance(found, Statement) else []
        refused += failed
        read += not failed
    refused += letters.refused
    unmapped += letters.unmapped
    if not receipts and not letters.documents and not read:
        raise refused[0] if refused else InvalidDocument("the file has no SWIFT field", field="file", reason="is empty")
    references: dict[tuple[str, str], int] = {}
    return (*(numbered(receipt, references) for receipt in receipts), *letters.documents), tuple(unmapped)


def _read(message: Message) -> Statement | Advice:
    if message.type in {"940", "942"}:
        return Statement(message)
    if message.type in {"103", "910"}:
        return Advice(message)
    reason = (
        f"is a SWIFT MT{message.type}, which is not read here" if message.type else "is no SWIFT message known here"
    )
    raise InvalidDocument(f"the message {reason}", field=f"line {message.line}", reason=reason)
