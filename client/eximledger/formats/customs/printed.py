"""Where the printed form stands: sheets of a workbook, and pages of a PDF that have text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pypdf import PageObject
from pypdf.generic import DictionaryObject, StreamObject

from eximledger.formats._limits import (
    MAX_PDF_CONTENT,
    MAX_PDF_FONTS,
    MAX_PDF_LETTERS,
    MAX_PDF_OPERATIONS,
    MAX_PDF_PAGES,
    MAX_PDF_PIECES,
)
from eximledger.formats.containers.pdf import opened_pdf, refused_pdf
from eximledger.formats.customs.pieces import Piece, Sheetful, is_title
from eximledger.formats.tables.sheets import Sheet

__all__ = ["pages_of", "sheetfuls_of"]

_SAME_LINE: Final = 0.4
"""Of a letter's height: by so much baselines of one line may differ, where letters of several fonts stand in it."""
_JOINED: Final = 0.3
"""Of its height, by so much a letter may be wider than it is taken to be."""
_WIDE: Final = "WF"
_RANGES: Final = re.compile(rb"(?s)beginbfrange(.*?)endbfrange")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*[<\[]")
_DEEPEST: Final = 3
"""Drawings within drawings."""
_RULES: Final = 1_000
"""Upright lines of a page that are looked at."""
_LOOKALIKES: Final = re.compile("[\u2f00-\u2fd5\ufb00-\ufb06]")
"""Radicals and ligatures, which programs write where letters are meant."""


def sheetfuls_of(sheet: Sheet) -> list[Sheetful]:
    """The forms of a sheet, one under the other: each begins at its title."""
    found: list[list[Piece]] = [[]]
    titled = False
    for number, cells in sheet.rows:
        if any(is_title(cell.text) for cell in cells.values()):
            if titled:
                found.append([])
            titled = True
        found[-1] += [
            Piece(cell.where, cell.text, number, column, column + 1, exact=cell.exact)
            for column, cell in sorted(cells.items())
        ]
    return [Sheetful(f"sheet {sheet.name}", tuple(pieces), gridded=True) for pieces in found]


def pages_of(source: bytes) -> list[Sheetful]:
    """The pages of a PDF that have text. Raises `InvalidDocument` for one that is damaged or beyond the limits."""
    with opened_pdf(source) as reader:
        if len(reader.pages) > MAX_PDF_PAGES:
            raise refused_pdf(f"has more than {MAX_PDF_PAGES} pages")
        if sum(map(_content, reader.pages)) > MAX_PDF_CONTENT:
            raise refused_pdf(f"draws more than {MAX_PDF_CONTENT // 1024} KiB on its pages")
        taking = _Taking()
        for number, page in enumerate(reader.pages, 1):
            taking.page(page, f"page {number}")
        return taking.found


class _Taking:
    """Takes the pieces of page after page, and counts what that costs."""

    def __init__(self) -> None:
        self.found: list[Sheetful] = []
        self._fonts = self._letters = self._operations = self._taken = 0
        self._page: list[tuple[float, Piece]] = []
        """Baselines and pieces of the page at hand."""
        self._name = ""
        self._rules: list[tuple[float, float, float]] = []
        """Upright lines of the page at hand: where, from which height, to which."""
        self._goes_on = False
        """Whether the text before ended within a word."""
        self._at: tuple[float, float] | None = None
        """Where a line is drawn from."""

    def page(self, page: PageObject, name: str) -> None:
        fonts = _fonts(page)
        self._fonts += len(fonts)
        self._letters += sum(map(_letters, fonts))
        if self._fonts > MAX_PDF_FONTS or self._letters > MAX_PDF_LETTERS:
            raise refused_pdf(f"has more than {MAX_PDF_FONTS} fonts, or {MAX_PDF_LETTERS} letters in them")
        self._page, self._name, self._rules, self._at = [], name, [], None
        page.extract_text(visitor_text=self._text, visitor_operand_before=self._operation)
        if self._page:
            boxed = [(base, replace(piece, box=self._box(base, piece))) for base, piece in self._page]
            self.found.append(Sheetful(name, tuple(_in_lines(boxed)), gridded=False))

    def _operation(self, operator: bytes, operands: Sequence[object], page: Sequence[float], _text: object) -> None:
        self._operations += 1
        if self._operations > MAX_PDF_OPERATIONS:
            raise refused_pdf(f"has more than {MAX_PDF_OPERATIONS} operations on its pages")
        if operator not in (b"re", b"m", b"l") or page[1] or page[2]:
            return
        numbers = [float(each) for each in operands if isinstance(each, int | float)]
        if operator == b"re" and len(numbers) == 4:
            left, low, wide, high = numbers
            for across in (left, left + wide):
                self._rule(across, low, low + high, page)
        elif operator != b"re" and len(numbers) == 2:
            if operator == b"l" and self._at is not None and self._at[0] == numbers[0]:
                self._rule(numbers[0], self._at[1], numbers[1], page)
            self._at = (numbers[0], numbers[1])

    def _rule(self, across: float, low: float, high: float, page: Sequence[float]) -> None:
        if len(self._rules) < _RULES:
            heights = sorted((low * page[3] + page[5], high * page[3] + page[5]))
            self._rules.append((across * page[0] + page[4], heights[0], heights[1]))

    def _box(self, base: float, piece: Piece) -> tuple[float, float] | None:
        """The upright lines next to a piece on both sides."""
        middle = base + piece.height / 3
        across = [rule for rule, low, high in self._rules if low <= middle <= high]
        before = [rule for rule in across if rule <= piece.left + 1]
        behind = [rule for rule in across if rule > piece.left + 1]
        return (max(before), min(behind)) if before and behind else None

    def _text(self, text: str, page: Sequence[float], own: Sequence[float], _font: object, size: float) -> None:
        """A text as it is shown, with the matrices of the page and of the text. pypdf puts blanks between texts that
        stand apart: where there are none, a word goes on."""
        if not text:
            return
        shown = _LOOKALIKES.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)
        follows, self._goes_on = self._goes_on and not shown[:1].isspace(), not shown[-1:].isspace()
        shown = shown.strip()
        if not shown:
            return
        self._taken += 1
        if self._taken > MAX_PDF_PIECES:
            raise refused_pdf(f"has more than {MAX_PDF_PIECES} pieces of text")
        if own[1] or own[2] or page[1] or page[2]:
            return  # turned: a stamp or a watermark, no text of the form
        height = abs(size * own[3] * page[3])
        left, base = own[4] * page[0] + page[4], own[5] * page[3] + page[5]
        right = left + _width(shown, height)
        before_base, before = self._page[-1] if self._page else (0.0, None)
        if before is not None and follows and abs(before_base - base) <= _SAME_LINE * height:
            most = before.right + _JOINED * height * len(before.text)
            if before.right - height <= left <= most:
                self._page[-1] = (before_base, replace(before, text=before.text + shown, right=right))
                return
        self._page.append((base, Piece(self._name, shown, 0, left, right, height)))


def _content(page: PageObject) -> int:
    """Bytes of what a page draws. A drawing of its own (/XObject) counts as often as it can be drawn: within another,
    for each time that one is."""
    content = page.get_contents()
    data = content.get_data() if content is not None else b""
    return len(data) + _drawings(page, data.count(b"Do"), 0)


def _drawings(drawn: DictionaryObject, times: int, depth: int) -> int:
    resources = drawn.get("/Resources", DictionaryObject()).get_object()
    listed = (
        resources.get("/XObject", DictionaryObject()).get_object() if isinstance(resources, DictionaryObject) else None
    )
    size = 0
    for each in listed.values() if isinstance(listed, DictionaryObject) and times else ():
        form = each.get_object()
        if isinstance(form, StreamObject) and form.get("/Subtype") == "/Form":
            data = form.get_data()
            size += len(data) * times
            if b"Do" in data and (depth >= _DEEPEST or size > MAX_PDF_CONTENT):
                return MAX_PDF_CONTENT + 1
            size += _drawings(form, times * data.count(b"Do"), depth + 1)
    return size


def _fonts(page: PageObject) -> list[DictionaryObject]:
    """Those that a page names; what is no font is left to whoever reads the page."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object() if isinstance(resources, DictionaryObject) else None
    named = fonts.values() if isinstance(fonts, DictionaryObject) else ()
    return [font for each in named if isinstance(font := each.get_object(), DictionaryObject)]


def _letters(font: DictionaryObject) -> int:
    """How many letters a font says the meaning of (/ToUnicode), before anybody makes a table of them."""
    stream = font.get("/ToUnicode", DictionaryObject()).get_object()
    if not isinstance(stream, StreamObject):
        return 0
    data = stream.get_data()
    ranges = (pair for part in _RANGES.findall(data) for pair in _RANGE.findall(part))
    return len(data) // 8 + sum(max(0, int(last, 16) - int(first, 16)) for first, last in ranges)


def _width(text: str, height: float) -> float:
    """About so wide: letters of Chinese are as wide as high, others half."""
    return height * sum(1.0 if unicodedata.east_asian_width(letter) in _WIDE else 0.5 for letter in text)


def _in_lines(page: Sequence[tuple[float, Piece]]) -> Iterator[Piece]:
    """The pieces with the number of their line, from the top."""
    line, base = 0, None
    for own, piece in sorted(page, key=lambda each: -each[0]):
        if base is None or base - own > _SAME_LINE * piece.height:
            line, base = line + 1, own
        yield replace(piece, line=line)
