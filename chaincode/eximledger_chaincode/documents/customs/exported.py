"""What an exporter has exported, counted without naming a declaration: by HS chapter, country and size.

Each declaration adds a few names to sums that its filing keeps up, and takes them back when it is amended or cancelled.
A size is the amount rounded up to two digits, so that there are no more sizes than digits, however many declarations:
what is the largest may be told up to a tenth too large, never too small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Context, Decimal
from typing import Annotated, Final, Self

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Value, Whole
from eximledger_chaincode.documents.parts.money import Money

__all__ = ["Exported", "exported_names"]

_ALL: Final = "exports"
_CHAPTER, _COUNTRY, _SIZE = "hs ", "to ", "size "
_TWO_DIGITS: Final = Context(prec=2, rounding=ROUND_CEILING)

HowMany = Annotated[Whole, Field(ge=0)]


def exported_names(total: Money, hs_codes: Iterable[str], countries: Iterable[str | None]) -> tuple[str, ...]:
    """What one declaration adds one to, each once."""
    found = [_ALL, f"{_SIZE}{total.currency} {_TWO_DIGITS.plus(total.amount):f}"]
    found += sorted({f"{_CHAPTER}{code[:2]}" for code in hs_codes})
    found += sorted({f"{_COUNTRY}{country}" for country in countries if country})
    return tuple(found)


class Exported(Value):
    """How many declarations of a period there were of each name."""

    counts: dict[str, HowMany] = Field(default_factory=dict)

    @classmethod
    def of(cls, sums: Mapping[str, int]) -> Self:
        """What is above nothing, by name."""
        return cls(counts={name: count for name, count in sorted(sums.items()) if count > 0})

    def less(self, names: Iterable[str]) -> Exported:
        """Without one declaration that was counted with these names."""
        left = dict(self.counts)
        for name in names:
            left[name] = left.get(name, 0) - 1
        return Exported.of(left)

    @property
    def exports(self) -> int:
        """How many there were in all."""
        return self.counts.get(_ALL, 0)

    @property
    def chapters(self) -> frozenset[str]:
        """HS chapters (two digits) under which goods were exported."""
        return self._of(_CHAPTER)

    @property
    def countries(self) -> frozenset[str]:
        """Where they went, as the declarations say it."""
        return self._of(_COUNTRY)

    @property
    def largest(self) -> Mapping[str, Decimal]:
        """The amount of the largest in each currency."""
        largest: dict[str, Decimal] = {}
        for said in self._of(_SIZE):
            currency, _, amount = said.partition(" ")
            largest[currency] = max(largest.get(currency, Decimal(0)), Decimal(amount))
        return dict(sorted(largest.items()))

    def _of(self, prefix: str) -> frozenset[str]:
        return frozenset(name.removeprefix(prefix) for name in self.counts if name.startswith(prefix))
