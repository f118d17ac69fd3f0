"""An interchange as papers: each message by its type; one that cannot be read is reported by its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from eximledger.formats._gathered import Gathered, soundly
from eximledger.formats._reading import Unmapped
from eximledger.formats.edifact.desadv import read_desadv
from eximledger.formats.edifact.interchange import Message, messages_of
from eximledger.formats.edifact.invoic import read_invoic
from eximledger_chaincode.documents import Document
from hlf_chaincode.errors import InvalidDocument

__all__ = ["MESSAGES", "read_edifact"]

MESSAGES: Final[Mapping[str, Callable[[Message], Document]]] = {"INVOIC": read_invoic, "DESADV": read_desadv}


def read_edifact(source: bytes) -> tuple[tuple[Document, ...], tuple[Unmapped, ...]]:
    """The papers, and what of them is in no field. Raises `InvalidDocument` where no message can be read."""
    messages, notes = messages_of(source)
    gathered = Gathered()
    for message in messages:
        try:
            document = _read(message)
        except InvalidDocument as error:
            gathered.miss(message.place, error)
            continue
        left = [entry for segment in message.segments for entry in segment.leftovers()]
        gathered.add(message.place, (document,), left)
    gathered.require_some()
    return tuple(gathered.documents), (*notes, *gathered.unmapped)


def _read(message: Message) -> Document:
    reader = MESSAGES.get(message.type)
    if reader is None:
        raise message.header.error(f"is of a message that is not read here ({message.type[:20]})")
    if not message.whole:
        raise message.header.error("begins a message that breaks off: there is no UNT")
    with soundly(message.type):
        return reader(message)
