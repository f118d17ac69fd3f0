"""Where a table's header is, of which kind of paper it is, and what stands over it.

A header may stand in two rows, the upper one over several columns (`重量（吨）` over `毛重`). Over it a form has
words and their values: `Invoice No.: CI-1`, or the word in one cell and its value in the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from eximledger.formats.tables.columns import said_above
from eximledger.formats.tables.measures import Measure, measure_of
from eximledger.formats.tables.naming.column import Stands
from eximledger.formats.tables.naming.names import Vocabulary
from eximledger.formats.tables.papers.kind import FEWEST_NAMES, TableKind
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger.formats.tables.sheets import Cell, Sheet
from hlf_chaincode.errors import InvalidDocument

__all__ = ["HEADER_WITHIN", "Cells", "Form", "Header", "header_of", "labels_in", "measures_above"]

Cells = dict[int, Cell]
Numbered = Sequence[tuple[int, Cells]]
Labels = dict[str, tuple[str, Cell]]

HEADER_WITHIN: Final = 30
"""Rows from the top among which the header is looked for: titles, parties and stamps may stand above it."""
_LONGEST_LABEL: Final = 60
_LONGEST_FORM: Final = 2_000
"""Characters of a cell of a form that are looked at for words and values."""
_WORDS: Final = 5
"""Words that a label has, at most."""
_LABEL: Final = re.compile(rf"\s*([^:：\n]{{1,{_LONGEST_LABEL}}})[:：]\s*(\S.*)", re.DOTALL)
_VALUE: Final = re.compile(r"[-+0-9.,/:年月日%\s]+")
_GROUP: Final = re.compile(r"(重量|数量|金额|价格|价值|weights?|amounts?|prices?|values?)", re.IGNORECASE)
"""What a row over a header calls several of its columns."""
_FROM: Final = re.compile(
    r"\s*(?:(?:(?:shipped|shipment|transport\w*|dispatch\w*|loaded)\s+)?(?:from|per|via)\b"
    r"|port of loading|loading port|装运港|起运港|[自由][:：\s])",
    re.IGNORECASE,
)
_TO: Final = re.compile(r"\s*to\s*[:：.]?\s*", re.IGNORECASE)
"""A buyer's word, and beside or below a place of departure that of arrival."""
_GOODS_SCORE, _TITLE_SCORE, _KEY_SCORE = 20, 100, 5


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of the paper that stand as a word and its value, in one cell or in two, and how many cells of each row
    that takes. `differs`: two values of one field."""

    labels: Labels = field(default_factory=dict)
    consumed: dict[int, int] = field(default_factory=dict)
    differs: InvalidDocument | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The kind, the rows from `start` to `end`, the names of columns, and the words and values over them."""

    kind: TableKind
    start: int
    end: int
    cells: Cells
    groups: Cells
    form: Form

    @property
    def fields(self) -> dict[int, str]:
        return _fields(self.kind, self.cells)

    @property
    def form_key(self) -> str | None:
        """The field over the goods that has the paper's number, where no column has it."""
        if set(self.kind.keys) & set(self.fields.values()):
            return None
        return next((key for key in self.kind.keys if key in self.form.labels), None)


def _fields(kind: TableKind, cells: Cells) -> dict[int, str]:
    named = kind.vocabulary.field_of
    found = {column: own for column, cell in cells.items() if (own := named(cell.text)) is not None}
    if set(kind.keys) & set(found.values()):
        return found
    totals = {column: kind.of_lines[own] for column, own in found.items() if own in kind.of_lines}
    kept = {column: own for column, own in found.items() if own not in totals.values()}
    return kept | totals


def header_of(sheet: Sheet) -> Header | None:
    """The row that names most columns of one kind, and the kind; None for a sheet that holds no paper."""
    best: tuple[int, Header] | None = None
    for start in range(min(len(sheet.rows), HEADER_WITHIN)):
        for kind in TABLES.values():
            found = _header_at(sheet, start, kind)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
    return best[1] if best is not None else None


def _header_at(sheet: Sheet, start: int, kind: TableKind) -> tuple[int, Header] | None:
    """A header of the kind that begins in this row, and how much speaks for it."""
    vocabulary = kind.vocabulary
    cells, groups, end = _two_rows(sheet.rows, start, vocabulary)
    fields = set(_fields(kind, cells).values())
    if len(fields) < FEWEST_NAMES:
        return None
    form = labels_in(sheet.rows[:start], vocabulary) if kind.in_form else Form()
    keys = set(kind.keys) & (fields | form.labels.keys())
    if not keys or (kind.in_form and not kind.has_goods(fields)):
        return None
    if not set(kind.keys) & fields and len(sheet.rows) <= end:
        return None
    titles = [sheet.name, *(cell.text for _, row in sheet.rows[: start + 1] for cell in row.values())]
    titled = any(kind.title.fullmatch(_plain(title)) for title in titles)
    score = len(fields) + len(form.labels) + (_GOODS_SCORE if kind.has_goods(fields) else 0)
    score += (_TITLE_SCORE if titled else 0) + (_KEY_SCORE if kind.keys[0] in keys else 0)
    return score, Header(kind, start, end, cells, groups, form)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


# two rows ----------------------------------------------------------------------


def _two_rows(rows: Numbered, start: int, vocabulary: Vocabulary) -> tuple[Cells, Cells, int]:
    """The header's names from one row or from two, what the upper one calls its columns, and where its data begins."""
    number, top = rows[start]
    below = rows[start + 1] if start + 1 < len(rows) else None
    if below is None or below[0] != number + 1 or not _continues(top, below[1], vocabulary):
        return top, {}, start + 1
    merged: Cells = dict(top)
    groups: Cells = {}
    for column, cell in below[1].items():
        over = top.get(column) or next((top[each] for each in sorted(top, reverse=True) if each < column), None)
        if over is None or vocabulary.field_of(cell.text) is not None:
            merged[column] = cell
        else:
            said = _plain(cell.text).strip("()[] ")
            merged[column] = replace(cell, text=f"{over.text} ({said})")
        if over is not None:
            groups[column] = over
    return merged, groups, start + 2


def _continues(top: Cells, below: Cells, vocabulary: Vocabulary) -> bool:
    """Whether the lower of two rows is of the same header: names or units and no values, under names or groups."""
    if any(cell.number is not None or cell.day is not None or _VALUE.fullmatch(cell.text) for cell in below.values()):
        return False
    known = sum(_is_name(cell.text, vocabulary) for cell in below.values())
    if not known or 2 * known < len(below):
        return False
    if labels_in([(0, top)], vocabulary).labels or (len(top) == 1 and min(top) <= min(below)):
        return False  # words and values, or a line over the whole table
    return any(_is_name(cell.text, vocabulary) or _GROUP.search(cell.text) for cell in top.values())


def _is_name(text: str, vocabulary: Vocabulary) -> bool:
    if vocabulary.field_of(text) is not None:
        return True
    said = measure_of(_plain(text).strip("()[] "))
    return said is not None and said.says_something


def measures_above(rows: Numbered, header: Header) -> dict[int, tuple[tuple[Measure, ...], tuple[Measure, ...]]]:
    """What the rows over the header say of each of its columns: the upper row of a header of two, and the lines over
    the table."""
    general = said_above(rows)
    fields = header.fields
    return {column: (_of_group(header, column), general) for column in fields}


def _of_group(header: Header, column: int) -> tuple[Measure, ...]:
    """Raises `InvalidDocument` for a group of numbers that says something of them which is not understood."""
    over = header.groups.get(column)
    if over is None or over is header.cells.get(column):
        return ()
    named = _GROUP.search(over.text)
    inner = re.findall(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]", over.text)
    words = inner or ([over.text.replace(named[0], "")] if named else [over.text])
    found: list[Measure] = []
    for each in filter(None, map(str.strip, words)):
        said = measure_of(each)
        if said is None and inner and named and header.kind.vocabulary.counts(header.fields[column]):
            reason = f"says {each[:40]!r} of its numbers, which is not understood here"
            raise InvalidDocument(f"column {over.where} ({over.text}) {reason}", field=over.where, reason=reason)
        if said is not None and said.says_something:
            found.append(said)
    return tuple(found)


# words and values --------------------------------------------------------------


def labels_in(rows: Numbered, vocabulary: Vocabulary) -> Form:
    """What stands in these rows as words and values."""
    found: Labels = {}
    consumed: dict[int, int] = {}
    differs: InvalidDocument | None = None
    routed = {number for number, cells in rows if any(_FROM.match(cell.text) for cell in cells.values())}
    for number, cells in rows:
        for own, name, value, taken in _pairs(cells, vocabulary):
            if routed & {number, number - 1} and _TO.fullmatch(name):
                continue  # a place of the journey
            if own in found and found[own][1].text != value.text:
                where, reason = f"{value.where} ({name})", f"differs from {found[own][1].where} of the same paper"
                differs = differs or InvalidDocument(f"{where} {reason}", field=where, reason=reason)
            found.setdefault(own, (name, value))
            consumed[number] = consumed.get(number, 0) + taken
    return Form(found, consumed, differs)


def _pairs(cells: Cells, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Cell, int]]:
    """Field, word, value, and of how many cells."""
    left = sorted(cells)
    while left:
        cell = cells[left.pop(0)]
        within = list(_within(cell, vocabulary))
        if within:
            for number, (label, name, value) in enumerate(within):
                yield label, name, value, 0 if number else 1
        elif left and (own := _of_paper(cell.text, vocabulary)) is not None and cell.number is None:
            value = cells[left[0]]
            if vocabulary.field_of(value.text) is None and _LABEL.fullmatch(value.text) is None:
                left.pop(0)
                yield own, cell.text.strip(" :："), value, 2


def _within(cell: Cell, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Cell]]:
    """Words and values of one cell, perhaps several: `Invoice No.: CI-1  Date: 2026-01-05`."""
    text = cell.text[:_LONGEST_FORM]
    while (found := _LABEL.fullmatch(text)) is not None and (own := _of_paper(found[1], vocabulary)) is not None:
        end = _next_label(found[2], vocabulary)
        value, text = found[2][:end].strip(" \t\n,;，；"), found[2][end:]
        first, _, rest = value.partition("\n")
        beside = f"{own.removesuffix('_name')}_address"
        if own.endswith("_name") and rest.strip() and beside in vocabulary.columns:
            yield beside, found[1].strip(), replace(cell, text=", ".join(rest.split("\n")), number=None, day=None)
            value = first
        yield own, found[1].strip(), replace(cell, text=value, number=None, day=None)


def _next_label(value: str, vocabulary: Vocabulary) -> int:
    """Where the next word of a field begins within a value; its end where there is none."""
    for colon in re.finditer("[:：]", value):
        words = list(re.finditer(r"\S+", value[: colon.start()]))[-_WORDS:]
        for word in words:
            if word.start() and vocabulary.field_of(value[word.start() : colon.start()]) is not None:
                return word.start()
    return len(value)


def _of_paper(name: str, vocabulary: Vocabulary) -> str | None:
    own = vocabulary.field_of(name.strip()) if len(name) <= _LONGEST_LABEL else None
    return own if own is not None and vocabulary.stands(own) is Stands.PAPER else None
