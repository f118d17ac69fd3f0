"""Pictures as SVG, with a text for who does not see them; colours are classes of the stylesheet, nothing is inline."""

from eximledger.console.drawing.bars import Bar, Part, bars, stacked

__all__ = ["Bar", "Part", "bars", "stacked"]
