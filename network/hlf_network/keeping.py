"""What keeps a network over the years, from Python: `Keeping(network).backup("eximbank", path)` and the like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hlf_client.errors import InvalidDocument
from hlf_network import backup as backups
from hlf_network._session import Session
from hlf_network.backup import Snapshot
from hlf_network.consortium import Organization, Peer
from hlf_network.driver import Network, Report
from hlf_network.engine.docker import wait_until_healthy
from hlf_network.engine.nodes import node_containers
from hlf_network.engine.ports import PortBook
from hlf_network.material.crypto import ensure_certificates, list_certificates
from hlf_network.monitoring import write_monitoring
from hlf_network.monitoring.bundle import write_bundle

__all__ = ["Keeping"]


class Keeping:
    """Monitoring, bundles, backups and snapshots of one network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def monitoring(self, folder: Path) -> tuple[Path, ...]:
        """Write what Prometheus and Grafana are given; needs no engine."""
        consortium, layout = self._network.consortium, self._network.layout
        ports = PortBook.open(layout.ports, consortium)
        nodes = node_containers(consortium, layout, ports)
        return write_monitoring(consortium, nodes, list_certificates(consortium, layout), folder)

    def bundle(self, target: Path, *, lines: int) -> Report:
        """Logs, state and settings without secrets, in one file."""
        with self._session(saved=False) as session:
            names = write_bundle(session, target, lines=lines)
            return self._report(session, [f"{target} holds {len(names)} files, without keys and passwords"])

    def backup(self, organization: str, target: Path) -> Report:
        """One organisation's keys and its peers' disks."""
        with self._session(saved=False) as session:
            return self._report(session, backups.save(session, session.consortium.organization(organization), target))

    def restore(self, organization: str, source: Path) -> Report:
        """What an organisation has lost, put back; nodes stay stopped until the next `up`."""
        with self._session(saved=False) as session:
            owner = session.consortium.organization(organization)
            return self._report(session, backups.restore(session, owner, source))

    def take_snapshot(self, node: str, channel: str, *, block: int = 0) -> Snapshot:
        with self._session() as session:
            return backups.take(session, *self._peer(node), channel, block=block)

    def snapshots(self, node: str) -> tuple[Snapshot, ...]:
        with self._session() as session:
            return backups.list_snapshots(session, *self._peer(node))

    def fetch_snapshot(self, node: str, snapshot: Snapshot, target: Path) -> Report:
        with self._session() as session:
            backups.fetch(session, *self._peer(node), snapshot, target)
            return self._report(session, [f"{target} holds {snapshot.channel} as of block {snapshot.block}"])

    def join_snapshot(self, node: str, source: Path) -> Report:
        """Start a peer, a new one too, and have it join by a snapshot before `up` would have it join by a genesis."""
        owner, peer = self._peer(node)
        backups.described(source)  # before anything is started
        with self._session() as session:
            ensure_certificates(session.consortium, session.layout)
            name = f"{session.consortium.name}-{node}"
            nodes = node_containers(session.consortium, session.layout, session.ports)
            container = next(one for one in nodes if one.name == name)
            with session.recorder.step(f"{node} started"):
                session.engine.ensure_network()
                session.engine.ensure_container(container)
                wait_until_healthy(session.engine, container)
            with session.recorder.step("joined by the snapshot"):
                snapshot = backups.join(session, owner, peer, source)
            return self._report(session, [f"{node} joined {snapshot.channel} as of block {snapshot.block}"])

    def _peer(self, node: str) -> tuple[Organization, Peer]:
        here = {
            f"{peer.name}.{owner.name}": (owner, peer)
            for owner in self._network.consortium.here
            for peer in owner.peers
        }
        if node not in here:
            raise InvalidDocument(f"There is no peer {node!r} here: there is {', '.join(here) or 'none'}.")
        return here[node]

    @contextmanager
    def _session(self, *, saved: bool = True) -> Iterator[Session]:
        with self._network._session(saved=saved) as session:
            yield session

    def _report(self, session: Session, changes: Sequence[str]) -> Report:
        network = self._network
        return Report(network.consortium.name, network.layout.root, tuple(session.recorder.steps), tuple(changes))
