"""Time: the transaction's is the only clock, and its date in China is the day on which a case is judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

from hlf_chaincode.errors import InvalidDocument

__all__ = ["CHINA", "MAX_DATE_DRIFT", "day_in_china", "require_near"]

CHINA: Final = timezone(timedelta(hours=8))
"""China Standard Time: the loan's calendar."""

MAX_DATE_DRIFT: Final = timedelta(days=3)
"""How far the date on an application may be from the day on which it is filed: a weekend and a holiday."""


def day_in_china(timestamp: datetime) -> date:
    """The date of a transaction in China (UTC+8)."""
    return timestamp.astimezone(CHINA).date()


def require_near(day: date, timestamp: datetime, field: str) -> None:
    """Raises `InvalidDocument` for `field` unless `day` is the transaction's in China, or at most `MAX_DATE_DRIFT`
    before or after it: what a paper says of its own date judges nothing."""
    today = day_in_china(timestamp)
    if abs(day - today) > MAX_DATE_DRIFT:
        reason = f"{day} is more than {MAX_DATE_DRIFT.days} days from the day of the transaction, {today}"
        raise InvalidDocument(f"{field}: {reason}", field=field, reason=reason)
