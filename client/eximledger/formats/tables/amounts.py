"""Numbers of a row with what is written beside them, in their column's header or in their cell, taken into account.

Whatever is said of a number and cannot be, or is not understood, is an error that names the cell and its column: no
bare number is ever taken for another.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Final, NamedTuple

from pydantic import ValidationError

from eximledger.formats.tables import codes
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.measures import Measure, measure_of
from eximledger.formats.tables.sheets import Cell
from eximledger.formats.text.terms import incoterm_in
from eximledger_chaincode.documents import TRANSACTION_MODE_INCOTERM, Money
from eximledger_chaincode.documents.parts.units import known_unit, normal_unit, to_base

__all__ = [
    "Rate",
    "charge_of",
    "count_of",
    "currency_said",
    "money_of",
    "price_of",
    "quantity_of",
    "volume_of",
    "weight_of",
]

_EXACT: Final = Context(prec=80)
_NUMBER: Final = re.compile(
    r"(?P<before>[^0-9+\-.,]*)(?P<number>[+-]?(?:[0-9][0-9,'’]*)?\.?[0-9]+)(?P<after>(?![.,'’]?[0-9])[^0-9].*|)"
)
"""A number and what stands around it, which goes on as no number does: `1.350.000` is none with a scale behind it."""
_FREE: Final = frozenset({"foc", "nc", "n/c", "nocharge", "freeofcharge", "freeofcost", "free", "免费", "不收费"})
"""Goods that cost nothing, as invoices write it in place of an amount."""
_PAIRS: Final = frozenset({"PR", "TPR"})
_NOTHING: Final = Measure()
_BETWEEN: Final = r"\s*(?:[/|\-]|(?<=[0-9])\s(?=[0-9]))\s*"
_MARKED: Final = re.compile(
    rf"(?:(?:(?P<currency>[^0-9/|\-\s]{{1,12}}|[0-9]{{3}}){_BETWEEN}|(?P<against>[^0-9/|\-\s%:：]{{1,12}}?)\s*|[/|]+))?"
    rf"\s*(?P<number>-?[0-9][0-9.,]*)\s*(?P<percent>%?)(?P<behind>[^0-9/|\-\s%]{{0,12}}){_BETWEEN}"
    r"(?P<mark>[123]|率|单价|总价|rate|unit|total)(?:\s*\(?\s*(?:[123]|率|单价|总价)\s*\)?)?",
    re.IGNORECASE,
)
"""`502/3500/3`, `USD-3500-3`, `5/1`: customs' currency, number and mark (报关单填制规范)."""
_MAY_BE_FREE: Final = frozenset({"amount", "unit_price"})
_LONGEST_MARKED: Final = 64
_PER_CENT: Final = 100
_MOST_DECIMALS: Final = 12
_MARKS: Final = {
    "1": "1", "2": "2", "3": "3", "率": "1", "费率": "1", "rate": "1", "单价": "2", "unit": "2", "unitprice": "2",
    "总价": "3", "total": "3", "lumpsum": "3",
}  # fmt: skip


class Rate(NamedTuple):
    """Customs' marks 1 and 2: a rate, in percent, or a price for each tonne; no amount."""

    where: str
    reason: str
    percent: Decimal | None


class _Read(NamedTuple):
    """A number, and all that is said of it."""

    number: Decimal
    said: tuple[Measure, ...]

    @property
    def factor(self) -> Decimal:
        found = Decimal(1)
        for each in self.said:
            found *= each.factor
        return found


def _read(row: Row, cell: Cell, field: str) -> _Read:
    """The cell's number with what its column, its format and its own text say of it."""
    said = [row.measures.get(field, _NOTHING)]
    if cell.number is None and field in _MAY_BE_FREE and _plain(cell.text).replace(".", "") in _FREE:
        return _Read(Decimal(0), tuple(said))
    if cell.number is not None:
        return _Read(row.exact_decimal(cell, cell.text, field), (*said, _understood(row, cell, field, cell.shown)))
    text = unicodedata.normalize("NFKC", cell.text).strip()
    found = _NUMBER.fullmatch(text)
    if found is None or not (found["before"].strip() or found["after"].strip()):
        return _Read(row.exact_decimal(cell, text, field), tuple(said))
    below, before, after = _below_nothing(found["before"].strip(), found["after"].strip())
    for part in (before, after):
        said.append(_understood(row, cell, field, part))
    number = row.exact_decimal(cell, found["number"], field)
    if below and number < 0:
        raise row.error(cell, field, "is below zero twice: by its sign and by what stands around it")
    return _Read(-number if below else number, tuple(said))


def _below_nothing(before: str, after: str) -> tuple[bool, str, str]:
    """Whether accountants mean a number below zero: in brackets, `(1,234.50)`, or with the sign behind, `1,234.50-`;
    and what else stands around it."""
    if "(" in before and ")" in after and "(" not in after:
        head, _, inner = before.rpartition("(")
        within, _, tail = after.partition(")")
        return True, f"{head} {inner}".strip(), f"{within} {tail}".strip()
    if after.startswith("-") and not re.match(r"-\s*[0-9]", after):
        return True, before, after[1:]
    return False, before, after


def _understood(row: Row, cell: Cell, field: str, words: str) -> Measure:
    said = measure_of(words.strip()) if words.strip() else _NOTHING
    if said is None:
        raise row.error(cell, field, f"says {words.strip()[:40]!r} of its number, which is not understood here")
    return said


def _one_unit(row: Row, cell: Cell, field: str, said: tuple[Measure, ...]) -> str | None:
    units = list(dict.fromkeys(each.unit for each in said if each.unit is not None))
    if len(units) > 1:
        raise row.error(cell, field, f"is in {units[0]} by its column and in {units[1]} by itself")
    return units[0] if units else None


def _no_money(row: Row, cell: Cell, field: str, said: tuple[Measure, ...]) -> None:
    if any(each.currencies or each.rate or each.basis or each.per is not None for each in said):
        raise row.error(cell, field, f"is said to be {_words(said)}, which a quantity or weight is not in")


def _words(said: tuple[Measure, ...]) -> str:
    return ", ".join(dict.fromkeys(each.written for each in said if each.says_something))


def _times(number: Decimal, factor: Decimal) -> Decimal:
    with localcontext(_EXACT):
        return number * factor


# weights, quantities, counts ---------------------------------------------------


def weight_of(row: Row, field: str) -> Decimal | None:
    """In kilograms; in another unit where the column, the cell or a column of units says so."""
    return _in_base(row, field, "KGM", "weight", row.text("weight_unit"))


def volume_of(row: Row, field: str) -> Decimal | None:
    """In cubic metres; in another unit where the column or the cell says so."""
    return _in_base(row, field, "MTQ", "volume", None)


def _in_base(row: Row, field: str, wanted: str, what: str, beside: str | None) -> Decimal | None:
    cell = row.cell(field)
    if cell is None:
        return None
    read = _read(row, cell, field)
    _no_money(row, cell, field, read.said)
    unit = _one_unit(row, cell, field, read.said)
    if beside is not None:
        if known_unit(beside) is None or (unit is not None and normal_unit(beside) != unit):
            raise row.error(
                cell, field, f"is in {beside} by its column of units, which is unknown or another than here"
            )
        unit = normal_unit(beside)
    found, base = to_base(_times(read.number, read.factor), unit or wanted)
    if base != wanted:
        raise row.error(cell, field, f"is said to be in {unit}, which is no unit of {what}")
    if unit is None and read.factor != 1:
        raise row.error(cell, field, f"is said to be {_words(read.said)}, a scale without a unit of {what}")
    if found != round(found, _MOST_DECIMALS):
        raise row.error(
            cell, field, f"is in {unit}, and has more decimals in {wanted} than papers keep; state it in that"
        )
    return found


def quantity_of(row: Row, field: str, unit_field: str) -> tuple[Decimal | None, str | None]:
    """A quantity and its unit, which the column's header may state in place of a column of units."""
    cell, stated = row.cell(field), row.text(unit_field)
    if cell is None:
        return None, stated
    read = _read(row, cell, field)
    _no_money(row, cell, field, read.said)
    unit = _one_unit(row, cell, field, read.said)
    written = next((each.written for each in read.said if each.unit is not None), None)
    if stated is None:
        return _times(read.number, read.factor), written if read.factor == 1 else unit
    if unit is None:
        if read.factor != 1 and normal_unit(stated) in {"CEN", "MIL", "TENTHOUSAND", "HUNDREDMILLION"}:
            raise row.error(cell, field, f"counts in {_words(read.said)}, and its unit {stated} does so again")
        return _times(read.number, read.factor), stated
    if written is not None and _plain(written) == _plain(stated):  # 千件 counted in 千件
        return read.number, stated
    if normal_unit(stated) != unit:
        raise row.error(cell, field, f"counts in {written}, but its unit is {stated}")
    return _times(read.number, read.factor), stated


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def count_of(row: Row, field: str) -> int | None:
    """A whole number of packages, of whatever kind."""
    cell = row.cell(field)
    if cell is None:
        return None
    read = _read(row, cell, field)
    _no_money(row, cell, field, read.said)
    number = _times(read.number, read.factor)
    if number != number.to_integral_value() or not 0 <= number < 10**9:
        raise row.error(cell, field, "is not a whole number from 0")
    return int(number)


# money ------------------------------------------------------------------------


def _currency(row: Row, cell: Cell, field: str, said: tuple[Measure, ...], stated: str | None) -> str | None:
    """The one currency that all say; None where nothing says one."""
    possible = [each.currencies for each in said if each.currencies]
    if stated is not None:
        possible.append((stated,))
    left = [code for code in possible[0] if all(code in each for each in possible[1:])] if possible else []
    if possible and not left:
        beside = stated or "another"
        raise row.error(cell, field, f"is said to be in {_words(said)}, but the currency beside it is {beside}")
    if len(left) > 1:
        raise row.error(cell, field, f"is said to be in {_words(said)}, which may be any of {', '.join(left)}")
    return left[0] if left else None


def currency_said(row: Row) -> str | None:
    """The currency of a line that its amount's own header or cell states, else its price's: one and no other."""
    for field in ("amount", "unit_price"):
        cell = row.cell(field)
        said = _currency(row, cell, field, _read(row, cell, field).said, None) if cell is not None else None
        if said is not None:
            return said
    return row.code("unit_price_currency", codes.currency)


def money_of(row: Row, field: str, stated: str | None, default: str | None = None) -> Money | None:
    """An amount in the currency that is stated for it and written with it, else in `default`."""
    cell = row.cell(field)
    return None if cell is None else _money(row, cell, field, stated, default)


def _money(row: Row, cell: Cell, field: str, stated: str | None, default: str | None = None) -> Money:
    read = _read(row, cell, field)
    if any(each.unit is not None or each.per is not None for each in read.said):
        raise row.error(cell, field, f"is said to be {_words(read.said)}, which an amount is not in")
    if any(each.rate for each in read.said):
        raise row.error(cell, field, "is a rate, not an amount")
    _on_basis(row, cell, field, read.said)
    currency = _currency(row, cell, field, read.said, stated) or default
    if currency is None:
        raise row.missing("currency")
    try:
        return Money.of(_times(read.number, read.factor), currency)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise row.error(cell, field, f"is refused: {reason}") from None


def _on_basis(row: Row, cell: Cell, field: str, said: tuple[Measure, ...]) -> None:
    mode = _basis(row)
    if any(each.basis not in (None, mode) for each in said) and mode is not None:
        raise row.error(cell, field, f"is said to be {_words(said)}, which is not the transaction mode")


def _basis(row: Row) -> str | None:
    """The transaction mode that the row's amounts are on, by itself or by its Incoterm."""
    if row.cell("incoterm") is None:
        return row.code("transaction_mode", codes.transaction_mode)
    term = incoterm_in(row.text("incoterm") or "")
    return next((mode for mode, stated in TRANSACTION_MODE_INCOTERM.items() if stated == term), None)


def price_of(row: Row, field: str, currency: str, unit: str) -> Decimal | None:
    """A price for one unit of the line, in its currency."""
    cell = row.cell(field)
    if cell is None:
        return None
    read = _read(row, cell, field)
    if any(each.rate for each in read.said):
        raise row.error(cell, field, "is a rate, not a price")
    _on_basis(row, cell, field, read.said)
    _currency(row, cell, field, read.said, currency)
    if row.code("unit_price_currency", codes.currency) not in (None, currency):
        raise row.error(cell, field, f"has a column that says it is in another currency than {currency}")
    price = Fraction(read.number)
    for each in read.said:
        per_unit = each.per_unit if each.per is not None else each.unit
        under = each.per if each.per is not None else each.factor if each.unit is not None else Decimal(1)
        price = price * Fraction(each.factor if each.per is not None or each.unit is None else 1) / Fraction(under)
        if per_unit is not None:
            price *= _units_in(row, cell, field, per_unit, unit)
    return _exactly(row, cell, field, price)


def _units_in(row: Row, cell: Cell, field: str, per_unit: str, unit: str) -> Fraction:
    """What a price for each `per_unit` is multiplied by to be one for each `unit`. A dozen may be one of pairs."""
    if normal_unit(unit) == per_unit:
        return Fraction(1)
    (priced, base), (counted, own) = to_base(Decimal(1), per_unit), to_base(Decimal(1), unit)
    if base != own or (per_unit in _PAIRS) != (normal_unit(unit) in _PAIRS):
        raise row.error(cell, field, f"is for each {per_unit}, but the line counts in {unit}")
    return Fraction(counted) / Fraction(priced)


def _exactly(row: Row, cell: Cell, field: str, price: Fraction) -> Decimal:
    scaled = price * 10**12
    if scaled.denominator != 1:
        raise row.error(cell, field, "is for another unit than the line's, and no exact price for one of those")
    with localcontext(_EXACT):
        return Decimal(scaled.numerator).scaleb(-12)


# freight, insurance, other charges -----------------------------------------------


def charge_of(row: Row, field: str, currency: str) -> Money | Rate | None:
    """An amount, or customs' currency, number and mark in one cell or in columns of their own: `502/3500/3`.

    The marks 1 (a rate) and 2 (a price for each tonne) are no amounts.
    """
    cell = row.cell(field)
    if cell is None:
        return None
    beside = row.code(f"{field}_currency", codes.currency)
    mark = row.code(f"{field}_mark", lambda text: _MARKS.get(_plain(text)))
    text = unicodedata.normalize("NFKC", cell.text).strip() if cell.number is None else ""
    marked = _MARKED.fullmatch(text) if len(text) <= _LONGEST_MARKED else None
    if marked is not None:
        written = marked["currency"] or marked["against"] or marked["behind"]
        own = _marked_currency(row, cell, field, written, beside)
        kind = "1" if marked["percent"] else _MARKS[marked["mark"].casefold()]
        if marked["percent"] and _MARKS[marked["mark"].casefold()] != "1":
            raise row.error(cell, field, "is a rate by its %, and another by its mark")
        if mark is not None and mark != kind:
            raise row.error(cell, field, f"has the mark {kind}, but its column of marks says {mark}")
        mark, cell, beside = kind, Cell(cell.where, marked["number"], exact=cell.exact), own
    else:
        read = _read(row, cell, field)
        if any(each.rate for each in read.said):
            mark = "1" if mark is None else mark
            if mark != "1":
                raise row.error(cell, field, "is a rate by its %, and another by its mark")
    if mark in {"1", "2"}:
        number = row.exact_decimal(cell, re.sub(r"[^0-9.,\-]", "", cell.text), field)
        if mark == "1" and cell.number is not None and "%" in cell.shown:
            number = _times(number, Decimal(_PER_CENT))  # a spreadsheet shows 0.05 as 5 %
        said = f"a rate of {number} %" if mark == "1" else f"a price of {number} for each tonne"
        return Rate(row.at(cell, field), f"states {said} (mark {mark}), not an amount", number if mark == "1" else None)
    return _money(row, cell, field, beside, currency)


def _marked_currency(row: Row, cell: Cell, field: str, written: str | None, beside: str | None) -> str | None:
    if written is None or not written.strip() or written.strip() == "000":
        return beside
    own = codes.currency(written.strip())
    if own is None or (beside is not None and own != beside):
        raise row.error(cell, field, "names a currency that is unknown or not the one beside it")
    return own
