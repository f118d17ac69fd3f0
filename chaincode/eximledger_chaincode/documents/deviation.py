"""SAFE's total difference rate of an enterprise (总量差额比率): goods against money, over twelve months."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, model_validator

from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Number, Text, Uscc
from eximledger_chaincode.documents.parts.money import Money

__all__ = ["TotalDifference"]

_YEAR: Final = (timedelta(days=364), timedelta(days=366))


def _not_below_nothing(value: Money) -> Money:
    if value.amount < 0:
        raise ValueError("a total of twelve months is not below zero")
    return value


Total = Annotated[Money, AfterValidator(_not_below_nothing)]


class TotalDifference(Document):
    """What SAFE has counted of one enterprise over the twelve months from `period_from` to `period_until`."""

    KIND: ClassVar[str] = "total-difference"

    kind: Literal["total-difference"] = "total-difference"
    enterprise_uscc: Uscc
    enterprise_name: Text | None = None
    period_from: Day
    period_until: Day
    imports: Total
    exports: Total
    receipts: Total
    payments: Total
    notice: Number | None = None

    @model_validator(mode="after")
    def _of_one_year_in_one_currency(self) -> Self:
        if not _YEAR[0] <= self.period_until - self.period_from + timedelta(days=1) <= _YEAR[1]:
            raise ValueError("period_until: the rate is one of twelve months")
        if len({each.currency for each in (self.imports, self.exports, self.receipts, self.payments)}) > 1:
            raise ValueError("payments: the four totals are in one currency")
        return self

    @property
    def rate(self) -> Fraction:
        """((imports + receipts) - (exports + payments)) / their sum; nothing where there was neither."""
        had = Fraction(self.imports.amount) + Fraction(self.receipts.amount)
        gave = Fraction(self.exports.amount) + Fraction(self.payments.amount)
        return (had - gave) / (had + gave) if had + gave else Fraction(0)

    @property
    def number(self) -> str:
        return self.enterprise_uscc

    @property
    def id(self) -> str:
        return f"{self.enterprise_uscc}:{self.period_until.isoformat()}"

    @property
    def exporter(self) -> str:
        return self.enterprise_uscc

    @property
    def dated(self) -> date:
        return self.period_until
