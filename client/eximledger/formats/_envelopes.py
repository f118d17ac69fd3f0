"""The papers within an envelope: a business message with its header, an SBDH message, SOAP, a bank's own wrapping."""

from __future__ import annotations

from eximledger.formats._clues import ENVELOPE_ELEMENTS, is_paper
from eximledger.formats._limits import MAX_PARTS
from eximledger.formats.xml.tree import Node
from hlf_chaincode.errors import InvalidDocument

__all__ = ["papers_in"]


def papers_in(root: Node) -> list[tuple[str, Node]]:
    """Each paper as a root of its own, with its place in the envelope; the root itself where it is no envelope.

    A paper within a paper is a part of that one. Only what begins as early as `detect` looks makes an envelope.
    """
    found: list[Node] = []
    pending, seen = [root], 0
    while pending:
        node = pending.pop()
        seen += 1
        if is_paper(node.namespace, node.name):
            found.append(node)
        elif found or seen <= ENVELOPE_ELEMENTS:
            pending += reversed(node.children)
    if not found:
        return [(root.path, root)]
    if len(found) > MAX_PARTS:
        reason = f"holds more than {MAX_PARTS} papers; send them in parts"
        raise InvalidDocument(f"{root.path} {reason}", field=root.path, reason=reason)
    papers = [(node.path, node) for node in found]
    for node in found:
        node.parent = None
    return papers
