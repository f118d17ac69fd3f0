"""Which of the known formats a file is of, and what to say of one that is of none."""

from __future__ import annotations

from typing import Final

from eximledger.formats._clues import (
    UBL,
    Archive,
    Clue,
    Edifact,
    Ole,
    PlainText,
    Signed,
    XmlRoot,
    clue_of,
    is_paper,
    message_of,
)
from eximledger.formats._envelopes import papers_in
from eximledger.formats._known import FORMATS, Format, known_formats
from eximledger.formats.swift.fields import mt_of
from eximledger.formats.tables.reading import names_columns
from eximledger.formats.xml.parsing import parse
from hlf_chaincode.errors import InvalidDocument

__all__ = ["format_of", "row_of"]

_NOT_READ: Final = (
    (b"MIME-Version:", "this is a web page saved under the name of a workbook; open it and save it as .xlsx or .csv"),
)
"""Files that are often sent, by their first bytes, and what to send instead."""
_OF_UBL: Final = {
    "CertificateOfOrigin": "a certificate of origin, which no rule judges; attach it to a paper",
    "ForwardingInstructions": "what a shipper asks of its forwarder, and proves no carriage; send the bill of lading",
    "OrderChange": "a change of an order; send the order as it then stands",
    "OrderResponse": "an answer to an order; send the order as it then stands",
    "OrderResponseSimple": "an answer to an order; send the order",
}
"""Documents of UBL that are sent with papers, or in place of them."""
_MESSAGES: Final = {
    "pain.001": "is an order to pay, not a payment",
    "pain.002": "reports the status of an order to pay, and no money",
    "pain.008": "is an order to collect, not a payment",
    "pacs.008": "is a payment between banks; no account was credited yet",
}


def format_of(source: bytes) -> tuple[Format, str]:
    """The row of the table, and the format's whole name, such as `ubl-invoice-2.1`.

    Raises `InvalidDocument` for a file that is none of the formats that are read.
    """
    for start, reason in _NOT_READ:
        if source.startswith(start):
            raise _unknown(reason)
    clue = clue_of(source)
    if isinstance(clue, XmlRoot) and clue.enveloped and is_paper(clue.namespace, clue.name) and _told(clue) is None:
        for _, paper in papers_in(parse(source)):
            found = _told(XmlRoot(paper.namespace, paper.name))
            if found is not None:
                return found
    return row_of(clue)


def row_of(clue: Clue) -> tuple[Format, str]:
    """The same, of a clue."""
    found = _told(clue)
    if found is None:
        raise _unknown(_why_not(clue))
    return found


def _told(clue: Clue) -> tuple[Format, str] | None:
    for row in FORMATS.values():
        name = row.told(row.name, clue)
        if name is not None:
            return row, name
    return None


def _unknown(reason: str) -> InvalidDocument:
    return InvalidDocument(f"{reason}; known are: {known_formats()}", field="format", reason=reason)


def _why_not(clue: Clue) -> str:
    match clue:
        case Ole():
            return "this is a file of old office software, but no workbook; save it as .xlsx or .pdf"
        case Archive():
            return "this archive holds no papers, and is no .xlsx workbook"
        case XmlRoot(name=""):
            return "this XML has no root element"
        case XmlRoot(name="FatturaElettronicaSemplificata"):
            return "this is a simplified FatturaPA, which has no lines of goods; send the ordinary one"
        case Edifact(messages=messages):
            which = ", ".join(dict.fromkeys(messages)) or "interchange without a message"
            return f"this is an EDIFACT {which[:60]}, which is not read here"
        case Signed():
            return "this is a signed file (.p7m); send the paper that is in it, without the signature around it"
        case XmlRoot(namespace=namespace, name=name) if namespace.startswith(UBL):
            said = _OF_UBL.get(name, "no paper that is read here")
            return f"this is a UBL {name[:60]}: {said}"
        case XmlRoot(namespace=namespace, name="document") if "opendocument" in namespace:
            return "this is an OpenDocument file in one XML; save it as .ods, .xlsx or .csv"
        case XmlRoot(namespace=namespace, name="Document") if (message := message_of(namespace)) is not None:
            if message[:8] in {"camt.052", "camt.053", "camt.054"}:
                return f"this is an ISO 20022 {message}, of a version that banks have left; send one of .02 or later"
            said = _MESSAGES.get(message[:8], "holds no paper that is read here")
            return f"this is an ISO 20022 {message}, which {said}; send the bank's camt.053 or camt.054"
        case XmlRoot(name="CONSOLIDATED_LIST" | "Sanctions" | "export"):
            return "this is a watch list: file it with `eximledger watch file`"
        case XmlRoot(name=name):
            return f"this XML ({name[:60]}) is no format that is read here"
        case PlainText(head) if (message := mt_of(head)) is not None:
            return f"this is a SWIFT MT{message}, which is not read here"
        case PlainText(head) if names_columns(head):
            return "this is a table, but without the columns of a declaration, an invoice, a packing list or a contract"
        case _:
            return "this is no format that is read here"
