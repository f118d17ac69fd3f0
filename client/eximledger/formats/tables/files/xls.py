"""Excel 97-2003 workbooks (.xls), through xlrd: it tells a cell's number format, which may say in what the cell counts.

Records are counted first, so that no file makes xlrd hold more cells than tables have.
"""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from datetime import datetime
from typing import Final

import xlrd
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from xlrd.sheet import Sheet as XlsSheet

from eximledger.formats._limits import MAX_CELLS, MAX_SHEETS, MAX_TEXT_BYTES, MAX_XLS_RECORDS
from eximledger.formats.tables.files.grid import Book, Grid, refused
from eximledger.formats.tables.sheets import Cell, Sheet, number_cell, pads, shown_beside, text_cell
from hlf_chaincode.errors import InvalidDocument

__all__ = ["read_xls"]

_FIRST: Final = b"\x09\x08"
"""The record that a stream of a workbook begins with."""
_ONE: Final = frozenset({0x06, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
_SEVERAL: Final = {0xBD: 6, 0xBE: 2}
"""Records of one cell, and of several with the bytes that each takes."""


def read_xls(source: bytes) -> list[Sheet]:
    """The sheets of a workbook. Raises `InvalidDocument` for one that is damaged, encrypted or too large."""
    if len(source) > MAX_TEXT_BYTES:
        raise refused(f"is refused: an .xls of more than {MAX_TEXT_BYTES // 2**20} MiB; save it as .xlsx")
    try:
        _count(source)
        with xlrd.open_workbook(
            file_contents=source, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
        ) as found:
            return _sheets(found)
    except InvalidDocument:
        raise
    except Exception as error:  # xlrd lets through whatever a damaged part makes its parts raise
        said = "is encrypted" if "ncrypt" in str(error) or "assword" in str(error) else "is a damaged workbook"
        raise refused(f"{said} ({type(error).__name__}); save it again as .xlsx") from None


def _count(source: bytes) -> None:
    """Look at the stream of records as it lies in the file, without its directory: no more than tables have."""
    start = source.find(_FIRST, 0x200)
    records = cells = 0
    while 0 <= start <= len(source) - 4:
        kind, size = struct.unpack_from("<HH", source, start)
        records += 1
        cells += 1 if kind in _ONE else size // _SEVERAL[kind] if kind in _SEVERAL else 0
        if records > MAX_XLS_RECORDS or cells > MAX_CELLS:
            raise refused(f"is refused: it has more than {MAX_CELLS} cells; save it as .xlsx")
        start += 4 + size


def _sheets(found: xlrd.book.Book) -> list[Sheet]:
    if found.nsheets > MAX_SHEETS:
        raise refused(f"is refused: it has more than {MAX_SHEETS} sheets")
    book = Book()
    epoch = CALENDAR_MAC_1904 if found.datemode else CALENDAR_WINDOWS_1900
    for number in range(found.nsheets):
        sheet = found.sheet_by_index(number)
        grid = book.sheet(sheet.name)
        grid.hidden = sheet.visibility != 0
        grid.hidden_rows |= {row + 1 for row, shown in sheet.rowinfo_map.items() if shown.hidden}
        grid.hidden_columns |= {column for column, shown in sheet.colinfo_map.items() if shown.hidden}
        for first, end, column, _ in sheet.merged_cells:
            grid.merge(first, column, end - first)
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                cell = _cell(found, sheet, grid, row, column, epoch)
                if cell is not None:
                    grid.put(row, column, cell)
        found.unload_sheet(number)
    return book.sheets


def _cell(found: xlrd.book.Book, sheet: XlsSheet, grid: Grid, row: int, column: int, epoch: datetime) -> Cell | None:
    kind: int = sheet.cell_type(row, column)
    value: object = sheet.cell_value(row, column)
    where = grid.where(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
        return None
    if kind == xlrd.XL_CELL_ERROR:
        raise refused("holds an error in place of a value", where)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell(where, str(bool(value)).upper())
    if kind == xlrd.XL_CELL_DATE and isinstance(value, float):
        day = xlrd.xldate_as_datetime(value, found.datemode).date()
        return Cell(where, day.isoformat(), day=day)
    if kind == xlrd.XL_CELL_NUMBER and isinstance(value, float):
        form = found.format_map.get(found.xf_list[sheet.cell_xf_index(row, column)].format_key)
        shown = form.format_str if form is not None else ""
        return replace(number_cell(value, where, epoch, shown_beside(shown)), padded=pads(value, shown))
    return text_cell(str(value), where) if str(value).strip() else None
