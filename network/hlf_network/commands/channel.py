"""`eximledger channel`: channels founded, shown and joined."""

from __future__ import annotations

from pathlib import Path

import click

from hlf_network.commands._running import Group, json_option
from hlf_network.commands.founding import found, join, show_block

__all__ = ["channel_group"]


@click.group("channel", cls=Group)
def channel_group() -> None:
    """Channels of members on hosts of their own, by files that carry no secret."""


channel_group.add_command(found)
channel_group.add_command(join)


@channel_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_context
def show(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Say in words what FILE, a channel's first block, holds, and print its fingerprint."""
    ctx.meta["json"] = as_json
    show_block(file, as_json=as_json)
