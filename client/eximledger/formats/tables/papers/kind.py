"""A kind of paper that comes as a table: its columns, how its tables are told, and how rows become a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.naming.column import Column
from eximledger.formats.tables.naming.names import Vocabulary
from eximledger.formats.tables.papers.columns import columns_of_kind
from eximledger_chaincode.documents import Document

__all__ = ["FEWEST_NAMES", "TableKind", "TablePaper"]

FEWEST_NAMES: Final = 3
"""Columns that are known, at least, in the header of a table."""


@dataclass(frozen=True, slots=True)
class TablePaper:
    """The rows of one paper: its own fields from all of them, its lines of goods, the row that sums them up, and rows
    that have words and an amount alone."""

    first: Row
    lines: tuple[Row, ...]
    totals: Row | None
    exporter: str | None
    unmapped: list[Unmapped]
    charges: tuple[Row, ...] = ()
    in_form: bool = False
    """Whether its fields stand as words and values."""
    titled: str | None = None
    """The type of an invoice that its title says."""

    def unusable(self, where: str, reason: str) -> None:
        self.unmapped.append(Unmapped(where, reason, Cause.UNUSABLE))


@dataclass(frozen=True, slots=True)
class TableKind:
    """`keys`: the fields of which one says which paper a row is of. `goods`: of each group a table names one."""

    kind: str
    keys: tuple[str, ...]
    goods: tuple[frozenset[str], ...]
    title: re.Pattern[str]
    build: Callable[[TablePaper], Document]
    in_form: bool = True
    """Whether its fields may stand as words and values over and below the goods, its number among them."""
    sums_up: bool = True
    """Whether a row of totals states what its document has a field for."""
    of_lines: Mapping[str, str] = field(default_factory=dict)
    """In the form of one paper, the field of a line that a column of totals is of: `Total G.W.` there is each
    line's, and `G.W.` beside it each package's."""
    columns: tuple[Column, ...] = field(init=False)
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", columns_of_kind(self.kind))
        object.__setattr__(self, "vocabulary", Vocabulary(self.columns))

    def has_goods(self, fields: set[str]) -> bool:
        return all(fields & group for group in self.goods)
