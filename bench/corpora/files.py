"""What a file of a suite is, by other means than ours, and whether it is of a kind that we claim to read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bench.corpora.edifact import invoices_in

__all__ = ["SUFFIXES", "Sort", "sort_of"]

SUFFIXES: Final = frozenset({"", ".xml", ".pdf", ".sta", ".txt", ".940", ".edi", ".zip"})
"""Of files that are looked at; some suites give theirs none."""
_INVOICES: Final = frozenset({
    "Invoice", "CreditNote", "DebitNote", "FreightInvoice", "SelfBilledInvoice", "SelfBilledCreditNote",
})  # fmt: skip
_PAPERS: Final = frozenset({"Order", "DespatchAdvice", "Waybill", "BillOfLading"})
_CAMT: Final = re.compile(r"camt\.05[234]\.001\.(?:0[2-9]|[1-9][0-9])")
_DATED: Final = re.compile(r"^:61:([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})", re.MULTILINE)
_ISO: Final = re.compile(r"camt\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Sort:
    """`family` is how it is compared; "" where it is of no kind that is claimed, which `what` names."""

    family: str
    what: str
    root: Element | None = None
    message: str = ""
    source: str = ""
    """Of an interchange, as it came: `message` is without release characters."""
    papers: tuple[Element, ...] = ()
    """The invoices in it: the root, or what an envelope or a set of tests holds."""

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
            if node.tag.endswith("IdFiscaleIVA"):  # country and code of one number
                yield "".join((part.text or "").strip() for part in node)


def sort_of(path: Path) -> Sort:
    source = path.read_bytes()
    if source.startswith(b"%PDF-"):
        attached = _attached(source)
        return _attachments(attached) if attached else Sort("", "PDF without an attached invoice")
    if source.startswith(b"PK\x03\x04"):
        return _archived(source)
    if source.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        try:
            root = fromstring(source)
        except (ParseError, ValueError, LookupError):
            return Sort("", "XML that is not well-formed")
        return _of_root(root, root.tag.rpartition("}")[2])
    return _message(source)


def _of_root(root: Element, what: str) -> Sort:
    namespace, _, name = root.tag.rpartition("}")
    if name == "FatturaElettronica" and root.get("versione") in {"FPA12", "FPR12"}:
        return Sort("invoice", what, root, papers=(root,))
    papers = tuple(node for node in root.iter() if _is_invoice(node))
    if papers:
        whole = all(_is_whole(each) for each in papers)
        return Sort("invoice" if whole else "", what if whole else f"{what} with parts of papers", root, papers=papers)
    if name in _PAPERS and "oasis" in namespace:
        return Sort("paper", what, root)
    if name == "Document" and _CAMT.search(namespace):
        return Sort("camt", what, root)
    if (found := _ISO.search(namespace)) is not None:
        what = found[0]
    return Sort("", what, root)


def _is_invoice(node: Element) -> bool:
    namespace, _, name = node.tag.rpartition("}")
    is_ubl = name in _INVOICES and namespace.startswith("{urn:oasis:names:specification:ubl:schema:xsd:")
    return is_ubl or name in {"CrossIndustryInvoice", "CrossIndustryDocument"}


def _is_whole(paper: Element) -> bool:
    """Not one of the parts that validators test single rules with: it has number, date, total, parties and a line."""
    if "CrossIndustry" in paper.tag:
        wanted = ("ID", "DateTimeString", "SellerTradeParty", "BuyerTradeParty", "IncludedSupplyChainTradeLineItem",
                  "InvoiceCurrencyCode", "DuePayableAmount")  # fmt: skip
        return all(paper.find(f".//{{*}}{name}") is not None for name in wanted)
    parties = ("AccountingSupplierParty", "AccountingCustomerParty")
    if not all(paper.find(f"{{*}}{party}/{{*}}Party") is not None for party in parties):
        return False
    if not any(child.tag.endswith("Line") for child in paper):
        return False
    return all(paper.find(f".//{{*}}{name}") is not None for name in ("ID", "IssueDate", "PayableAmount"))


def _attachments(attached: list[bytes]) -> Sort:
    """The papers attached to a PDF, as if they stood in one envelope."""
    root = Element("attached")
    for source in attached:
        try:
            root.append(fromstring(source))
        except (ParseError, ValueError, LookupError):
            return Sort("", "PDF with XML that is not well-formed")
    return _of_root(root, f"PDF with {root[0].tag.rpartition('}')[2]}")


def _archived(source: bytes) -> Sort:
    """The statements in an archive, as if they stood in one envelope."""
    root = Element("archive")
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        try:
            root.extend([fromstring(archive.read(name)) for name in names])
        except (ParseError, ValueError, LookupError):
            return Sort("", "ZIP of other files")
    kinds = {_of_root(each, each.tag).family for each in root}
    return Sort("camt" if kinds == {"camt"} else "", "ZIP of XML", root)


def _attached(source: bytes) -> list[bytes]:
    """The XML that is attached to a PDF."""
    try:
        files = PdfReader(io.BytesIO(source)).attachments.items()
        return [contents[0] for name, contents in files if name.lower().endswith(".xml")]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError):
        return []


def _message(source: bytes) -> Sort:
    try:
        message = source.decode("utf-8")
    except UnicodeDecodeError:
        message = source.decode("latin-1")
    if re.match(r"\ufeff?\s*(?:UNA|UNB|UNH)[^A-Za-z0-9\s]", message):
        found = invoices_in(message)
        said = re.sub(r"\?(.)", r"\1", message.replace("\r", "").replace("\n", ""))
        return Sort("edifact" if found else "", "EDIFACT INVOIC" if found else "EDIFACT", message=said, source=message)
    message = message.replace("\r\n", "\n")
    if not re.search(r"^:61:", message, re.MULTILINE) and not re.search(r"^:60[FM]:", message, re.MULTILINE):
        return Sort("", "text that is no statement")
    whole = all(re.search(rf"^:{field}", message, re.MULTILINE) for field in ("20:", "25", "28", "60[FM]:", "62[FM]:"))
    whole = whole or all(re.search(rf"^:{field}", message, re.MULTILINE) for field in ("20:", "25", "28", "34F:", "13"))
    return Sort("mt" if whole else "", "MT940 or MT942" if whole else "part of an MT940", message=message)
