"""Prices by goods, as many as there are: laid side by side in a file without a name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from eximledger_chaincode.rules.customs.bands import Goods

__all__ = ["PriceSpool"]

_SCHEMA: Final = (
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; "
    "CREATE TABLE price (hs TEXT, unit TEXT, quarter TEXT, log TEXT, exporter TEXT)"
)


class PriceSpool:
    """Logarithms are text: SQLite's own numbers are not exact."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        self._database.close()

    def put(self, exporter: str, prices: Mapping[Goods, Decimal]) -> None:
        """The prices of one declaration."""
        rows = [(*goods, str(price), exporter) for goods, price in prices.items()]
        self._database.executemany("INSERT INTO price VALUES (?, ?, ?, ?, ?)", rows)

    def rows(self) -> Iterator[tuple[Goods, str, str]]:
        """Goods, logarithm and exporter, goods by goods."""
        query = "SELECT hs, unit, quarter, log, exporter FROM price ORDER BY hs, unit, quarter"
        for hs_code, unit, quarter, price, exporter in self._database.execute(query):
            yield Goods(hs_code, unit, quarter), price, exporter
