"""Customs' price bands: computed, published once a quarter, looked up by anybody."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from eximledger.api._asking import Body
from eximledger.api._guarded import KEYED, Desk, Guarded, Server
from eximledger.pricing import BandReport, PriceDesk
from eximledger_chaincode.documents import PriceBand, ReferenceRate
from eximledger_chaincode.documents.published.price_band import last_day_of
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules.customs.bands import goods_of
from hlf_client.errors import InvalidDocument

__all__ = ["router"]

router: Final = APIRouter(tags=["price bands"], route_class=Guarded)


def _quarter(value: str) -> str:
    last_day_of(value)
    return value


Quarter: TypeAlias = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-Q[1-4]$"), AfterValidator(_quarter)]


class BandsAsked(Body):
    """A quarter, and the quotations of its days: customs is no member of SAFE's channel."""

    quarter: Quarter
    rates: Annotated[tuple[ReferenceRate, ...], Field(max_length=10_000)]


class BandsPublished(BaseModel):
    """The bands of a quarter; the ids of those that were filed now, and how many stood there before."""

    report: BandReport
    published: tuple[str, ...]
    standing: int


@router.get("/price-bands")
async def get_price_bands(
    desk: Desk,
    server: Server,
    hs_code: Annotated[str, Query(pattern="^[0-9]{8,13}$", examples=["85444921"])],
    unit: Annotated[str, Query(min_length=1, max_length=20, examples=["035"])],
    quarter: Annotated[Quarter | None, Query(description="Of which exports; today's unless given.")] = None,
) -> list[PriceBand]:
    """The bands by which goods are judged, the newest first."""
    day = day_in_china(server.clock()) if quarter is None else last_day_of(quarter)
    wanted = goods_of(hs_code, [unit], day)
    if not wanted:
        raise InvalidDocument("unit: there is no such unit", field="unit", reason="is no unit")
    return await PriceDesk(desk.ledger).bands(wanted[0])


@router.post("/price-bands/computation")
async def compute_price_bands(desk: Desk, asked: BandsAsked) -> BandReport:
    """The bands of a quarter, published nowhere; as customs."""
    return await PriceDesk(desk.ledger).compute(asked.quarter, asked.rates)


@router.post("/price-bands", dependencies=[KEYED])
async def publish_price_bands(desk: Desk, asked: BandsAsked) -> BandsPublished:
    """Publish the bands of a quarter that is over, for good: those published before stay as they are."""
    prices = PriceDesk(desk.ledger)
    report = await prices.compute(asked.quarter, asked.rates)
    filed = tuple(each.entry.id for each in await prices.publish(report))
    return BandsPublished(report=report, published=filed, standing=len(report.bands) - len(filed))
