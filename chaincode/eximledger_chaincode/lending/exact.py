"""Exact arithmetic: the one context in which every rule computes.

A number of a document has at most 30 digits, 12 of them after the point; a currency adds at most four. The largest
product of a rule has four such factors, and a sum of 10^9 of them nine digits more: 200 digits hold all of it, so sums
and products never round. What a rule compares it compares by products; a quotient only ever serves to be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

__all__ = ["EXACT", "half_up", "readable", "summed"]

EXACT: Final = Context(prec=200)
"""Enter it with `decimal.localcontext(EXACT)`; Python's own default would round to 28 digits."""

_MOST_DIGITS_SHOWN: Final = 12


def summed(values: Iterable[Decimal]) -> Decimal:
    """The sum, exact within `EXACT`."""
    return sum(values, Decimal(0))


def half_up(value: Fraction, places: int) -> Decimal:
    """The fraction to `places` digits after the point, half away from zero; exact up to that one rounding."""
    whole, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    whole += 2 * rest >= value.denominator
    return EXACT.scaleb(Decimal(-whole if value < 0 else whole), -places)


def readable(value: Decimal) -> Decimal:
    """The value as a message shows it: rounded to 12 digits after the point where it has more."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_MOST_DIGITS_SHOWN:
        return value.quantize(Decimal(1).scaleb(-_MOST_DIGITS_SHOWN), rounding=ROUND_HALF_UP, context=EXACT)
    return value
