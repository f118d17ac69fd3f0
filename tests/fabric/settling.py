"""Waiting until the peers of a new network know of each other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from hlf_client import Ledger
from hlf_client.errors import FabricError

__all__ = ["until_endorsed"]

_SECONDS: Final = 60.0
"""How long that may take; mostly it takes one."""


async def until_endorsed(
    ledger: Ledger, channel: str, function: str, *args: str, endorsing_organizations: Sequence[str] | None = None
) -> None:
    """Have a call endorsed, and order nothing."""
    deadline = time.monotonic() + _SECONDS
    while True:
        proposal = ledger.propose(channel, function, *args, endorsing_organizations=endorsing_organizations)
        try:
            await ledger.endorse(proposal.signed(await ledger.sign(proposal.digest)))
            return
        except FabricError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
