"""From where a channel is read and changed: a member's own host, or a network whose members are all on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

import click

from hlf_client.admin import Signatory
from hlf_client.errors import InvalidDocument
from hlf_network.commands._opening import open_network
from hlf_network.commands._running import json_option
from hlf_network.commands.member import FILE, open_member
from hlf_network.proposals.seats import ChannelReader, Directory, Ordering

__all__ = ["SEATS", "MemberSeat", "OpenSeat", "open_seat", "seat_of", "seat_options"]

SEATS = "hlf_network.seats"
"""Where a click context keeps the function that opens a seat."""


class MemberSeat(ChannelReader, Ordering, Directory, Protocol):
    """A member's place at its channels: what it reads by, whom it knows, where it sends, and its administrator."""

    @property
    def signatory(self) -> Signatory: ...


OpenSeat: TypeAlias = Callable[[Path | None, str | None], AbstractContextManager[MemberSeat]]
"""From the file that was named, if any, and the organisation's name where a whole network is meant."""

Command = TypeVar("Command", bound=Callable[..., object] | click.Command)


def seat_options(command: Command) -> Command:
    """`--as`, `--file` and `--json`."""
    file = click.option(
        "--file",
        "-f",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"The member's file, ./{FILE} else; with --as the consortium's.",
    )
    actor = click.option(
        "--as",
        "actor",
        metavar="ORGANIZATION",
        help="Where all members are on this machine: whose administrator acts.",
    )
    return actor(file(json_option(command)))


def seat_of(
    ctx: click.Context, file: Path | None, actor: str | None, *, as_json: bool
) -> AbstractContextManager[MemberSeat]:
    """The seat that the options mean; an error will be told as they say."""
    ctx.meta["json"] = as_json
    found: OpenSeat = ctx.meta[SEATS]
    return found(file, actor)


@contextmanager
def open_seat(file: Path | None, actor: str | None) -> Iterator[MemberSeat]:
    """Of the member of member.yaml; with an organisation's name, of that one in the network of consortium.yaml."""
    if actor is not None:
        with open_network(file).seat(actor) as seat:
            yield seat
        return
    if file is None and not Path(FILE).is_file():
        raise InvalidDocument(
            f"There is no {FILE} here: name a member's file with -f, or with --as whose administrator of a network on "
            f"this machine acts."
        )
    with open_member(file or Path(FILE)).seat() as own:
        yield own
