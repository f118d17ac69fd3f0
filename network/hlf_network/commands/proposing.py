"""`channel propose | show | sign | submit`: what a channel holds, and changes of it as files between members."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from hlf_client.errors import InvalidDocument
from hlf_network.commands._seats import MemberSeat, seat_of, seat_options
from hlf_network.commands.changes import CHANGES, Asked
from hlf_network.commands.founding import show_block
from hlf_network.commands.telling import document_of, lines_of, lines_of_changes
from hlf_network.proposals import Proposal, propose, review, sign, submit
from hlf_network.proposals.differences import described
from hlf_network.proposals.proposal import fingerprint

__all__ = ["proposing", "show", "sign_", "submit_"]

_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_files = click.argument(
    "files",
    nargs=-1,
    required=True,
    type=_PATH,
    metavar="PROPOSAL...",
)


def proposing() -> click.Group:
    group = click.Group("propose", help="Write a change of a channel into a file, for others to show and sign.")
    for name, change in CHANGES.items():
        options = [
            click.Option(["--channel"], required=True, metavar="CHANNEL", help="Which channel."),
            click.Option(["--out", "-o"], type=_OUT, help="The file to write."),
            click.Option(["--comment"], default="", help="A sentence for the others; nothing checks it."),
        ]
        command = click.Command(name, params=[*change.params(), *options], help=change.help)
        command.callback = _propose(change.read)
        group.add_command(seat_options(command))
    return group


def _propose(read: Asked) -> Callable[..., None]:
    @click.pass_context
    def act(
        ctx: click.Context,
        /,
        actor: str | None,
        file: Path | None,
        channel: str,
        out: Path | None,
        comment: str,
        as_json: bool,
        **given: object,
    ) -> None:
        with seat_of(ctx, file, actor, as_json=as_json) as seat:
            proposal = propose(seat, channel, read(seat, channel, given), comment=comment)
            path = out or Path(f"{channel}-{proposal.basis.sequence}.proposal")
            if path.exists():
                raise InvalidDocument(f"{path} exists: name another file with --out.")
            path.write_bytes(proposal.to_bytes())
            _tell(seat, proposal, as_json=as_json)
        click.echo(f"{path} written: sign it, and send it to those who have to sign.", err=True)

    return act


@click.command("show")
@click.argument("files", nargs=-1, type=_PATH, metavar="[FILE]...")
@click.option("--channel", metavar="CHANNEL", help="Without a file: the whole configuration of this channel.")
@seat_options
@click.pass_context
def show(
    ctx: click.Context, files: Sequence[Path], channel: str | None, actor: str | None, file: Path | None, as_json: bool
) -> None:
    """Say in words what a channel's first block holds; or what a proposal would change and who has to sign, computed
    from the channel as it is."""
    ctx.meta["json"] = as_json
    if bool(files) == bool(channel):
        raise InvalidDocument("Name a first block, or proposals, or with --channel a channel.")
    if len(files) == 1 and not _is_proposal(files[0]):
        show_block(files[0], as_json=as_json)
        return
    proposal = _read(files) if files else None
    with seat_of(ctx, file, actor, as_json=as_json) as seat:
        if proposal is not None:
            _tell(seat, proposal, as_json=as_json)
            return
        assert channel is not None  # noqa: S101 - either of the two
        config, mark = seat.config(channel), fingerprint(seat.genesis(channel))
        changes = described(config.channel_group)
    if as_json:
        elements = [{"path": change.path, "words": list(change.words)} for change in changes]
        document = {"channel": channel, "fingerprint": mark, "sequence": config.sequence, "elements": elements}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    click.echo(f"Channel {channel}, fingerprint {mark}, configuration {config.sequence}")
    for line in lines_of_changes(changes):
        click.echo(line)


@click.command("sign")
@_files
@click.option("--out", "-o", type=_OUT, help="Where to; else into the first file.")
@click.option("--yes", is_flag=True, help="Do not ask: what it does has been read.")
@seat_options
@click.pass_context
def sign_(
    ctx: click.Context,
    files: Sequence[Path],
    out: Path | None,
    yes: bool,
    actor: str | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Show a proposal, and sign it with the organisation's administrator's key."""
    ctx.meta["json"] = as_json
    proposal = _read(files)
    with seat_of(ctx, file, actor, as_json=as_json) as seat:
        if not yes:
            _tell(seat, proposal, as_json=False)
            click.confirm(f"Sign this for {seat.signatory.msp_id}?", abort=True, err=True)
        signed = sign(seat, proposal, seat.signatory)
        (out or files[0]).write_bytes(signed.to_bytes())
        if as_json:
            _tell(seat, signed, as_json=True)
        click.echo(f"{out or files[0]}: signed by {seat.signatory.msp_id}.", err=True)


@click.command("submit")
@_files
@seat_options
@click.pass_context
def submit_(ctx: click.Context, files: Sequence[Path], actor: str | None, file: Path | None, as_json: bool) -> None:
    """Have a proposal take effect that enough have signed; copies signed apart may be given together."""
    ctx.meta["json"] = as_json
    proposal = _read(files)
    with seat_of(ctx, file, actor, as_json=as_json) as seat:
        done = submit(seat, seat, proposal, seat.signatory)
    if as_json:
        click.echo(json.dumps(document_of(done), ensure_ascii=False, indent=2))
        return
    click.echo(f"Channel {done.basis.channel} has configuration {done.basis.sequence + 1}.")
    for step in done.following:
        click.echo(f"Now: {step}")


def _is_proposal(path: Path) -> bool:
    """By its first byte: a proposal is JSON, a block is not."""
    with path.open("rb") as file:
        return file.read(1) == b"{"


def _read(files: Sequence[Path]) -> Proposal:
    first, *others = (Proposal.read(path.read_bytes(), source=str(path)) for path in files)
    for path, other in zip(files[1:], others, strict=True):
        if other.update != first.update:
            words = "hold different proposals: what was signed on one says nothing of another"
            raise InvalidDocument(f"{files[0]} and {path} {words}.", file=str(path))
        first = first.with_signatures_of(other)
    return first


def _tell(seat: MemberSeat, proposal: Proposal, *, as_json: bool) -> None:
    found = review(seat, proposal)
    if as_json:
        click.echo(json.dumps(document_of(found), ensure_ascii=False, indent=2))
        return
    for line in lines_of(found, comment=proposal.comment):
        click.echo(line)
