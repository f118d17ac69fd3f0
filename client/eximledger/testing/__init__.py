"""The pytest plugin: ledgers of the trade as fixtures, for the project's own tests and for its users'.

`plugin` is loaded by pytest itself (entry point `eximledger`) and offers `exim_network` and `exim_network_factory`. May
import the whole client; nothing of the client imports it.
"""

from __future__ import annotations

from pathlib import Path

from eximledger.consortium import CHAINCODE, EXIM
from hlf_client import Clock, utc_now
from hlf_client.testing import LedgerNetwork, ManualClock

__all__ = ["LedgerNetwork", "ManualClock", "exim_ledger"]


def exim_ledger(path: Path | None = None, *, strict: bool = False, clock: Clock = utc_now) -> LedgerNetwork:
    """An embedded ledger with the default consortium and its contracts; in memory unless a path is given.

    async def test_something(exim_network):
        bank = exim_network.connect("eximbank")
        await bank.submit("bank", "loans:apply", application)
    """
    return LedgerNetwork(EXIM, path, chaincode=CHAINCODE, strict=strict, clock=clock)
