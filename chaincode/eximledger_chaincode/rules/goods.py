"""Goods of papers made comparable: quantities by HS code and unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from eximledger_chaincode.documents.units import to_base

__all__ = ["Goods", "heading", "quantities", "quantities_by_unit"]


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of any paper, as far as rules compare it."""

    hs_code: str | None
    quantity: Decimal | None
    unit: str | None


def heading(hs_code: str | None) -> str | None:
    """The first four digits of an HS code: what goods are, before how they are made."""
    return None if hs_code is None else hs_code[:4]


def quantities_by_unit(lines: Iterable[Goods]) -> dict[str, Decimal]:
    """Total quantity in each base unit; lines without quantity or unit are left out."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.quantity is not None and line.unit is not None:
            quantity, unit = to_base(line.quantity, line.unit)
            totals[unit] += quantity
    return dict(sorted(totals.items()))


def quantities(lines: Iterable[Goods]) -> dict[tuple[str, str], Decimal]:
    """Total quantity by HS subheading (six digits) and base unit; only lines that state both."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.hs_code is not None and line.quantity is not None and line.unit is not None:
            quantity, unit = to_base(line.quantity, line.unit)
            totals[line.hs_code[:6], unit] += quantity
    return dict(sorted(totals.items()))
