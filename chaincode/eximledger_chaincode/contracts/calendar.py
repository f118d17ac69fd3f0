"""calendar: SAFE opens each business day on the bank channel."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.state.calendar import (
    FIRST_GENERATION,
    BusinessDay,
    business_day_of,
    next_opening,
    read_business_day,
)
from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY, MEMBERS_KEY
from eximledger_chaincode.contracts.state.members import consortium_of, require_role
from eximledger_chaincode.contracts.state.names import BANK, require_channel
from eximledger_chaincode.contracts.state.records import encode
from eximledger_chaincode.documents.parts.base import Day, Whole
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context, Contract, query, transaction
from hlf_chaincode.errors import NotFound, Refused
from hlf_chaincode.policies import EndorsementPolicy, Principal, any_of

__all__ = ["CalendarContract"]

Generation: TypeAlias = Annotated[Whole, Field(ge=0, le=1_000_000)]


class CalendarContract(Contract):
    """What was endorsed before an opening and not ordered by then does not count any more."""

    name: ClassVar[str] = "calendar"

    @transaction(private=True)
    async def open(self, context: Context, day: Day, matching_generation: Generation = 0) -> BusinessDay:
        """Open a business day, or the same one anew: at most three days from the transaction's, and never back. From
        then on it goes by a generation of the matching secret: by 0 that of the day before."""
        require_channel("calendar", BANK, context.channel)
        members, stored = await context.stub.get_states([MEMBERS_KEY, BUSINESS_DAY_KEY])
        consortium = consortium_of(members, context.channel)
        require_role(context, consortium, {Role.FX_BUREAU})
        before = business_day_of(stored)
        after = next_opening(context, before, day, _generation(before, matching_generation))
        await context.stub.put_state(BUSINESS_DAY_KEY, encode(after))
        if before is None:
            # SAFE's peer alone from now on: no bank's peer can keep a day from being opened
            bureaux = [Principal(msp_id) for msp_id in consortium.with_role(Role.FX_BUREAU)]
            guard = EndorsementPolicy(bureaux[0] if len(bureaux) == 1 else any_of(*bureaux))
            await context.stub.set_state_validation_parameter(BUSINESS_DAY_KEY, guard.to_bytes())
        context.set_event("calendar.opened", {"day": day, "opening": after.opening})
        return after

    @query
    async def day(self, context: Context) -> BusinessDay:
        """The business day that was opened last."""
        require_channel("calendar", BANK, context.channel)
        found = await read_business_day(context)
        if found is None:
            raise NotFound("no business day has been opened yet: SAFE opens one (calendar:open)")
        return found


def _generation(before: BusinessDay | None, wanted: int) -> int:
    """The present one, or the next: no day goes by one that SAFE has left, nor by one that it cannot have made yet."""
    present = FIRST_GENERATION if before is None else before.matching_generation
    if wanted and not present <= wanted <= present + 1:
        raise Refused(f"matching_generation: the business day goes by {present}, {present} or {present + 1} follows")
    return wanted or present
