"""The members among themselves: who they are, floors and votes, the business day, banks' policies."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from eximledger.api._asking import BankName, Body
from eximledger.api._guarded import KEYED, Desk, Guarded
from eximledger.desk import Rekeyed
from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.floors import Floors, PolicyBook
from eximledger_chaincode.lending.matching import Generations

__all__ = ["router"]

router: Final = APIRouter(tags=["members"], route_class=Guarded)


class Vote(Body):
    """The members, and floors, that this member votes for; floors as they are where none are given."""

    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=1000)]
    floors: Floors | None = None


class DayOpened(Body):
    """The business day to open."""

    day: Day


class PolicyNamed(Body):
    """Just the policy that another person proposed."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@router.get("/members")
async def list_members(desk: Desk) -> list[Member]:
    """The consortium's members."""
    return list(await desk.members())


@router.get("/floors")
async def get_floors(desk: Desk) -> Floors:
    """What no bank's policy goes under."""
    return await desk.floors()


@router.post("/votes", dependencies=[KEYED])
async def cast_vote(desk: Desk, vote: Vote) -> list[Member]:
    """Vote in this member's name; the members as they stand after it. A majority decides."""
    return list(await desk.vote(vote.members, vote.floors))


@router.get("/business-day")
async def get_business_day(desk: Desk) -> BusinessDay:
    """The business day that SAFE opened last."""
    return await desk.business_day()


@router.post("/business-day", dependencies=[KEYED])
async def open_business_day(desk: Desk, asked: DayOpened) -> BusinessDay:
    """Open a business day, or the same one anew; as SAFE. What was approved before and held back counts no more."""
    return await desk.open_day(asked.day)


@router.get("/matching")
async def get_generations(desk: Desk) -> Generations:
    """Which generations of the secret are looked up, under which papers are matched; as SAFE."""
    return await desk.generations()


@router.post("/matching/rotation", dependencies=[KEYED])
async def rotate_secret(desk: Desk) -> Generations:
    """Make the next generation of the secret; as SAFE. It is written from the next business day that is opened, and
    both are looked up until the older one is retired."""
    return await desk.rotate()


@router.post("/matching/rekeying", dependencies=[KEYED])
async def rekey_register(desk: Desk) -> Rekeyed:
    """Move all that stands in the register to the newest generation; as SAFE. Interrupted, ask again: it goes on."""
    return await desk.rekey()


@router.post("/matching/retirement", dependencies=[KEYED])
async def retire_secret(desk: Desk) -> Generations:
    """Purge the secret before the newest; as SAFE. Refused while anything stands under it."""
    return await desk.retire()


@router.get("/policies")
async def get_policies(desk: Desk, bank: BankName = "") -> PolicyBook:
    """A bank's policies, this member's own unless another is named: those that hold, will hold, and wait."""
    return await desk.policies(bank=bank)


@router.post("/policies/proposals", dependencies=[KEYED])
async def propose_policy(desk: Desk, policy: TolerancePolicy) -> PolicyBook:
    """Put the bank's policy before a second person."""
    return await desk.propose_policy(policy)


@router.post("/policies/confirmation", dependencies=[KEYED])
async def confirm_policy(desk: Desk, named: PolicyNamed) -> PolicyBook:
    """Make just the policy that another person proposed."""
    return await desk.confirm_policy(named.sha256)
