"""Routes of papers: filing, reading, scans, consent to read, watch lists, price bands."""

from __future__ import annotations

from eximledger.api.papers import attaching, consents, filing, prices, reading, watching

__all__ = ["ROUTERS"]

ROUTERS = (filing.router, reading.router, attaching.router, consents.router, watching.router, prices.router)
