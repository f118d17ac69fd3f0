"""What all commands share: errors as one sentence and an exit code, progress, and how reports and states are printed.

Exit code 2: the input is wrong (a file, a name). Exit code 1: the network could not be brought where it was to go, or
is not well. Exit code 3: it is well, and a certificate expires soon or a node is not in a channel of its member's.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NoReturn

import click
from rich.console import Console
from rich.table import Table

from hlf_client.errors import FabricError, InvalidDocument
from hlf_network.driver import Report
from hlf_network.progress import Progress, Step
from hlf_network.status import NetworkStatus

__all__ = ["FAILED", "Group", "json_option", "run", "show_status", "telling"]

BAD_INPUT, FAILED, WARNED = 2, 1, 3
UNKNOWN = "unknown"
PIPE_WIDTH = 160
"""Columns where nobody looks: a name cut short is of no use to a program."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class Group(click.Group):
    """Commands whose errors are one sentence and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
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


def run(ctx: click.Context, as_json: bool, action: Callable[[Progress | None], Report]) -> None:
    """Do what reports what it did, and print that; steps are shown as they end."""
    ctx.meta["json"] = as_json
    with telling(as_json) as listener:
        report = action(listener)
    if as_json:
        click.echo(json.dumps(_report_document(report), ensure_ascii=False, indent=2))
        return
    for change in report.changes:
        click.echo(change)
    click.echo(f"{report.network}: {'done' if report.changes else 'nothing to do'} in {report.seconds:.1f} s.")


@contextmanager
def telling(as_json: bool) -> Iterator[Progress | None]:
    """Who hears of the steps: a person, a pipe, or with JSON nobody. Ctrl-C and SIGTERM end what runs alike."""
    spinner = _Spinner() if Console(stderr=True).is_terminal and not as_json else None
    try:
        with _orderly_end():
            yield None if as_json else spinner or _Lines()
    finally:
        if spinner:
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


def _report_document(report: Report) -> Mapping[str, object]:
    return {
        "network": report.network,
        "folder": str(report.folder),
        "seconds": round(report.seconds, 3),
        "steps": [{"title": step.title, "seconds": round(step.seconds, 3)} for step in report.steps],
        "changes": list(report.changes),
    }


def show_status(ctx: click.Context, found: NetworkStatus, as_json: bool) -> None:
    """Print a state; exit code 1 when something is not well, 3 when all is and there is something to see to."""
    if as_json:
        click.echo(json.dumps(_status_document(found), ensure_ascii=False, indent=2))
    else:
        _print_status(found)
    if not found.is_healthy:
        ctx.exit(FAILED)
    if found.warnings:
        ctx.exit(WARNED)


def _status_document(status: NetworkStatus) -> Mapping[str, object]:
    return {
        "network": status.name,
        "fabric": status.fabric,
        "consensus": status.consensus,
        "healthy": status.is_healthy,
        "nodes": [
            {
                "name": node.name,
                "kind": node.kind,
                "organization": node.organization,
                "state": node.state,
                "healthy": node.healthy,
                "address": node.address,
                "heights": node.heights,
            }
            for node in status.nodes
        ],
        "channels": [
            {
                "name": channel.name,
                "members": None if channel.members is None else list(channel.members),
                "chaincode_version": channel.chaincode_version,
                "sequence": channel.sequence,
                "approvals": list(channel.approvals),
            }
            for channel in status.channels
        ],
        "warnings": list(status.warnings),
    }


def _print_status(status: NetworkStatus) -> None:
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    nodes = _table(
        f"{status.name}: Fabric {status.fabric}, {status.consensus}", ["node", "state", "well", "address", "blocks"]
    )
    for node in status.nodes:
        heights = ", ".join(f"{name} {height}" for name, height in node.heights.items())
        nodes.add_row(
            node.name.removeprefix(f"{status.name}-"),
            node.state,
            "yes" if node.healthy else "no",
            node.address,
            heights,
        )
    console.print(nodes)
    channels = _table("", ["channel", "members", "chaincode", "sequence", "approved by"])
    for channel in status.channels:
        if channel.members is None:
            channels.add_row(channel.name, *[UNKNOWN] * 4)
            continue
        version, sequence = channel.chaincode_version or "none", str(channel.sequence or "")
        channels.add_row(channel.name, ", ".join(channel.members), version, sequence, ", ".join(channel.approvals))
    console.print(channels)
    for warning in status.warnings:
        click.echo(f"Warning: {warning}", err=True)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
