"""CSV files and XLSX workbooks as sheets of cells, exactly: no number passes through a rounding of ours.

An XLSX number is kept to the 15 significant digits that spreadsheets hold and show; a longer one has lost digits
before it came here, and says so when it is asked for as text.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Final

import openpyxl
from openpyxl.cell.cell import Cell as _XlsxCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from eximledger.formats._limits import MAX_CELLS, MAX_COLUMNS, MAX_ROW_TEXT, MAX_ROWS
from eximledger.formats.tables.workbook import Unseen, check_workbook, hidden_parts
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Cell", "Sheet", "decode_text", "number_cell", "pads", "read_csv", "read_xlsx", "shown_beside", "text_cell"]

_DELIMITERS: Final = ",;\t"
_DIVIDES: Final = re.compile(r"[0#?]\s*,+\s*(?![0#?,\s])")
"""A comma behind the last digit: it shows thousandths of the number."""
_SCALE: Final = re.compile(r"[十百千万萬亿]|\b(?:k|m|bn|mio|mln|mn|thousands?|millions?)\b|'?000s?", re.IGNORECASE)
_LONGEST_FORMAT: Final = 200
"""Characters of a number format that are looked at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty. `number` and `day` are set where the sheet holds a number or a date, not text."""

    where: str
    text: str
    number: Decimal | None = None
    day: date | None = None
    exact: bool = True
    """False for a number of more than 15 digits, which a spreadsheet cannot hold."""
    shown: str = ""
    """What the cell's format shows beside its number: a currency, a unit, a per cent sign."""
    padded: bool = False
    """Whether the cell's format shows zeros before its number that the number has not."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows by their number, each with its cells by column (from 0)."""

    name: str
    rows: tuple[tuple[int, dict[int, Cell]], ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    """From 0, as the cells of a row."""
    merged: tuple[tuple[int, int, int], ...] = ()
    """Cells that stand for several rows: the first of these, the last, and the column."""
    semicolons: bool = False
    """Whether it is a text with semicolons between its cells."""


def _refused(reason: str, field: str = "") -> InvalidDocument:
    return InvalidDocument(f"{field + ' ' if field else 'the table '}{reason}", field=field or "table", reason=reason)


# CSV --------------------------------------------------------------------------


def decode_text(source: bytes, *, cut: bool = False) -> str:
    """Text in UTF-8, UTF-16 or GB18030 (which holds GBK and GB2312). `cut`: the last character may be incomplete."""
    for encoding in _encodings(source):
        for end in range(4 if cut else 1):
            try:
                text = source[: len(source) - end].decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" in text:
                break
            return text.lstrip("\ufeff")
    raise _refused("is not text in UTF-8, UTF-16 or GB18030")


def _encodings(source: bytes) -> Iterator[str]:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
        return
    head = source[:1000]
    if b"\x00" in head:  # of an ASCII character in UTF-16, one byte is zero: the second in little-endian order
        yield "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return
    yield "utf-8"
    yield "gb18030"


def read_csv(text: str, known: Callable[[str], bool]) -> Sheet:
    """The rows of a CSV, its delimiter told from which of them gives most columns that are `known`."""
    best = max(_DELIMITERS, key=lambda delimiter: _known_columns(text, delimiter, known))
    if text.count("\n") > MAX_ROWS:
        raise _refused(f"has more than {MAX_ROWS} rows")
    if text.count(best) > MAX_CELLS:
        raise _refused(f"has more than {MAX_CELLS} cells")
    rows: list[tuple[int, dict[int, Cell]]] = []
    try:
        for number, values in enumerate(_csv_rows(text, best, strict=True), 1):
            if len(values) > MAX_COLUMNS:
                raise _refused(f"has more than {MAX_COLUMNS} columns", f"row {number}")
            cells = {column: _csv_cell(value, number, column) for column, value in enumerate(values) if value.strip()}
            if cells:
                rows.append((number, cells))
    except csv.Error as error:
        raise _refused(f"is not a CSV: {error}") from None
    return Sheet("", tuple(rows), semicolons=best == ";")


def _csv_rows(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """Rows, none of which is longer than MAX_ROW_TEXT: quotes may make one of very many lines."""
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text):
            taken += len(line)
            if taken > MAX_ROW_TEXT:
                raise _refused(f"has a row of more than {MAX_ROW_TEXT} characters")
            yield line

    for values in csv.reader(lines(), delimiter=delimiter, strict=strict):
        taken = 0
        yield values


def _known_columns(text: str, delimiter: str, known: Callable[[str], bool]) -> int:
    best = 0
    try:
        for values in islice(_csv_rows(text, delimiter), 20):
            if len(values) <= MAX_COLUMNS:
                best = max(best, sum(1 for value in values if known(value)))
    except csv.Error:
        return best
    return best


def _csv_cell(value: str, row: int, column: int) -> Cell:
    """Spreadsheets guard long digits by `="..."`, an apostrophe or a tab; that is no part of the value."""
    guarded = re.fullmatch(r'="([^"]*)"', value.strip())
    return text_cell(guarded[1] if guarded else value, f"{get_column_letter(column + 1)}{row}")


def text_cell(value: str, where: str) -> Cell:
    """A cell of text; one that shows `5.3042E+17` has lost digits."""
    text = value.strip().removeprefix("'").strip()
    return Cell(where, text, exact=re.fullmatch(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]+", text) is None)


# XLSX -------------------------------------------------------------------------


def read_xlsx(source: bytes) -> list[Sheet]:
    """The sheets of a workbook. Raises `InvalidDocument` for one that is damaged, too large, or not computed."""
    check_workbook(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values, formulas = (
                openpyxl.load_workbook(io.BytesIO(source), read_only=True, data_only=data_only, keep_links=False)
                for data_only in (True, False)
            )
            left = MAX_CELLS
            unseen = hidden_parts(source)
            sheets: list[Sheet] = []
            for name in values.sheetnames:
                if hasattr(values[name], "iter_rows"):
                    sheet, left = _sheet(name, values[name], formulas[name], values.epoch, left)
                    hidden = values[name].sheet_state != "visible"
                    parts = unseen.get(name, Unseen())
                    sheets.append(
                        replace(
                            sheet,
                            hidden=hidden,
                            hidden_rows=parts.rows,
                            hidden_columns=parts.columns,
                            merged=parts.merged,
                        )
                    )
            return sheets
        except InvalidDocument:
            raise
        except Exception as error:  # openpyxl lets through whatever a damaged part makes its parts raise
            raise _refused(f"is a damaged workbook ({type(error).__name__}); save it again as .xlsx") from None


def _sheet(name: str, values: object, formulas: object, epoch: datetime, left: int) -> tuple[Sheet, int]:
    """The sheet, and how many more cells the workbook may have when it may have `left` with this one."""
    rows: list[tuple[int, dict[int, Cell]]] = []
    pairs = zip(_rows(values), _rows(formulas), strict=False)
    for number, (computed, written) in enumerate(pairs, 1):
        left -= len(computed)
        if number > MAX_ROWS:
            raise _refused(f"has more than {MAX_ROWS} rows", f"sheet {name}")
        if left < 0:
            raise _refused(f"has more than {MAX_CELLS} cells, empty ones between others included", f"sheet {name}")
        cells: dict[int, Cell] = {}
        for column, (cell, source) in enumerate(zip(computed, written, strict=False)):
            if cell.value is None and source.value is None:
                continue
            where = f"{name}!{get_column_letter(column + 1)}{number}"
            found = _xlsx_cell(cell, source, where, epoch)
            if found is not None and column >= MAX_COLUMNS:
                raise _refused(f"is beyond {MAX_COLUMNS} columns", where)
            if found is not None:
                cells[column] = found
        if cells:
            rows.append((number, cells))
    return Sheet(name, tuple(rows)), left


_AnyCell = _XlsxCell | ReadOnlyCell | EmptyCell


def _rows(sheet: object) -> Iterator[tuple[_AnyCell, ...]]:
    reset = getattr(sheet, "reset_dimensions", None)
    if reset is not None:
        reset()  # what a file says of its own size is not to be relied upon
    rows: Iterator[tuple[_AnyCell, ...]] = sheet.iter_rows()  # type: ignore[attr-defined]
    return rows


def _xlsx_cell(cell: _AnyCell, written: _AnyCell, where: str, epoch: datetime) -> Cell | None:
    value, formula = cell.value, written.value
    if value is None:
        if formula is not None and getattr(written, "data_type", "") == "f":
            raise _refused(
                "holds a formula that was not computed; open the workbook, save it, and send it again", where
            )
        return None
    if isinstance(value, bool):
        return Cell(where, str(value).upper())
    if isinstance(value, datetime):
        return Cell(where, value.date().isoformat(), day=value.date())
    if isinstance(value, date):
        return Cell(where, value.isoformat(), day=value)
    if isinstance(value, int | float):
        form = getattr(cell, "number_format", None) or ""
        return replace(number_cell(value, where, epoch, shown_beside(form)), padded=pads(value, form))
    if isinstance(value, time):
        return Cell(where, value.isoformat())
    text = str(value).strip()
    if getattr(cell, "data_type", "") == "e":
        raise _refused(f"holds the error {text[:12]}", where)
    return Cell(where, text.removeprefix("'")) if text else None


def number_cell(value: float, where: str, epoch: datetime, shown: str = "") -> Cell:
    """The number as a spreadsheet shows it: 15 significant digits, so that 0.1 + 0.2 is 0.3."""
    if not isfinite(value):
        raise _refused("is not a finite number", where)
    exact = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    text = format(exact.normalize(), "f") if exact else "0"
    whole = text.lstrip("-").partition(".")[0]
    serial = None
    if exact == exact.to_integral_value() and 30_000 <= exact <= 80_000:
        moment = from_excel(int(exact), epoch)
        serial = moment.date() if isinstance(moment, datetime) else None
    return Cell(where, text, number=exact, day=serial, exact=len(whole) <= 15, shown=shown)


def pads(value: float, form: str) -> bool:
    """Whether a format such as `00000` shows zeros before the number."""
    first = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\!_*].', "", form[:_LONGEST_FORMAT].partition(";")[0]).strip()
    zeros = re.match(r"0+", first.partition(".")[0])
    return zeros is not None and len(zeros[0]) > max(len(str(abs(int(value)))), 1)


def shown_beside(form: str) -> str:
    """The literal text of a number format's first part: `"¥"0.00` and `[$¥-804]0` show ¥, `0.00"吨"` shows 吨.

    A format that divides what it shows (`0!.0,"万"`, `0.00,"k"`) names a scale that the cell's own number has not.
    """
    first = re.sub(r"[_*].", "", form[:_LONGEST_FORMAT].partition(";")[0])
    found = re.findall(r'"([^"]*)"|\[\$([^\]\-]*)[^\]]*\]|[\\!](.)|([%$€£¥])', first)
    shown = "".join("".join(groups) for groups in found).strip()
    return _SCALE.sub("", shown).strip(". ") if _DIVIDES.search(first) else shown
