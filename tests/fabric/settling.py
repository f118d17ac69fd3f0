"""Waiting until the peers of a new network know of each other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from hlf_client import Ledger
from hlf_client.errors import FabricError

__all__ = ["until_endorsed", "until_level"]

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


async def until_level(behind: Ledger, ahead: Ledger, channel: str) -> None:
    """Wait until one member's peer has every block that another's has now: a commit is told by one peer only."""
    wanted = (await ahead.channel_info(channel)).height
    deadline = time.monotonic() + _SECONDS
    while (await behind.channel_info(channel)).height < wanted:
        assert time.monotonic() < deadline, f"{behind.msp_id} is behind on {channel}"
        await asyncio.sleep(0.05)
