"""Bars: one that shows the parts of a whole, and several that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

__all__ = ["Bar", "Part", "bars", "stacked"]

_WIDTH: Final = 720
_HEIGHT: Final = 34
_LINE: Final = 30
_NAMES: Final = 200
_VALUES: Final = 170


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: its class in the stylesheet, what it is called, how it is written, how much it is."""

    style: str
    name: str
    words: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One of several values that are compared."""

    name: str
    words: str
    size: Decimal
    style: str = "bar"


def stacked(title: str, whole: Decimal, parts: Sequence[Part]) -> Markup:
    """The parts of a whole beside one another, each as wide as its share; what is left over stays empty."""
    drawn, x = [Markup('<rect class="whole" x="0" y="0" width="{}" height="{}"/>').format(_WIDTH, _HEIGHT)], 0
    for part in parts:
        width = min(_share(part.size, whole, _WIDTH), _WIDTH - x)
        if width:
            drawn.append(
                Markup('<rect class="{}" x="{}" y="0" width="{}" height="{}"><title>{}: {}</title></rect>').format(
                    part.style, x, width, _HEIGHT, part.name, part.words
                )
            )
        x += width
    said = "; ".join(f"{part.name} {part.words}" for part in parts)
    return _picture(title, said, _HEIGHT, drawn)


def bars(title: str, values: Sequence[Bar]) -> Markup:
    """One bar in a line for each value, the longest across the whole width."""
    longest = max((each.size for each in values), default=Decimal(0))
    room, drawn = _WIDTH - _NAMES - _VALUES, list[Markup]()
    for place, each in enumerate(values):
        y = place * _LINE
        width = _share(each.size, longest, room)
        drawn.append(
            Markup(
                '<text class="name" x="{}" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="16"/>'
                '<text class="value" x="{}" y="{}">{}</text>'
            ).format(
                _NAMES - 10,
                y + 17,
                _short(each.name),
                each.style,
                _NAMES,
                y + 5,
                width,
                _NAMES + width + 8,
                y + 17,
                each.words,
            )
        )
    said = "; ".join(f"{each.name} {each.words}" for each in values)
    return _picture(title, said, max(len(values), 1) * _LINE, drawn)


def _share(size: Decimal, whole: Decimal, of: int) -> int:
    """How many units of the picture a value takes; at least two where it is anything at all."""
    return 0 if whole <= 0 or size <= 0 else min(max(int(size * of / whole), 2), of)


def _short(name: str) -> str:
    return name if len(name) <= 26 else f"{name[:25]}…"


def _picture(title: str, said: str, height: int, drawn: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="drawing" role="img" viewBox="0 0 {} {}" aria-label="{}"><title>{}</title>{}</svg>'
    ).format(_WIDTH, height, f"{title}. {said}", title, Markup("").join(drawn))
