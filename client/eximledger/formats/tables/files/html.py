"""HTML tables under the name of a workbook, as web systems export them: what a cell shows, as it shows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from eximledger.formats._limits import MAX_ROWS, MAX_TEXT_BYTES, MAX_XML_TEXT
from eximledger.formats.tables.files.grid import Book, Grid, refused
from eximledger.formats.tables.sheets import Sheet, decode_text, text_cell

__all__ = ["read_html"]

_SILENT: Final = frozenset({"script", "style", "title", "head"})
_BREAKS: Final = frozenset({"br", "p", "div", "li"})
_MOST_TAGS: Final = 500_000
_UNSEEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_LONG_TAG: Final = re.compile(r"<[^<>]{65536}")
_DEEPEST: Final = 64
"""Tables within tables: pages are laid out by them."""
_MOST_SPANNED: Final = 1_000
"""Rows or columns that one cell takes, at most."""


def read_html(source: bytes) -> list[Sheet]:
    """Each outermost table as a sheet. Raises `InvalidDocument`."""
    if len(source) > MAX_TEXT_BYTES:
        raise refused(f"is larger than {MAX_TEXT_BYTES // 2**20} MiB")
    if source.count(b"<") > _MOST_TAGS:
        raise refused(f"is refused: it has more than {_MOST_TAGS} tags")
    text = decode_text(source)
    if _LONG_TAG.search(text):
        raise refused("is refused: it has a tag that is longer than tags are")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.finish()
    return reader.book.sheets


class _Reader(HTMLParser):
    """Keeps the place of each cell: one that spans rows pushes those below it aside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.book = Book()
        self._grid: Grid | None = None
        self._depth = 0
        self._silent = 0
        self._row = -1
        self._column = 0
        self._spans: dict[int, int] = {}
        """By column, the row until which a cell from above stands there."""
        self._text: list[str] | None = None
        self._length = 0
        self._wide = self._high = 1
        self._listed = 0
        """Columns that were listed before the rows."""
        self._group_unseen = self._rows_unseen = self._cell_unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKS and self._text is not None:
            self._text.append("\n")
        if tag == "table":
            self._depth += 1
            if self._depth > _DEEPEST:
                raise refused(f"is refused: it has more than {_DEEPEST} tables within tables")
            if self._depth == 1:
                self._grid, self._row, self._spans = self.book.sheet(f"table {len(self.book.grids) + 1}"), -1, {}
                self._grid.hidden, self._listed, self._rows_unseen = _unseen(attrs), 0, False
        elif tag in {"thead", "tbody", "tfoot"} and self._depth == 1:
            self._end_cell()
            self._rows_unseen = _unseen(attrs)
        elif tag in {"col", "colgroup"} and self._depth == 1 and self._grid is not None:
            self._list_columns(tag, attrs, self._grid)
        elif tag == "tr" and self._depth == 1:
            self._end_cell()
            self._row, self._column = self._row + 1, 0
            if self._grid is not None and (self._rows_unseen or _unseen(attrs)):
                self._grid.hidden_rows.add(self._row + 1)
            if self._row > 10 * MAX_ROWS:
                raise refused(f"is refused: it has more than {MAX_ROWS} rows")
        elif tag in {"td", "th"} and self._depth == 1 and self._row >= 0:
            self._end_cell()
            given = dict(attrs)
            self._wide, self._high = (_span(given.get(name)) for name in ("colspan", "rowspan"))
            self._text, self._length, self._cell_unseen = [], 0, _unseen(attrs)

    def _list_columns(self, tag: str, attrs: list[tuple[str, str | None]], grid: Grid) -> None:
        """`col`, or a group: one that lists its columns says nothing of how many they are."""
        times = _span(dict(attrs).get("span"))
        if tag == "colgroup":
            self._group_unseen = _unseen(attrs)
            self._listed += times if "span" in dict(attrs) else 0
            first = self._listed - times if "span" in dict(attrs) else self._listed
        else:
            first, self._listed = self._listed, self._listed + times
        if self._group_unseen or _unseen(attrs):
            grid.hidden_columns.update(range(first, self._listed))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in {"td", "th", "tr"} and self._depth == 1:
            self._end_cell()
        if tag == "table":
            if self._depth == 1:
                self._end_cell()
            self._depth = max(0, self._depth - 1)
        if tag == "colgroup":
            self._group_unseen = False

    def handle_data(self, data: str) -> None:
        if self._text is None or self._silent:
            return
        self._length += len(data)
        if self._length > MAX_XML_TEXT:
            raise refused(f"is refused: a cell has more than {MAX_XML_TEXT} characters")
        self._text.append(re.sub(r"\s+", " ", data))

    def finish(self) -> None:
        self._end_cell()

    def _end_cell(self) -> None:
        if self._text is None or self._grid is None:
            return
        while self._spans.get(self._column, -1) >= self._row:
            self._column += 1
        text = "".join(self._text).strip()
        if text and self._cell_unseen:
            self._grid.hidden_columns.add(self._column)
        if text:
            self._grid.merge(self._row, self._column, self._high)
            self._grid.put(self._row, self._column, text_cell(text, self._grid.where(self._row, self._column)))
        for column in range(self._column, self._column + self._wide):
            if self._high > 1:
                self._spans[column] = self._row + self._high - 1
        self._column += self._wide
        self._text = None


def _unseen(attrs: list[tuple[str, str | None]]) -> bool:
    given = dict(attrs)
    return "hidden" in given or _UNSEEN.search(given.get("style") or "") is not None


def _span(written: str | None) -> int:
    return min(int(written), _MOST_SPANNED) if written is not None and re.fullmatch(r"[1-9][0-9]{0,5}", written) else 1
