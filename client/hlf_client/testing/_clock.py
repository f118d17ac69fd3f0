"""A clock that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["ManualClock"]


class ManualClock:
    """The time of proposals and certificate checks: stands still until it is moved, never backwards."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        """Raises ValueError for a negative step."""
        if by < timedelta():
            raise ValueError("a clock goes forward")
        self.now += by
