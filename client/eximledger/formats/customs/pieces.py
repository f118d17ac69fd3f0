"""Pieces of text of a printed form with their places, whether they stood in cells of a sheet or on a page.

A name's value stands under it or beside it, before the next name. In a sheet, columns tell which; on a page, what
stands over what does, and where it does not, nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from hlf_chaincode.errors import InvalidDocument

__all__ = ["TITLE", "Piece", "Sheetful", "compared", "is_title", "on_one_line", "refused", "texts", "under"]

TITLE: Final = "出口货物报关单"
_BROKEN: Final = re.compile(r"(?<=[\u4e00-\u9fff（）])\s*\n\s*(?=[\u4e00-\u9fff（）])")
_CHINESE: Final = re.compile("[\u4e00-\u9fff（）]")
_LONGEST_TITLE: Final = 60

_SLACK: Final = 0.35
"""Of a letter's height: what estimates of a text's width may be wrong by."""
_SAME_LINE: Final = 1.5
"""Points between two lines that are one, drawn in two pieces."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, where it is, and between which bounds it stands: columns of a sheet, points of a page."""

    where: str
    text: str
    line: int
    left: float
    right: float
    height: float = 0.0
    """Of its letters; nothing in a sheet."""
    exact: bool = True
    """False for a number of more digits than a spreadsheet keeps."""
    box: tuple[float, float] | None = None
    """On a page: the lines drawn left and right of it, where both are."""
    crosses: bool = False
    """Whether it goes on over the line on its right."""


@dataclass(frozen=True, slots=True)
class Sheetful:
    """What one page or one form of a sheet shows, from top to bottom and from left to right."""

    name: str
    pieces: tuple[Piece, ...]
    gridded: bool
    """Whether bounds are columns of a grid, in which whatever belongs together begins together."""
    turned: int = 0
    """Texts of a page that are written in another direction than the most, and no pieces."""

    def lines(self) -> list[list[Piece]]:
        ordered = sorted(self.pieces, key=lambda piece: (piece.line, piece.left))
        return [list(group) for _, group in groupby(ordered, key=lambda piece: piece.line)]


def refused(reason: str, where: str = "form") -> InvalidDocument:
    """The refusal of a form, with what was not found or not certain."""
    return InvalidDocument(f"{where}: {reason}", field=where, reason=reason)


def compared(text: str) -> str:
    """Without blanks and marks of full width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def texts(pieces: Iterable[Piece]) -> list[tuple[str, Piece]]:
    """The lines of pieces that belong together, each with where it begins; pieces side by side are one line."""
    by_line: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_line.setdefault(piece.line, []).append(piece)
    found = []
    for line in by_line.values():
        text = _side_by_side(line)
        found += [(part.strip(), line[0]) for part in text.split("\n") if part.strip()]
    return found


def _side_by_side(line: Sequence[Piece]) -> str:
    """On a page, letters of Chinese that are drawn apart are no words apart."""
    text = line[0].text.strip()
    for before, piece in pairwise(line):
        close = piece.height > 0 and piece.left - before.right < piece.height
        glued = close and _CHINESE.match(text[-1:]) and _CHINESE.match(piece.text.strip())
        text += ("" if glued else " ") + piece.text.strip()
    return text


def on_one_line(text: str) -> str:
    """Without line breaks: letters of Chinese go on without a blank."""
    return " ".join(_BROKEN.sub("", text).split())


def is_title(text: str) -> bool:
    """Whether a text is the title of an export's form."""
    return len(text) <= _LONGEST_TITLE and TITLE in compared(text)


def under(heads: Sequence[Piece], pieces: Iterable[Piece], *, gridded: bool) -> list[list[Piece]]:
    """The pieces that stand under each of the heads, which are of one line, from left to right.

    Raises `InvalidDocument` for a piece of which it is not certain under which of them it stands.
    """
    return _of_grid(heads, pieces) if gridded else _of_page(heads, list(pieces))


def _of_grid(heads: Sequence[Piece], pieces: Iterable[Piece]) -> list[list[Piece]]:
    found: list[list[Piece]] = [[] for _ in heads]
    for piece in pieces:
        before = [number for number, head in enumerate(heads) if head.left <= piece.left]
        if not before:
            raise refused(f"stands left of {heads[0].text[:40]!r}, under no name of the form", piece.where)
        found[before[-1]].append(piece)
    return found


def _of_page(heads: Sequence[Piece], pieces: list[Piece]) -> list[list[Piece]]:
    """By the lines drawn around them; else by what overlaps, with one name or with what stands under one; else from the
    name that it begins after, where all that overlaps shows that values begin no earlier than their names."""
    found: list[list[Piece]] = [[] for _ in heads]
    spans = [(head.left, head.right) for head in heads]
    left: list[Piece] = []
    for piece in pieces:
        boxed = [number for number, head in enumerate(heads) if _same_box(piece, head)]
        over = (
            boxed
            if len(boxed) == 1
            else [number for number, head in enumerate(heads) if _overlap(piece, (head.left, head.right))]
        )
        if len(over) > 1:
            raise refused(f"{piece.text[:40]!r} stands under more than one name of the form", piece.where)
        if not over:
            left.append(piece)
            continue
        found[over[0]].append(piece)
        spans[over[0]] = (min(spans[over[0]][0], piece.left), max(spans[over[0]][1], piece.right))
    for piece in left:
        found[_placed(piece, heads, spans)].append(piece)
    return [sorted(each, key=lambda piece: (piece.line, piece.left)) for each in found]


def _same_box(piece: Piece, head: Piece) -> bool:
    if piece.box is None or head.box is None:
        return False
    return all(abs(own - other) <= _SAME_LINE for own, other in zip(piece.box, head.box, strict=True))


def _overlap(piece: Piece, span: tuple[float, float]) -> bool:
    slack = _SLACK * piece.height
    return piece.left + slack < span[1] and span[0] + slack < piece.right


def _placed(piece: Piece, heads: Sequence[Piece], spans: Sequence[tuple[float, float]]) -> int:
    over = [number for number, span in enumerate(spans) if _overlap(piece, span)]
    if len(over) == 1:
        return over[0]
    slack = _SLACK * piece.height
    indented = [head for head, span in zip(heads, spans, strict=True) if span[0] < head.left - slack]
    before = [number for number, head in enumerate(heads) if head.left <= piece.left + slack]
    if over or indented or not before:
        raise refused(f"{piece.text[:40]!r} stands under no single name of the form", piece.where)
    return before[-1]
