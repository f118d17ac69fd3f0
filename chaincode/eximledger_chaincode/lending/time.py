"""The transaction's time is the only clock: its day in China, and how far a stated day may be from it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

from hlf_chaincode.errors import InvalidDocument

__all__ = ["CHINA", "MAX_DATE_DRIFT", "day_in_china", "require_near"]

CHINA: Final = timezone(timedelta(hours=8))
"""China Standard Time: the loan's calendar."""

MAX_DATE_DRIFT: Final = timedelta(days=3)
"""How far a day that a person states may be from the transaction's: over a weekend."""


def day_in_china(timestamp: datetime) -> date:
    """The date of a transaction in China (UTC+8)."""
    return timestamp.astimezone(CHINA).date()


def require_near(day: date, timestamp: datetime, field: str) -> None:
    """Raises `InvalidDocument` naming the field where the day is more than three days from the transaction's."""
    today = day_in_china(timestamp)
    if abs(today - day) > MAX_DATE_DRIFT:
        raise InvalidDocument(
            f"{field}: {day} is more than {MAX_DATE_DRIFT.days} days from {today}, the day of the transaction",
            field=field,
            reason="too far from today",
        )
