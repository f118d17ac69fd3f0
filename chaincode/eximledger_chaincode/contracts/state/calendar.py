"""The business day: SAFE writes it, on the bank channel approvals and disbursements read it, on customs' consent does.

What is read on another channel is in no read set, so an approval that was endorsed and held back could be ordered when
class, receipts or declarations have changed. It has read this key, too: once SAFE has opened the next day, or the same
one anew, what was endorsed before does not count any more (Fabric: MVCC_READ_CONFLICT).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY
from eximledger_chaincode.contracts.state.records import decode_once
from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Day, Moment, Second, Version
from eximledger_chaincode.lending.roles import Person, person_of
from eximledger_chaincode.lending.time import MAX_DATE_DRIFT, day_in_china, require_near
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = [
    "FIRST_GENERATION",
    "LONGEST_CLOSED",
    "BusinessDay",
    "business_day_of",
    "next_opening",
    "read_business_day",
    "read_matching_generation",
    "require_business_day",
]

FIRST_GENERATION: Final = 1

LONGEST_CLOSED: Final = timedelta(days=10)
"""How long SAFE's last business day holds: the longest run of days without one is the October or New Year holiday."""


class BusinessDay(Value):
    """A day that SAFE opened; `opening` counts every opening, so that each one changes the key. Papers are entered in
    the register under `matching_generation`: who looked them up under another has to do it again."""

    kind: Literal["business-day"] = "business-day"
    schema_version: Second = 2
    day: Day
    opening: Version
    matching_generation: Version = FIRST_GENERATION
    opened_by: Person
    opened_at: Moment


def business_day_of(stored: bytes | None) -> BusinessDay | None:
    """The business day from the value of its key."""
    return None if stored is None else decode_once(BusinessDay, stored)


async def read_business_day(context: Context) -> BusinessDay | None:
    """The business day that SAFE opened last on the channel of the call."""
    return business_day_of(await context.stub.get_state(BUSINESS_DAY_KEY))


def next_opening(context: Context, before: BusinessDay | None, day: date, matching_generation: int) -> BusinessDay:
    """A day as the caller opens it: near the transaction's, and never back."""
    require_near(day, context.timestamp, "day")
    if before is not None and day < before.day:
        raise Refused(f"business day {before.day} is open: {day} was before it", day=before.day.isoformat())
    return BusinessDay(
        day=day,
        opening=1 if before is None else before.opening + 1,
        matching_generation=matching_generation,
        opened_by=person_of(context.creator),
        opened_at=context.timestamp,
    )


async def read_matching_generation(context: Context) -> int:
    """The generation of the matching secret that holds on the business day; the first before any was opened."""
    found = await read_business_day(context)
    return FIRST_GENERATION if found is None else found.matching_generation


async def require_business_day(context: Context) -> None:
    """Raises `Refused` where SAFE has opened none that reaches to the transaction's day.

    A proposal's time is its signer's own word. SAFE opens a day three days ahead at most, so one from further back is
    not of now: it would be judged by a class or a policy that holds no longer.
    """
    found = await read_business_day(context)
    today = day_in_china(context.timestamp)
    if found is None:
        raise Refused("SAFE has opened no business day yet: nothing is approved or disbursed before (calendar:open)")
    if not -MAX_DATE_DRIFT <= today - found.day <= LONGEST_CLOSED:
        raise Refused(
            f"SAFE opened its last business day for {found.day}, and it is {today}: nothing is approved or disbursed "
            "before the next one (calendar:open)",
            day=found.day.isoformat(),
        )
