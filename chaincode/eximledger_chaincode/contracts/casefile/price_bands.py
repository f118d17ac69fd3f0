"""Customs' price bands: which may be filed, and those that a case's declarations are held against."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from eximledger_chaincode.contracts.papers.reading import read_records
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.documents import PriceBand
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules.customs.bands import Goods, band_ids, goods_of, wanted_goods
from hlf_chaincode.errors import Refused

__all__ = ["read_bands", "require_ended"]


def require_ended(bands: Sequence[PriceBand], now: datetime) -> None:
    """Raises `Refused` for a band of a quarter that is not over: it would be of other declarations each day, and two of
    its versions would tell those between them."""
    today = day_in_china(now)
    for band in bands:
        if band.dated >= today:
            raise Refused(
                f"price-band {band.id}: {band.quarter} ends on {band.dated}; its bands are published after it"
            )


async def read_bands(shelf: KeyReader, declarations: Sequence[bytes]) -> list[bytes]:
    """For each of the goods of stored declarations the band of their quarter, or the last one before that serves: so
    many keys at most, read singly."""
    wanted, _ = wanted_goods(goods for stored in declarations for goods in _goods_in(stored))
    ids = list(dict.fromkeys(id_ for goods in wanted for id_ in band_ids(goods)))
    found = dict(zip(ids, await read_records(shelf, PriceBand.KIND, ids), strict=True))
    serving = [next((id_ for id_ in band_ids(goods) if found[id_] is not None), None) for goods in wanted]
    return [record for id_ in dict.fromkeys(serving) if id_ is not None and (record := found[id_]) is not None]


def _goods_in(stored: bytes) -> Iterator[Goods]:
    """The goods of a stored declaration. Its JSON is the ledger's own: it is not validated once more here."""
    document = json.loads(stored)["document"]
    dated = date.fromisoformat(document.get("exported_on") or document["declared_on"])
    for line in document["lines"]:
        units = [*(each["unit"] for each in line.get("legal_quantities", ())), line["unit"]]
        yield from goods_of(line["hs_code"], units, dated)
