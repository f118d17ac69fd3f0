"""Customs' form as documents: the exporter's copies, or customs' own declarations where the caller asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.containers.pdf import refused_pdf
from eximledger.formats.customs.forms import forms_of
from eximledger.formats.customs.layout import is_form, page_of
from eximledger.formats.customs.message import rows_of_message
from eximledger.formats.customs.pieces import TITLE, Sheetful, refused
from eximledger.formats.customs.printed import pages_of, sheetfuls_of
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.papers.declarations import Declaring
from eximledger.formats.tables.sheets import Sheet
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import leftovers
from eximledger_chaincode.documents import DeclarationCopy, ExportDeclaration

__all__ = ["read_message", "read_printed", "read_sheets", "shows_form"]

Found = tuple[tuple[DeclarationCopy | ExportDeclaration, ...], tuple[Unmapped, ...]]


def _documents(forms: Sequence[Sequence[Row]], exporter: str | None, *, copy: bool) -> Found:
    """A document of each form's rows, and what of them it does not hold."""
    declaring = Declaring(exporter)
    documents = tuple(declaring.copy(rows) if copy else declaring.declaration(rows) for rows in forms)
    return documents, tuple(declaring.unmapped)


def read_message(source: bytes, exporter: str | None, *, copy: bool) -> Found:
    """The declaration of a single window's message."""
    root = parse(source)
    documents, unmapped = _documents([rows_of_message(root, copy=copy)], exporter, copy=copy)
    return documents, (*unmapped, *leftovers(root))


def shows_form(sheets: Sequence[Sheet]) -> bool:
    """Whether a sheet of a workbook is the printed form."""
    return any(is_form(sheetful) for sheet in sheets if not sheet.hidden for sheetful in sheetfuls_of(sheet))


def read_sheets(sheets: Sequence[Sheet], exporter: str | None, *, copy: bool) -> Found:
    """The forms of a workbook; sheets without one are reported."""
    forms: list[Sheetful] = []
    unmapped: list[Unmapped] = []
    for sheet in sheets:
        found = [sheetful for sheetful in sheetfuls_of(sheet) if not sheet.hidden and is_form(sheetful)]
        for piece in (each for sheetful in found for each in sheetful.pieces):
            if piece.line in sheet.hidden_rows or piece.left in sheet.hidden_columns:
                raise refused("is hidden: show its row and column, or delete it", piece.where)
        forms += found
        if not found and sheet.rows:
            texts = sum(len(cells) for _, cells in sheet.rows)
            reason = "is hidden" if sheet.hidden else "holds no form"
            unmapped.append(Unmapped(f"sheet {sheet.name}", reason, Cause.SKIPPED, texts))
    return _of_pages(forms, unmapped, exporter, copy=copy)


def read_printed(source: bytes, exporter: str | None, *, copy: bool) -> Found:
    """The forms on the pages of a PDF; other pages are reported. A PDF without text is a scan, and refused."""
    pages = pages_of(source)
    if not any(page.pieces or page.turned for page in pages):
        raise refused_pdf("is a scan: its pages have no text, and pictures are not read as data")
    forms = [page for page in pages if is_form(page)]
    if not forms:
        raise refused_pdf(f"has no paper attached, and no page is a {TITLE}; send the XML that it was made from")
    others = [
        Unmapped(page.name, "shows no form" if page.pieces else "has no text", Cause.SKIPPED, max(len(page.pieces), 1))
        for page in pages
        if not is_form(page)
    ]
    others += [
        Unmapped(page.name, "text that is turned, as of a stamp", Cause.SKIPPED, page.turned)
        for page in forms
        if page.turned
    ]
    return _of_pages(forms, others, exporter, copy=copy)


def _of_pages(forms: Sequence[Sheetful], others: Sequence[Unmapped], exporter: str | None, *, copy: bool) -> Found:
    rows, unread = forms_of([page_of(form) for form in forms], copy=copy)
    documents, unmapped = _documents(rows, exporter, copy=copy)
    return documents, (*others, *unread, *unmapped)
