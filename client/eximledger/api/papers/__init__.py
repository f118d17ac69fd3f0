"""Routes of papers: filing, reading, consent to read, watch lists, price bands."""

from __future__ import annotations

from eximledger.api.papers import consents, filing, prices, reading, watching

__all__ = ["ROUTERS"]

ROUTERS = (filing.router, reading.router, consents.router, watching.router, prices.router)
