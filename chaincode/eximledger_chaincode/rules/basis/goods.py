"""Goods of papers made comparable: quantities by HS code and unit, prices by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from eximledger_chaincode.documents import GoodsLine
from eximledger_chaincode.documents.parts.units import normal_unit, to_base
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.rules.basis.wording import Words

__all__ = [
    "Counted", "Goods", "Quantities", "base_unit", "compared", "counted", "heading", "priced_quantity", "unit_price",
    "unit_words",
]  # fmt: skip

_UNITS: Final[Mapping[str, Words]] = {
    "C62": Words("piece", "件"),
    "KGM": Words("kg", "千克"),
    "MTR": Words("m", "米"),
    "MTK": Words("m²", "平方米"),
    "MTQ": Words("m³", "立方米"),
    "KWT": Words("kW", "千瓦"),
    "KWH": Words("kWh", "千瓦时"),
}
"""What the base units are called; others by their code."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of any paper, as far as rules compare it."""

    hs_code: str | None
    quantity: Decimal | None
    unit: str | None


class Counted(NamedTuple):
    """A line with its quantity in the base unit; `hs_code` is empty where the paper gives none."""

    hs_code: str
    unit: str
    quantity: Decimal


class Quantities(NamedTuple):
    """How much of the same goods two sides have; no HS code where all goods of a unit are compared at once."""

    hs_codes: tuple[str, ...]
    unit: str
    ours: Decimal
    theirs: Decimal

    @property
    def words(self) -> Words:
        """The goods as a sentence names them."""
        unit, codes = unit_words(self.unit), "/".join(self.hs_codes)
        if not codes:
            return Words(f"unit: {unit.en}", f"单位：{unit.zh}")
        return Words(f"HS {codes}, unit: {unit.en}", f"HS {codes}，单位：{unit.zh}")


def heading(hs_code: str | None) -> str | None:
    """The first four digits of an HS code: what goods are, before how they are made."""
    return None if hs_code is None else hs_code[:4]


@lru_cache(maxsize=1024)  # a few spellings stand on very many lines
def base_unit(unit: str) -> tuple[Decimal, str]:
    """How many base units one of these is, and the base unit of its dimension."""
    return to_base(Decimal(1), unit)


def unit_words(unit: str) -> Words:
    """A base unit as people say it."""
    return _UNITS.get(unit, Words(unit, unit))


def counted(lines: Iterable[Goods]) -> list[Counted]:
    """The lines that state a quantity and its unit; freight, tooling and the like have no quantity of goods."""
    found: list[Counted] = []
    for line in lines:
        if line.quantity is not None and line.unit is not None:
            factor, unit = base_unit(line.unit)
            found.append(Counted(line.hs_code or "", unit, EXACT.multiply(line.quantity, factor)))
    return found


def compared(ours: Sequence[Counted], theirs: Sequence[Counted]) -> Iterator[Quantities]:
    """The goods of two sides, compared by HS code and unit, in order.

    By subheading (six digits) where both sides divide a heading into the same ones, else by heading (four): within one,
    papers divide goods differently. All goods under headings that only one side has count together: the same goods
    under another code are for other rules to find. A unit in which only one side counts is not compared, unless the
    other side has nothing there at all. Where a line carries no HS code, all goods of one unit count together.
    """
    if not all(line.hs_code for line in (*ours, *theirs)):
        mine, others = _by_unit(ours), _by_unit(theirs)
        for unit in sorted(mine.keys() & others.keys()):
            yield Quantities((), unit, mine[unit], others[unit])
        return
    headings, others_headings = ({line.hs_code[:4] for line in side} for side in (ours, theirs))
    for code in sorted(headings & others_headings):
        yield from _compared_under(code, _under([code], ours), _under([code], theirs))
    apart = sorted(headings ^ others_headings)
    yield from _in_units(apart, _under(apart, ours), _under(apart, theirs))


def _compared_under(code: str, ours: list[Counted], theirs: list[Counted]) -> Iterator[Quantities]:
    """One heading: by its subheadings where both sides have the same, else as a whole."""
    mine_below, theirs_below = ({line.hs_code[:6] for line in side} for side in (ours, theirs))
    if mine_below == theirs_below:
        for below in sorted(mine_below):
            yield from _in_units([below], _under([below], ours), _under([below], theirs))
    else:
        yield from _in_units([code], ours, theirs)


def _in_units(codes: list[str], ours: list[Counted], theirs: list[Counted]) -> Iterator[Quantities]:
    mine, others = _by_unit(ours), _by_unit(theirs)
    for unit in sorted(mine.keys() & others.keys() if mine and others else mine.keys() | others.keys()):
        yield Quantities(tuple(codes), unit, mine.get(unit, Decimal(0)), others.get(unit, Decimal(0)))


def _under(codes: Sequence[str], lines: Iterable[Counted]) -> list[Counted]:
    return [line for line in lines if line.hs_code.startswith(tuple(codes))]


def _by_unit(lines: Iterable[Counted]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.unit] = totals.get(line.unit, Decimal(0)) + line.quantity
    return totals


def priced_quantity(line: GoodsLine) -> Fraction | None:
    """The line's quantity in the unit that its price is for; None where that is another dimension, or not stated."""
    if line.quantity is None:
        return None
    if line.price_base_unit is None or line.unit is None or normal_unit(line.price_base_unit) == normal_unit(line.unit):
        return Fraction(line.quantity)
    (counted_in, unit), (priced_in, base) = base_unit(line.unit), base_unit(line.price_base_unit)
    return Fraction(line.quantity) * Fraction(counted_in) / Fraction(priced_in) if unit == base else None


def unit_price(line: GoodsLine) -> tuple[Fraction, str] | None:
    """Net price for one base unit, and that unit; None where the line states no price or no unit."""
    unit = line.price_base_unit or line.unit
    if line.unit_price is None or unit is None:
        return None
    factor, base = base_unit(unit)
    return Fraction(line.unit_price) / Fraction(line.price_base) / Fraction(factor), base
