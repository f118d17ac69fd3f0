"""ZUGFeRD 1.0: the invoice of 2014, which says in other names what its successor says.

Its elements are read under the successor's names; errors and what is left name them as the paper does. Source: FeRD,
Das ZUGFeRD-Format 1.0, technische Dokumentation.
"""

from __future__ import annotations

import re
from typing import Final

from eximledger.formats.cii.invoice import read_invoice
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import CommercialInvoice
from hlf_chaincode.errors import InvalidDocument

__all__ = ["read_zugferd"]

_NAMES: Final = {
    "CrossIndustryDocument": "CrossIndustryInvoice",
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
_SUMMATION: Final = "SpecifiedTradeSettlementMonetarySummation"
_SUMMATIONS: Final = {
    "ApplicableHeaderTradeSettlement": "SpecifiedTradeSettlementHeaderMonetarySummation",
    "SpecifiedLineTradeSettlement": "SpecifiedTradeSettlementLineMonetarySummation",
}
_REFERENCED: Final = "ReferencedDocument"
_BACK: Final = {
    **{new: old for old, new in _NAMES.items()},
    **dict.fromkeys(_SUMMATIONS.values(), _SUMMATION),
    "IssuerAssignedID": "ID",
}


def read_zugferd(root: Node) -> CommercialInvoice:
    """The invoice. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    for node in root.walk():
        node.name = _successor(node)
    _number_lines(root)
    try:
        return read_invoice(root)
    except InvalidDocument as error:
        field = _restored(error.field)
        raise InvalidDocument(f"{field} {error.reason}", field=field, reason=error.reason) from None
    finally:
        for node in root.walk():
            node.name = _BACK.get(node.name, node.name)


def _number_lines(root: Node) -> None:
    """The successor's lines have numbers; here one may have none, and goes by its place."""
    lines = root.all("SupplyChainTradeTransaction", "IncludedSupplyChainTradeLineItem")
    for place, line in enumerate(lines, 1):
        document = line.find("AssociatedDocumentLineDocument")
        if document is None or document.find("LineID") is not None or line.find("SpecifiedTradeProduct") is None:
            continue
        number = Node("LineID", {}, document)
        number.raw = str(place)
        document.adopt(number)


def _successor(node: Node) -> str:
    """The name in D16B; parents come before their children, and have theirs already."""
    parent = node.parent.name if node.parent is not None else ""
    if node.name == _SUMMATION:
        return _SUMMATIONS.get(parent, node.name)
    if node.name == "ID" and parent.endswith(_REFERENCED):
        return "IssuerAssignedID"
    return _NAMES.get(node.name, node.name)


def _restored(path: str) -> str:
    return re.sub(r"[^/\[\]]+", lambda name: _BACK.get(name[0], name[0]), path)
