"""Where the printed form stands: sheets of a workbook, and pages of a PDF that have text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pypdf import PageObject
from pypdf.generic import DictionaryObject

from eximledger.formats._limits import MAX_PDF_FONTS, MAX_PDF_OPERATIONS, MAX_PDF_PAGES, MAX_PDF_PIECES
from eximledger.formats.containers.pdf import opened_pdf, refused_pdf
from eximledger.formats.customs.pieces import Piece, Sheetful, is_title
from eximledger.formats.tables.sheets import Sheet

__all__ = ["pages_of", "sheetfuls_of"]

_SAME_LINE: Final = 0.4
"""Of a letter's height: by so much baselines of one line may differ, where letters of several fonts stand in it."""
_JOINED: Final = 0.3
"""Of a letter's height: so near, two pieces are one text."""
_WIDE: Final = "WF"
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
        taking = _Taking()
        for number, page in enumerate(reader.pages, 1):
            taking.page(page, f"page {number}")
        return taking.found


class _Taking:
    """Takes the pieces of page after page, and counts what that costs."""

    def __init__(self) -> None:
        self.found: list[Sheetful] = []
        self._fonts = self._operations = self._taken = 0
        self._page: list[tuple[float, Piece]] = []
        """Baselines and pieces of the page at hand."""
        self._name = ""
        self._rules: list[tuple[float, float, float]] = []
        """Upright lines of the page at hand: where, from which height, to which."""
        self._at: tuple[float, float] | None = None
        """Where a line is drawn from."""

    def page(self, page: PageObject, name: str) -> None:
        resources = page.get("/Resources")
        fonts = resources.get_object().get("/Font") if resources is not None else None
        fonts = fonts.get_object() if fonts is not None else None
        self._fonts += len(fonts) if isinstance(fonts, DictionaryObject) else 0
        if self._fonts > MAX_PDF_FONTS:
            raise refused_pdf(f"has more than {MAX_PDF_FONTS} fonts")
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
        """A text as it is shown, with the matrices of the page and of the text."""
        shown = _LOOKALIKES.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)
        if not shown.strip():
            return
        self._taken += 1
        if self._taken > MAX_PDF_PIECES:
            raise refused_pdf(f"has more than {MAX_PDF_PIECES} pieces of text")
        if own[1] or own[2] or page[1] or page[2]:
            return  # turned: a stamp or a watermark, no text of the form
        height = abs(size * own[3] * page[3])
        left = own[4] * page[0] + page[4] + _width(shown[: len(shown) - len(shown.lstrip())], height)
        base = own[5] * page[3] + page[5]
        shown = shown.strip()
        before = self._page[-1] if self._page else None
        if before is not None and abs(before[0] - base) < 0.01 * height + 0.01:
            gap = left - before[1].right
            if abs(gap) <= _JOINED * height:
                joined = replace(before[1], text=before[1].text + shown, right=left + _width(shown, height))
                self._page[-1] = (base, joined)
                return
        self._page.append((base, Piece(self._name, shown, 0, left, left + _width(shown, height), height)))


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
