"""The pytest plugin: ledgers of the trade as fixtures, for the project's own tests and for its users'.

`plugin` is loaded by pytest itself (entry point `eximledger`) and offers `exim_network` and `exim_network_factory`. May
import the whole client; nothing of the client imports it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from eximledger.consortium import CHAINCODE, EXIM
from eximledger.testing._consent import authority_certificate, signed_authorisation, signed_revocation
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import Clock, utc_now
from hlf_client.embedded.definition import HostedConsortium, InitialCall
from hlf_client.testing import LedgerNetwork, ManualClock

__all__ = [
    "LedgerNetwork",
    "ManualClock",
    "authority_certificate",
    "exim_ledger",
    "signed_authorisation",
    "signed_revocation",
]


def exim_ledger(path: Path | None = None, *, strict: bool = False, clock: Clock = utc_now) -> LedgerNetwork:
    """An embedded ledger with the default consortium and its contracts; in memory unless a path is given.

    On a new one SAFE has made the secret for matching papers and opened the business day of the clock, so that loans
    may be approved and disbursed; where a test's clock goes on by more than ten days, the test opens a later one
    (`LoanDesk.open_day`, as `safe`). It knows the exporters' authority of `signed_authorisation`.

    async def test_something(exim_network):
        desk = LoanDesk(exim_network.connect("eximbank"))
        await desk.authorise(signed_authorisation(application.exporter, "EximbankMSP", today))
        loan = await desk.apply(application)
    """
    return LedgerNetwork(_ready(day_in_china(clock())), path, chaincode=CHAINCODE, strict=strict, clock=clock)


def _ready(day: date) -> HostedConsortium:
    """The default consortium, founded with an exporters' authority, a matching secret and an open business day."""
    opened = {
        CUSTOMS: (_as_safe("authorisations:open", f'"{day}"', endorsers=("CustomsMSP",)),),
        FX: (_as_safe("copies:begin", endorsers=("SafeMSP",)),),
        BANK: (
            _as_safe("register:rotate", endorsers=("SafeMSP",)),
            _as_safe("calendar:open", f'"{day}"', "1", endorsers=("SafeMSP", "EximbankMSP")),
        ),
    }
    channels = tuple(
        channel.model_copy(
            update={
                "initial": (
                    *(_with_authority(call) for call in channel.initial),
                    *opened[channel.name],
                )
            }
        )
        for channel in EXIM.definition.channels
    )
    return replace(EXIM, definition=EXIM.definition.model_copy(update={"channels": channels}))


def _as_safe(function: str, *arguments: str, endorsers: tuple[str, ...]) -> InitialCall:
    return InitialCall(
        member="safe",
        user="officer",
        chaincode=CHAINCODE,
        function=function,
        arguments=arguments,
        endorsing_organizations=endorsers,
        private=True,
    )


def _with_authority(call: InitialCall) -> InitialCall:
    """`consortium:configure` with the authority of tests as one that SAFE runs."""
    members = json.loads(call.arguments[0])
    for member in members:
        if member["role"] == Role.FX_BUREAU:
            member["exporters_authority"] = [authority_certificate()]
    return call.model_copy(update={"arguments": (json.dumps(members, ensure_ascii=False), *call.arguments[1:])})
