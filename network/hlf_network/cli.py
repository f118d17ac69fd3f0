"""`eximledger network`: thin commands that parse, call `Network` and print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from hlf_client.errors import InvalidDocument
from hlf_network.commands._opening import DEFAULT, FILE, default_text, file_option, open_network
from hlf_network.commands._running import Group, json_option, run, show_status
from hlf_network.commands.years import years_commands
from hlf_network.driver import Network, Report
from hlf_network.material.layout import write_public

__all__ = ["network_group"]


class _Network(Group):
    """The group `network`, with the consortium.yaml that holds where there is no file."""

    default_text: Callable[[], str]

    def invoke(self, ctx: click.Context) -> object:
        ctx.meta[DEFAULT] = self.default_text
        return super().invoke(ctx)


def network_group(default_text: Callable[[], str]) -> click.Group:
    """The group `network`, to be put under a program's own command; `default_text` gives the consortium.yaml that holds
    where no file is named or found, and that `init` writes."""
    group = _Network("network", help="A Fabric network of the whole consortium in Docker, from one file.")
    group.default_text = default_text
    for command in (*_commands, *years_commands):
        group.add_command(command)
    return group


_commands: list[click.Command] = []


def _command(name: str | None = None) -> Callable[[Callable[..., None]], click.Command]:
    def register(function: Callable[..., None]) -> click.Command:
        _commands.append(click.command(name)(function))
        return _commands[-1]

    return register


@_command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.pass_context
def init(ctx: click.Context, folder: Path) -> None:
    """Write the default consortium.yaml, with comments, into FOLDER for you to edit."""
    target = folder / FILE
    if target.exists():
        raise InvalidDocument(f"{target} exists: move it away, or edit it.")
    write_public(target, default_text().encode())
    program = ctx.command_path.rpartition(" ")[0]
    click.echo(f"{target} written. Edit it, then: {program} up -f {target}")


@_command()
@file_option
@json_option
@click.option("--no-deploy", is_flag=True, help="Leave the chaincode out.")
@click.pass_context
def up(ctx: click.Context, file: Path | None, as_json: bool, no_deploy: bool) -> None:
    """Bring the network up, or mend what is missing of it."""
    _run(ctx, file, as_json, lambda one: one.up(deploy=not no_deploy))


@_command()
@file_option
@json_option
@click.option("--purge", is_flag=True, help="Remove ledgers, keys and built images too: nothing stays.")
@click.pass_context
def down(ctx: click.Context, file: Path | None, as_json: bool, purge: bool) -> None:
    """Remove the containers; ledgers and keys stay for the next `up`."""
    _run(ctx, file, as_json, lambda one: one.down(purge=purge))


@_command()
@file_option
@json_option
@click.pass_context
def stop(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Stop the containers, to go on later with `start`."""
    _run(ctx, file, as_json, Network.stop)


@_command()
@file_option
@json_option
@click.pass_context
def start(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Start what was stopped."""
    _run(ctx, file, as_json, Network.start)


@_command()
@file_option
@json_option
@click.pass_context
def deploy(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Upgrade the chaincode on every channel to what the file says, without a pause."""
    _run(ctx, file, as_json, Network.deploy)


@_command("add-org")
@click.argument("organization")
@file_option
@json_option
@click.pass_context
def add_org(ctx: click.Context, organization: str, file: Path | None, as_json: bool) -> None:
    """Bring ORGANIZATION, newly written into the file, into the running network and its channels."""
    _run(ctx, file, as_json, lambda one: one.add_organization(organization))


@_command()
@file_option
@json_option
@click.pass_context
def status(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Show every node with its health and its channels. Exit code 1 when something is not well."""
    ctx.meta["json"] = as_json
    show_status(ctx, open_network(file).status(), as_json)


@_command()
@click.argument("node")
@file_option
@click.option("--tail", type=click.IntRange(min=1), help="Only the last so many lines.")
@click.option("--follow", is_flag=True, help="Go on until the node ends.")
def logs(node: str, file: Path | None, tail: int | None, follow: bool) -> None:
    """Print the log of NODE, such as peer0.eximbank."""
    out = sys.stdout.buffer
    for chunk in open_network(file).logs(node, tail=tail, follow=follow):
        out.write(chunk)
        out.flush()


@_command()
@file_option
@json_option
@click.pass_context
def render(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Write a compose.yaml that starts the same containers without this program."""
    ctx.meta["json"] = as_json
    path = open_network(file).render()
    click.echo(json.dumps({"file": str(path)}) if as_json else str(path))


@_command()
@click.argument("holder", metavar="ORGANIZATION/NAME")
@file_option
@json_option
@click.option("--reissue", is_flag=True, help="Give that one another certificate, for another key, at once.")
@click.pass_context
def revoke(ctx: click.Context, holder: str, file: Path | None, as_json: bool, reissue: bool) -> None:
    """Declare a user's or a peer's certificate void: eximbank/maker, eximbank/admin, eximbank/peer0."""
    organization, slash, name = holder.partition("/")
    if not slash:
        raise InvalidDocument(f"{holder!r} names nobody: write ORGANIZATION/NAME, such as eximbank/maker.")
    _run(ctx, file, as_json, lambda one: one.revoke(organization, name, reissue=reissue))


def _run(ctx: click.Context, file: Path | None, as_json: bool, action: Callable[[Network], Report]) -> None:
    run(ctx, as_json, lambda progress: action(open_network(file, progress)))
