"""A sheet that is filled cell by cell, and refused where it is larger than tables are."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from eximledger.formats._limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS
from eximledger.formats.tables.sheets import Cell, Sheet
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Book", "Grid", "refused"]


def refused(reason: str, where: str = "") -> InvalidDocument:
    return InvalidDocument(f"{where + ' ' if where else 'the table '}{reason}", field=where or "table", reason=reason)


class Book:
    """The sheets of one file, which share the limit of cells."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.cells = 0

    def sheet(self, name: str) -> Grid:
        if len(self.grids) >= MAX_SHEETS:
            raise refused(f"is refused: it has more than {MAX_SHEETS} sheets")
        grid = Grid(self, name)
        self.grids.append(grid)
        return grid

    @property
    def sheets(self) -> list[Sheet]:
        return [grid.sheet for grid in self.grids]


class Grid:
    """Rows and columns count from 0."""

    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self._name = name
        self._rows: dict[int, dict[int, Cell]] = {}
        self.hidden = False
        self.hidden_rows: set[int] = set()
        """From 1, as the sheet counts them."""
        self.hidden_columns: set[int] = set()
        self._merged: list[tuple[int, int, int]] = []

    def where(self, row: int, column: int) -> str:
        return f"{self._name + '!' if self._name else ''}{get_column_letter(min(column, 16383) + 1)}{row + 1}"

    def put(self, row: int, column: int, cell: Cell) -> None:
        """A cell that is not empty."""
        if column >= MAX_COLUMNS:
            raise refused(f"is beyond {MAX_COLUMNS} columns", cell.where)
        self._book.cells += 1
        if self._book.cells > MAX_CELLS:
            raise refused(f"is refused: it has more than {MAX_CELLS} cells")
        self._rows.setdefault(row, {})[column] = cell
        if len(self._rows) > MAX_ROWS:
            raise refused(f"is refused: it has more than {MAX_ROWS} rows")

    def merge(self, row: int, column: int, high: int) -> None:
        """A cell that stands for so many rows."""
        if high > 1:
            self._merged.append((row + 1, row + high, column))
        if len(self._merged) > MAX_ROWS:
            raise refused(f"is refused: it has more than {MAX_ROWS} merged cells")

    @property
    def sheet(self) -> Sheet:
        rows = ((row + 1, dict(sorted(cells.items()))) for row, cells in sorted(self._rows.items()))
        return Sheet(
            self._name,
            tuple(rows),
            self.hidden,
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            merged=tuple(self._merged),
        )
