"""Routes of a loan, from its application to its end."""

from __future__ import annotations

from eximledger.api.loans import applying, deciding, events, listing, looking, stepping

__all__ = ["ROUTERS"]

ROUTERS = (listing.router, applying.router, looking.router, deciding.router, stepping.router, events.router)
