"""Price band: what goods of one tariff code cost in one quarter, as customs publishes it over its own declarations."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from eximledger_chaincode.documents.parts.base import Count
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Text
from eximledger_chaincode.documents.parts.money import ExactDecimal
from eximledger_chaincode.documents.parts.units import to_base

__all__ = [
    "MAD_PLACES",
    "MEDIAN_DIGITS",
    "MIN_DECLARATIONS",
    "MIN_EXPORTERS",
    "PriceBand",
    "Quarter",
    "TariffCode",
    "band_id",
    "last_day_of",
    "quarter_of",
    "quarters_until",
]

MIN_DECLARATIONS: Final = 20
MIN_EXPORTERS: Final = 5
"""A band over fewer is not published: what one exporter asks for its goods is nobody else's business."""
MEDIAN_DIGITS: Final = 3
"""Significant digits of a published price: more would tell one declaration's from another's."""
MAD_PLACES: Final = 3

Quarter = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d-Q[1-4]$")]
"""`2026-Q1`: January to March 2026."""

TariffCode = Annotated[str, StringConstraints(pattern=r"^\d{8}$")]
"""An HS code to the eight digits of the Chinese tariff."""

_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")


def quarter_of(day: date) -> str:
    """The quarter of a day."""
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def last_day_of(quarter: str) -> date:
    """The last day of a quarter."""
    year, number = _parts(quarter)
    return date(year, 12, 31) if number == 4 else date(year, 3 * number + 1, 1) - timedelta(days=1)


def quarters_until(quarter: str, count: int) -> tuple[str, ...]:
    """So many quarters that end with this one, the last first; none before the calendar of papers begins."""
    year, number = _parts(quarter)
    counted = range(4 * year + number - 1, 4 * year + number - 1 - count, -1)
    return tuple(f"{each // 4:04}-Q{each % 4 + 1}" for each in counted if each >= 4)


def _parts(quarter: str) -> tuple[int, int]:
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        raise ValueError(f"{quarter!r} is no quarter: write 2026-Q1")
    return int(found[1]), int(found[2])


def band_id(hs_code: str, unit: str, quarter: str) -> str:
    """The one band of a tariff code, a base unit and a quarter."""
    return f"{hs_code}:{unit}:{quarter}"


class PriceBand(Document):
    """FOB prices in CNY for one base unit (`units.to_base`): their middle, and how far they lie from it.

    `mad` is the median absolute deviation of the natural logarithms. Neither is one declaration's own: each is an
    average over exporters (`eximledger.pricing`). Published once a quarter, after it has ended.
    """

    KIND: ClassVar[str] = "price-band"

    kind: Literal["price-band"] = "price-band"
    hs_code: TariffCode
    unit: Text
    quarter: Quarter
    median: Annotated[ExactDecimal, Field(gt=0)]
    mad: Annotated[ExactDecimal, Field(ge=0, le=100)]
    declarations: Annotated[Count, Field(ge=MIN_DECLARATIONS)]
    exporters: Annotated[Count, Field(ge=MIN_EXPORTERS)]

    @model_validator(mode="after")
    def _coarse(self) -> Self:
        if self.unit != to_base(Decimal(1), self.unit)[1]:
            raise ValueError("unit: a band is for the base unit of its dimension")
        if len("".join(map(str, self.median.as_tuple().digits)).strip("0")) > MEDIAN_DIGITS:
            raise ValueError(f"median: {MEDIAN_DIGITS} significant digits are published, not more")
        places = self.mad.as_tuple().exponent
        if not isinstance(places, int) or places < -MAD_PLACES:
            raise ValueError(f"mad: {MAD_PLACES} digits after the point are published, not more")
        if self.exporters > self.declarations:
            raise ValueError("exporters: there are no more than declarations")
        return self

    @property
    def number(self) -> str:
        return self.id

    @property
    def id(self) -> str:
        return band_id(self.hs_code, self.unit, self.quarter)

    @property
    def dated(self) -> date:
        return last_day_of(self.quarter)
