"""`hlf block`, `hlf config`: a block or a configuration, all of it, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from hlf_client.cli._session import Session, SessionCommand
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Ledger
from hlf_client.wire.plain import block_json, config_json

if TYPE_CHECKING:
    from hlf_client.gateway import GatewayLedger

__all__ = ["block", "config"]

_out = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the block itself (protobuf)."
)


@click.command(cls=SessionCommand)
@_out
@click.argument("channel")
@click.argument("which", default="newest", metavar="[NUMBER|TRANSACTION|newest]")
@click.pass_obj
def block(session: Session, out: Path | None, channel: str, which: str) -> None:
    """Print a block: arguments, read and write sets, events, endorsers, configuration."""
    session.profile()  # only peers store Fabric's blocks

    async def read(ledger: Ledger) -> bytes:
        gateway = cast("GatewayLedger", ledger)
        if which == "newest":
            return await gateway.stored_block(channel, (await gateway.channel_info(channel)).height - 1)
        return await gateway.stored_block(channel, int(which) if which.isdecimal() and len(which) < 20 else which)

    _give(session, out, session.on_ledger("qscc", read))


@click.command(cls=SessionCommand)
@_out
@click.argument("channel")
@click.pass_obj
def config(session: Session, out: Path | None, channel: str) -> None:
    """Print a channel's configuration: members, orderers, values and policies."""
    session.profile()

    async def read(ledger: Ledger) -> bytes:
        return await ledger.evaluate(channel, "GetConfigBlock", channel)

    stored = session.on_ledger("cscc", read)
    if out is not None:
        out.write_bytes(stored)
    session.output.document(config_json(stored))


def _give(session: Session, out: Path | None, stored: bytes) -> None:
    if not stored:
        raise InvalidDocument("the peer gave an empty block", field="block", reason="is empty")
    if out is not None:
        out.write_bytes(stored)
    session.output.document(block_json(stored))
