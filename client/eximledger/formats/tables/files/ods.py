"""OpenDocument spreadsheets (.ods): cells by their value, and by what they show beside it."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900

from eximledger.formats._limits import MAX_BYTES, MAX_COLUMNS, MAX_XLSX_FILES, MAX_XLSX_RATIO
from eximledger.formats.tables.files.grid import Book, Grid, refused
from eximledger.formats.tables.sheets import Cell, Sheet, number_cell, text_cell
from eximledger.formats.text.values import date_of
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node

__all__ = ["read_ods"]

_ROWS_IN: Final = frozenset({"table-header-rows", "table-row-group", "table-rows"})
_COLUMNS_IN: Final = frozenset({"table-header-columns", "table-column-group", "table-columns"})
_UNSEEN: Final = frozenset({"collapse", "filter"})
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_NUMBERS: Final = frozenset({"float", "currency", "percentage"})
_SHOWN: Final = re.compile(r"[-+(]?[0-9][0-9.,'\s]*\)?")
_SCALE: Final = re.compile(r"[十百千万萬亿kKmM]+")


def read_ods(source: bytes) -> list[Sheet]:
    """The sheets of a spreadsheet. Raises `InvalidDocument` for a file that is damaged, too large or another one."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            content = _content(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise refused("is not a spreadsheet: the archive is damaged or encrypted") from None
    root = parse(content)
    sheets = root.all("body", "spreadsheet", "table")
    unseen = {
        style.attributes.get("name")
        for style in root.all("automatic-styles", "style")
        if any(each.attributes.get("display") == "false" for each in style.all("table-properties"))
    }
    if not sheets:
        raise refused("is an OpenDocument file without a spreadsheet")
    book = Book()
    for sheet in sheets:
        grid = book.sheet(sheet.attributes.get("name", ""))
        grid.hidden = sheet.attributes.get("style-name") in unseen
        _fill(grid, sheet)
    return book.sheets


def _content(archive: zipfile.ZipFile) -> bytes:
    if len(archive.infolist()) > MAX_XLSX_FILES:
        raise refused(f"is refused: it has more than {MAX_XLSX_FILES} parts")
    part = archive.getinfo("content.xml") if "content.xml" in archive.namelist() else None
    if part is None:
        raise refused("is not a spreadsheet: it has no content.xml")
    if part.file_size > MAX_BYTES:
        raise refused(f"is refused: it unpacks to more than {MAX_BYTES // 2**20} MiB")
    if part.file_size > 2**20 and part.file_size > MAX_XLSX_RATIO * max(part.compress_size, 1):
        raise refused("is refused: it is packed more tightly than real tables are")
    with archive.open(part) as file:
        return file.read(part.file_size)


def _each(node: Node, name: str, within: Collection[str]) -> Iterator[Node]:
    """Elements of a name, those in groups (`within`) among them."""
    for child in node.children:
        if child.name == name:
            yield child
        elif child.name in within:
            yield from _each(child, name, within)


def _times(node: Node, name: str) -> int:
    """How often a row or a cell stands there: spreadsheets write equal ones once."""
    written = node.attributes.get(name, "1")
    if not re.fullmatch(r"[0-9]{1,7}", written):
        raise refused("has a count of repeated cells that is none")
    return max(int(written), 1)


def _fill(grid: Grid, sheet: Node) -> None:
    column = number = 0
    for each in _each(sheet, "table-column", _COLUMNS_IN):
        times = _times(each, "number-columns-repeated")
        if each.attributes.get("visibility") in _UNSEEN:
            grid.hidden_columns.update(range(column, min(column + times, MAX_COLUMNS)))
        column += times
    for row in _each(sheet, "table-row", _ROWS_IN):
        times = _times(row, "number-rows-repeated")
        if any(_is_filled(cell) for cell in row.children):
            for place in range(number, number + times):  # the grid counts, and ends this
                _fill_row(grid, row, place)
                if row.attributes.get("visibility") in _UNSEEN:
                    grid.hidden_rows.add(place + 1)
        number += times


def _is_filled(cell: Node) -> bool:
    return cell.name in _CELLS and ("value-type" in cell.attributes or any(each.raw.strip() for each in cell.walk()))


def _fill_row(grid: Grid, row: Node, number: int) -> None:
    column = 0
    for cell in row.children:
        if cell.name not in _CELLS:
            continue
        times = _times(cell, "number-columns-repeated")
        if cell.name == "table-cell" and _is_filled(cell):
            for place in range(column, column + times):
                found = _cell(cell, grid.where(number, place))
                if found is not None:
                    grid.put(number, place, found)
            grid.merge(number, column, _times(cell, "number-rows-spanned"))
        column += times


def _cell(node: Node, where: str) -> Cell | None:
    kind = node.attributes.get("value-type", "string")
    text = "\n".join("".join(each.raw for each in paragraph.walk()) for paragraph in node.all("p")).strip()
    if kind == "date":
        return _day(node.attributes.get("date-value", ""), where)
    if kind in _NUMBERS:
        try:
            value = float(node.attributes.get("value", ""))
        except ValueError:
            raise refused("is a number without its value", where) from None
        currency = node.attributes.get("currency", "")
        found = number_cell(value, where, CALENDAR_WINDOWS_1900)
        beside = "%" if kind == "percentage" else f"{_beside(text, found.number)} {_new(currency, text)}".strip()
        padded = re.match("0[0-9]", text.lstrip("-")) is not None
        return Cell(where, found.text, found.number, found.day, found.exact, beside, padded)
    if text.startswith("#") or "Err:" in text[:4]:
        raise refused(f"holds the error {text[:12]}", where)
    return text_cell(text, where) if text else None


def _day(written: str, where: str) -> Cell:
    try:
        day: date = date_of(written)
    except ValueError as error:
        raise refused(f"is a date that {error}", where) from None
    return Cell(where, day.isoformat(), day=day)


def _new(currency: str, text: str) -> str:
    """The currency that a cell has, unless it shows it."""
    return "" if currency.casefold() in text.casefold() or re.search(r"[$€£¥元]", text) else currency


def _beside(text: str, number: Decimal | None) -> str:
    """What a cell shows beside its number; where it shows 3万 for 30000, the scale is not the number's."""
    text = unicodedata.normalize("NFKC", text)
    shown = _SHOWN.search(text)
    if shown is None:
        return ""
    rest = f"{text[: shown.start()]} {text[shown.end() :]}".strip()
    digits = re.sub(r"[^0-9.]", "", shown[0])
    try:
        seen = Decimal(digits)
    except ArithmeticError:
        return rest
    if number is not None and seen and abs(number) / seen >= 9:
        return _SCALE.sub("", rest).strip()
    return rest
