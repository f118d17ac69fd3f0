"""The same API for synchronous backends (Flask, Django, scripts): every call is the asyncio one, waited for.

    from eximledger.sync import LoanDesk, connect

    with connect("embedded:exim.db", "eximbank") as ledger:
        verdict = LoanDesk(ledger).check("DY-2026-001")

`sync.gateway` has what Fabric's Gateway can do beyond every ledger. All connections of a process share one event loop
on a background thread; any number of threads may call. Not to be called from a coroutine: that would block its loop,
and is refused.
"""

from __future__ import annotations

from eximledger.sync._desk import LoanDesk
from eximledger.sync._ledger import Ledger, connect

__all__ = ["Ledger", "LoanDesk", "connect"]
