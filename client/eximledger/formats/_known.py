"""The formats that are read: ONE table. A new one is a reader and a row here.

`detect`, `read`, the words of the error for a file that is none of them, and docs/formats.md go by this table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final, TypeAlias

from eximledger.formats._clues import (
    UBL,
    Archive,
    Clue,
    Edifact,
    JsonText,
    Ole,
    Pdf,
    PlainText,
    XmlRoot,
    message_of,
)
from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats._source import text_of, within_limits
from eximledger.formats.camt.reports import read_receipts
from eximledger.formats.cii.invoice import read_invoice as read_cii_invoice
from eximledger.formats.cii.order import read_order as read_cii_order
from eximledger.formats.cii.zugferd import read_zugferd
from eximledger.formats.containers.archives import parts_of_archive
from eximledger.formats.containers.attached import parts_of_attached
from eximledger.formats.containers.business import parts_of_business_message
from eximledger.formats.containers.ofd import parts_of_ofd
from eximledger.formats.containers.parts import Part
from eximledger.formats.containers.pdf import parts_of_pdf
from eximledger.formats.customs.reader import read_message, read_printed, read_sheets, shows_form
from eximledger.formats.dcsa.transport import read_transport_documents
from eximledger.formats.edifact.reader import MESSAGES, read_edifact
from eximledger.formats.fapiao.invoice import read_fapiao
from eximledger.formats.fatturapa.invoices import read_invoices as read_fatturapa
from eximledger.formats.json_documents import read_documents
from eximledger.formats.swift.characters import swift_text
from eximledger.formats.swift.fields import mt_of
from eximledger.formats.swift.reader import CREDIT_TYPES, MT_TYPES, read_messages
from eximledger.formats.tables.files.html import read_html
from eximledger.formats.tables.files.ods import read_ods
from eximledger.formats.tables.files.spreadsheetml import NAMESPACE, read_spreadsheetml
from eximledger.formats.tables.files.xls import read_xls
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger.formats.tables.reading import is_column, read_tables, shows_papers
from eximledger.formats.tables.sheets import Sheet, read_csv, read_xlsx
from eximledger.formats.ubl.customs import read_export_declaration
from eximledger.formats.ubl.despatch import read_despatch_advice
from eximledger.formats.ubl.invoice import read_invoice as read_ubl_invoice
from eximledger.formats.ubl.order import read_order
from eximledger.formats.ubl.packing import read_packing_list
from eximledger.formats.ubl.waybill import read_transport_document
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node, leftovers
from eximledger_chaincode.documents import (
    KINDS,
    CommercialInvoice,
    DeclarationCopy,
    Document,
    ExportDeclaration,
    FxReceipt,
    LetterOfCredit,
    PackingList,
    SalesContract,
    TransportDocument,
)

__all__ = ["FORMATS", "Format", "Found", "Papers", "known_formats"]

Found: TypeAlias = tuple[tuple[Document, ...], tuple[Unmapped, ...]]
"""The documents of a file, and what of it they do not hold."""
Reader: TypeAlias = Callable[[bytes, str | None], Found]
"""Reads a file's bytes; the text is the USCC of the exporter of papers that do not carry one."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Reads the papers of an XML root, which may have stood in an envelope."""

    of: Callable[[Node], tuple[Document, ...]]


Opener: TypeAlias = Callable[[bytes], tuple[Part, ...]]
"""The files in a file that holds others."""
Teller: TypeAlias = Callable[[str, Clue], str | None]
"""The format's whole name, with the version that a file states, where the clue is of it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name, as people call it (whose it is, and which of theirs), and the kinds of what it says."""

    name: str
    family: str
    word: str
    kinds: tuple[str, ...]
    told: Teller
    read: Reader | Papers | None
    opens: Opener | None = None
    """Of a file that holds others; what holds none is read itself, where there is a reader, too."""
    declared: Reader | None = None
    """Reads customs' form as customs' own declarations, not as the exporter's copies."""


_OFFICE: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"})

# How a format is told ---------------------------------------------------------


def _ubl(root: str) -> Teller:
    def told(name: str, clue: Clue) -> str | None:
        if isinstance(clue, XmlRoot) and clue.namespace.startswith(UBL) and clue.name == root:
            return f"{name}-{clue.version}" if clue.version else name
        return None

    return told


def _root(root: str) -> Teller:
    return lambda name, clue: name if isinstance(clue, XmlRoot) and clue.name == root else None


def _iso20022(versions: str) -> Teller:
    """By the namespace: its end is the format's name and a version."""

    def told(name: str, clue: Clue) -> str | None:
        message = message_of(clue.namespace) if isinstance(clue, XmlRoot) and clue.name == "Document" else None
        return message if message and re.fullmatch(rf"{re.escape(name)}\.(?:{versions})", message) else None

    return told


def _part(part: str) -> Teller:
    return lambda name, clue: name if isinstance(clue, Archive) and part in clue.parts else None


def _swift(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, PlainText) and mt_of(clue.head) == name.removeprefix("mt") else None


def _table_text(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, PlainText) and shows_papers(clue.head, complete=clue.complete) else None


def _workbook(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, Ole) and clue.workbook else None


def _spreadsheetml(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, XmlRoot) and clue.namespace == NAMESPACE and clue.name == "Workbook" else None


def _html(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, XmlRoot) and clue.name.lower() in {"html", "table"} else None


def _edifact(message: str) -> Teller:
    """By the first message that is read here: an interchange may hold several kinds."""

    def told(name: str, clue: Clue) -> str | None:
        read = [kind for kind in clue.messages if kind in MESSAGES] if isinstance(clue, Edifact) else []
        return name if read and read[0] == message else None

    return told


def _pdf(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, Pdf) else None


def _zip(name: str, clue: Clue) -> str | None:
    """Any archive but those that are documents of office software."""
    if not isinstance(clue, Archive) or not clue.parts or clue.parts & _OFFICE:
        return None
    return name


def _json(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, JsonText) and not clue.dcsa else None


def _dcsa(name: str, clue: Clue) -> str | None:
    return name if isinstance(clue, JsonText) and clue.dcsa else None


# How it is read ---------------------------------------------------------------


def _xml(read: Callable[[Node], Document]) -> Papers:
    return Papers(lambda root: (read(root),))


def _read_csv(source: bytes, exporter: str | None) -> Found:
    return read_tables([read_csv(text_of(source), is_column)], exporter)


def _tables(sheets: Callable[[bytes], list[Sheet]]) -> Reader:
    return lambda source, exporter: read_tables(sheets(source), exporter)


def _tables_or_form(sheets: Callable[[bytes], list[Sheet]], *, copy: bool = True) -> Reader:
    """Customs' printed form where a sheet is one, else tables."""

    def reader(source: bytes, exporter: str | None) -> Found:
        found = sheets(source)
        return read_sheets(found, exporter, copy=copy) if shows_form(found) else read_tables(found, exporter)

    return reader


def _read_fapiao(source: bytes, exporter: str | None) -> Found:
    root = parse(source)
    invoice = read_fapiao(root, exporter)
    return (invoice,), leftovers(root)


def _read_swift(source: bytes, _exporter: str | None) -> Found:
    within_limits(source)
    text, unknown = swift_text(source)
    documents, unmapped = read_messages(text)
    if not unknown:
        return documents, unmapped
    reason = f"{unknown} letters are in an encoding that the file does not name; ask the bank for UTF-8"
    return documents, (*unmapped, Unmapped("text", reason, Cause.UNUSABLE, unknown))


def _read_edifact(source: bytes, _exporter: str | None) -> Found:
    return read_edifact(source)


def _read_dcsa(source: bytes, _exporter: str | None) -> Found:
    return read_transport_documents(text_of(source))


def _read_json(source: bytes, _exporter: str | None) -> Found:
    return read_documents(text_of(source)), ()


# The table --------------------------------------------------------------------

_CONTRACT, _INVOICE, _LIST = (SalesContract.KIND,), (CommercialInvoice.KIND,), (PackingList.KIND,)
_BILL, _RECEIPT = (TransportDocument.KIND,), (FxReceipt.KIND,)
_COPY = (ExportDeclaration.KIND, DeclarationCopy.KIND)
_CAMT: Final = "0[2-9]|[1-9][0-9]"
_TABLE: Final = "tables of declarations, invoices, packing lists or contracts,"

_ROWS: Final = (
    Format("ubl-invoice", "UBL", "invoice", _INVOICE, _ubl("Invoice"), _xml(read_ubl_invoice)),
    Format("ubl-freight-invoice", "UBL", "invoice", _INVOICE, _ubl("FreightInvoice"), _xml(read_ubl_invoice)),
    Format("ubl-self-billed-invoice", "UBL", "invoice", _INVOICE, _ubl("SelfBilledInvoice"), _xml(read_ubl_invoice)),
    Format("ubl-credit-note", "UBL", "credit note", _INVOICE, _ubl("CreditNote"), _xml(read_ubl_invoice)),
    Format("ubl-self-billed-credit-note", "UBL", "credit note", _INVOICE, _ubl("SelfBilledCreditNote"),
           _xml(read_ubl_invoice)),
    Format("ubl-debit-note", "UBL", "debit note", _INVOICE, _ubl("DebitNote"), _xml(read_ubl_invoice)),
    Format("ubl-order", "UBL", "order", _CONTRACT, _ubl("Order"), _xml(read_order)),
    Format("ubl-despatch-advice", "UBL", "despatch advice", _LIST, _ubl("DespatchAdvice"), _xml(read_despatch_advice)),
    Format("ubl-packing-list", "UBL", "packing list", _LIST, _ubl("PackingList"), _xml(read_packing_list)),
    Format("ubl-export-customs-declaration", "UBL", "export customs declaration", (DeclarationCopy.KIND,),
           _ubl("ExportCustomsDeclaration"), _xml(read_export_declaration)),
    Format("ubl-waybill", "UBL", "waybill", _BILL, _ubl("Waybill"), _xml(read_transport_document)),
    Format("ubl-bill-of-lading", "UBL", "bill of lading", _BILL, _ubl("BillOfLading"), _xml(read_transport_document)),
    Format("cii-invoice", "UN/CEFACT", "Cross Industry Invoice", _INVOICE, _root("CrossIndustryInvoice"),
           _xml(read_cii_invoice)),
    Format("zugferd-1", "UN/CEFACT", "ZUGFeRD 1", _INVOICE, _root("CrossIndustryDocument"), _xml(read_zugferd)),
    Format("cii-order", "UN/CEFACT", "Cross Industry Order", _CONTRACT, _root("SCRDMCCBDACIOMessageStructure"),
           _xml(read_cii_order)),
    Format("fatturapa", "Italy's", "FatturaPA", _INVOICE, _root("FatturaElettronica"), Papers(read_fatturapa)),
    Format("camt.052.001", "ISO 20022", "camt.052", _RECEIPT, _iso20022(_CAMT), Papers(read_receipts)),
    Format("camt.053.001", "ISO 20022", "camt.053", _RECEIPT, _iso20022(_CAMT), Papers(read_receipts)),
    Format("camt.054.001", "ISO 20022", "camt.054", _RECEIPT, _iso20022(_CAMT), Papers(read_receipts)),
    Format("edifact-invoic", "UN/EDIFACT", "INVOIC", _INVOICE, _edifact("INVOIC"), _read_edifact),
    Format("edifact-desadv", "UN/EDIFACT", "DESADV", _LIST, _edifact("DESADV"), _read_edifact),
    *(Format(f"mt{kind}", "SWIFT", f"MT{kind}", _RECEIPT, _swift, _read_swift) for kind in MT_TYPES),
    *(Format(f"mt{kind}", "SWIFT", f"MT{kind}", (LetterOfCredit.KIND,), _swift, _read_swift) for kind in CREDIT_TYPES),
    Format("dcsa-transport-document", "DCSA", "bill of lading", _BILL, _dcsa, _read_dcsa),
    Format("table-csv", _TABLE, "CSV", tuple(TABLES), _table_text, _read_csv),
    Format("table-xlsx", _TABLE, "XLSX", (*TABLES, DeclarationCopy.KIND), _part("xl/workbook.xml"),
           _tables_or_form(read_xlsx), declared=_tables_or_form(read_xlsx, copy=False)),
    Format("table-ods", _TABLE, "ODS", (*TABLES, DeclarationCopy.KIND), _part("content.xml"),
           _tables_or_form(read_ods), declared=_tables_or_form(read_ods, copy=False)),
    Format("table-xls", _TABLE, "XLS", (*TABLES, DeclarationCopy.KIND), _workbook,
           _tables_or_form(read_xls), declared=_tables_or_form(read_xls, copy=False)),
    Format("table-spreadsheetml", _TABLE, "Excel 2003 XML", tuple(TABLES), _spreadsheetml,
           _tables(read_spreadsheetml)),
    Format("table-html", _TABLE, "HTML", tuple(TABLES), _html, _tables(read_html)),
    Format("dec-message", "China Customs'", "DecMessage", _COPY, _root("DecMessage"),
           partial(read_message, copy=True), declared=partial(read_message, copy=False)),
    Format("fapiao", "China's", "fully digital invoice (数电票)", _INVOICE, _root("EInvoice"), _read_fapiao),
    Format("pdf", "files that hold papers,", "PDF", tuple(KINDS), _pdf, partial(read_printed, copy=True),
           parts_of_pdf, partial(read_printed, copy=False)),
    Format("ofd", "files that hold papers,", "OFD", _INVOICE, _part("OFD.xml"), None, parts_of_ofd),
    Format("zip", "files that hold papers,", "ZIP", tuple(KINDS), _zip, None, parts_of_archive),
    Format("ubl-attached-document", "files that hold papers,", "AttachedDocument", tuple(KINDS),
           _ubl("AttachedDocument"), None, parts_of_attached),
    Format("sbdh", "files that hold papers,", "SBDH message", tuple(KINDS), _root("StandardBusinessDocument"), None,
           parts_of_business_message),
    Format("json", "this project's", "JSON", tuple(KINDS), _json, _read_json),
)  # fmt: skip

FORMATS: Final[Mapping[str, Format]] = {row.name: row for row in _ROWS}
"""Every format by its name, without the version that a file may state."""


def known_formats() -> str:
    """What is read, in words: each family with its own."""
    return "; ".join(
        f"{family} {_listed([row.word for row in rows])}" for family, rows in groupby(_ROWS, lambda row: row.family)
    )


def _listed(words: list[str]) -> str:
    *most, last = dict.fromkeys(words)
    return f"{', '.join(most)} or {last}" if most else last
