"""Figures and the trail of acts, from the mirror."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Query

from eximledger.api._asking import BankName, Cursor, Size, Text
from eximledger.api._guarded import Guarded, Mirror
from eximledger.mirror.reading import Act, ActFilter, ChannelStatus, Page, Portfolio
from eximledger_chaincode.documents.parts.base import Moment

__all__ = ["router"]

router: Final = APIRouter(tags=["overview"], route_class=Guarded)

_When: TypeAlias = Annotated[Moment | None, Query(description="A time, as 2026-12-31T23:59:59Z.")]


@router.get("/portfolio")
async def get_portfolio(
    mirror: Mirror, bank: BankName = "", most: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Portfolio:
    """Exposure by exporter, currency and country, maturities, what is overdue, turnaround, findings, overrides."""
    return await asyncio.to_thread(mirror.portfolio, bank, most=most)


@router.get("/acts")
async def list_acts(
    mirror: Mirror,
    person: Annotated[Text, Query(description="Who signed it, by name.")] = "",
    member: BankName = "",
    function: Annotated[Text, Query(description="Begins so: `loans:` or `loans:approve`.")] = "",
    channel: Annotated[Text, Query(description="customs, fx or bank.")] = "",
    since: _When = None,
    until: _When = None,
    valid: bool | None = None,
    size: Size = 50,
    cursor: Cursor = "",
) -> Page[Act]:
    """Every transaction of this member's channels and who signed it, newest first."""
    asked = ActFilter(person, member, function, channel, since, until, valid)
    return await asyncio.to_thread(mirror.acts, asked, size=size, cursor=cursor)


@router.get("/mirror")
async def mirror_status(mirror: Mirror) -> tuple[ChannelStatus, ...]:
    """How far each channel has been read."""
    return await asyncio.to_thread(mirror.status)
