"""`eximledger channel found | show | join`: a channel's first block, from public files alone."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hlf_client.errors import InvalidDocument
from hlf_network.cards import read_cards
from hlf_network.commands._running import json_option, run
from hlf_network.commands.member import member_file, open_member
from hlf_network.consortium import load_channel_file
from hlf_network.hosts import describe_channel, fingerprint, read_block
from hlf_network.hosts import found as found_block
from hlf_network.hosts.genesis import BlockRefused
from hlf_network.material.layout import write_public

__all__ = ["found", "join", "show_block"]

_channel_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_cards = click.option(
    "--cards",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="A folder with the members' cards (*.card.json).",
)


@click.command()
@click.argument("channel_file", type=_channel_file)
@_cards
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The block; beside the file, else.")
@json_option
@click.pass_context
def found(ctx: click.Context, channel_file: Path, cards: Path, out: Path | None, as_json: bool) -> None:
    """Make the first block of a channel from its file and its members' cards. Whoever makes it, it is the same."""
    ctx.meta["json"] = as_json
    block = found_block(load_channel_file(channel_file), read_cards(cards))
    path = out or channel_file.with_suffix(".block")
    write_public(path, block.SerializeToString(deterministic=True))
    if as_json:
        click.echo(json.dumps({"file": str(path), "fingerprint": fingerprint(block)}))
    else:
        click.echo(f"{path} written: {fingerprint(block)}")


def show_block(path: Path, *, as_json: bool) -> None:
    """Print the fingerprint of a channel's first block, and in words what it holds."""
    try:
        block = read_block(path)
    except BlockRefused as error:
        raise InvalidDocument(f"{path} is neither a channel's first block nor a proposal.", file=str(path)) from error
    lines = describe_channel(block)
    if as_json:
        click.echo(json.dumps({"fingerprint": fingerprint(block), "words": list(lines)}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines))


@click.command()
@click.argument("block", type=_channel_file)
@click.argument("channel_file", type=_channel_file)
@_cards
@click.option("--fingerprint", "expected", required=True, help="As the members have compared it by another way.")
@member_file
@json_option
@click.pass_context
def join(
    ctx: click.Context, block: Path, channel_file: Path, cards: Path, expected: str, file: Path, as_json: bool
) -> None:
    """Join a channel with this member's orderers and peers, if BLOCK is what CHANNEL_FILE and the cards make."""

    run(
        ctx,
        as_json,
        lambda progress: open_member(file, progress).join(block, fingerprint=expected, file=channel_file, cards=cards),
    )
