"""`eximledger network`: thin commands that parse, call `Network` and print.

Exit code 2: the input is wrong (a file, a name). Exit code 1: the network could not be brought where it was to go, or
is not well. Exit code 3: it is well, and a certificate expires soon.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from hlf_client.errors import FabricError, InvalidDocument
from hlf_network._showing import print_status, report_document, status_document
from hlf_network.consortium import load_consortium, parse_consortium
from hlf_network.driver import Network, Report
from hlf_network.material.layout import write_public
from hlf_network.progress import Progress, Step

__all__ = ["network_group"]

FILE = "consortium.yaml"
BAD_INPUT, FAILED, WARNED = 2, 1, 3
_DEFAULT = "hlf_network.default_text"


class _Group(click.Group):
    """Commands whose errors are one sentence and an exit code, never a traceback."""

    default_text: Callable[[], str]
    """The consortium.yaml that holds where there is no file."""

    def invoke(self, ctx: click.Context) -> object:
        ctx.meta[_DEFAULT] = self.default_text
        try:
            return super().invoke(ctx)
        except FabricError as error:
            _fail(ctx, error)


def _fail(ctx: click.Context, error: FabricError) -> NoReturn:
    code = BAD_INPUT if isinstance(error, InvalidDocument) else FAILED
    if ctx.meta.get("json"):
        body = {"error": type(error).__name__, "message": error.message, "details": error.details}
        click.echo(json.dumps(body, ensure_ascii=False), err=True)
    else:
        click.echo(f"Error: {error}", err=True)
    ctx.exit(code)


class _Lines:
    """Progress for a pipe: one plain line for each step that is done."""

    def begin(self, title: str) -> None:
        pass

    def end(self, step: Step) -> None:
        click.echo(f"{step.title} {step.seconds:.2f}s", err=True)


class _Spinner:
    """Progress for a person: what is being done now, and a line for each step that is done."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._status = self._console.status("")

    def begin(self, title: str) -> None:
        self._status.update(title)
        self._status.start()

    def end(self, step: Step) -> None:
        self._status.stop()
        self._console.print(f"[green]✓[/green] {step.title} [dim]{step.seconds:.2f} s[/dim]", highlight=False)

    def close(self) -> None:
        self._status.stop()


class _Days(click.ParamType[int]):
    """`30` or `30d`."""

    name = "days"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).removesuffix("d")
        if not text.isdecimal():
            self.fail(f"{value!r} is no number of days: write 30 or 30d.", param, ctx)
        return int(text)


_file = click.option(
    "--file",
    "-f",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The consortium's file; ./{FILE} when it is there, else the default consortium.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def network_group(default_text: Callable[[], str]) -> click.Group:
    """The group `network`, to be put under a program's own command; `default_text` gives the consortium.yaml that holds
    where no file is named or found, and that `init` writes."""
    group = _Group("network", help="A Fabric network of the whole consortium in Docker, from one file.")
    group.default_text = default_text
    for command in _commands:
        group.add_command(command)
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
@_json
@click.option("--no-deploy", is_flag=True, help="Leave the chaincode out.")
@click.pass_context
def up(ctx: click.Context, file: Path | None, as_json: bool, no_deploy: bool) -> None:
    """Bring the network up, or mend what is missing of it."""
    _run(ctx, file, as_json, lambda one: one.up(deploy=not no_deploy))


@_command()
@_file
@_json
@click.option("--purge", is_flag=True, help="Remove ledgers, keys and built images too: nothing stays.")
@click.pass_context
def down(ctx: click.Context, file: Path | None, as_json: bool, purge: bool) -> None:
    """Remove the containers; ledgers and keys stay for the next `up`."""
    _run(ctx, file, as_json, lambda one: one.down(purge=purge))


@_command()
@_file
@_json
@click.pass_context
def stop(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Stop the containers, to go on later with `start`."""
    _run(ctx, file, as_json, Network.stop)


@_command()
@_file
@_json
@click.pass_context
def start(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Start what was stopped."""
    _run(ctx, file, as_json, Network.start)


@_command()
@_file
@_json
@click.pass_context
def deploy(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Upgrade the chaincode on every channel to what the file says, without a pause."""
    _run(ctx, file, as_json, Network.deploy)


@_command("add-org")
@click.argument("organization")
@_file
@_json
@click.pass_context
def add_org(ctx: click.Context, organization: str, file: Path | None, as_json: bool) -> None:
    """Bring ORGANIZATION, newly written into the file, into the running network and its channels."""
    _run(ctx, file, as_json, lambda one: one.add_organization(organization))


@_command()
@_file
@_json
@click.pass_context
def status(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Show every node with its health and its channels. Exit code 1 when something is not well, 3 when all is and a
    certificate expires within 30 days."""
    ctx.meta["json"] = as_json
    found = _open(file).status()
    if as_json:
        click.echo(json.dumps(status_document(found), ensure_ascii=False, indent=2))
    else:
        print_status(found)
    if not found.is_healthy:
        ctx.exit(FAILED)
    if found.warnings:
        ctx.exit(WARNED)


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
@_json
@click.pass_context
def render(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Write a compose.yaml that starts the same containers without this program."""
    ctx.meta["json"] = as_json
    path = _open(file).render()
    click.echo(json.dumps({"file": str(path)}) if as_json else str(path))


@_command()
@_file
@_json
@click.option("--renew", is_flag=True, help="Issue again what expires soon, and restart the nodes one by one.")
@click.option("--within", type=_Days(), default="30d", show_default=True, help="Soon: within so many days.")
@click.pass_context
def certs(ctx: click.Context, file: Path | None, as_json: bool, renew: bool, within: int) -> None:
    """List all certificates with their expiry, or renew those that expire soon."""
    ctx.meta["json"] = as_json
    with _telling(as_json) as listener, _orderly_end():
        one, now = _open(file, listener), datetime.now(UTC)
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
@_json
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


def _run(ctx: click.Context, file: Path | None, as_json: bool, action: Callable[[Network], Report]) -> None:
    ctx.meta["json"] = as_json
    with _telling(as_json) as listener, _orderly_end():
        report = action(_open(file, listener))
    if as_json:
        click.echo(json.dumps(report_document(report), ensure_ascii=False, indent=2))
        return
    for change in report.changes:
        click.echo(change)
    click.echo(f"{report.network}: {'done' if report.changes else 'nothing to do'} in {report.seconds:.1f} s.")


@contextmanager
def _telling(as_json: bool) -> Iterator[Progress | None]:
    """Who hears of the steps: a person, a pipe, or with JSON nobody."""
    if as_json or not Console(stderr=True).is_terminal:
        yield None if as_json else _Lines()
        return
    spinner = _Spinner()
    try:
        yield spinner
    finally:
        spinner.close()


@contextmanager
def _orderly_end() -> Iterator[None]:
    """SIGTERM unwinds as Ctrl-C does, so that an `up` that is cut off takes away what it has made."""

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
