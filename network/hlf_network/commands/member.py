"""`eximledger member`: one member's nodes on its own host, from its member.yaml."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hlf_network.commands._opening import OPENER
from hlf_network.commands._running import Group, json_option, run, show_status
from hlf_network.commands.years import bundle, certs, monitoring, snapshot
from hlf_network.driver import Network
from hlf_network.hosts import Member
from hlf_network.keeping import Keeping
from hlf_network.material.layout import write_public
from hlf_network.progress import Progress

__all__ = ["FILE", "member_file", "member_group", "open_member"]

FILE = "member.yaml"

member_file = click.option(
    "--file",
    "-f",
    type=click.Path(dir_okay=False, path_type=Path),
    default=FILE,
    show_default=True,
    help="The member's file.",
)


def open_member(file: Path, progress: Progress | None = None) -> Member:
    return Member.load(file, progress=progress)


class _Member(Group):
    """The group `member`: what it shares with `network` finds its nodes by member.yaml."""

    def invoke(self, ctx: click.Context) -> object:
        def opener(file: Path | None, progress: Progress | None) -> Network:
            return open_member(file or Path(FILE), progress).network

        ctx.meta[OPENER] = opener
        return super().invoke(ctx)


@click.group("member", cls=_Member)
def member_group() -> None:
    """One member of a consortium on its own host: its keys, its nodes, its card for the others."""


for _shared in (certs, monitoring, bundle, snapshot):
    member_group.add_command(_shared)


@member_group.command()
@member_file
@json_option
@click.pass_context
def create(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Make the member's authorities, keys and ports, and write its public card. Needs no Docker."""
    run(ctx, as_json, lambda progress: open_member(file, progress).create())


@member_group.command()
@member_file
@json_option
@click.option("--out", "-o", type=click.Path(path_type=Path), help="A file, or a folder that members share.")
@click.option(
    "--take",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take newer cards, and those of members to come, from here.",
)
@click.pass_context
def card(ctx: click.Context, file: Path, as_json: bool, out: Path | None, take: Path | None) -> None:
    """Write the member's card, signed by its administrator, and print the fingerprint for others to compare."""
    ctx.meta["json"] = as_json
    one = open_member(file)
    taken = one.take(take) if take else ()
    signed = one.card()
    if out is not None:
        name = f"{signed.card.name}.card.json"
        write_public(out / name if out.is_dir() else out, signed.to_bytes())
    if as_json:
        document = {
            "card": signed.model_dump(mode="json"),
            "fingerprint": signed.card.fingerprint,
            "taken": {one.name: one.fingerprint for one in taken},
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for one_taken in taken:
        click.echo(f"card of {one_taken.name} ({one_taken.msp}) taken: {one_taken.fingerprint}")
    click.echo(f"{signed.card.name} ({signed.card.msp}) at {signed.card.reached_at}: {signed.card.fingerprint}")


@member_group.command()
@member_file
@json_option
@click.pass_context
def up(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Run the member's nodes in the channels that it has joined, or mend what is missing of them."""
    run(ctx, as_json, lambda progress: open_member(file, progress).up())


@member_group.command()
@member_file
@json_option
@click.option("--purge", is_flag=True, help="Remove ledgers, keys and built images too: nothing stays.")
@click.pass_context
def down(ctx: click.Context, file: Path, as_json: bool, purge: bool) -> None:
    """Remove the member's containers; ledgers and keys stay for the next `up`."""
    run(ctx, as_json, lambda progress: open_member(file, progress).down(purge=purge))


@member_group.command()
@member_file
@json_option
@click.pass_context
def status(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Show the member's nodes with their health and channels. Exit code 1 when something is not well."""
    ctx.meta["json"] = as_json
    show_status(ctx, open_member(file).status(), as_json)


@member_group.command()
@member_file
@json_option
@click.argument("channel_files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def deploy(ctx: click.Context, file: Path, as_json: bool, channel_files: tuple[Path, ...]) -> None:
    """Install and approve the chaincode for this member, and commit where enough have approved.

    CHANNEL_FILES are newer files of joined channels, as an upgrade needs them; every member is given the same.
    """
    run(ctx, as_json, lambda progress: open_member(file, progress).deploy(channel_files))


@member_group.command()
@member_file
@click.argument("node")
@click.option("--tail", type=click.IntRange(min=1), help="Only the last so many lines.")
def logs(file: Path, node: str, tail: int | None) -> None:
    """Print the log of NODE, such as peer0.eximbank."""
    for chunk in open_member(file).network.logs(node, tail=tail):
        click.echo(chunk, nl=False)


@member_group.command()
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@member_file
@json_option
@click.pass_context
def backup(ctx: click.Context, target: Path, file: Path, as_json: bool) -> None:
    """Save this member's keys, certificates, channels and peers' disks to FILE. Each peer stops meanwhile."""
    run(ctx, as_json, lambda progress: _keeping(file, progress).backup(open_member(file).file.member.name, target))


@member_group.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@member_file
@json_option
@click.pass_context
def restore(ctx: click.Context, source: Path, file: Path, as_json: bool) -> None:
    """Put back from FILE what this host has lost, and keep what it has; `up` then starts it."""
    run(ctx, as_json, lambda progress: _keeping(file, progress).restore(open_member(file).file.member.name, source))


def _keeping(file: Path, progress: Progress | None) -> Keeping:
    return Keeping(open_member(file, progress).network)
