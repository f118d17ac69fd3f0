"""PriceDesk: what customs' officer does about price bands, as a Python object over any Ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from eximledger.desk import Calls, Filed, LoanDesk, Retry
from eximledger.pricing._bands import PricePoint, Withheld, band_of
from eximledger.pricing._prices import counts, declared_prices, quoted
from eximledger.pricing._spool import PriceSpool
from eximledger_chaincode.contracts.papers.answers import EntryPage
from eximledger_chaincode.contracts.state.names import CUSTOMS
from eximledger_chaincode.documents import ExportDeclaration, PriceBand, Record, ReferenceRate
from eximledger_chaincode.documents.published.price_band import quarter_of
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.rules.customs.bands import Goods, band_ids
from hlf_client import Ledger
from hlf_client.errors import Refused

__all__ = ["BandReport", "PriceDesk"]

_PAGE: Final = 500
_DECLARATIONS: Final = 100
_BANDS: Final = 500


@dataclass(frozen=True, slots=True)
class BandReport:
    """The bands of a quarter, and what stays out of them."""

    quarter: str
    declarations: int
    """Those that count: settled, of a mode that brings payment, in a currency that is quoted."""
    unquoted: tuple[str, ...]
    """Currencies of declarations that were left out, for no rate was given for their days."""
    bands: tuple[PriceBand, ...]
    withheld: tuple[Withheld, ...]


class PriceDesk:
    """Computes over the declarations that this member has the right to read: all of them, so customs alone."""

    def __init__(self, ledger: Ledger, *, retry: Retry | None = None) -> None:
        self._ledger = ledger
        self._calls = Calls(ledger, retry or Retry())

    async def compute(self, quarter: str, rates: Sequence[ReferenceRate]) -> BandReport:
        """The bands of a quarter's exports, by quotations that customs gives: it is no member of SAFE's channel."""
        floors = await self._calls.ask(Floors, CUSTOMS, "consortium:floors")
        quotations, counted, unquoted = [quoted(rate) for rate in rates], 0, set[str]()
        with closing(PriceSpool()) as spool:
            async for declarations in self._declarations(quarter):
                for record in declarations:
                    if not counts(record, floors):
                        continue
                    try:
                        spool.put(record.document.exporter, declared_prices(record.document, quotations))
                        counted += 1
                    except Refused as refusal:
                        unquoted.add(str(refusal.details.get("currency", record.document.currency)))
            found = list(_bands(spool))
        bands = tuple(each for each in found if isinstance(each, PriceBand))
        withheld = tuple(each for each in found if isinstance(each, Withheld))
        return BandReport(quarter, counted, tuple(sorted(unquoted)), bands, withheld)

    async def publish(self, report: BandReport) -> list[Filed]:
        """File the bands that are not published yet; those that are stand as they are."""
        standing = {band.id for band in await self._standing([band.id for band in report.bands])}
        return await LoanDesk(self._ledger).file([band for band in report.bands if band.id not in standing])

    async def bands(self, goods: Goods) -> list[PriceBand]:
        """The bands by which goods are judged, the newest first."""
        return await self._standing(band_ids(goods))

    async def _standing(self, ids: Sequence[str]) -> list[PriceBand]:
        found: list[PriceBand] = []
        for start in range(0, len(ids), _BANDS):
            answer = list[Record[PriceBand] | None]
            batch = list(ids[start : start + _BANDS])
            records = await self._calls.ask(answer, CUSTOMS, "documents:get_many", PriceBand.KIND, batch)
            found += [record.document for record in records if record is not None]
        return found

    async def _declarations(self, quarter: str) -> AsyncIterator[list[Record[ExportDeclaration]]]:
        """The declarations of a quarter's exports, some at a time; of the others only entries are read."""
        bookmark, kind = "", ExportDeclaration.KIND
        while True:
            page = await self._calls.ask(EntryPage, CUSTOMS, "documents:list", kind, "", _PAGE, bookmark)
            ids = [each.id for each in page.entries if each.dated is not None and quarter_of(each.dated) == quarter]
            for start in range(0, len(ids), _DECLARATIONS):
                answer = list[Record[ExportDeclaration] | None]
                batch = ids[start : start + _DECLARATIONS]
                records = await self._calls.ask(answer, CUSTOMS, "documents:get_many", kind, batch)
                yield [record for record in records if record is not None]
            bookmark = page.bookmark
            if not bookmark:
                return


def _bands(spool: PriceSpool) -> Iterator[PriceBand | Withheld]:
    for goods, rows in groupby(spool.rows(), key=lambda row: row[0]):
        yield band_of(goods, [PricePoint(Decimal(log), exporter) for _, log, exporter in rows])
