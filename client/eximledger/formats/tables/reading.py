"""Tables as papers: one mechanism for every kind, driven by the kind's table of columns.

A sheet is a list of papers, told apart by a column with their number, or the form of one paper, whose fields stand as
words and values over and below its goods. Column names are Chinese, English or both; codes may be codes or names.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from eximledger.formats._limits import MAX_COLUMNS
from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables.cells import Columns, Row
from eximledger.formats.tables.columns import columns_of, said_above
from eximledger.formats.tables.header import HEADER_WITHIN, Cells, Form, Header, header_of, labels_in, measures_above
from eximledger.formats.tables.measures import Measure
from eximledger.formats.tables.naming.column import Stands
from eximledger.formats.tables.papers.kind import FEWEST_NAMES, TablePaper
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger.formats.tables.rows.footing import Footing
from eximledger.formats.tables.rows.spreading import spread
from eximledger.formats.tables.rows.titles import Titles
from eximledger.formats.tables.sheets import Sheet, read_csv
from eximledger.formats.text.values import one_line
from eximledger_chaincode.documents import Document
from eximledger_chaincode.documents.parts.units import to_base
from hlf_chaincode.errors import InvalidDocument

__all__ = ["is_column", "names_columns", "read_tables", "shows_papers"]

_REMARK: Final = 2
"""Cells of a line below a form's goods: a word, and what it says."""
_TELLS: Final = re.compile(
    r"(?:^|[^0-9.,])(?:[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})|0\.[0-9]+|[0-9,]+,[0-9]{3}\.[0-9]+)(?![0-9.,])"
)
"""A number whose point is the decimals'."""
_COLUMN_UNSEEN: Final = "is hidden, and has values of the paper: show the column, or delete it"
_CELL_UNSEEN: Final = "is hidden, and says something of the paper: show its row and column, or delete it"
_SAID: Final = 60
"""Characters of a row that an error quotes."""
_LINES: Final = 40
"""Lines of a text that are looked at to tell whether it is such a table."""


def is_column(name: str) -> bool:
    """Whether a text is the name of some column of some kind."""
    return any(kind.vocabulary.field_of(name) is not None for kind in TABLES.values())


def names_columns(head: str) -> bool:
    """Whether a text begins as a table with some column that is known."""
    lines = head.splitlines()[:_LINES]
    pieces = (piece for line in lines for piece in re.split(r"[,;\t]", line.replace('"', ""), maxsplit=MAX_COLUMNS))
    return any(is_column(piece) for piece in pieces)


def shows_papers(head: str, *, complete: bool) -> bool:
    """Whether a text begins as a table of papers; `complete` where the head is all of it."""
    if not names_columns(head):
        return False
    try:
        return header_of(read_csv(head if complete else "\n".join(head.splitlines()[:_LINES]), is_column)) is not None
    except InvalidDocument:
        return True  # the header is there; reading will say what is wrong further down


def read_tables(
    sheets: Iterable[Sheet], exporter: str | None = None
) -> tuple[tuple[Document, ...], tuple[Unmapped, ...]]:
    """The papers of all sheets that hold some, and what of them is in no paper.

    `exporter` stands for the exporter's USCC where the table has none. Raises `InvalidDocument` naming the cell.
    """
    found: list[Document] = []
    unmapped: list[Unmapped] = []
    read = False
    hidden: list[str] = []
    for sheet in sheets:
        header = header_of(sheet)
        if header is None or sheet.hidden:
            if header is not None:
                hidden.append(sheet.name)
            if sheet.rows:
                texts = sum(len(cells) for _, cells in sheet.rows)
                reason = "holds no papers" if header is None else "is hidden"
                unmapped.append(Unmapped(f"sheet {sheet.name}", reason, Cause.SKIPPED, texts))
            continue
        read = True
        table = _Table(sheet, header, exporter)
        found += table.documents
        unmapped += table.unmapped
    if not read and hidden:
        where, reason = f"sheet {hidden[0]}", "is hidden, and no other holds a paper: show it, or send it alone"
        raise InvalidDocument(f"{where} {reason}", field=where, reason=reason)
    if not read:
        keys = ", ".join(f"{names.chinese[0]} ({names.field})" for names in _KEYS)
        raise InvalidDocument(
            f"the table has no header row with the number of a paper, one of {keys}, and the columns of its goods "
            f"among its first {HEADER_WITHIN} rows",
            field="header",
            reason="no header row",
        )
    if not found:
        raise InvalidDocument("the table has a header row but no papers", field="rows", reason="no rows")
    numbers = [(document.KIND, document.number) for document in found]
    if len(set(numbers)) != len(numbers):
        raise InvalidDocument(
            "a paper stands on two sheets; keep its rows on one", field=_key_of(found[0]), reason="twice"
        )
    return tuple(found), tuple(unmapped)


_KEYS: Final = [kind.vocabulary.columns[kind.keys[0]] for kind in TABLES.values()]


def _key_of(document: Document) -> str:
    return TABLES[document.KIND].keys[0]


def _plain(row: Row, field: str) -> str:
    return unicodedata.normalize("NFKC", row.cells[field].text)


class _Table:
    """One sheet: its header, its rows by paper, and what they do not hold."""

    def __init__(self, sheet: Sheet, header: Header, exporter: str | None) -> None:
        self.unmapped: list[Unmapped] = []
        self._sheet = sheet
        self._header = header
        self._kind = header.kind
        self._exporter = exporter
        if header.form.differs is not None:
            raise header.form.differs
        self._labels = {field: cell for field, (_, cell) in header.form.labels.items()}
        self._report_above()
        self._fields, self._columns = self._read_header()
        above = sheet.rows[: header.start]
        titles = (cell for _, cells in above for cell in cells.values())
        self._titles = Titles(titles, sheet.name, self._kind.title)
        key = self._kind.keys[0]
        if key in self._columns.names:
            self._titles.add_name(self._columns.names[key], f"{sheet.name} ({self._columns.names[key]})".strip())
        self._heads = [
            {column: one_line(cell.text) for column, cell in cells.items()}
            for _, cells in sheet.rows[header.start : header.end]
        ]
        self._rows = spread(sheet, sheet.rows[header.end :], self._fields, self._kind.vocabulary)
        self._footing = Footing(self._kind, self._columns, self._labels, in_form=header.form_key is not None)
        self._below: list[tuple[str, Measure]] = []
        groups = self._grouped()
        stated = self._footing.stated(len(groups))
        self.unmapped += self._footing.unmapped
        self._refuse_unseen_words()
        self._refuse_merged([row.number for rows in groups.values() for row in rows])
        self.documents = [self._agreed(self._paper(rows, stated)) for rows in groups.values()]

    def _place(self, number: int) -> str:
        return f"{self._sheet.name + '!' if self._sheet.name else ''}row {number}"

    def _report_above(self) -> None:
        for number, cells in self._sheet.rows[: self._header.start]:
            if left := len(cells) - self._header.form.consumed.get(number, 0):
                self.unmapped.append(Unmapped(self._place(number), "stands above the header", Cause.NOT_MODELLED, left))

    def _read_header(self) -> tuple[dict[int, str], Columns]:
        """Columns by their field, and what they say; those that are of no field and have values are reported."""
        header, rows = self._header.cells, self._sheet.rows[self._header.end :]
        vocabulary = self._kind.vocabulary
        named = self._header.fields
        self._require_columns(set(named.values()))
        filled = {column for _, cells in rows for column in cells}
        self._refuse_displaced(named)
        above = measures_above(self._sheet.rows[: self._header.end - 1], self._header)
        fields, measures = columns_of(vocabulary, header, named, rows, above)
        unseen = next((each for each in sorted(fields.keys() & filled) if each in self._sheet.hidden_columns), None)
        if unseen is not None:
            where = f"column {header[unseen].where} ({header[unseen].text[:_SAID]})"
            raise InvalidDocument(f"{where} {_COLUMN_UNSEEN}", field=where, reason=_COLUMN_UNSEEN)
        counted = [column for column, field in fields.items() if vocabulary.counts(field)]
        numbers = [cells[column].text for _, cells in rows for column in counted if column in cells]
        either = self._sheet.semicolons and not any(_TELLS.search(text) for text in numbers)
        unknown: list[str] = []
        for column in sorted(filled - set(fields)):
            values = sum(1 for _, cells in rows if column in cells)
            title = header.get(column)
            path = f"column {title.where} ({title.text})" if title else f"column {column + 1} without a name"
            again = column in named
            reason = f"stands beside another for {named[column]}" if again else "names no field of the paper"
            self.unmapped.append(Unmapped(path, reason, Cause.NOT_MODELLED, values))
            if not again and title is not None:
                unknown.append(f"{title.where} ({title.text})")
        names = {field: header[column].text for column, field in fields.items()}
        return fields, Columns(
            {field: name for field, (name, _) in self._header.form.labels.items()} | names,
            measures,
            tuple(unknown),
            either,
        )

    def _refuse_displaced(self, named: dict[int, str]) -> None:
        """A column of totals counts for each line where it is filled as often as the column beside it."""
        kind, rows = self._kind, self._sheet.rows[self._header.end :]
        own = {column: kind.vocabulary.field_of(cell.text) for column, cell in self._header.cells.items()}
        often = {column: sum(1 for _, cells in rows if column in cells) for column in own}
        for column, field in named.items():
            other = next((each for each, said in own.items() if said == field and each not in named), None)
            if own[column] != field and other is not None and often[column] < often[other]:
                places = f"{self._header.cells[other].where} and {self._header.cells[column].where}"
                raise InvalidDocument(f"{places} both name {field}", field=field, reason="two columns")

    def _refuse_unseen_words(self) -> None:
        """Words and values over and below the goods count no more than those in columns if they are not shown."""
        unseen = self._sheet.hidden_columns, self._sheet.hidden_rows
        places = {
            cell.where
            for number, cells in self._sheet.rows
            for column, cell in cells.items()
            if column in unseen[0] or number in unseen[1]
        }
        where = next((cell.where for cell in self._labels.values() if cell.where in places), None)
        if where is not None:
            raise InvalidDocument(f"{where} {_CELL_UNSEEN}", field=where, reason=_CELL_UNSEEN)

    def _refuse_merged(self, rows: list[int]) -> None:
        """A number that stands for several lines of goods is none of any one's."""
        goods = sorted(rows)
        for first, last, column in self._sheet.merged:
            field = self._fields.get(column)
            if field is None or not self._counts_in_line(field):
                continue
            if bisect_right(goods, last) - bisect_left(goods, first) > 1:
                where = f"{self._place(first)} ({self._columns.names[field]})"
                reason = f"is merged with the rows below it, to row {last}: give each row of goods its own value"
                raise InvalidDocument(f"{where} {reason}", field=where, reason=reason)

    def _counts_in_line(self, field: str) -> bool:
        vocabulary = self._kind.vocabulary
        return vocabulary.counts(field) and vocabulary.stands(field) is Stands.LINE

    def _require_columns(self, fields: set[str]) -> None:
        for group in self._kind.goods:
            if not group & fields:
                field = min(group, key=list(self._kind.vocabulary.columns).index)
                name = self._kind.vocabulary.columns[field].chinese[0]
                raise InvalidDocument(f"the table has no column {name} ({field})", field=field, reason="no column")

    # rows --------------------------------------------------------------------

    def _grouped(self) -> dict[str, list[Row]]:
        """The rows of each paper; what stands between and below them is put aside."""
        groups: dict[str, list[Row]] = {}
        current: str | None = None
        for number, cells in self._rows:
            if self._is_header_again(number, cells):
                continue
            known = {self._fields[column]: cell for column, cell in cells.items() if column in self._fields}
            others = tuple(cell for column, cell in cells.items() if column not in self._fields)
            row = Row(number, self._sheet.name, known, self._columns, others=others)
            if self._is_below(row, cells) or not (known or row.is_total()):
                continue
            if self._footing.takes(row, first=not groups):
                continue
            for goods in (*self._footing.given_back(row), row):
                self._refuse_hidden(goods)
                current = self._number(goods) or current
                if current is None:
                    raise goods.missing(self._kind.keys[0])
                groups.setdefault(current, []).append(goods)
        for charge in self._footing.charges:
            self._refuse_hidden(charge)
        return groups

    def _is_header_again(self, number: int, cells: Cells) -> bool:
        """Whether the header is repeated on a page; another header within the goods is refused."""
        texts = {column: one_line(cell.text) for column, cell in cells.items()}
        if texts in self._heads:
            self.unmapped.append(Unmapped(self._place(number), "repeats the header", Cause.SKIPPED, len(cells)))
            return True
        named = {self._kind.vocabulary.field_of(text) for text in texts.values()} - {None}
        if len(named) >= FEWEST_NAMES and not any(re.search("[0-9:]", text) for text in texts.values()):
            where, reason = self._place(number), "is another header: give each table a sheet of its own"
            raise InvalidDocument(f"{where} {reason}", field=where, reason=reason)
        return False

    def _refuse_hidden(self, row: Row) -> None:
        if row.number in self._sheet.hidden_rows:
            reason = "is hidden, and has goods: show the row, or delete it"
            raise InvalidDocument(f"{row.where} {reason}", field=row.where, reason=reason)

    def _number(self, row: Row) -> str | None:
        """Of the paper that the row is of; in a form it stands over the goods."""
        for key in self._kind.keys:
            if key in row.cells:
                return row.declaration_number() if key == "declaration_number" else row.text(key)
        return self._labels[self._header.form_key].text if self._header.form_key is not None else None

    def _is_below(self, row: Row, cells: Cells) -> bool:
        """Whether a row stands below the goods and is none of them: words and values of a form, or a remark."""
        if self._counts(row) or (self._kind.keys[0] in row.cells and len(row.cells) > 1):
            return False
        found = labels_in([(row.number, cells)], self._kind.vocabulary) if self._kind.in_form else Form()
        for field, (name, cell) in found.labels.items():
            self._footing.add_label(row, field, name, cell)
        left = len(cells) - found.consumed.get(row.number, 0)
        in_form = self._header.form_key is not None
        if not found.labels and (row.is_total() or not (self._footing.summed or (in_form and len(cells) <= _REMARK))):
            return False
        self._said_below(row, cells)
        if left:
            self.unmapped.append(Unmapped(row.where, "stands below the goods", Cause.NOT_MODELLED, left))
        return True

    def _said_below(self, row: Row, cells: Cells) -> None:
        """What a line below the goods says of their numbers; what is not understood is one of many remarks there."""
        try:
            said = said_above([(row.number, cells)])
        except InvalidDocument:
            return
        self._below += [(row.where, each) for each in said]

    def _agreed(self, document: Document) -> Document:
        """Raises `InvalidDocument` where a line below the goods says that they are counted in something else."""
        currency = getattr(document, "currency", None)
        for where, said in self._below:
            other = currency is not None and said.currencies and currency not in said.currencies
            weights = said.unit is not None and said.unit != "KGM" and to_base(Decimal(1), said.unit)[1] == "KGM"
            if other or said.factor != 1 or weights:
                written = said.written[:_SAID]
                reason = f"says {written!r} of the numbers above it: say so over the table or in its header"
                raise InvalidDocument(f"{where} {reason}", field=where, reason=reason)
        return document

    def _counts(self, row: Row) -> bool:
        """Whether the row has a number of goods; words and their value may stand in any column."""
        vocabulary = self._kind.vocabulary
        own = [field for field in row.cells if vocabulary.counts(field) and vocabulary.stands(field) is Stands.LINE]
        return any(re.search("[0-9]", text) and ":" not in text for field in own for text in [_plain(row, field)])

    # papers ------------------------------------------------------------------

    def _paper(self, rows: list[Row], stated: Row | None) -> Document:
        own = self._merged(rows)
        whole = tuple(Row(row.number, row.sheet, {**own.cells, **row.cells}, row.columns) for row in rows)
        return self._kind.build(
            TablePaper(
                own,
                whole,
                stated,
                self._exporter,
                self.unmapped,
                tuple(self._footing.charges),
                in_form=self._header.form_key is not None,
                titled=self._titles.type,
            )
        )

    def _merged(self, rows: list[Row]) -> Row:
        """The paper's own fields from all of its rows; a later row may repeat them, not change them."""
        first = rows[0]
        merged = dict(self._labels)
        for row in rows:
            for field, cell in row.cells.items():
                if self._kind.vocabulary.stands(field) is Stands.LINE:
                    continue
                if field not in merged:
                    merged[field] = cell
                elif merged[field].text != cell.text and field not in self._kind.keys:
                    raise row.error(cell, field, f"differs from {merged[field].where} of the same paper")
        return Row(first.number, first.sheet, merged, first.columns)
