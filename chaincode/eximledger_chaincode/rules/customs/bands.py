"""Unit prices of declared goods on one basis (FOB, CNY, a base unit), and which of customs' bands each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from eximledger_chaincode.documents import (
    DeclarationLine,
    ExportDeclaration,
    PriceBand,
    Record,
    ReferenceRate,
    TolerancePolicy,
)
from eximledger_chaincode.documents.published.price_band import band_id, quarter_of, quarters_until
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.valuation import fob_value, rate_on
from eximledger_chaincode.rules.basis.goods import base_unit

__all__ = [
    "MAX_GOODS",
    "QUARTERS",
    "Goods",
    "LinePrice",
    "band_for",
    "band_ids",
    "goods_in",
    "goods_of",
    "is_beyond",
    "line_prices",
    "log",
    "wanted_goods",
]

MAX_GOODS: Final = 400
"""Goods for which bands are read in one case; of more a finding says so."""
QUARTERS: Final = 4
"""The quarter of the export, and so many before it with it: a band is published after its quarter."""
_SCALED: Final = Decimal("1.4826")
"""By this the median absolute deviation of normal values is their standard deviation."""
_DIGITS: Final = 8

_LOGARITHMS: Final = Context(prec=34, rounding=ROUND_HALF_EVEN)
"""What a width in logarithms comes to is the only number of a rule that rounds: to 34 digits, correctly, the same on
every Python."""


class Goods(NamedTuple):
    """Goods that one band is about."""

    hs_code: str
    unit: str
    quarter: str


@dataclass(frozen=True, slots=True)
class LinePrice:
    """What one base unit of a declared line costs, in CNY on FOB basis."""

    line: DeclarationLine
    goods: Goods
    value: Fraction
    quantity: Fraction
    """In the base unit."""

    @property
    def price(self) -> Fraction:
        return self.value / self.quantity


def log(value: Fraction) -> Decimal:
    """The natural logarithm of a number above nothing."""
    return _LOGARITHMS.ln(_LOGARITHMS.divide(Decimal(value.numerator), Decimal(value.denominator)))


@lru_cache(maxsize=4096)  # a band is the same for every case until the next quarter
def _bounds(median: Decimal, mad: Decimal, deviations: Decimal, percent: Decimal) -> tuple[Fraction, Fraction]:
    """The lowest and the highest price that is within a band: its middle, so many scaled deviations of the logarithm
    away, or so many percent where that is more."""
    by_width = _LOGARITHMS.exp(EXACT.multiply(EXACT.multiply(deviations, _SCALED), mad))
    factor = max(Fraction(by_width), 1 + Fraction(percent) / 100)
    return Fraction(median) / factor, Fraction(median) * factor


def is_beyond(price: Fraction, band: PriceBand, policy: TolerancePolicy) -> bool:
    """Whether a price is too many scaled deviations from the band's middle, and too far in percent."""
    lowest, highest = _bounds(band.median, band.mad, policy.price_deviations, policy.price_percent)
    return not lowest <= price <= highest


def goods_of(hs_code: str, units: Iterable[str], dated: date) -> list[Goods]:
    """What a line's goods are, once for each base unit that it is counted in; nothing below the tariff's digits."""
    if len(hs_code) < _DIGITS:
        return []
    counted = dict.fromkeys(base_unit(unit)[1] for unit in units)
    return [Goods(hs_code[:_DIGITS], unit, quarter_of(dated)) for unit in counted]


def goods_in(declaration: ExportDeclaration) -> Iterator[Goods]:
    """The goods of all lines, each as often as it stands there."""
    for line in declaration.lines:
        yield from goods_of(line.hs_code, _units(line), declaration.dated)


def _units(line: DeclarationLine) -> list[str]:
    return [*(each.unit for each in line.legal_quantities), line.unit]


def wanted_goods(goods: Iterable[Goods]) -> tuple[list[Goods], int]:
    """The goods for which bands are read, in one order, and how many more there are."""
    found = sorted(set(goods))
    return found[:MAX_GOODS], max(0, len(found) - MAX_GOODS)


@lru_cache(maxsize=4096)
def band_ids(goods: Goods) -> tuple[str, ...]:
    """The bands that may serve for goods, the one of their own quarter first."""
    return tuple(band_id(goods.hs_code, goods.unit, each) for each in quarters_until(goods.quarter, QUARTERS))


def band_for(goods: Goods, bands: Mapping[str, PriceBand]) -> PriceBand | None:
    """Of the bands (by id) that may serve the latest."""
    return next((bands[each] for each in band_ids(goods) if each in bands), None)


def line_prices(declaration: ExportDeclaration, rates: Sequence[Record[ReferenceRate]]) -> Iterator[LinePrice]:
    """The prices of every line, one for each unit that it is counted in; lines of no value or quantity have none.

    Freight and insurance are taken off the lines by their value. Raises `Refused` where a quotation is missing.
    """
    total = declaration.total.amount
    fob = fob_value(declaration, rates).amount
    if total <= 0 or fob <= 0:
        return
    factor = Fraction(fob) / Fraction(total) * rate_on(declaration.currency, declaration.dated, rates)
    for line in declaration.lines:
        stated = [*((each.quantity, each.unit) for each in line.legal_quantities), (line.quantity, line.unit)]
        quantities: dict[str, Fraction] = {}
        for quantity, unit in stated:
            each_is, base = base_unit(unit)
            quantities.setdefault(base, Fraction(quantity) * Fraction(each_is))
        value = Fraction(line.amount.amount) * factor
        for goods in goods_of(line.hs_code, quantities, declaration.dated):
            if value > 0 and (counted := quantities[goods.unit]) > 0:
                yield LinePrice(line, goods, value, counted)
