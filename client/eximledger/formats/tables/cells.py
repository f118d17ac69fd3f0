"""Cells of a row as values of a declaration, each error naming its cell and its column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import ValidationError

from eximledger.formats.tables.measures import Measure
from eximledger.formats.tables.sheets import Cell
from eximledger.formats.tables.sums import Sums, sums_up
from eximledger.formats.text.values import date_of, decimal_of, hs_code_of, one_line, prose, uscc_of
from hlf_chaincode.errors import InvalidDocument

__all__ = ["DOUBTFUL", "Columns", "Row"]

T = TypeVar("T")

DOUBTFUL: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
"""One and a bit, or more than a thousand, as countries write numbers."""
_EITHER: Final = (
    "may be thousands or decimals: files with semicolons come from countries that write 1.234,5, and no other number"
    " here tells; write two decimals, or none and no mark"
)
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:['’][0-9]{3})+)(?:\.[0-9]+)?")
_DATES: Final = (
    re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.]+)?"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日(?:[之以]?前|止)?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DAY_OF_MONTH: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH_NAMED: Final = (
    re.compile(rf"{_DAY_OF_MONTH}[\s\-./,]{{0,3}}(?P<month>[a-z]{{3,9}})\.?[\s\-./,]{{0,3}}(?P<year>[0-9]{{4}})", re.I),
    re.compile(rf"(?P<month>[a-z]{{3,9}})\.?[\s\-]{{0,3}}{_DAY_OF_MONTH}[\s\-.,]{{1,3}}(?P<year>[0-9]{{4}})", re.I),
)
"""`5 Jan 2026`, `JAN. 05, 2026`: months by name, for 01/05/2026 is two days."""
_LOST_DIGITS: Final = (
    "is stored as a number of more than 15 digits, which spreadsheets cut off; format the column as text and enter it"
    " again"
)
_LOST_ZEROS: Final = (
    "is short of a digit: a spreadsheet takes the zeros before a number away; format the column as text and write"
)
_SHOWN_OTHERWISE: Final = (
    "is a number to which the cell's format adds zeros or words; format the column as text and enter what it shows"
)
_LOST_LAST_ZEROS: Final = (
    "is stored as a number with a point, of which spreadsheets drop the last zeros; format the column as text and enter"
    " it again"
)
_FLAGS: Final = {
    **dict.fromkeys(("yes", "y", "true", "allowed", "permitted", "是", "允许", "有", "可以", "√"), True),
    **dict.fromkeys(
        ("no", "n", "false", "not allowed", "prohibited", "否", "不允许", "禁止", "无", "不可以", "×"), False
    ),
}
_UNSURE: Final = (
    "may sum up the rows above, or be taken off them: call it TOTAL, or give the amount a column of its own; goods have"
    " a price"
)
_SAID: Final = 60
"""Characters of a row that an error quotes."""
_LENGTHS: Final = {"supervision_mode": 4, "exit_port": 4, "loading_port": 4}
"""Codes of digits only, whose leading zeros a number cell has lost."""


def _month_of(name: str) -> int:
    """ValueError for a word that is no month."""
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.casefold())]
    found = [9] if name.casefold() == "sept" else found
    if len(found) != 1:
        raise ValueError("names no month")
    return found[0]


def _plain(text: str) -> str:
    """Full-width digits and letters as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


@dataclass(frozen=True, slots=True)
class Columns:
    """What a header says: each field's name as written, in what its numbers count, and columns that name no field."""

    names: dict[str, str]
    measures: dict[str, Measure]
    unknown: tuple[str, ...] = ()
    either_mark: bool = False
    """Whether a comma or a point before three digits may be of thousands or of decimals."""


class Row:
    """The cells of one row by field, and `others` of no field. `columns` is what the sheet says of them, `place`
    where it stands in a paper that is no sheet of rows."""

    def __init__(
        self,
        number: int,
        sheet: str,
        cells: Mapping[str, Cell],
        columns: Columns,
        place: str | None = None,
        *,
        others: tuple[Cell, ...] = (),
    ) -> None:
        self.place = place
        self.others = others
        self.number = number
        self.sheet = sheet
        self.cells = cells
        self.columns = columns

    @property
    def names(self) -> Mapping[str, str]:
        return self.columns.names

    @property
    def measures(self) -> Mapping[str, Measure]:
        return self.columns.measures

    @property
    def where(self) -> str:
        return self.place or f"{self.sheet + '!' if self.sheet else ''}row {self.number}"

    def cell(self, field: str) -> Cell | None:
        return self.cells.get(field)

    def at(self, cell: Cell, field: str) -> str:
        return f"{cell.where} ({self.names.get(field, field)})"

    # errors -----------------------------------------------------------------

    def error(self, cell: Cell, field: str, reason: str) -> InvalidDocument:
        where = self.at(cell, field)
        return InvalidDocument(f"{where} {reason}", field=where, reason=reason)

    def missing(self, field: str) -> InvalidDocument:
        where = f"{self.where} ({self.names.get(field, field)})"
        unknown = (
            f"; columns that are not known here: {', '.join(self.columns.unknown)}" if self.columns.unknown else ""
        )
        return InvalidDocument(f"{where} is missing{unknown}", field=where, reason="is missing")

    def unsure(self) -> InvalidDocument:
        """The refusal of a row that may be goods or an amount of the paper as a whole."""
        said = next(iter(self.naming()), "")[:_SAID].strip()
        where = f"{self.where} ({said})" if said else self.where
        return InvalidDocument(f"{where} {_UNSURE}", field=where, reason=_UNSURE)

    @contextmanager
    def located(self) -> Iterator[None]:
        """Turn a model's refusal into `InvalidDocument` that names the row and, where one column has it, the cell."""
        try:
            yield
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
            reason = problem["msg"].removeprefix("Value error, ")
            field = str(problem["loc"][0]) if problem["loc"] else ""
            cell = self.cells.get(field)
            if cell is not None:
                raise self.error(cell, field, f"is refused: {reason}") from None
            where = f"{self.where}{': ' + field if field else ''}"
            raise InvalidDocument(f"{where} is refused: {reason}", field=where, reason=reason) from None
        except ValueError as error:
            raise InvalidDocument(f"{self.where} {error}", field=self.where, reason=str(error)) from None

    # values -----------------------------------------------------------------

    def text(self, field: str) -> str | None:
        cell = self.cell(field)
        if cell is None:
            return None
        if not cell.exact:
            raise self.error(cell, field, _LOST_DIGITS)
        self._refuse_day(cell, field)
        if cell.number is not None and (cell.padded or cell.shown.strip()):
            raise self.error(cell, field, _SHOWN_OTHERWISE)
        return one_line(cell.text) or None

    def _refuse_day(self, cell: Cell, field: str) -> None:
        """Of 2026-1 typed as a paper's number a spreadsheet makes the first of January."""
        if cell.day is not None and cell.number is None and field.endswith(("number", "numbers")):
            raise self.error(
                cell, field, "is a date, not a number of a paper; format the column as text and enter it again"
            )

    def prose(self, field: str) -> str | None:
        cell = self.cell(field)
        return (prose(cell.text) or None) if cell is not None else None

    def need_text(self, field: str) -> str:
        return self._need(self.text(field), field)

    def need_prose(self, field: str) -> str:
        return self._need(self.prose(field), field)

    def _need(self, value: T | None, field: str) -> T:
        if value is None:
            raise self.missing(field)
        return value

    def day(self, field: str) -> date | None:
        """A date in one of the ways that papers and spreadsheets write it."""
        cell = self.cell(field)
        if cell is None:
            return None
        if cell.day is not None:
            return cell.day
        text = _plain(cell.text)
        match = next((found for pattern in _DATES if (found := pattern.fullmatch(text))), None)
        named = next((found for pattern in _MONTH_NAMED if (found := pattern.fullmatch(text))), None)
        if match is None and named is None and not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", text):
            raise self.error(
                cell, field, "is not a date such as 2026-01-05, 20260105, 2026/1/5, 5 Jan 2026 or 2026年1月5日"
            )
        try:
            if named is not None:
                return date(int(named["year"]), _month_of(named["month"]), int(named["day"]))
            return date_of(text if match is None else f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}")
        except ValueError as error:
            raise self.error(cell, field, str(error)) from None

    def need_day(self, field: str) -> date:
        return self._need(self.day(field), field)

    def exact_decimal(self, cell: Cell, text: str, field: str) -> Decimal:
        if not cell.exact:
            raise self.error(cell, field, _LOST_DIGITS)
        plain = _plain(text)
        if self.columns.either_mark and cell.number is None and DOUBTFUL.fullmatch(plain):
            raise self.error(cell, field, _EITHER)
        if _GROUPED.fullmatch(plain):
            plain = re.sub("[,'’]", "", plain)
        try:
            return decimal_of(plain)
        except ValueError as error:
            raise self.error(cell, field, str(error)) from None

    def count(self, field: str) -> int | None:
        """A number in an order: of an item, of a line."""
        cell = self.cell(field)
        if cell is None:
            return None
        number = self.exact_decimal(cell, cell.text, field)
        if number != number.to_integral_value() or not 0 <= number < 10**9:
            raise self.error(cell, field, "is not a whole number from 0")
        return int(number)

    def code(self, field: str, known: Callable[[str], T | None]) -> T | None:
        """A code or its name, as `known` knows it."""
        cell = self.cell(field)
        if cell is None:
            return None
        text = _plain(self._padded(cell, field))
        found = known(text)
        if found is None and text.isdigit() and len(text) < _LENGTHS.get(field, 0):
            raise self.error(cell, field, f"{_LOST_ZEROS}: {text.zfill(_LENGTHS[field])}")
        if found is None:
            raise self.error(cell, field, "is no code or name that is known")
        return found

    def need_code(self, field: str, known: Callable[[str], T | None]) -> T:
        return self._need(self.code(field, known), field)

    def _padded(self, cell: Cell, field: str) -> str:
        length = _LENGTHS.get(field)
        return cell.text.zfill(length) if cell.number is not None and length is not None else cell.text

    def hs_code(self, field: str) -> str:
        """An HS code, with the zero before it that a number cell has lost."""
        cell = self._need(self.cell(field), field)
        text = _plain(cell.text)
        if cell.number is not None and not text.isdigit():
            raise self.error(cell, field, _LOST_LAST_ZEROS)
        if cell.number is not None and len(text) in {5, 7, 9}:
            text = f"0{text}"
        found = hs_code_of(text)
        if found is None and re.fullmatch(r"[0-9]{5}|[0-9]{7}|[0-9]{9}|[0-9]{12}", text):
            raise self.error(cell, field, f"{_LOST_ZEROS}: 0{text}")
        if found is None:
            raise self.error(cell, field, "is not an HS code of 6, 8, 10 or 13 digits")
        return found

    def optional_hs_code(self, field: str) -> str | None:
        return self.hs_code(field) if self.cell(field) is not None else None

    def flag(self, field: str) -> bool | None:
        """Yes or no, in words of either language."""
        return self.code(field, lambda text: _FLAGS.get(text.casefold()))

    def listed(self, field: str) -> tuple[str, ...]:
        """Several values in one cell, between commas, semicolons or spaces."""
        cell = self.cell(field)
        if cell is not None:
            self._refuse_day(cell, field)
        return tuple(part for part in re.split(r"[,;、\s]+", _plain(cell.text)) if part) if cell is not None else ()

    # what a row is ------------------------------------------------------------

    def is_total(self) -> bool:
        """A row that only sums up: it says so, in whatever column, and names no goods."""
        return self.sums() in (Sums.ALL, Sums.PART)

    def sums(self) -> Sums | None:
        """Whether the row sums up all, or a part, or may do so."""
        if self.is_priced:
            return None
        exact = [one for cell in self._all() if (one := sums_up(cell.text, whole=True)) is not None]
        found = exact or [one for text in self.naming() if (one := sums_up(text, whole=False)) is not None]
        return next((one for one in (Sums.UNSURE, Sums.TAKEN_OFF, Sums.PART, Sums.ALL) if one in found), None)

    def naming(self) -> list[str]:
        """The texts that say what the row is: the description of its goods, else all of them."""
        named = self.cells.get("description")
        return [named.text] if named is not None else [cell.text for cell in self._all() if cell.number is None]

    @property
    def is_priced(self) -> bool:
        price = self.cells.get("unit_price")
        return "hs_code" in self.cells or (price is not None and re.search("[0-9]", price.text) is not None)

    def _all(self) -> tuple[Cell, ...]:
        return (*self.cells.values(), *self.others)

    def declaration_number(self) -> str | None:
        cell = self.cell("declaration_number")
        if cell is None:
            return None
        if not cell.exact or cell.number is not None:
            raise self.error(cell, "declaration_number", _LOST_DIGITS)
        return re.sub(r"\s", "", _plain(cell.text))

    def declaration_numbers(self, field: str) -> tuple[str, ...]:
        """Numbers of 18 digits, which a cell of type number has cut off."""
        cell = self.cell(field)
        if cell is not None and (not cell.exact or cell.number is not None):
            raise self.error(cell, field, _LOST_DIGITS)
        return self.listed(field)

    def enterprise_code(self, field: str, beside: str) -> tuple[str | None, str | None]:
        """USCC and customs registration from a column of codes, or a USCC written beside the name."""
        cell = self.cell(field)
        if cell is None:
            name = self.cell(beside)
            found = re.findall(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", _plain(name.text)) if name is not None else []
            return next((code for code in map(uscc_of, found) if code is not None), None), None
        text = _plain(self.text(field) or "").upper()
        if re.fullmatch(r"[0-9]{9}[0-9A-Z]", text):
            return None, text
        code = uscc_of(text)
        if code is None:
            raise self.error(cell, field, "is not a unified social credit code (18 characters, GB 32100-2015)")
        return code, None
