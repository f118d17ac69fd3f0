"""Terms of a loan: what bank and exporter agree on beside amount and maturity."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Flag, Value
from eximledger_chaincode.documents.parts.money import ExactDecimal

__all__ = ["Condition", "DayCount", "InterestPaid", "LoanTerms", "YearlyPercent", "day_count_of"]

DayCount: TypeAlias = Literal[360, 365]
"""Days of the year by which a yearly rate is divided."""

YearlyPercent: TypeAlias = Annotated[ExactDecimal, Field(ge=0, le=100, decimal_places=4)]
"""Per cent a year, as "4.35", to four places."""

_OVER_365: Final = frozenset({
    "AUD", "CAD", "GBP", "HKD", "INR", "KRW", "MYR", "NZD", "PLN", "SGD", "THB", "TWD", "ZAR",
})  # fmt: skip


def day_count_of(currency: str) -> DayCount:
    """The money market's convention for a currency: the actual days over 365 for sterling, the Hong Kong and Australian
    dollar and the like, over 360 for all others, CNY among them (PBoC: the daily rate is the yearly one over 360)."""
    return 365 if currency in _OVER_365 else 360


class InterestPaid(StrEnum):
    ARREARS = "arrears"
    """With repayments: each pays the interest that has run, then principal."""
    ADVANCE = "advance"
    """Kept back from each drawing, for the days until maturity."""


class Condition(StrEnum):
    """A condition precedent: what must be there before money leaves."""

    PLEDGE_REGISTRATION = "pledge-registration"
    """The registration number of the pledge of the receivable (Civil Code art. 445: it exists from then on)."""
    INSURANCE_ASSIGNMENT = "insurance-assignment"
    """The insurer's consent to the bank as loss payee, by its number."""
    SIGNED_CONTRACT = "signed-contract"
    """The loan contract, by its number."""


class LoanTerms(Value):
    """Rates are fixed until an extension agrees on another one."""

    rate_percent: YearlyPercent = Decimal(0)
    day_count: DayCount | None = None
    """None: as the currency's money market counts (`day_count_of`)."""
    interest: InterestPaid = InterestPaid.ARREARS
    overdue_surcharge_percent: YearlyPercent = Decimal(50)
    """By how many per cent of itself the rate is higher after maturity (PBoC Yinfa [2003] 251: 30 to 50)."""
    recourse: Flag = True
    """Whether the exporter pays where the buyer does not."""
    conditions: Annotated[tuple[Condition, ...], Field(max_length=10)] = ()
    """Conditions precedent beside those of the bank's policy."""
