"""Files of SWIFT MT messages: each message by its type, and one that cannot be read does not cost the others."""

from __future__ import annotations

from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.camt.reports import numbered
from eximledger.formats.swift.fields import Message, messages_in
from eximledger.formats.swift.payments import Advice
from eximledger.formats.swift.statements import Statement
from eximledger_chaincode.documents import FxReceipt
from hlf_chaincode.errors import InvalidDocument

__all__ = ["MT_TYPES", "read_messages"]

MT_TYPES: Final = ("940", "942", "103", "910")
"""Types of messages that are read."""


def read_messages(text: str) -> tuple[tuple[FxReceipt, ...], tuple[Unmapped, ...]]:
    """The receipts, perhaps none, and what of the messages they do not hold.

    Raises `InvalidDocument` where nothing of the file could be read.
    """
    receipts: list[FxReceipt] = []
    unmapped: list[Unmapped] = []
    refused: list[InvalidDocument] = []
    read = 0
    for message in messages_in(text):
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
    if not receipts and not read:
        raise refused[0] if refused else InvalidDocument("the file has no SWIFT field", field="file", reason="is empty")
    references: dict[tuple[str, str], int] = {}
    return tuple(numbered(receipt, references) for receipt in receipts), tuple(unmapped)


def _read(message: Message) -> Statement | Advice:
    if message.type in {"940", "942"}:
        return Statement(message)
    if message.type in {"103", "910"}:
        return Advice(message)
    reason = (
        f"is a SWIFT MT{message.type}, which is not read here" if message.type else "is no SWIFT message known here"
    )
    raise InvalidDocument(f"the message {reason}", field=f"line {message.line}", reason=reason)
