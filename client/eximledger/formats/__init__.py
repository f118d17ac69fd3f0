"""Readers of the papers that exporters, banks and customs really have.

`read` turns a file into documents and says what of it they do not hold; `detect` says what a file is. One folder for
each family of formats: `ubl`, `cii`, `camt`, `tables`; `json_documents` is our own. May be imported by desk, cli and
examples; may import `eximledger_chaincode.documents` and `hlf_chaincode.errors`, and nothing of a ledger.
docs/formats.md lists the formats, the fields and the limits.
"""

from __future__ import annotations

import stat
from pathlib import Path

from pydantic import ValidationError

from eximledger.formats import json_documents
from eximledger.formats._detect import format_of
from eximledger.formats._exporter import checked_exporter, with_exporter
from eximledger.formats._limits import MAX_BYTES, MAX_TEXT_BYTES
from eximledger.formats._reading import Cause, Reading, Unmapped
from eximledger.formats.camt.credits import read_receipts
from eximledger.formats.cii.invoice import read_invoice as read_cii_invoice
from eximledger.formats.tables.declarations import read_declarations
from eximledger.formats.tables.sheets import decode_text, read_csv, read_xlsx
from eximledger.formats.ubl.despatch import read_despatch_advice
from eximledger.formats.ubl.invoice import read_invoice as read_ubl_invoice
from eximledger.formats.ubl.order import read_order
from eximledger.formats.ubl.waybill import read_transport_document
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node, leftovers
from eximledger_chaincode.documents import Document, invalid_document
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Cause", "Reading", "Unmapped", "checked_exporter", "detect", "read"]


def detect(path_or_bytes: Path | str | bytes, *, name: str = "") -> str:
    """The format of a file, such as `ubl-invoice-2.1`, by its first bytes; a `str` is a path.

    Raises `InvalidDocument` when it cannot be read or is none of the formats. `name` stands in the message.
    """
    with _Named(path_or_bytes, name):
        return format_of(_bytes_of(path_or_bytes))


def read(path_or_bytes: Path | str | bytes, *, name: str = "", exporter: str | None = None) -> Reading:
    """Read a paper; a `str` is a path.

    `exporter` is a USCC for papers that do not carry their exporter's. Raises `InvalidDocument`, and nothing else, for
    anything that is not a sound file of a known format; its `field` is an XPath, a cell, or a field of a document.
    """
    uscc = checked_exporter(exporter)
    with _Named(path_or_bytes, name):
        source = _bytes_of(path_or_bytes)
        found = format_of(source)
        documents, unmapped = _safely_read(source, found, uscc)
    if uscc is not None:
        documents = tuple(with_exporter(document, uscc) for document in documents)
    return Reading(found, documents, unmapped)


def _safely_read(source: bytes, found: str, exporter: str | None) -> tuple[tuple[Document, ...], tuple[Unmapped, ...]]:
    """What a model or the arithmetic refuses beyond the places where readers expect it is the paper's fault, too."""
    try:
        return _read(source, found, exporter)
    except ValidationError as error:
        raise invalid_document(found, error) from None
    except (ArithmeticError, RecursionError):
        reason = "holds numbers or nesting beyond what papers have"
        raise InvalidDocument(f"the paper {reason}", field="file", reason=reason) from None


def _read(source: bytes, found: str, exporter: str | None) -> tuple[tuple[Document, ...], tuple[Unmapped, ...]]:
    match found:
        case "json":
            return json_documents.read_documents(_text_of(source)), ()
        case "declaration-csv":
            return read_declarations([read_csv(_text_of(source))], exporter)
        case "declaration-xlsx":
            return read_declarations(read_xlsx(source), exporter)
        case _:
            root = parse(source)
            documents = _read_xml(root)
            return documents, leftovers(root)


def _read_xml(root: Node) -> tuple[Document, ...]:
    match root.name:
        case "CrossIndustryInvoice":
            return (read_cii_invoice(root),)
        case "Document":
            return read_receipts(root)
        case "Order":
            return (read_order(root),)
        case "DespatchAdvice":
            return (read_despatch_advice(root),)
        case "Waybill" | "BillOfLading":
            return (read_transport_document(root),)
        case _:
            return (read_ubl_invoice(root),)


class _Named:
    """Put the file's name before the message of an `InvalidDocument` from within."""

    def __init__(self, path_or_bytes: Path | str | bytes, name: str) -> None:
        self._name = name or ("" if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).name)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, InvalidDocument) and self._name:
            details = {key: value for key, value in error.details.items() if key not in {"field", "reason"}}
            message = f"{self._name}: {error.message}"
            raise InvalidDocument(message, field=error.field, reason=error.reason, **details) from None


def _bytes_of(path_or_bytes: Path | str | bytes) -> bytes:
    source = path_or_bytes if isinstance(path_or_bytes, bytes) else _file(Path(path_or_bytes))
    if len(source) > MAX_BYTES:
        raise _too_large(MAX_BYTES)
    return source


def _text_of(source: bytes) -> str:
    if len(source) > MAX_TEXT_BYTES:
        raise _too_large(MAX_TEXT_BYTES)
    return decode_text(source)


def _too_large(limit: int) -> InvalidDocument:
    reason = f"is larger than {limit // 2**20} MiB"
    return InvalidDocument(f"the file {reason}", field="file", reason=reason)


def _file(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InvalidDocument("this is not a file", field="file", reason="not a file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one of a file"
        raise InvalidDocument(f"the file cannot be read: {reason}", field="file", reason=reason) from None
