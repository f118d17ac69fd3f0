"""`channel propose | show | sign | submit`: changes of a channel as files between members."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import click

from hlf_client.admin import Signatory
from hlf_client.errors import InvalidDocument
from hlf_network.commands.changes import CHANGES, Asked
from hlf_network.commands.telling import document_of, lines_of, lines_of_changes
from hlf_network.proposals import Proposal, propose, review, sign, submit
from hlf_network.proposals.differences import described
from hlf_network.proposals.proposal import fingerprint
from hlf_network.proposals.seats import ChannelReader, Directory, Ordering

__all__ = ["MemberSeat", "OpenSeat", "channel_group"]


class MemberSeat(ChannelReader, Ordering, Directory, Protocol):
    """A member's place at its channels: what it reads by, whom it knows, where it sends, and its administrator."""

    @property
    def signatory(self) -> Signatory: ...


OpenSeat: TypeAlias = Callable[[Path | None, str], AbstractContextManager[MemberSeat]]
"""From the file that was named, if any, and the organisation's name."""

_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_files = click.argument(
    "files",
    nargs=-1,
    required=True,
    type=_PATH,
    metavar="PROPOSAL...",
)
_file = click.option("--file", "-f", type=_OUT, help="The consortium's file.")
_as = click.option("--as", "actor", required=True, metavar="ORGANIZATION", help="Whose administrator acts.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where commands find their seat; it travels in click's context."""

    open: OpenSeat


def channel_group(open_seat: OpenSeat) -> click.Group:
    """The group `channel`, to be put under a program's command."""

    @click.group("channel")
    @click.pass_context
    def channel(ctx: click.Context) -> None:
        """Change a channel: propose it as a file, show what it does, sign, submit. No key leaves its member."""
        ctx.obj = _Place(open_seat)

    for command in (_proposing(), _show, _sign, _submit):
        channel.add_command(command)
    return channel


def _proposing() -> click.Group:
    group = click.Group("propose", help="Write a change of a channel into a file, for others to show and sign.")
    for name, change in CHANGES.items():
        options = [
            click.Option(["--channel"], required=True, metavar="CHANNEL", help="Which channel."),
            click.Option(["--out", "-o"], type=_OUT, help="The file to write."),
            click.Option(["--comment"], default="", help="A sentence for the others; nothing checks it."),
        ]
        command = click.Command(name, params=[*change.params(), *options], help=change.help)
        command.callback = _propose(change.read)
        group.add_command(_as(_file(_json(command))))
    return group


def _propose(read: Asked) -> Callable[..., None]:
    @click.pass_obj
    def act(
        place: _Place,
        /,
        actor: str,
        file: Path | None,
        channel: str,
        out: Path | None,
        comment: str,
        as_json: bool,
        **given: object,
    ) -> None:
        with place.open(file, actor) as seat:
            proposal = propose(seat, channel, read(seat, channel, given), comment=comment)
            path = out or Path(f"{channel}-{proposal.basis.sequence}.proposal")
            if path.exists():
                raise InvalidDocument(f"{path} exists: name another file with --out.")
            path.write_bytes(proposal.to_bytes())
            _tell(seat, proposal, as_json=as_json)
        click.echo(f"{path} written: sign it, and send it to those who have to sign.", err=True)

    return act


@click.command("show")
@click.argument("files", nargs=-1, type=_PATH, metavar="[PROPOSAL]...")
@click.option("--channel", metavar="CHANNEL", help="Without a proposal: the whole configuration of this channel.")
@_as
@_file
@_json
@click.pass_obj
def _show(
    place: _Place, files: Sequence[Path], channel: str | None, actor: str, file: Path | None, as_json: bool
) -> None:
    """Say in words what a proposal would change and who has to sign, computed from the channel as it is."""
    if bool(files) == bool(channel):
        raise InvalidDocument("Name either proposals, or with --channel a channel.")
    with place.open(file, actor) as seat:
        if files:
            _tell(seat, _read(files), as_json=as_json)
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
@_as
@_file
@_json
@click.pass_obj
def _sign(
    place: _Place,
    files: Sequence[Path],
    out: Path | None,
    yes: bool,
    actor: str,
    file: Path | None,
    as_json: bool,
) -> None:
    """Show a proposal, and sign it with the organisation's administrator's key."""
    proposal = _read(files)
    with place.open(file, actor) as seat:
        if not yes:
            _tell(seat, proposal, as_json=False)
            click.confirm(f"Sign this for {actor}?", abort=True, err=True)
        signed = sign(seat, proposal, seat.signatory)
        (out or files[0]).write_bytes(signed.to_bytes())
        if as_json:
            _tell(seat, signed, as_json=True)
    click.echo(f"{out or files[0]}: signed by {actor}.", err=True)


@click.command("submit")
@_files
@_as
@_file
@_json
@click.pass_obj
def _submit(place: _Place, files: Sequence[Path], actor: str, file: Path | None, as_json: bool) -> None:
    """Have a proposal take effect that enough have signed; copies signed apart may be given together."""
    with place.open(file, actor) as seat:
        done = submit(seat, seat, _read(files), seat.signatory)
    if as_json:
        click.echo(json.dumps(document_of(done), ensure_ascii=False, indent=2))
        return
    click.echo(f"Channel {done.basis.channel} has configuration {done.basis.sequence + 1}.")
    for step in done.following:
        click.echo(f"Now: {step}")


def _read(files: Sequence[Path]) -> Proposal:
    first, *others = (Proposal.read(path.read_bytes()) for path in files)
    for other in others:
        first = first.with_signatures_of(other)
    return first


def _tell(seat: MemberSeat, proposal: Proposal, *, as_json: bool) -> None:
    found = review(seat, proposal)
    if as_json:
        click.echo(json.dumps(document_of(found), ensure_ascii=False, indent=2))
        return
    for line in lines_of(found, comment=proposal.comment):
        click.echo(line)
