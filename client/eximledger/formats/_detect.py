"""What a file is, by its first bytes: its name is not asked, for names are often wrong."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from typing import Final

from eximledger.formats._limits import MAX_COLUMNS
from eximledger.formats.tables.declarations import has_header
from eximledger.formats.tables.headers import column_of
from eximledger.formats.tables.sheets import decode_text, read_csv
from eximledger.formats.xml.parsing import feed
from hlf_chaincode.errors import InvalidDocument

__all__ = ["format_of"]

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_UBL_FORMATS: Final = {
    "Invoice": "ubl-invoice",
    "FreightInvoice": "ubl-freight-invoice",
    "SelfBilledInvoice": "ubl-self-billed-invoice",
    "CreditNote": "ubl-credit-note",
    "SelfBilledCreditNote": "ubl-self-billed-credit-note",
    "DebitNote": "ubl-debit-note",
    "Order": "ubl-order",
    "DespatchAdvice": "ubl-despatch-advice",
    "Waybill": "ubl-waybill",
    "BillOfLading": "ubl-bill-of-lading",
}
_CAMT: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[34]\.001\.(0[2-9]|1[0-3]))")
_HEAD: Final = 256 * 1024
"""Bytes of a table that are looked at."""
_KNOWN: Final = (
    "UBL invoice, credit note, order, despatch advice, waybill or bill of lading; UN/CEFACT Cross Industry Invoice;"
    " ISO 20022 camt.053 or camt.054; a table of customs declarations (CSV, XLSX); this project's JSON"
)


def _unknown(reason: str) -> InvalidDocument:
    return InvalidDocument(f"{reason}; known are: {_KNOWN}", field="format", reason=reason)


def format_of(source: bytes) -> str:
    """The format's name, such as `ubl-invoice-2.1`, `camt.053.001.04`, `declaration-csv` or `json`.

    Raises `InvalidDocument` for a file that is none of the formats that are read.
    """
    if not source.strip(b"\x00 \t\r\n"):
        raise InvalidDocument("the file is empty", field="file", reason="the file is empty")
    if source.startswith(b"PK\x03\x04"):
        return _archive(source)
    if source.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unknown("this is an old Excel or Word file; save it as .xlsx or .csv")
    if source.startswith(b"%PDF"):
        raise _unknown("this is a PDF; send the XML that it was made from, or that is attached to it")
    start = _first_characters(source)
    if start.startswith("<"):
        return _xml(source)
    if start.startswith(("{", "[")):
        return "json"
    return _table(source)


def _first_characters(source: bytes) -> str:
    head = source[:400]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").lstrip("\ufeff \t\r\n")
    return head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()


def _archive(source: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InvalidDocument("the archive is damaged", field="file", reason="the archive is damaged") from None
    if "xl/workbook.xml" in names:
        return "declaration-xlsx"
    raise _unknown("this is an archive but no .xlsx workbook")


def _table(source: bytes) -> str:
    text = decode_text(source[:_HEAD], cut=len(source) > _HEAD)
    lines = text.splitlines()[:40]
    pieces = (piece for line in lines for piece in re.split(r"[,;\t]", line.replace('"', ""), maxsplit=MAX_COLUMNS))
    if not any(column_of(piece) for piece in pieces):
        raise _unknown("this is no format that is read here")
    try:
        found = has_header(read_csv(text if len(source) <= _HEAD else "\n".join(lines)))
    except InvalidDocument:
        found = True  # the header is there; reading will say what is wrong further down
    if not found:
        raise _unknown("this is a table, but without the columns of a customs declaration")
    return "declaration-csv"


# XML --------------------------------------------------------------------------


class _Enough(Exception):
    """The root and its version are known."""


class _Peek:
    """A parser's target that stops after the elements which say the version."""

    def __init__(self) -> None:
        self.root: tuple[str, str] | None = None
        self.version = ""
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        if self.root is None:
            self.root = (namespace, name)
            if not namespace.startswith(_UBL):
                raise _Enough
        elif len(self._path) == 1 and name not in {"UBLExtensions", "UBLVersionID"}:
            raise _Enough
        self._path.append(name)
        self._text = []

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        if len(self._path) == 2 and self._path[1] == "UBLVersionID":
            self.version = "".join(self._text).strip()
        self._path.pop()


def _xml(source: bytes) -> str:
    peek = _Peek()
    with suppress(_Enough):
        feed(source, peek)
    if peek.root is None:
        raise _unknown("this XML has no root element")
    namespace, name = peek.root
    if namespace.startswith(_UBL) and name in _UBL_FORMATS:
        version = f"-{peek.version}" if re.fullmatch(r"2\.[0-9]", peek.version) else ""
        return f"{_UBL_FORMATS[name]}{version}"
    if name == "CrossIndustryInvoice":
        return "cii-invoice"
    if name == "CrossIndustryDocument":
        raise _unknown("this is a ZUGFeRD 1 invoice; send it as ZUGFeRD 2, Factur-X or UBL")
    if (camt := _CAMT.fullmatch(namespace)) is not None:
        return camt[1]
    raise _unknown(f"this XML ({name[:60]}) is no format that is read here")
