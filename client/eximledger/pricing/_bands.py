"""One band from the prices of many declarations: pure, exact to the stated digits, the same on every Python.

What is published must be no declaration's own value and must not show one exporter's price. So the middle is not the
middlemost price but an average over exporters: the prices in the middle, as many as it takes for three exporters, each
exporter with the mean of its own and all of them alike. Both numbers are of logarithms, and are rounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from eximledger_chaincode.documents import PriceBand
from eximledger_chaincode.documents.published.price_band import (
    MAD_PLACES,
    MEDIAN_DIGITS,
    MIN_DECLARATIONS,
    MIN_EXPORTERS,
)
from eximledger_chaincode.rules.customs.bands import Goods, log

__all__ = ["PricePoint", "Withheld", "band_of"]

_MEANS: Final = Context(prec=50, rounding=ROUND_HALF_EVEN)
_MIDDLE_EXPORTERS: Final = 3
"""Of two, either would know the other's part of an average."""
_PLACES: Final = Decimal(1).scaleb(-12)
"""The finest price that a paper can state."""


class PricePoint(NamedTuple):
    """The price of one declaration for one kind of goods, as its logarithm, and whose it is."""

    log: Decimal
    exporter: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Goods of which no band is published, and why."""

    hs_code: str
    unit: str
    quarter: str
    declarations: int
    reason: str


def band_of(goods: Goods, points: Sequence[PricePoint]) -> PriceBand | Withheld:
    """The band of goods from one price for each declaration, or why there is none."""
    reason = _too_few(points)
    median = Decimal(0) if reason else _rounded(_MEANS.exp(_middle(points)))
    if not reason and not median:
        reason = "a price below the smallest that is written"
    if reason:
        return Withheld(*goods, declarations=len(points), reason=reason)
    centre = log(Fraction(median))
    apart = [PricePoint(_MEANS.abs(_MEANS.subtract(each.log, centre)), each.exporter) for each in points]
    return PriceBand(
        hs_code=goods.hs_code,
        unit=goods.unit,
        quarter=goods.quarter,
        median=median,
        mad=_middle(apart).quantize(Decimal(1).scaleb(-MAD_PLACES), rounding=ROUND_HALF_UP, context=_MEANS),
        declarations=len(points),
        exporters=len({each.exporter for each in points}),
    )


def _too_few(points: Sequence[PricePoint]) -> str:
    """Why a band over these would say too much of somebody; empty where it would not."""
    if len(points) < MIN_DECLARATIONS:
        return f"fewer than {MIN_DECLARATIONS} declarations"
    of_exporter = Counter(each.exporter for each in points)
    if len(of_exporter) < MIN_EXPORTERS:
        return f"fewer than {MIN_EXPORTERS} exporters"
    if 2 * max(of_exporter.values()) > len(points):
        return "one exporter has over half"
    return ""


def _middle(points: Sequence[PricePoint]) -> Decimal:
    """The middle of values: what is middlemost, widened on both sides until three exporters are in it; of each exporter
    the mean, and of these the mean."""
    ordered = sorted(points)
    low, high = (len(ordered) - 1) // 2, len(ordered) // 2
    while len({each.exporter for each in ordered[low : high + 1]}) < _MIDDLE_EXPORTERS:
        low, high = low - 1, high + 1
    inside = ordered[low : high + 1]
    exporters = sorted({each.exporter for each in inside})
    return _mean([_mean([each.log for each in inside if each.exporter == exporter]) for exporter in exporters])


def _mean(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _MEANS.add(total, value)
    return _MEANS.divide(total, Decimal(len(values)))


def _rounded(price: Decimal) -> Decimal:
    """To the digits that are published."""
    digits = Decimal(1).scaleb(price.adjusted() - MEDIAN_DIGITS + 1)
    return price.quantize(max(digits, _PLACES), rounding=ROUND_HALF_EVEN, context=_MEANS)
