"""Where the printed form stands: sheets of a workbook, and pages of a PDF that have text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from math import hypot
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
_NARROWER: Final = 0.15
_LEAST: Final = 0.2
"""Of its height: no letter is narrower, so that what begins earlier is written over another."""
_WIDE: Final = "WF"
_RANGES: Final = re.compile(rb"(?s)beginbfrange(.*?)endbfrange")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*[<\[]")
_DEEPEST: Final = 3
"""Drawings within drawings."""
_RULES: Final = 1_000
"""Upright lines of a page that are looked at."""
_STROKES: Final = 8 * _RULES
_UPRIGHT: Final = 0.1
_WAYS: Final = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Directions in which a page may be written."""
_ASKEW: Final = 0.999999
"""The cosine of what is no longer straight: over a line of the form it would rise by a point."""
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
    """The pages of a PDF with their text. Raises `InvalidDocument` for one that is damaged or beyond the limits."""
    with opened_pdf(source) as reader:
        if len(reader.pages) > MAX_PDF_PAGES:
            raise refused_pdf(f"has more than {MAX_PDF_PAGES} pages")
        if sum(map(_content, reader.pages)) > MAX_PDF_CONTENT:
            raise refused_pdf(f"draws more than {MAX_PDF_CONTENT // 1024} KiB on its pages")
        taking = _Taking()
        for number, page in enumerate(reader.pages, 1):
            taking.page(page, f"page {number}")
        return taking.found


@dataclass(frozen=True, slots=True)
class _Run:
    """A text as it is shown at once: where, how high, and in which of four directions it is written."""

    text: str
    follows: bool
    """Whether it goes on with the word of the one before."""
    at: tuple[float, float]
    height: float
    turn: int | None
    """Quarters of a circle; nothing where it is askew."""


class _Taking:
    """Takes the pieces of page after page, and counts what that costs."""

    def __init__(self) -> None:
        self.found: list[Sheetful] = []
        self._fonts = self._letters = self._operations = self._taken = 0
        self._runs: list[_Run] = []
        self._strokes: list[tuple[float, float, float, float]] = []
        """Lines of the page at hand, from where to where."""
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
        self._runs, self._strokes, self._at, self._goes_on = [], [], None, False
        page.extract_text(visitor_text=self._text, visitor_operand_before=self._operation)
        turn = _most_written(self._runs)
        upright = [run for run in self._runs if run.turn == turn]
        pieces = _in_lines(_joined(upright, _Rules(self._strokes, turn), name, turn))
        self.found.append(Sheetful(name, tuple(pieces), gridded=False, turned=len(self._runs) - len(upright)))

    def _operation(self, operator: bytes, operands: Sequence[object], page: Sequence[float], _text: object) -> None:
        self._operations += 1
        if self._operations > MAX_PDF_OPERATIONS:
            raise refused_pdf(f"has more than {MAX_PDF_OPERATIONS} operations on its pages")
        if operator not in (b"re", b"m", b"l"):
            return
        numbers = [float(each) for each in operands if isinstance(each, int | float)]
        if operator == b"re" and len(numbers) == 4:
            left, low, wide, high = numbers
            corners = [(left, low), (left + wide, low), (left + wide, low + high), (left, low + high), (left, low)]
            for start, end in pairwise(corners):
                self._stroke(start, end, page)
        elif operator != b"re" and len(numbers) == 2:
            end = (numbers[0], numbers[1])
            if operator == b"l" and self._at is not None:
                self._stroke(self._at, end, page)
            self._at = end

    def _stroke(self, start: tuple[float, float], end: tuple[float, float], page: Sequence[float]) -> None:
        if len(self._strokes) < _STROKES:
            self._strokes.append((*_moved(start, page), *_moved(end, page)))

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
        along = (own[0] * page[0] + own[1] * page[2], own[0] * page[1] + own[1] * page[3])
        up = (own[2] * page[0] + own[3] * page[2], own[2] * page[1] + own[3] * page[3])
        long, area = hypot(*along), along[0] * up[1] - along[1] * up[0]
        height = abs(size * area / long) if long else 0.0
        turn = next((turn for turn, way in enumerate(_WAYS) if _same_way(along, way, long)), None)
        at = _moved((own[4], own[5]), page)
        self._runs.append(_Run(shown, follows, at, height, turn if size * area > 0 else None))


def _moved(point: tuple[float, float], by: Sequence[float]) -> tuple[float, float]:
    return point[0] * by[0] + point[1] * by[2] + by[4], point[0] * by[1] + point[1] * by[3] + by[5]


def _same_way(along: tuple[float, float], way: tuple[int, int], long: float) -> bool:
    return along[0] * way[0] + along[1] * way[1] > _ASKEW * long > 0


def _most_written(runs: Sequence[_Run]) -> int:
    """The direction of most letters: a page may lie on its side. The others are stamps and watermarks."""
    letters = [sum(len(run.text) for run in runs if run.turn == turn) for turn in range(len(_WAYS))]
    return letters.index(max(letters))


def _turned(point: tuple[float, float], turn: int) -> tuple[float, float]:
    """The point once the page is turned so that what is written in this direction is upright."""
    (across, up), (along, over) = point, _WAYS[turn]
    return across * along + up * over, up * along - across * over


class _Rules:
    """Upright lines of a page: where, from which height, to which."""

    def __init__(self, strokes: Iterable[tuple[float, float, float, float]], turn: int) -> None:
        ends = ((_turned(each[:2], turn), _turned(each[2:], turn)) for each in strokes)
        upright = (
            (start[0], min(start[1], end[1]), max(start[1], end[1]))
            for start, end in ends
            if abs(start[0] - end[0]) < _UPRIGHT
        )
        self._found = list(islice(upright, _RULES))

    def box(self, base: float, left: float, height: float) -> tuple[float, float] | None:
        """The lines next to a text on both sides."""
        middle = base + height / 3
        across = [rule for rule, low, high in self._found if low <= middle <= high]
        before = [rule for rule in across if rule <= left + 1]
        behind = [rule for rule in across if rule > left + 1]
        return (max(before), min(behind)) if before and behind else None


def _joined(runs: Sequence[_Run], rules: _Rules, name: str, turn: int) -> list[tuple[float, Piece]]:
    """Pieces with their baselines: words that are drawn in several runs are one, but not over a line."""
    page: list[tuple[float, Piece]] = []
    for run in runs:
        left, base = _turned(run.at, turn)
        right = left + _width(run.text, run.height)
        box = rules.box(base, left, run.height)
        before_base, before = page[-1] if page else (0.0, None)
        if (
            before is not None
            and run.follows
            and before.box == box
            and abs(before_base - base) <= _SAME_LINE * run.height
        ):
            most = before.right + _JOINED * run.height * len(before.text)
            least = max(before.right - run.height, before.left + _LEAST * run.height * len(before.text))
            if least <= left <= most:
                page[-1] = (before_base, replace(before, text=before.text + run.text, right=right))
                continue
        page.append((base, Piece(name, run.text, 0, left, right, run.height, box=box)))
    return page


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
    lines: dict[int, list[Piece]] = {}
    for own, piece in sorted(page, key=lambda each: -each[0]):
        if base is None or base - own > _SAME_LINE * piece.height:
            line, base = line + 1, own
        lines.setdefault(line, []).append(replace(piece, line=line))
    for pieces in lines.values():
        ordered = sorted(pieces, key=lambda piece: piece.left)
        for piece, following in zip(ordered, [*ordered[1:], None], strict=True):
            until = piece.right if following is None else min(piece.right, following.left)
            yield replace(piece, crosses=piece.box is not None and until > piece.box[1] + _spare(piece))


def _spare(piece: Piece) -> float:
    """By how much a text may seem to be wider than its box: letters are narrower than they are taken to be."""
    return _SAME_LINE * piece.height + _NARROWER * (piece.right - piece.left)
