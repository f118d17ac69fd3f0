"""The kinds of streams that a ledger offers, and what their events have in common: a block each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, TypeAlias, cast

from tests.fabric.gateway.network import ANY

from hlf_client import BlockEvent, ChaincodeEvent, Checkpoint
from hlf_client.gateway import FilteredBlockEvent, GatewayLedger, PrivateDataEvent

__all__ = ["BLOCK_KINDS", "KINDS", "Event", "listen", "next_block", "number", "transactions"]

Event: TypeAlias = BlockEvent | ChaincodeEvent | FilteredBlockEvent | PrivateDataEvent

BLOCK_KINDS: Final = ("block_events", "filtered_block_events", "private_data_events")
KINDS: Final = ("chaincode_events", *BLOCK_KINDS)


def listen(
    ledger: GatewayLedger, kind: str, *, start: int | None = None, after: Checkpoint | None = None
) -> AsyncIterator[Event]:
    """A stream of a kind, by the name of the ledger's method."""
    return cast("AsyncIterator[Event]", getattr(ledger, kind)(ANY, start=start, after=after))


async def next_block(ledger: GatewayLedger) -> int:
    """The number of the block after all that was submitted until now, wherever it was."""
    return (await ledger.submit(ANY, "public:put", "mark", "1")).block_number + 1


def number(event: Event) -> int:
    """The number of an event's block."""
    match event:
        case ChaincodeEvent():
            return event.block_number
        case PrivateDataEvent():
            return event.block.number
        case _:
            return event.number


def transactions(event: Event) -> list[str]:
    """The ids of the valid transactions that an event tells of."""
    if isinstance(event, ChaincodeEvent):
        return [event.transaction_id]
    block = event.block if isinstance(event, PrivateDataEvent) else event
    return [each.transaction_id for each in block.transactions if each.code == "VALID"]
