"""A workbook to fill in: the columns of a kind with their names, types and allowed values, notes, and an example row.

It is made from the table of columns that reading goes by, so that what it asks for is what is read.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

import pycountry
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from eximledger.formats.tables import codes
from eximledger.formats.tables.facts import SUPERVISION_MODES, TRANSACTION_MODES, TRANSPORT_MODES
from eximledger.formats.tables.naming.column import Column, Holds
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger_chaincode.documents import KINDS, DeclarationStatus, Words
from hlf_chaincode.errors import InvalidDocument

__all__ = ["template_of"]

Language: TypeAlias = Literal["en", "zh"]

_LAST: Final = 1000
"""The row until which a column is checked while it is filled in."""
_NOTES: Final = Words("notes", "说明")
_VALUES: Final = Words("values", "代码")
_HEADS: Final = (
    Words("column", "列名"), Words("also read as", "也可写作"), Words("belongs to", "所属"), Words("holds", "内容"),
    Words("needed", "必填"), Words("allowed values", "允许值"), Words("note", "说明"),
)  # fmt: skip
_YES: Final = Words("yes", "是")
_MORE: Final = Words("see the sheet of values", "见“代码”表")
_LEFT: Final = Words(
    "One row for each line of goods. What is of the paper stands on its first row, or on each. Delete the example.",
    "每个商品行占一行；单据项目填在首行，或各行重复填写。填写前请删除示例行。",
)
_NUMBERS: Final = {
    Holds.AMOUNT: "#,##0.00", Holds.PRICE: "#,##0.00####", Holds.QUANTITY: "General", Holds.WEIGHT: "General",
    Holds.VOLUME: "General", Holds.CHARGE: "General",
}  # fmt: skip
_WHOLE: Final = frozenset({Holds.COUNT, Holds.ORDINAL, Holds.DAYS})
_INCOTERMS: Final = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
_UNITS: Final = ("SET", "PCE", "PR", "KGM", "TNE", "MTR", "MTK", "MTQ", "LTR", "台", "套", "件", "千克", "吨", "米")
_FEW: Final = 12
"""So many allowed values stand in the notes themselves."""


def _choices(language: Language) -> dict[Holds, tuple[str, ...]]:
    """Allowed values, by what a column holds."""
    yes, no = (_YES.en, "no") if language == "en" else (_YES.zh, "否")
    return {
        Holds.CURRENCY: codes.CURRENCIES,
        Holds.COUNTRY: tuple(sorted(entry.alpha_2 for entry in pycountry.countries)),
        Holds.INCOTERM: _INCOTERMS,
        Holds.UNIT: _UNITS,
        Holds.WEIGHT_UNIT: ("KGM", "TNE", "LBR", "千克", "吨", "磅"),
        Holds.MARK: ("1", "2", "3"),
        Holds.STATUS: tuple(DeclarationStatus),
        Holds.TRANSACTION_MODE: tuple(TRANSACTION_MODES),
        Holds.SUPERVISION_MODE: tuple(SUPERVISION_MODES),
        Holds.TRANSPORT_MODE: tuple(TRANSPORT_MODES),
        Holds.INVOICE_TYPE: tuple(codes.INVOICE_TYPES),
        Holds.FLAG: (yes, no),
    }


_MEANINGS: Final = {
    Holds.TRANSACTION_MODE: TRANSACTION_MODES, Holds.SUPERVISION_MODE: SUPERVISION_MODES,
    Holds.TRANSPORT_MODE: TRANSPORT_MODES, Holds.INVOICE_TYPE: codes.INVOICE_TYPES,
}  # fmt: skip


def template_of(kind: str, language: Language = "en") -> bytes:
    """The workbook (.xlsx) for a kind of paper. Raises `InvalidDocument` for one that does not come as a table."""
    table = TABLES.get(kind)
    if table is None:
        reason = f"{kind[:40]!r} does not come as a table; there are {', '.join(TABLES)}"
        raise InvalidDocument(reason, field="kind", reason="no table")
    book = Workbook()
    del book[book.sheetnames[0]]
    sheet = book.create_sheet(_say(KINDS[kind].words, language))
    notes = book.create_sheet(_say(_NOTES, language))
    values = book.create_sheet(_say(_VALUES, language))
    places = _write_values(values, _choices(language), language)
    _write_table(sheet, table.columns, language, places)
    _write_notes(notes, table.columns, language)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _say(words: Words, language: Language) -> str:
    return words.en if language == "en" else words.zh


def _name(column: Column, language: Language) -> str:
    return (column.english if language == "en" else column.chinese)[0]


def _bold(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"


def _write_values(sheet: Worksheet, choices: dict[Holds, tuple[str, ...]], language: Language) -> dict[Holds, str]:
    """Each list in a column, with the meanings of codes beside it, and where it stands."""
    places: dict[Holds, str] = {}
    column = 1
    for holds, values in choices.items():
        letter = get_column_letter(column)
        sheet.cell(1, column, _say(holds.value, language))
        sheet.column_dimensions[letter].width = 16
        for row, value in enumerate(values, 2):
            sheet.cell(row, column, value).number_format = "@"
            if holds in _MEANINGS:
                sheet.cell(row, column + 1, _MEANINGS[holds][value].split()[0])
        places[holds] = f"'{sheet.title}'!${letter}$2:${letter}${len(values) + 1}"
        column += 2 if holds in _MEANINGS else 1
    _bold(sheet)
    return places


def _write_table(sheet: Worksheet, columns: tuple[Column, ...], language: Language, places: dict[Holds, str]) -> None:
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number, _name(column, language))
        head.fill = PatternFill("solid", fgColor="FFE699" if column.needed else "DDEBF7")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = max(12, min(30, len(column.example) + 4))
        form = _form(column)
        sheet.column_dimensions[letter].number_format = form
        if column.example:
            sheet.cell(2, number, _value(column)).number_format = form
        check = _check(column, language, places)
        sheet.add_data_validation(check)
        check.add(f"{letter}2:{letter}{_LAST}")
    _bold(sheet)


def _form(column: Column) -> str:
    """The number format of a column; what may begin with a zero or has more than 15 digits is text."""
    if column.holds is Holds.DAY:
        return "yyyy-mm-dd"
    return "0" if column.holds in _WHOLE else _NUMBERS.get(column.holds, "@")


def _value(column: Column) -> str | int | Decimal | date:
    if column.holds is Holds.DAY:
        return date.fromisoformat(column.example)
    if column.holds in _WHOLE:
        return int(column.example)
    return Decimal(column.example) if column.holds in _NUMBERS else column.example


def _check(column: Column, language: Language, places: dict[Holds, str]) -> DataValidation:
    """What the spreadsheet warns of while it is filled in, and what it says of the column."""
    if column.holds in places:
        check = DataValidation("list", formula1=places[column.holds])
    elif column.holds is Holds.DAY:
        check = DataValidation("date", operator="greaterThan", formula1="1")
    elif column.holds in _WHOLE:
        check = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    else:
        check = DataValidation()
    check.allow_blank, check.errorStyle = True, "warning"
    check.showErrorMessage, check.showInputMessage = True, True
    said = [_say(column.holds.value, language), *([_say(column.note, language)] if column.note else [])]
    check.promptTitle, check.prompt = _name(column, language)[:32], "\n".join(said)[:255]
    return check


def _write_notes(sheet: Worksheet, columns: tuple[Column, ...], language: Language) -> None:
    sheet.append([_say(head, language) for head in _HEADS])
    choices = _choices(language)
    for column in columns:
        names = (column.english if language == "en" else column.chinese)[1:]
        allowed = choices.get(column.holds, ())
        sheet.append([
            _name(column, language), ("; " if language == "en" else "；").join(names),
            _say(column.stands.value, language), _say(column.holds.value, language),
            _say(_YES, language) if column.needed else "",
            ", ".join(allowed) if len(allowed) <= _FEW else _say(_MORE, language),
            _say(column.note, language) if column.note else "",
        ])  # fmt: skip
    sheet.append([_say(_LEFT, language)])
    for letter, width in zip("ABCDEFG", (28, 48, 12, 34, 8, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    _bold(sheet)
