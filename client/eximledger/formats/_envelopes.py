"""The paper within an envelope: a business message with its header, an SBDH message, SOAP, a bank's own wrapping."""

from __future__ import annotations

from itertools import islice

from eximledger.formats._clues import ENVELOPE_ELEMENTS, is_paper
from eximledger.formats.xml.tree import Node
from hlf_chaincode.errors import InvalidDocument

__all__ = ["paper_in"]


def paper_in(root: Node) -> Node:
    """The root of the one paper; raises `InvalidDocument` where an envelope holds several."""
    if is_paper(root.namespace, root.name):
        return root
    first = next((node for node in islice(root.walk(), ENVELOPE_ELEMENTS) if is_paper(node.namespace, node.name)), None)
    if first is None:
        return root
    siblings = first.parent.children if first.parent is not None else ()
    if sum(is_paper(node.namespace, node.name) for node in siblings) > 1:
        reason = "holds several papers in one envelope; send each by itself"
        raise InvalidDocument(f"{root.path} {reason}", field=root.path, reason=reason)
    first.parent = None
    return first
