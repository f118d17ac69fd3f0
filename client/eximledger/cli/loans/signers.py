"""The roles of those who took a loan's steps: a ledger's state has their names, their certificates say the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol, runtime_checkable

from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.lending.loan import LoanHistoryItem
from eximledger_chaincode.lending.roles import duties_of, person_of
from hlf_chaincode.creator import creator_of
from hlf_client import Ledger
from hlf_client.errors import FabricError
from hlf_client.wire.written import Caller

__all__ = ["roles_in"]

_AT_ONCE = 8


@runtime_checkable
class _Blocks(Protocol):
    """A ledger that shows by whom a transaction was signed."""

    async def caller_of(self, channel: str, transaction_id: str) -> Caller: ...


async def roles_in(ledger: Ledger, history: Sequence[LoanHistoryItem]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """By member and name, the roles that each signer's certificate gave at that one's last step. Whoever's transaction
    cannot be read is left out: a loan is shown all the same."""
    if not isinstance(ledger, _Blocks):
        return {}
    blocks, turn = ledger, asyncio.Semaphore(_AT_ONCE)

    async def one(item: LoanHistoryItem) -> dict[tuple[str, str], tuple[str, ...]]:
        with suppress(FabricError):
            async with turn:
                caller = await blocks.caller_of(BANK, item.transaction_id)
            creator = creator_of(caller.msp_id, caller.certificate)
            person = person_of(creator)
            return {(person.msp_id, person.name): tuple(sorted(duty.value for duty in duties_of(creator)))}
        return {}

    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for each in await asyncio.gather(*map(one, reversed(history))):  # the newest step comes last, and stands
        found |= each
    return found
