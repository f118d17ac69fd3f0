"""Tables for people to take along: CSV and XLSX, in which no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eximledger_chaincode.documents import shown

__all__ = ["Sheet", "csv_response", "workbook_response"]

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str]]


def csv_response(name: str, sheet: Sheet) -> Response:
    """A table as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(sheet.columns)
    writer.writerows([_quiet(cell) for cell in row] for row in sheet.rows)
    return _download(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def workbook_response(name: str, sheets: Sequence[Sheet]) -> Response:
    """Tables as a workbook, a sheet each."""
    from openpyxl import Workbook  # a large library, without which pages come
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for place, sheet in enumerate(sheets, 1):
        page = book.create_sheet(f"{place} {sheet.title}".translate(_NOT_IN_NAMES)[:31])
        heading = [WriteOnlyCell(page, value=column) for column in sheet.columns]
        for cell in heading:
            cell.font = Font(bold=True)
        page.append(heading)
        for row in sheet.rows:
            cells = [WriteOnlyCell(page, value=shown(text)) for text in row]
            for cell in cells:
                cell.data_type = "s"
            page.append(cells)
    content = io.BytesIO()
    book.save(content)
    return _download(content.getvalue(), _XLSX, f"{name}.xlsx")


def _quiet(text: str) -> str:
    """A cell that a spreadsheet takes for text: what would begin a formula is put behind an apostrophe."""
    said = shown(text)
    return f"'{said}" if said.startswith(_FORMULA) and not _is_number(said) else said


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(",", "").replace(".", "", 1).isdecimal()


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
