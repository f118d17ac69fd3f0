"""The pytest plugin: ledgers of the trade as fixtures, for the project's own tests and for its users'.

`plugin` is loaded by pytest itself (entry point `eximledger`) and offers `exim_network` and `exim_network_factory`. May
import the whole client; nothing of the client imports it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from eximledger.consortium import CHAINCODE, EXIM
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import Clock, utc_now
from hlf_client.embedded.definition import HostedConsortium, InitialCall
from hlf_client.testing import LedgerNetwork, ManualClock

__all__ = ["LedgerNetwork", "ManualClock", "exim_ledger"]


def exim_ledger(path: Path | None = None, *, strict: bool = False, clock: Clock = utc_now) -> LedgerNetwork:
    """An embedded ledger with the default consortium and its contracts; in memory unless a path is given.

    On a new one SAFE has opened the business day of the clock, so that loans may be approved and disbursed; where a
    test's clock goes on by more than ten days, the test opens a later one (`LoanDesk.open_day`, as `safe`).

    async def test_something(exim_network):
        bank = exim_network.connect("eximbank")
        await bank.submit("bank", "loans:apply", application)
    """
    return LedgerNetwork(_with_day(day_in_china(clock())), path, chaincode=CHAINCODE, strict=strict, clock=clock)


def _with_day(day: date) -> HostedConsortium:
    """The default consortium, founded with an open business day."""
    opening = InitialCall(
        member="safe", user="officer", chaincode=CHAINCODE, function="calendar:open", arguments=(f'"{day}"',)
    )
    channels = tuple(
        channel.model_copy(update={"initial": (*channel.initial, opening)}) if channel.name == BANK else channel
        for channel in EXIM.definition.channels
    )
    return replace(EXIM, definition=EXIM.definition.model_copy(update={"channels": channels}))
