"""Months: over which sums of an exporter are kept."""

from __future__ import annotations

from datetime import date
from typing import Final

from hlf_chaincode.errors import InvalidDocument

__all__ = ["MAX_MONTHS", "months_between", "year_until"]

MAX_MONTHS: Final = 120
"""Months that one call sums up at most."""


def months_between(since: date, until: date) -> list[date]:
    """The first day of every month from that of `since` to that of `until`, whole months; none if `until` is before."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    if last - first >= MAX_MONTHS:
        raise InvalidDocument(f"since: a period has at most {MAX_MONTHS} months", field="since", reason="too long")
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


def year_until(until: date) -> date:
    """The first day of the twelve whole months of which that of `until` is the last; never before the year 1."""
    month = max(12, until.year * 12 + until.month - 12)
    return date(month // 12, month % 12 + 1, 1)
