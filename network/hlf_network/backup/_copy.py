"""One organisation's backup: a tar with its keys and certificates, the network's public files, and its peers' disks.

A peer is stopped while it is copied, one after the other: its databases are whole only then. Orderers' disks are not
in it: a raft orderer that comes back with the disk of yesterday has forgotten what it has promised since, so after a
restore `up` has it join anew and fetch everything from the others.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.backup._reading import whole_archive
from hlf_network.consortium import Organization
from hlf_network.engine.archives import hold_container, put_archive, read_archive
from hlf_network.engine.docker import wait_until_healthy
from hlf_network.engine.nodes import Container, node_containers
from hlf_network.engine.ports import PortBook
from hlf_network.errors import NetworkError
from hlf_network.material.layout import Layout, require_new_file

__all__ = ["restore", "save"]

MANIFEST = "backup.json"
DISK = "/var/hyperledger/production"
PUBLIC = ("channels", "cards", "members", "ports.json", "deployed.json")
"""What a member needs of the network's folder beside its own; on a host of its own, what it knows of the others."""


def save(session: Session, owner: Organization, target: Path) -> list[str]:
    """Write the backup, for its owner's eyes only; what it holds. A file that is there is not overwritten."""
    require_new_file(target)
    peers = _peers(session, owner)
    _require_something(session, owner, peers)
    described = {
        "network": session.consortium.name,
        "organization": owner.name,
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "fabric": session.consortium.fabric,
        "peers": [peer.name for peer in peers],
    }
    partial = target.with_name(f".{target.name}.part")
    try:
        opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
            _add(archive, MANIFEST, json.dumps(described, indent=2).encode())
            with session.recorder.step("keys and certificates"):
                for name, path in _files(session.layout, owner).items():
                    archive.add(path, arcname=f"files/{name}")
            for peer in peers:
                with session.recorder.step(f"{peer.name} copied"), _still(session, peer):
                    _add_disk(archive, session, peer)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return [f"{target} holds {owner.name}'s keys and certificates", *(f"and the disk of {one.name}" for one in peers)]


def restore(session: Session, owner: Organization, source: Path) -> list[str]:
    """Put a backup back where its owner has lost files, disks or both; what was put back.

    What is there is kept: a disk that a node has, and a key. Raises InvalidDocument for another's backup, and
    for a file that is none or is cut short: nothing is put back of that.
    """
    with whole_archive(source, "backup of a member") as archive:
        described = _manifest(archive, source)
        if (described["network"], described["organization"]) != (session.consortium.name, owner.name):
            of = f"{described['organization']} in network {described['network']}"
            raise InvalidDocument(f"{source} is a backup of {of}, not of {owner.name} in {session.consortium.name}.")
        with session.recorder.step("keys and certificates"):
            changes = [f"{name} put back" for name in _restore_files(archive, session.layout, owner)]
        session.ports = PortBook.open(session.layout.ports, session.consortium)  # those that profiles name, if put back
        wanted = {peer.name: peer for peer in _peers(session, owner)}
        for entry in archive:
            name = entry.name.removeprefix("disks/").removesuffix(".tar")
            if not entry.name.startswith("disks/") or name not in wanted:
                continue
            if set(wanted[name].volumes) & set(session.engine.volumes()):
                changes.append(f"{name} has a disk, which stays: remove the volume {wanted[name].volumes[0]} first")
                continue
            with session.recorder.step(f"disk of {name}"):
                _restore_disk(archive, entry, session, wanted[name])
            changes.append(f"disk of {name} put back, as of {described['taken']}")
    return changes


def _peers(session: Session, owner: Organization) -> list[Container]:
    nodes = node_containers(session.consortium, session.layout, session.ports)
    return [node for node in nodes if node.organization == owner.name and node.kind == "peer"]


def _files(layout: Layout, owner: Organization) -> Mapping[str, Path]:
    """By their place in a backup, the folders and files that go into it as they are."""
    found = {"organization": layout.organization(owner)}
    found |= {name: layout.root / name for name in PUBLIC}
    return {name: path for name, path in found.items() if path.exists()}


def _restore_files(archive: tarfile.TarFile, layout: Layout, owner: Organization) -> Iterator[str]:
    places = {"organization": layout.organization(owner), **{name: layout.root / name for name in PUBLIC}}
    for entry in archive:
        head, _, rest = entry.name.removeprefix("files/").partition("/")
        if not entry.name.startswith("files/") or head not in places or not entry.isfile() or ".." in rest.split("/"):
            continue
        target = places[head] / rest if rest else places[head]
        content = archive.extractfile(entry)
        if target.exists() or content is None:
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, entry.mode & 0o644), "wb") as file:
            file.write(content.read())
        yield str(target)


def _add_disk(archive: tarfile.TarFile, session: Session, peer: Container) -> None:
    """By way of a file beside the backup: its length stands before it in a tar."""
    chunks = read_archive(session.engine, peer.name, DISK)
    if chunks is None:
        raise NetworkError(f"{peer.name} has no {DISK}: there is nothing to save of it.")
    with tempfile.TemporaryFile() as whole:
        for chunk in chunks:
            whole.write(chunk)
        entry = tarfile.TarInfo(f"disks/{peer.name}.tar")
        entry.size, entry.mode = whole.tell(), 0o600
        whole.seek(0)
        archive.addfile(entry, whole)


def _restore_disk(archive: tarfile.TarFile, entry: tarfile.TarInfo, session: Session, peer: Container) -> None:
    content = archive.extractfile(entry)
    if content is None:
        raise NetworkError(f"The backup's {entry.name} is damaged: take another.")
    hold_container(session.engine, peer)
    with tempfile.NamedTemporaryFile() as whole:
        while chunk := content.read(1 << 20):
            whole.write(chunk)
        whole.flush()
        put_archive(session.engine, peer.name, str(Path(DISK).parent), Path(whole.name))


def _require_something(session: Session, owner: Organization, peers: Sequence[Container]) -> None:
    """A backup that lacks what it says it has would be found out on the day that it is needed."""
    if not (session.layout.organization(owner) / "msp").is_dir():
        raise NetworkError(f"{owner.name} has no keys in {session.layout.root}: there is nothing to save.")
    volumes = set(session.engine.volumes())
    for peer in peers:
        if not volumes.issuperset(peer.volumes):
            raise NetworkError(f"{peer.name} has no disk on this engine: bring it up first.")


@contextmanager
def _still(session: Session, peer: Container) -> Iterator[None]:
    """A container that stands for the block: one that runs is well again after it, one that was not there is not."""
    present = {one.name: one.status for one in session.engine.containers()}
    if present.get(peer.name) != "running":
        if peer.name not in present:
            hold_container(session.engine, peer)
        try:
            yield
        finally:
            if peer.name not in present:
                session.engine.remove([peer.name])
                if not present:
                    session.engine.remove_network()
        return
    session.engine.stop([peer.name])
    try:
        yield
    finally:
        session.engine.start(peer.name)
        wait_until_healthy(session.engine, peer)


def _manifest(archive: tarfile.TarFile, source: Path) -> dict[str, str]:
    try:
        file = archive.extractfile(MANIFEST)
        described = json.loads(file.read()) if file else {}
        return {name: str(described[name]) for name in ("network", "organization", "taken")}
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidDocument(f"{source} is no backup of a member.", file=str(source)) from error


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))
