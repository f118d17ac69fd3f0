"""UBL's AttachedDocument: a paper as text, or in base64, within a paper (Colombia's invoices are sent so)."""

from __future__ import annotations

import base64
import binascii

from eximledger.formats._envelopes import papers_in
from eximledger.formats.containers.parts import Part, encoded
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node
from hlf_chaincode.errors import InvalidDocument

__all__ = ["decoded", "parts_of_attached"]


def parts_of_attached(source: bytes) -> tuple[Part, ...]:
    """Raises `InvalidDocument` where nothing is attached, or it is no base64."""
    found: list[Part] = []
    for place, paper in papers_in(parse(source)):
        within = place.rpartition("/")[0]
        texts = paper.all("Attachment", "ExternalReference", "Description")
        found += [Part(within + node.path, encoded(node.content())) for node in texts if node.raw.strip()]
        for node in paper.all("Attachment", "EmbeddedDocumentBinaryObject"):
            found.append(Part(within + node.path, decoded(node)))
        if not found:
            raise paper.missing("Attachment", "ExternalReference", "Description")
    return tuple(found)


def decoded(node: Node) -> bytes:
    """The bytes of an element's base64."""
    try:
        return base64.b64decode("".join((node.value() or "").split()), validate=True)
    except (binascii.Error, ValueError):
        reason = "is not base64"
        raise InvalidDocument(f"{node.path} {reason}", field=node.path, reason=reason) from None
