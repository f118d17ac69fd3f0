"""What SAFE sees across banks."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from eximledger.api._guarded import Desk, Guarded
from eximledger.supervision import ConsentReport, Dimension, Duplicate, Exposure, HoldReport, Supervisor
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.matching import MatchingUsage

__all__ = ["router"]

router: Final = APIRouter(prefix="/supervision", tags=["supervision"], route_class=Guarded)


@router.get("/exposure")
async def supervise_exposure(desk: Desk, by: Dimension = Dimension.BANK) -> Exposure:
    """What is promised, out and lost, and what loans hold, by one dimension; in CNY at today's reference rates."""
    return await Supervisor(desk.ledger).exposure(by)


@router.get("/duplicates")
async def supervise_duplicates(desk: Desk) -> list[Duplicate]:
    """Papers that two banks or more have put before the register: the same, or alike in all but one trait."""
    return await Supervisor(desk.ledger).duplicates()


@router.get("/holds")
async def supervise_holds(desk: Desk) -> HoldReport:
    """Declarations of which more is held than they are worth, and what banks keep without a loan."""
    return await Supervisor(desk.ledger).holds()


@router.get("/consents")
async def supervise_consents(desk: Desk) -> ConsentReport:
    """Consents by bank, and each that an officer gave."""
    return await Supervisor(desk.ledger).consents()


@router.get("/matching")
async def supervise_matching(
    desk: Desk,
    day: Annotated[list[Day], Query(max_length=31, description="Business days; the open one by default.")] = [],  # noqa: B006
) -> list[MatchingUsage]:
    """How many papers each bank has put before the register, and how many it may."""
    return await Supervisor(desk.ledger).matching(day)
