"""What stands below the goods of a table and is none of them: sums, amounts of the paper by their name, and others.

Goods have a quantity or a price. A row that has only words and an amount, below rows that have more, is a charge or is
taken off where the total below it says so; the builder of the paper has the amounts, and proves it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables.cells import Columns, Row
from eximledger.formats.tables.papers.kind import TableKind
from eximledger.formats.tables.sheets import Cell
from eximledger.formats.tables.sums import Sums, amount_named

__all__ = ["Footing"]

_ADDED: Final = frozenset({"freight", "insurance", "other_charges"})
_PAID: Final = frozenset({"prepaid", "payable"})


def _has_digits(row: Row, field: str) -> bool:
    cell = row.cell(field)
    return cell is not None and re.search("[0-9]", unicodedata.normalize("NFKC", cell.text)) is not None


class Footing:
    """The rows below the goods. `labels` and `columns` are those of the sheet, to which it adds what it finds."""

    def __init__(self, kind: TableKind, columns: Columns, labels: dict[str, Cell], *, in_form: bool) -> None:
        self.charges: list[Row] = []
        """Words and an amount, between the goods and a total."""
        self.unmapped: list[Unmapped] = []
        self._kind = kind
        self._columns = columns
        self._labels = labels
        self._in_form = in_form
        self._totals: list[Row] = []
        self._named: set[str] = set()
        self._counted = False
        self._closed = False

    @property
    def summed(self) -> bool:
        """Whether a sum has come."""
        return bool(self._totals) or self._closed

    def takes(self, row: Row, *, first: bool) -> bool:
        """Whether the row is no goods.

        Raises `InvalidDocument` for one that may sum up, or be taken off, in words that are not known here.
        """
        if row.is_total():
            self._add_total(row)
            return True
        sums, amount = row.sums(), row.cell("amount")
        fields = {field for text in row.naming() if (field := amount_named(self._kind.vocabulary, text)) is not None}
        field = fields.pop() if len(fields) == 1 and not row.is_priced else None
        added = field in _ADDED and sums is not Sums.TAKEN_OFF
        if self._in_form and amount is not None and field is not None and (added or field not in _ADDED):
            self._add_amount(row, field, amount)
            self._named.add(field)
            return True
        if self._in_form and self._is_beside(row):
            self.charges.append(row)
            return True
        own = any(key in row.cells for key in self._kind.keys)
        beside = not added and not own and self._is_beside(row)
        unsure = sums is Sums.UNSURE or (sums is Sums.TAKEN_OFF and amount is not None) or (field and not added)
        unsure = unsure or beside
        if unsure and not first and self._kind.in_form:
            raise row.unsure()
        return False

    def given_back(self, row: Row) -> list[Row]:
        """The rows taken for charges above goods that have a quantity or a price: they are goods, too."""
        counts = _has_digits(row, "quantity") or row.is_priced
        self._counted = self._counted or counts
        if not counts or self.summed:
            return []
        found, self.charges = self.charges, []
        return found

    def stated(self, papers: int) -> Row | None:
        """What sums up the one paper of the sheet; other sums are reported."""
        grand = [row for row in self._totals if row.sums() is Sums.ALL and self._says_a_number(row)]
        whole = _joined(grand) if papers == 1 and self._kind.sums_up else None
        for row in self._totals:
            if whole is None or row not in grand:
                self._report(row)
        return whole

    def add_label(self, row: Row, field: str, name: str, cell: Cell) -> None:
        """A field of the paper by its word and value, or by the name of its row."""
        own = self._labels.setdefault(field, cell)
        if own.text != cell.text:
            raise row.error(cell, field, f"differs from {own.where} of the same paper")
        self._columns.names.setdefault(field, name)

    def _report(self, row: Row) -> None:
        self.unmapped.append(Unmapped(row.where, "a row of totals", Cause.SKIPPED, len(row.cells)))

    def _says_a_number(self, row: Row) -> bool:
        return any(_has_digits(row, field) for field in row.cells if self._kind.vocabulary.counts(field))

    def _is_beside(self, row: Row) -> bool:
        """Whether the row has an amount and nothing else that goods have, below goods that have more."""
        goods = ("quantity", "unit_price", "number", "hs_code")
        return self._counted and _has_digits(row, "amount") and not any(_has_digits(row, field) for field in goods)

    def _add_total(self, row: Row) -> None:
        """A sum of lines; in a form one that stands below freight, a charge or a discount is the total with them."""
        amount = row.cell("amount")
        if (self._named or self.charges) and row.sums() is Sums.ALL and _has_digits(row, "amount") and amount:
            if self._named.isdisjoint(_PAID) and "total" not in self._labels:
                self._add_amount(row, "total", amount)
            else:
                self._report(row)
            self._closed = True
            return
        self._totals.append(row)

    def _add_amount(self, row: Row, field: str, cell: Cell) -> None:
        """An amount of the paper in the column of the lines', which counts as they do."""
        self.add_label(row, field, self._columns.names.get("amount", field), cell)
        if "amount" in self._columns.measures:
            self._columns.measures.setdefault(field, self._columns.measures["amount"])


def _joined(rows: list[Row]) -> Row | None:
    """One row of several that say different things (`TOTAL: 300 PCS`, `TOTAL AMOUNT: 550`); None where they differ."""
    if not rows:
        return None
    cells: dict[str, Cell] = {}
    for row in rows:
        for field, cell in row.cells.items():
            if not _has_digits(row, field):
                continue
            if field in cells and cells[field].text != cell.text:
                return None
            cells[field] = cell
    first = rows[0]
    return Row(first.number, first.sheet, {**first.cells, **cells}, first.columns, others=first.others)
