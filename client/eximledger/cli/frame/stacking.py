"""Tables on a narrow terminal: a row's cells one below another, so that no name is broken in two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

__all__ = ["fitted"]

_PROSE: Final = 24
"""The last column may be folded down to so many columns of the terminal: it holds sentences where there are any."""


def fitted(shown: RenderableType, console: Console, options: ConsoleOptions) -> RenderableType:
    """What is shown, with every table that would break its cells stacked; facts, of two columns, are as they were."""
    if isinstance(shown, Group):
        return Group(*(fitted(each, console, options) for each in shown.renderables))
    if not isinstance(shown, Table) or not shown.show_header or len(shown.columns) < 3:
        return shown
    return shown if _fits(shown, console, options) else Text("\n").join(_lines(shown))


def _fits(table: Table, console: Console, options: ConsoleOptions) -> bool:
    if Measurement.get(console, options.update(width=10_000), table).maximum <= options.max_width:
        return True
    gap = sum(table.padding[1::2])
    widths = [max((_width(cell) for cell in (column.header, *column.cells)), default=0) for column in table.columns]
    return sum(widths[:-1]) + gap * len(widths) + _PROSE <= options.max_width


def _width(cell: RenderableType) -> int:
    return max((line.cell_len for line in _text(cell).split()), default=0)


def _lines(table: Table) -> Iterator[Text]:
    """`Heading: value` for every cell that has one, and an empty line between rows."""
    names = [_text(column.header) for column in table.columns]
    for place, row in enumerate(zip(*(column.cells for column in table.columns), strict=True)):
        if place:
            yield Text()
        for name, cell in zip(names, map(_text, row), strict=True):
            if cell:
                head = Text.assemble((f"{name}: ", "bold")) if name else Text()
                yield head + Text(", ").join(cell.split())


def _text(cell: RenderableType) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))
