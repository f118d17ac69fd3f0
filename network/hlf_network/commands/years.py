"""Commands for a network's years: certificates, monitoring, a bundle of logs, backups, snapshots."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from hlf_network.backup import Snapshot
from hlf_network.commands._opening import file_option, open_network
from hlf_network.commands._running import json_option, run, telling
from hlf_network.keeping import Keeping
from hlf_network.material.crypto import CertificateFile
from hlf_network.material.layout import write_public
from hlf_network.monitoring import certificate_metrics

__all__ = ["bundle", "certs", "monitoring", "snapshot", "years_commands"]

_new_file = click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
_old_file = click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))


class _Days(click.ParamType[int]):
    """`30` or `30d`."""

    name = "days"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).removesuffix("d")
        if not text.isdecimal():
            self.fail(f"{value!r} is no number of days: write 30 or 30d.", param, ctx)
        return int(text)


@click.command()
@file_option
@json_option
@click.option("--renew", is_flag=True, help="Issue again what expires soon, and restart the nodes one by one.")
@click.option("--within", type=_Days(), default="30d", show_default=True, help="Soon: within so many days.")
@click.option("--metrics", type=click.Path(dir_okay=False, path_type=Path), help="Write Prometheus' text there, too.")
@click.pass_context
def certs(ctx: click.Context, file: Path | None, as_json: bool, renew: bool, within: int, metrics: Path | None) -> None:
    """List all certificates with their expiry, or renew those that expire soon. Finishes what was cut off."""
    ctx.meta["json"] = as_json
    with telling(as_json) as listener:
        one = open_network(file, listener)
        renewed = one.renew_certificates(within_days=within) if renew else ()
        found = one.certificates()
    if metrics:
        write_public(metrics, certificate_metrics(one.consortium.name, found).encode())
    if as_json:
        rows = [_row(entry) for entry in found]
        click.echo(json.dumps({"certificates": rows, "renewed": [str(path) for path in renewed]}, indent=2))
        return
    for path in renewed:
        click.echo(f"renewed {path}")
    for entry in found:
        kind = "CA  " if entry.is_authority else "leaf"
        click.echo(f"{entry.not_after:%Y-%m-%d}  {entry.days_left():>5} days  {kind}  {entry.path}")


def _row(entry: CertificateFile) -> Mapping[str, object]:
    return {
        "organization": entry.organization,
        "file": str(entry.path),
        "subject": entry.subject,
        "expires": entry.not_after.isoformat(),
        "days_left": entry.days_left(datetime.now(UTC)),
    }


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@file_option
@json_option
@click.pass_context
def monitoring(ctx: click.Context, folder: Path, file: Path | None, as_json: bool) -> None:
    """Write into FOLDER what Prometheus starts from, its alert rules, and Grafana's dashboard."""
    ctx.meta["json"] = as_json
    written = [str(path) for path in Keeping(open_network(file)).monitoring(folder)]
    click.echo(json.dumps({"files": written}) if as_json else "\n".join(written))


@click.command()
@_new_file
@file_option
@json_option
@click.option("--lines", type=click.IntRange(min=1), default=5000, show_default=True, help="Of each log, the last.")
@click.pass_context
def bundle(ctx: click.Context, target: Path, file: Path | None, as_json: bool, lines: int) -> None:
    """Collect logs, state and settings of all nodes into one tar.gz, without secrets, for whoever is asked for help."""
    run(ctx, as_json, lambda progress: Keeping(open_network(file, progress)).bundle(target, lines=lines))


@click.command()
@click.argument("organization")
@_new_file
@file_option
@json_option
@click.pass_context
def backup(ctx: click.Context, organization: str, target: Path, file: Path | None, as_json: bool) -> None:
    """Save ORGANIZATION's keys, certificates and peers' disks to FILE. Each peer is stopped while it is copied."""
    run(ctx, as_json, lambda progress: Keeping(open_network(file, progress)).backup(organization, target))


@click.command()
@click.argument("organization")
@_old_file
@file_option
@json_option
@click.pass_context
def restore(ctx: click.Context, organization: str, source: Path, file: Path | None, as_json: bool) -> None:
    """Put back from FILE what ORGANIZATION has lost, and keep what it has; `up` then starts it."""
    run(ctx, as_json, lambda progress: Keeping(open_network(file, progress)).restore(organization, source))


@click.group()
def snapshot() -> None:
    """What a channel holds as of a block: taken, listed, fetched and joined from, peer by peer (peer0.eximbank)."""


@snapshot.command()
@click.argument("node")
@click.argument("channel")
@click.option("--block", type=click.IntRange(min=0), default=0, help="As of this later block; else of the newest.")
@file_option
@json_option
@click.pass_context
def take(ctx: click.Context, node: str, channel: str, block: int, file: Path | None, as_json: bool) -> None:
    """Have NODE write a snapshot of CHANNEL."""
    ctx.meta["json"] = as_json
    _show([Keeping(open_network(file)).take_snapshot(node, channel, block=block)], as_json=as_json)


@snapshot.command("list")
@click.argument("node")
@file_option
@json_option
@click.pass_context
def list_(ctx: click.Context, node: str, file: Path | None, as_json: bool) -> None:
    """List the snapshots that NODE has, and those that it was asked for."""
    ctx.meta["json"] = as_json
    _show(Keeping(open_network(file)).snapshots(node), as_json=as_json)


@snapshot.command("fetch")
@click.argument("node")
@click.argument("channel")
@click.argument("block", type=click.IntRange(min=0))
@_new_file
@file_option
@json_option
@click.pass_context
def fetch(
    ctx: click.Context, node: str, channel: str, block: int, target: Path, file: Path | None, as_json: bool
) -> None:
    """Write NODE's snapshot of CHANNEL at BLOCK to FILE, for another peer to join from."""
    keeping = Keeping(open_network(file))
    run(ctx, as_json, lambda _: keeping.fetch_snapshot(node, Snapshot(channel, block), target))


@snapshot.command("join")
@click.argument("node")
@_old_file
@file_option
@json_option
@click.pass_context
def join(ctx: click.Context, node: str, source: Path, file: Path | None, as_json: bool) -> None:
    """Start NODE and have it join the channel of the snapshot in FILE; `up` then does the rest."""
    run(ctx, as_json, lambda progress: Keeping(open_network(file, progress)).join_snapshot(node, source))


def _show(found: Sequence[Snapshot], *, as_json: bool) -> None:
    if as_json:
        rows = [{"channel": one.channel, "block": one.block, "pending": one.is_pending} for one in found]
        click.echo(json.dumps({"snapshots": rows}, indent=2))
        return
    for one in found:
        click.echo(f"{one.channel} {one.block}{' (asked for)' if one.is_pending else ''}")


years_commands: tuple[click.Command, ...] = (certs, monitoring, bundle, backup, restore, snapshot)
