"""`hlf channel`: what peers and orderers have joined, and joining."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import click
from google.protobuf.message import DecodeError

from hlf_client.admin import OrdererAdmin
from hlf_client.cli._session import Group, Session
from hlf_client.errors import InvalidDocument
from hlf_client.wire.evidence import first_block, read_block

__all__ = ["channel"]

CommandT = TypeVar("CommandT", bound="Any")


def _nodes(command: CommandT) -> CommandT:
    """The options that say which nodes are meant: one's own peers, or an orderer at its admin address."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    for option in (
        click.option("--tls-key", type=path, metavar="FILE", help="Its key."),
        click.option("--tls-cert", type=path, metavar="FILE", help="With --orderer: this administrator's certificate."),
        click.option("--tls-ca", type=path, metavar="FILE", help="With --orderer: who issued its TLS certificate."),
        click.option("--orderer", metavar="HOST:PORT", help="An orderer, at its admin address, in place of peers."),
        click.option("--peer", "peers", multiple=True, metavar="NAME", help="Only this peer; may be repeated."),
    ):
        command = option(command)
    return command


@click.group(cls=Group)
def channel() -> None:
    """The channels of one's own peers, or of an orderer."""


@channel.command("list")
@_nodes
@click.pass_obj
def list_channels(session: Session, /, peers: Sequence[str], orderer: str | None, **tls: Path | None) -> None:
    """List the channels that each node has joined."""
    found = _of_peers(session, peers) if orderer is None else {orderer: sorted(_orderer(orderer, tls).channels())}
    rows = [(name, ", ".join(channels)) for name, channels in found.items()]
    session.output.answer(found, *session.output.table(("NODE", "CHANNELS"), rows))


def _of_peers(session: Session, names: Sequence[str]) -> dict[str, list[str]]:
    admin = session.administrator()
    with ExitStack() as stack:
        peers = [stack.enter_context(peer) for peer in session.peers(names)]
        return {str(peer.endpoint): sorted(peer.channels(admin)) for peer in peers}


@channel.command()
@_nodes
@click.argument("block", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def join(session: Session, /, block: Path, peers: Sequence[str], orderer: str | None, **tls: Path | None) -> None:
    """Join a channel by its first block, a file: `hlf block CHANNEL 0 --out FILE` writes it."""
    from hlf_chaincode.protos.common.common_pb2 import Block

    data = block.read_bytes()
    name = first_block(read_block(data)).channel
    try:
        genesis = Block.FromString(data)
    except DecodeError:
        raise InvalidDocument(f"{block} is no block", field="block") from None
    if orderer is not None:
        joined = {orderer: _orderer(orderer, tls).join(name, genesis)}
    else:
        admin = session.administrator()
        with ExitStack() as stack:
            clients = [stack.enter_context(peer) for peer in session.peers(peers)]
            joined = {str(peer.endpoint): peer.join(admin, genesis) for peer in clients}
    lines = [f"{node} {'has joined' if now else 'had joined'} {name}" for node, now in joined.items()]
    session.output.answer({"channel": name, "joined": joined}, *lines)


def _orderer(address: str, tls: dict[str, Path | None]) -> OrdererAdmin:
    host, _, port = address.rpartition(":")
    roots, certificate, key = tls["tls_ca"], tls["tls_cert"], tls["tls_key"]
    if not host or not port.isdecimal() or roots is None or certificate is None or key is None:
        reason = "an orderer is named as HOST:PORT, with --tls-ca, --tls-cert and --tls-key"
        raise InvalidDocument(reason, field="orderer", reason=reason)
    return OrdererAdmin(address, host, int(port), roots, certificate, key)
