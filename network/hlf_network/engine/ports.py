"""Host ports: those that the file names, free ones for the rest, remembered so that profiles stay true."""

from __future__ import annotations

import contextlib
import json
import random
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from hlf_client.errors import InvalidDocument
from hlf_network.consortium import Consortium, Orderer, Organization, Peer, ServerPlace
from hlf_network.errors import NetworkError
from hlf_network.material.layout import write_public

__all__ = ["PortBook", "free_ports", "holder", "is_free"]

_LOWEST: Final = 20000
"""Most services with a number of their own lie below."""
_ENOUGH: Final = 1000


@dataclass(frozen=True, slots=True)
class PortBook:
    """Host ports by node and service: `("peer0.eximbank", "operations")`."""

    ports: dict[str, int]

    def __getitem__(self, key: tuple[str, str]) -> int:
        return self.ports["/".join(key)]

    def published(self, owner: Organization, node: Peer | Orderer) -> int:
        """The port at which a node's host publishes its service: chosen here, or what its member's card says."""
        service = "peer" if isinstance(node, Peer) else "orderer"
        return self.ports.get(f"{node.name}.{owner.name}/{service}", node.port)

    @classmethod
    def open(cls, path: Path, consortium: Consortium, *, saved: bool = True) -> PortBook:
        """The book of a network: what the file fixes, then what an earlier `up` chose, then free ports. Saved, unless
        somebody only looks."""
        known = _read(path)
        ports: dict[str, int] = {}
        missing = []
        for key, fixed in _services(consortium):
            if fixed:
                ports[key] = fixed
            elif key in known and known[key] not in ports.values():
                ports[key] = known[key]
            else:
                missing.append(key)
        chosen = free_ports(len(missing), consortium.address, taken=ports.values())
        for key, port in zip(missing, chosen, strict=True):
            ports[key] = port
        if saved and ports != known:
            write_public(path, json.dumps(ports, indent=2, sort_keys=True).encode() + b"\n")
        return cls(ports)


def _services(consortium: Consortium) -> Iterator[tuple[str, int]]:
    for owner in consortium.here:
        for peer in owner.peers:
            yield f"{peer.name}.{owner.name}/peer", peer.port
            yield f"{peer.name}.{owner.name}/operations", peer.operations_port
        for orderer in owner.orderers:
            yield f"{orderer.name}.{owner.name}/orderer", orderer.port
            yield f"{orderer.name}.{owner.name}/admin", orderer.admin_port
            yield f"{orderer.name}.{owner.name}/operations", orderer.operations_port
        if owner.peers:
            yield f"{owner.name}/chaincode", owner.chaincode_port
            for chaincode in consortium.chaincodes:
                if consortium.server_place(owner, chaincode) is ServerPlace.HOST:
                    yield f"{owner.name}/chaincode {chaincode.name}", 0


def _read(path: Path) -> dict[str, int]:
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        content = None
    if not isinstance(content, dict) or not all(isinstance(port, int) for port in content.values()):
        raise InvalidDocument(f"{path} is damaged: delete it, and the next `up` chooses ports again.")
    return content


def free_ports(count: int, address: str, *, taken: Iterable[int] = ()) -> tuple[int, ...]:
    """Different ports that nobody listens at now, and that nobody gets by chance later.

    Whoever will listen there is started after this returns: Docker wants a published port in advance, and profiles
    name it. A port that the kernel gave and that was closed again could meanwhile go to any connection of the host;
    so these lie outside what it gives, where only somebody who asks for the very number takes one.
    """
    if count and not is_free(address, 0):
        raise NetworkError(f"{address} is no address of this host: `address` says where it publishes its ports.")
    candidates = [port for port in _never_given() if port not in taken]
    random.SystemRandom().shuffle(candidates)  # two networks that choose at one time shall not choose alike
    found = tuple(islice((port for port in candidates if is_free(address, port)), count))
    if len(found) < count:
        raise NetworkError(
            f"{address} has no {count} free ports left: end what holds them, or name ports in consortium.yaml."
        )
    return found


def _never_given() -> range:
    """The ports below those that the kernel gives to whoever asks for any; where it gives nearly all, all of them."""
    try:
        lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError):
        lowest = 32768  # the lowest that any of Linux, macOS and Windows gives unless told otherwise
    return range(_LOWEST, lowest) if lowest - _LOWEST >= _ENOUGH else range(1024, 65536)


def is_free(address: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Who listens on a port of this host, as far as /proc tells: `process nginx (812)`, or `another process`."""
    inodes = set(_listening_inodes(port))
    for folder in Path("/proc").glob("[0-9]*/fd") if inodes else ():
        if any(f"socket:[{inode}]" in _open_files(folder) for inode in inodes):
            name = (folder.parent / "comm").read_text().strip()
            return f"process {name} ({folder.parent.name})"
    return "another process"


def _open_files(folder: Path) -> set[str]:
    """What a process has open, as far as this user may know; files come and go meanwhile."""
    targets = set()
    with contextlib.suppress(OSError):
        for link in folder.iterdir():
            with contextlib.suppress(OSError):
                targets.add(str(link.readlink()))
    return targets


def _listening_inodes(port: int) -> Iterator[str]:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                yield fields[9]
