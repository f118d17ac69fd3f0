"""Snapshots of a peer's channels: asked for, listed, fetched as a file, joined from on another peer.

A snapshot holds a channel's state, the hashes of its private data, its configurations and the ids of its transactions
as of one block. It does not hold private data themselves, keys' history or the blocks before: a peer that joins from it
gets private data from other members' peers, and answers for nothing older.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import grpc

from hlf_chaincode.protos.peer.snapshot_pb2 import (
    QueryPendingSnapshotsResponse,
    SignedSnapshotRequest,
    SnapshotQuery,
    SnapshotRequest,
)
from hlf_chaincode.protos.peer.snapshot_pb2_grpc import BlockingSnapshotStub
from hlf_client.admin.calls import signature_header
from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.backup._reading import whole_archive
from hlf_network.consortium import Organization, Peer
from hlf_network.engine.archives import list_folder, put_archive, read_archive
from hlf_network.errors import NetworkError
from hlf_network.material.layout import require_new_file

__all__ = ["Snapshot", "described", "fetch", "join", "list_snapshots", "take"]

FOLDER = "/var/hyperledger/production/snapshots"
Answer = TypeVar("Answer")

WHAT = "snapshot of a channel"
METADATA = "_snapshot_signable_metadata.json"
CALL_SECONDS = 30.0
WAIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A channel as of its block of this number; pending until the peer has written it."""

    channel: str
    block: int
    is_pending: bool = False


def take(session: Session, owner: Organization, peer: Peer, channel: str, *, block: int = 0) -> Snapshot:
    """Ask a peer for a snapshot as of its newest block, and wait for it; or as of a later block, which then waits."""
    before = {one.block for one in list_snapshots(session, owner, peer) if one.channel == channel}

    def request(stub: BlockingSnapshotStub, header: bytes) -> None:
        wanted = SnapshotRequest(channel_id=channel, block_number=block)
        wanted.signature_header.MergeFromString(header)
        stub.Generate(_signed(session, owner, wanted), timeout=CALL_SECONDS)

    _ask(session, owner, peer, request)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = [one for one in list_snapshots(session, owner, peer) if one.channel == channel]
        new = [one for one in found if one.block not in before and (not one.is_pending or one.block == block)]
        if new:
            return new[-1]
        if time.monotonic() > deadline:
            raise NetworkError(f"{peer.name}.{owner.name} has not written its snapshot of {channel}: see its log.")
        time.sleep(0.2)


def list_snapshots(session: Session, owner: Organization, peer: Peer) -> tuple[Snapshot, ...]:
    """Those that a peer has on its disk, and those that it was asked for."""
    found, pending, container = list[Snapshot](), list[Snapshot](), _container(session, owner, peer)
    for channel in session.consortium.channels_of(owner):
        names = list_folder(session.engine, container, f"{FOLDER}/completed/{channel.name}")
        found += [Snapshot(channel.name, int(name)) for name in names if name.isdecimal()]

        def query(stub: BlockingSnapshotStub, header: bytes, name: str = channel.name) -> QueryPendingSnapshotsResponse:
            wanted = SnapshotQuery(channel_id=name)
            wanted.signature_header.MergeFromString(header)
            return stub.QueryPendings(_signed(session, owner, wanted), timeout=CALL_SECONDS)

        answer = _ask(session, owner, peer, query)
        pending += [Snapshot(channel.name, number, is_pending=True) for number in answer.block_numbers]
    return tuple(sorted([*found, *pending], key=lambda one: (one.channel, one.block)))


def fetch(session: Session, owner: Organization, peer: Peer, snapshot: Snapshot, target: Path) -> None:
    """Write a snapshot to a file, for another peer of any member of the channel: it holds no private data."""
    require_new_file(target)
    folder = f"{FOLDER}/completed/{snapshot.channel}/{snapshot.block}"
    chunks = read_archive(session.engine, _container(session, owner, peer), folder)
    if chunks is None:
        raise InvalidDocument(f"{peer.name}.{owner.name} has no snapshot of {snapshot.channel} at {snapshot.block}.")
    with target.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)


def join(session: Session, owner: Organization, peer: Peer, source: Path) -> Snapshot:
    """Have a peer that has not joined the channel join from a snapshot, and wait until it has."""
    snapshot = described(source)
    client, admin, name = session.peer(owner, peer), session.admin(owner), _container(session, owner, peer)
    if snapshot.channel in client.channels(admin):
        raise InvalidDocument(f"{peer.name}.{owner.name} has joined channel {snapshot.channel} before.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "incoming.tar"
        with whole_archive(source, WHAT) as archive, tarfile.open(path, "w") as incoming:
            for entry in archive:
                entry.name = f"incoming/{snapshot.channel}/{entry.name}"
                incoming.addfile(entry, archive.extractfile(entry) if entry.isfile() else None)
        put_archive(session.engine, name, FOLDER, path)
    place = f"{FOLDER}/incoming/{snapshot.channel}/{snapshot.block}"
    client.query(admin, "", "cscc", b"JoinChainBySnapshot", place.encode())
    deadline = time.monotonic() + WAIT_SECONDS
    while snapshot.channel not in client.channels(admin):
        if time.monotonic() > deadline:
            raise NetworkError(f"{name} has not joined {snapshot.channel} from {source}: see its log.")
        time.sleep(0.1)
    return snapshot


def described(source: Path) -> Snapshot:
    """Which snapshot a file holds. Raises InvalidDocument where it holds none, or not all of it."""
    with whole_archive(source, WHAT) as archive:
        try:
            entry = next(entry for entry in archive if entry.name.rpartition("/")[2] == METADATA)
            file = archive.extractfile(entry)
            content = json.loads(file.read()) if file else {}
            return Snapshot(str(content["channel_name"]), int(content["last_block_number"]))
        except (StopIteration, KeyError, ValueError, TypeError) as error:
            raise InvalidDocument(f"{source} is no {WHAT}.", file=str(source)) from error


def _ask(
    session: Session, owner: Organization, peer: Peer, call: Callable[[BlockingSnapshotStub, bytes], Answer]
) -> Answer:
    header = signature_header(session.admin(owner)).SerializeToString(deterministic=True)
    connection = session.peer(owner, peer).endpoint.open_blocking()
    try:
        return call(BlockingSnapshotStub(connection), header)
    except grpc.RpcError as error:
        raise NetworkError(f"{peer.name}.{owner.name} takes no snapshot: {error.details()}") from error
    finally:
        connection.close()


def _signed(session: Session, owner: Organization, request: SnapshotRequest | SnapshotQuery) -> SignedSnapshotRequest:
    content = request.SerializeToString(deterministic=True)
    return SignedSnapshotRequest(request=content, signature=session.admin(owner).sign(content))


def _container(session: Session, owner: Organization, peer: Peer) -> str:
    return f"{session.consortium.name}-{peer.name}.{owner.name}"
