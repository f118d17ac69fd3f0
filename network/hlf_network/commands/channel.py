"""`eximledger channel`: channels founded, shown, joined and changed, by files that carry no secret."""

from __future__ import annotations

from collections.abc import Callable

import click

from hlf_network.commands._opening import DEFAULT
from hlf_network.commands._running import Group
from hlf_network.commands._seats import SEATS, OpenSeat, open_seat
from hlf_network.commands.founding import found, join
from hlf_network.commands.proposing import proposing, show, sign_, submit_

__all__ = ["channel_group"]


class _Channel(Group):
    """The group `channel`, with where its commands find a member's place."""

    default_text: Callable[[], str] | None
    seats: OpenSeat

    def invoke(self, ctx: click.Context) -> object:
        ctx.meta[SEATS] = self.seats
        if self.default_text is not None:
            ctx.meta[DEFAULT] = self.default_text
        return super().invoke(ctx)


def channel_group(default_text: Callable[[], str] | None = None, *, seats: OpenSeat = open_seat) -> click.Group:
    """The group `channel`, to be put under a program's own command; `default_text` gives the consortium.yaml that holds
    for `--as` where no file is named or found."""
    group = _Channel("channel", help="Channels, by files that carry no secret. No key leaves its member.")
    group.default_text, group.seats = default_text, seats
    for command in (found, show, join, proposing(), sign_, submit_):
        group.add_command(command)
    return group
