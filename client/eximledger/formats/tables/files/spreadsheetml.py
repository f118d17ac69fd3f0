"""Excel 2003 XML workbooks (SpreadsheetML), which systems write under the name .xls."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from eximledger.formats._limits import MAX_COLUMNS, MAX_ROWS
from eximledger.formats.tables.files.grid import Book, Grid, refused
from eximledger.formats.tables.sheets import Cell, Sheet, number_cell, pads, shown_beside, text_cell
from eximledger.formats.text.values import date_of
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node

__all__ = ["NAMESPACE", "read_spreadsheetml"]

NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_CURRENCIES: Final = {"Currency": "", "Euro Currency": "€", "Percent": "%"}
"""Named formats: what a currency is that is not written, nobody knows."""


def read_spreadsheetml(source: bytes) -> list[Sheet]:
    """The sheets of a workbook. Raises `InvalidDocument`."""
    root = parse(source)
    formats = {
        style.attributes.get("ID", ""): form.attributes.get("Format", "")
        for style in root.all("Styles", "Style")
        for form in style.all("NumberFormat")
    }
    epoch = CALENDAR_MAC_1904 if root.find("ExcelWorkbook", "Date1904") is not None else CALENDAR_WINDOWS_1900
    book = Book()
    for sheet in root.all("Worksheet"):
        grid = book.sheet(sheet.attributes.get("Name", ""))
        shown = sheet.find("WorksheetOptions", "Visible")
        grid.hidden = shown is not None and shown.raw.strip() in {"SheetHidden", "SheetVeryHidden"}
        for table in sheet.all("Table"):
            _hide_columns(grid, table)
            _fill(grid, table, formats, epoch)
    return book.sheets


def _hide_columns(grid: Grid, table: Node) -> None:
    column = 0
    for each in table.all("Column"):
        column = _place(each, column)
        more = each.attributes.get("Span", "0")
        last = column + (int(more) if re.fullmatch(r"[0-9]{1,5}", more) else 0)
        if each.attributes.get("Hidden") == "1":
            grid.hidden_columns.update(range(column, min(last + 1, MAX_COLUMNS)))
        column = last + 1


def _place(node: Node, after: int) -> int:
    """Where a row or a cell stands: as it says, else behind the one before."""
    written = node.attributes.get("Index", "")
    if not written:
        return after
    if not re.fullmatch(r"[0-9]{1,7}", written) or int(written) <= after:
        raise refused("has rows or cells out of order")
    return int(written) - 1


def _fill(grid: Grid, table: Node, formats: dict[str, str], epoch: datetime) -> None:
    number = 0
    for row in table.all("Row"):
        number = _place(row, number)
        if number > 10 * MAX_ROWS:
            raise refused(f"is refused: it has more than {MAX_ROWS} rows")
        column = 0
        if row.attributes.get("Hidden") == "1":
            grid.hidden_rows.add(number + 1)
        for cell in row.all("Cell"):
            column = _place(cell, column)
            data = cell.find("Data")
            style = formats.get(cell.attributes.get("StyleID", row.attributes.get("StyleID", "")), "")
            found = _cell(data, grid.where(number, column), style, epoch) if data is not None else None
            if found is not None:
                grid.put(number, column, found)
                down = cell.attributes.get("MergeDown", "0")
                grid.merge(number, column, 1 + (int(down) if re.fullmatch(r"[0-9]{1,5}", down) else 0))
            elif data is None and "Formula" in cell.attributes:
                raise refused("holds a formula that was not computed", grid.where(number, column))
            across = cell.attributes.get("MergeAcross", "0")
            column += 1 + (int(across) if re.fullmatch(r"[0-9]{1,5}", across) else 0)
        number += 1


def _cell(data: Node, where: str, form: str, epoch: datetime) -> Cell | None:
    text = "".join(each.raw for each in data.walk()).strip()
    kind = data.attributes.get("Type", "String")
    if not text:
        return None
    if kind == "Error":
        raise refused(f"holds the error {text[:12]}", where)
    if kind == "DateTime":
        try:
            day = date_of(text)
        except ValueError as error:
            raise refused(f"is a date that {error}", where) from None
        return Cell(where, day.isoformat(), day=day)
    if kind == "Number":
        try:
            value = float(text)
        except ValueError:
            raise refused("is no number", where) from None
        found = number_cell(value, where, epoch, _CURRENCIES.get(form, shown_beside(form)))
        return replace(found, padded=pads(value, form))
    return text_cell(text, where)
