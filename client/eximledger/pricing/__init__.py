"""Customs' price bands: computed over its own declarations, published once a quarter, read by anybody.

May import `desk` and the chaincode's values and pure functions; the command line imports it.
"""

from __future__ import annotations

from eximledger.pricing._bands import Withheld, band_of
from eximledger.pricing._desk import BandReport, PriceDesk

__all__ = ["BandReport", "PriceDesk", "Withheld", "band_of"]
