"""What a file of a suite is, by other means than ours, and whether it is of a kind that we claim to read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from pypdf import PdfReader
from pypdf.errors import PyPdfError

__all__ = ["SUFFIXES", "Sort", "sort_of"]

SUFFIXES: Final = frozenset({".xml", ".pdf", ".sta", ".txt", ".940"})
_INVOICES: Final = frozenset({
    "Invoice", "CreditNote", "DebitNote", "FreightInvoice", "SelfBilledInvoice", "SelfBilledCreditNote",
})  # fmt: skip
_PAPERS: Final = frozenset({"Order", "DespatchAdvice", "Waybill", "BillOfLading"})
_CAMT: Final = re.compile(r"camt\.05[234]\.001\.(?:0[2-9]|1[0-3])")
_DATED: Final = re.compile(r"^:61:([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})", re.MULTILINE)
_ISO: Final = re.compile(r"camt\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Sort:
    """`family` is how it is compared; "" where it is of no kind that is claimed, which `what` names."""

    family: str
    what: str
    root: Element | None = None
    message: str = ""

    def texts(self) -> Iterator[str]:
        """All that the file says."""
        if self.root is None:
            yield self.message
            yield re.sub(r"\?[0-9]{2}", "", self.message.replace("\n", ""))  # subfields of :86: go on in the next
            for year, _month, _day, *entered in _DATED.findall(self.message):  # the entry's day has no year
                yield from (f"20{int(year) + shift:02}-{m}-{d}" for shift in (-1, 0, 1) for m, d in [entered])
            return
        for node in self.root.iter():
            yield node.text or ""
            yield node.tail or ""
            yield from node.attrib.values()


def sort_of(path: Path) -> Sort:
    source = path.read_bytes()
    if source.startswith(b"%PDF-"):
        attached = _attached(source)
        return _xml(attached, "PDF with ") if attached else Sort("", "PDF without an attached invoice")
    if source.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _xml(source, "")
    return _message(source)


def _xml(source: bytes, within: str) -> Sort:
    try:
        root = fromstring(source)
    except (ParseError, ValueError, LookupError):
        return Sort("", f"{within}XML that is not well-formed")
    namespace, _, name = root.tag.rpartition("}")
    what = f"{within}{name}"
    if name == "CrossIndustryInvoice":
        if root.find(".//{*}IncludedSupplyChainTradeLineItem") is None:
            return Sort("", f"{what} without lines", root)
        return Sort("cii", what, root)
    if name in _INVOICES and "oasis" in namespace:
        return Sort("ubl", what, root)
    if name in _PAPERS and "oasis" in namespace:
        return Sort("paper", what, root)
    if name == "Document" and _CAMT.search(namespace):
        return Sort("camt", what, root)
    if (found := _ISO.search(namespace)) is not None:
        what = f"{within}{found[0]}"
    return Sort("", what, root)


def _attached(source: bytes) -> bytes:
    """The first XML that is attached to a PDF."""
    try:
        reader = PdfReader(io.BytesIO(source))
        for name, contents in reader.attachments.items():
            if name.lower().endswith(".xml"):
                return contents[0]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError):
        return b""
    return b""


def _message(source: bytes) -> Sort:
    try:
        message = source.decode("utf-8")
    except UnicodeDecodeError:
        message = source.decode("latin-1")
    message = message.replace("\r\n", "\n")
    if not re.search(r"^:61:", message, re.MULTILINE) and not re.search(r"^:60[FM]:", message, re.MULTILINE):
        return Sort("", "text that is no statement")
    whole = all(re.search(rf"^:{field}", message, re.MULTILINE) for field in ("20:", "25", "28", "60[FM]:", "62[FM]:"))
    whole = whole or all(re.search(rf"^:{field}", message, re.MULTILINE) for field in ("20:", "25", "28", "34F:", "13"))
    return Sort("mt" if whole else "", "MT940 or MT942" if whole else "part of an MT940", message=message)
