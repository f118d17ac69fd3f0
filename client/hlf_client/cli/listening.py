"""`hlf events`: a chaincode's events or a channel's blocks, one on a line, as they come."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, cast

import click

from hlf_client.cli._output import result_json
from hlf_client.cli._session import Session, SessionCommand
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import BlockEvent, ChaincodeEvent, Ledger

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

__all__ = ["events"]


@click.command(cls=SessionCommand)
@click.option("--chaincode", "-c", envvar="HLF_CHAINCODE", show_envvar=True, metavar="NAME", help="Whose events.")
@click.option("--blocks", is_flag=True, help="The channel's blocks instead: transactions and their fate.")
@click.option("--start", type=click.IntRange(0), metavar="BLOCK", help="From this block on; else what comes from now.")
@click.option("--count", type=click.IntRange(1), help="End after so many.")
@click.argument("channel")
@click.pass_obj
def events(
    session: Session, chaincode: str | None, blocks: bool, start: int | None, count: int | None, channel: str
) -> None:
    """Follow a channel until it is interrupted; with --json a JSON document on each line."""
    if not chaincode and not blocks:
        raise InvalidDocument("whose events? Name --chaincode, or --blocks", field="chaincode", reason="is missing")

    async def follow(ledger: Ledger) -> None:
        found = ledger.block_events(channel, start=start) if blocks else ledger.chaincode_events(channel, start=start)
        told = 0
        async with aclosing(cast("AsyncGenerator[BlockEvent | ChaincodeEvent]", found)) as stream:
            async for each in stream:
                _tell(session, each)
                told += 1
                if told == count:
                    return

    session.on_ledger(chaincode or "", follow)


def _tell(session: Session, event: BlockEvent | ChaincodeEvent) -> None:
    if isinstance(event, ChaincodeEvent):
        told = {
            "block_number": event.block_number,
            "transaction_id": event.transaction_id,
            "name": event.name,
            "payload": result_json(event.payload),
        }
        text = event.payload.decode(errors="backslashreplace")
        session.output.event(told, f"{event.block_number}  {event.transaction_id}  {event.name}  {text}")
        return
    transactions = [
        {
            "transaction_id": each.transaction_id,
            "code": each.code,
            "creator_msp": each.creator_msp,
            "timestamp": each.timestamp.isoformat(),
        }
        for each in event.transactions
    ]
    block = {
        "number": event.number,
        "hash": event.hash,
        "previous_hash": event.previous_hash,
        "transactions": transactions,
    }
    fates = ", ".join(f"{each.transaction_id[:16] or 'configuration'} {each.code}" for each in event.transactions)
    session.output.event(block, f"{event.number}  {event.hash[:16]}  {fates}")
