"""The day of a transaction in China, how far a paper's own date may be from it, and the twelve months up to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.lending.time import MAX_DATE_DRIFT, day_in_china, require_near
from hlf_chaincode.errors import InvalidDocument


@pytest.mark.parametrize(("hour", "day"), [(15, 1), (16, 2)])
def test_a_day_begins_eight_hours_earlier_in_china(hour: int, day: int) -> None:
    assert day_in_china(datetime(2026, 9, 1, hour, tzinfo=UTC)) == date(2026, 9, day)


@given(st.datetimes(datetime(1990, 1, 3), datetime(2199, 12, 1)), st.integers(-400, 400))  # noqa: DTZ001 - UTC is set below
def test_three_days_either_way_are_near(moment: datetime, apart: int) -> None:
    timestamp = moment.replace(tzinfo=UTC)
    day = day_in_china(timestamp) + timedelta(days=apart)
    if abs(apart) <= MAX_DATE_DRIFT.days == 3:
        require_near(day, timestamp, "applied_on")
    else:
        with pytest.raises(InvalidDocument, match="more than 3 days") as raised:
            require_near(day, timestamp, "applied_on")
        assert raised.value.field == "applied_on"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_pythons_first_and_last_day_are_far_and_nothing_worse(day: date) -> None:
    with pytest.raises(InvalidDocument):
        require_near(day, datetime(2026, 9, 1, tzinfo=UTC), "applied_on")
