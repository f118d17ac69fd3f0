"""What an SBDH message holds that is no XML of its own: text, or bytes in base64 (Peppol)."""

from __future__ import annotations

from eximledger.formats.containers.attached import decoded
from eximledger.formats.containers.parts import Part, encoded
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node
from hlf_chaincode.errors import InvalidDocument

__all__ = ["parts_of_business_message"]


def parts_of_business_message(source: bytes) -> tuple[Part, ...]:
    """Raises `InvalidDocument` where there is neither."""
    root = parse(source)
    found = [part for node in root.children if (part := _part(node)) is not None]
    if not found:
        other = next((node.name for node in root.children if node.name != "StandardBusinessDocumentHeader"), "nothing")
        reason = f"is an envelope around {other[:60]}, which is no paper that is read here"
        raise InvalidDocument(f"the message {reason}", field=root.path, reason=reason)
    return tuple(found)


def _part(node: Node) -> Part | None:
    if node.name == "TextContent":
        return Part(node.path, encoded(node.content()))
    return Part(node.path, decoded(node)) if node.name == "BinaryContent" else None
