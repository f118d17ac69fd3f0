"""The same API for synchronous backends (Flask, Django, scripts): every call is the asyncio one, waited for.

    from eximledger.sync import LoanDesk, connect

    with connect("embedded:exim.db", "eximbank") as ledger:
        verdict = LoanDesk(ledger).check("DY-2026-001")

Connections are those of `hlf_client.sync`, which says what holds of them. What is here is written by
tools/async_to_sync.py from the asyncio classes (`make sync`).
"""

from __future__ import annotations

from eximledger.sync._connect import connect, revoke
from eximledger.sync._desk import LoanDesk
from hlf_client.sync import Ledger

__all__ = ["Ledger", "LoanDesk", "connect", "revoke"]
