"""`hlf discovery`: what one's own peer knows of the others on a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from hlf_client.admin import endorsers_of, peers_of
from hlf_client.cli._session import Group, Session, chaincode_option

__all__ = ["discovery"]


@click.group(cls=Group)
def discovery() -> None:
    """The peers of a channel, and who may endorse."""


@discovery.command()
@click.argument("channel")
@click.pass_obj
def peers(session: Session, channel: str) -> None:
    """List the peers of a channel: where they are, how many blocks they have, what they can endorse."""
    with session.peers()[0] as peer:
        found = peers_of(peer, session.administrator(), channel)
    rows = [
        (each.msp_id, each.endpoint, "" if each.height is None else str(each.height), _chaincodes(each.chaincodes))
        for each in found
    ]
    table = session.output.table(("MEMBER", "PEER", "BLOCKS", "CHAINCODES"), rows)
    session.output.answer([asdict(each) for each in found], *table)


@discovery.command()
@chaincode_option
@click.option("--collection", "collections", multiple=True, metavar="NAME", help="That the call touches; repeatable.")
@click.argument("channel")
@click.pass_obj
def endorsers(session: Session, chaincode: str, collections: Sequence[str], channel: str) -> None:
    """Say whose peers may endorse together: one layout a line is enough."""
    with session.peers()[0] as peer:
        found = endorsers_of(peer, session.administrator(), channel, chaincode, collections=collections)
    members = {name: sorted({each.msp_id for each in group}) for name, group in found.groups.items()}
    lines = [
        " and ".join(f"{count} of {', '.join(members[group])}" for group, count in layout.items())
        for layout in found.layouts
    ]
    session.output.answer(asdict(found), *lines)


def _chaincodes(found: object) -> str:
    assert isinstance(found, dict)  # noqa: S101 - as `peers_of` makes them
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items()))
