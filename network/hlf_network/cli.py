"""`eximledger network`: thin commands that parse, call `Network` and print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from hlf_client.errors import InvalidDocument
from hlf_network.commands._running import Group, json_option, run, show_status
from hlf_network.commands.proposing import channel_group
from hlf_network.consortium import load_consortium, parse_consortium
from hlf_network.driver import Network, Report
from hlf_network.material.layout import write_public
from hlf_network.progress import Progress
from hlf_network.proposals.at_network import NetworkSeat

__all__ = ["network_group"]

FILE = "consortium.yaml"
_DEFAULT = "hlf_network.default_text"


class _Network(Group):
    """The group `network`, with the consortium.yaml that holds where there is no file."""

    default_text: Callable[[], str]

    def invoke(self, ctx: click.Context) -> object:
        ctx.meta[_DEFAULT] = self.default_text
        return super().invoke(ctx)


_file = click.option(
    "--file",
    "-f",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The consortium's file; ./{FILE} when it is there, else the default consortium.",
)


def network_group(default_text: Callable[[], str]) -> click.Group:
    """The group `network`, to be put under a program's own command; `default_text` gives the consortium.yaml that holds
    where no file is named or found, and that `init` writes."""
    group = _Network("network", help="A Fabric network of the whole consortium in Docker, from one file.")
    group.default_text = default_text
    for command in _commands:
        group.add_command(command)
    group.add_command(channel_group(_seat))
    return group


_commands: list[click.Command] = []


def _command(name: str | None = None) -> Callable[[Callable[..., None]], click.Command]:
    def register(function: Callable[..., None]) -> click.Command:
        _commands.append(click.command(name)(function))
        return _commands[-1]

    return register


def _default_text() -> str:
    text: str = click.get_current_context().meta[_DEFAULT]()
    return text


@_command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.pass_context
def init(ctx: click.Context, folder: Path) -> None:
    """Write the default consortium.yaml, with comments, into FOLDER for you to edit."""
    target = folder / FILE
    if target.exists():
        raise InvalidDocument(f"{target} exists: move it away, or edit it.")
    write_public(target, _default_text().encode())
    program = ctx.command_path.rpartition(" ")[0]
    click.echo(f"{target} written. Edit it, then: {program} up -f {target}")


@_command()
@_file
@json_option
@click.option("--no-deploy", is_flag=True, help="Leave the chaincode out.")
@click.pass_context
def up(ctx: click.Context, file: Path | None, as_json: bool, no_deploy: bool) -> None:
    """Bring the network up, or mend what is missing of it."""
    _run(ctx, file, as_json, lambda one: one.up(deploy=not no_deploy))


@_command()
@_file
@json_option
@click.option("--purge", is_flag=True, help="Remove ledgers, keys and built images too: nothing stays.")
@click.pass_context
def down(ctx: click.Context, file: Path | None, as_json: bool, purge: bool) -> None:
    """Remove the containers; ledgers and keys stay for the next `up`."""
    _run(ctx, file, as_json, lambda one: one.down(purge=purge))


@_command()
@_file
@json_option
@click.pass_context
def stop(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Stop the containers, to go on later with `start`."""
    _run(ctx, file, as_json, Network.stop)


@_command()
@_file
@json_option
@click.pass_context
def start(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Start what was stopped."""
    _run(ctx, file, as_json, Network.start)


@_command()
@_file
@json_option
@click.pass_context
def deploy(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Upgrade the chaincode on every channel to what the file says, without a pause."""
    _run(ctx, file, as_json, Network.deploy)


@_command("add-org")
@click.argument("organization")
@_file
@json_option
@click.pass_context
def add_org(ctx: click.Context, organization: str, file: Path | None, as_json: bool) -> None:
    """Bring ORGANIZATION, newly written into the file, into the running network and its channels."""
    _run(ctx, file, as_json, lambda one: one.add_organization(organization))


@_command()
@_file
@json_option
@click.pass_context
def status(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Show every node with its health and its channels. Exit code 1 when something is not well."""
    ctx.meta["json"] = as_json
    show_status(ctx, _open(file).status(), as_json)


@_command()
@click.argument("node")
@_file
@click.option("--tail", type=click.IntRange(min=1), help="Only the last so many lines.")
@click.option("--follow", is_flag=True, help="Go on until the node ends.")
def logs(node: str, file: Path | None, tail: int | None, follow: bool) -> None:
    """Print the log of NODE, such as peer0.eximbank."""
    out = sys.stdout.buffer
    for chunk in _open(file).logs(node, tail=tail, follow=follow):
        out.write(chunk)
        out.flush()


@_command()
@_file
@json_option
@click.pass_context
def render(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Write a compose.yaml that starts the same containers without this program."""
    ctx.meta["json"] = as_json
    path = _open(file).render()
    click.echo(json.dumps({"file": str(path)}) if as_json else str(path))


@_command()
@_file
@json_option
@click.option("--renew", is_flag=True, help="Issue again what expires soon, and restart the nodes one by one.")
@click.option("--within", type=click.IntRange(min=0), default=30, show_default=True, help="Soon: within so many days.")
@click.pass_context
def certs(ctx: click.Context, file: Path | None, as_json: bool, renew: bool, within: int) -> None:
    """List all certificates with their expiry, or renew those that expire soon."""
    ctx.meta["json"] = as_json
    one, now = _open(file), datetime.now(UTC)
    renewed = one.renew_certificates(within_days=within) if renew else ()
    found = one.certificates()
    if as_json:
        rows = [
            {
                "organization": entry.organization,
                "file": str(entry.path),
                "subject": entry.subject,
                "expires": entry.not_after.isoformat(),
                "days_left": entry.days_left(now),
            }
            for entry in found
        ]
        click.echo(json.dumps({"certificates": rows, "renewed": [str(path) for path in renewed]}, indent=2))
        return
    for path in renewed:
        click.echo(f"renewed {path}")
    for entry in found:
        kind = "CA  " if entry.is_authority else "leaf"
        click.echo(f"{entry.not_after:%Y-%m-%d}  {entry.days_left(now):>5} days  {kind}  {entry.path}")


@_command()
@click.argument("holder", metavar="ORGANIZATION/NAME")
@_file
@json_option
@click.option("--reissue", is_flag=True, help="Give that one another certificate, for another key, at once.")
@click.pass_context
def revoke(ctx: click.Context, holder: str, file: Path | None, as_json: bool, reissue: bool) -> None:
    """Declare a user's or a peer's certificate void: eximbank/maker, eximbank/admin, eximbank/peer0."""
    organization, slash, name = holder.partition("/")
    if not slash:
        raise InvalidDocument(f"{holder!r} names nobody: write ORGANIZATION/NAME, such as eximbank/maker.")
    _run(ctx, file, as_json, lambda one: one.revoke(organization, name, reissue=reissue))


def _open(file: Path | None, progress: Progress | None = None) -> Network:
    """The network of a file, of ./consortium.yaml, or the default one beside the present directory."""
    if file is None and Path(FILE).is_file():
        file = Path(FILE)
    consortium = load_consortium(file) if file else parse_consortium(_default_text(), source=f"the default {FILE}")
    return Network(consortium, progress=progress)


@contextmanager
def _seat(file: Path | None, organization: str) -> Iterator[NetworkSeat]:
    with _open(file).seat(organization) as seat:
        yield seat


def _run(ctx: click.Context, file: Path | None, as_json: bool, action: Callable[[Network], Report]) -> None:
    run(ctx, as_json, lambda progress: action(_open(file, progress)))
