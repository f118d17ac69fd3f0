"""A whole network: up, down, stop, start, status, logs, deploy, certificates.

Everything that a command does can be done from Python with the same names:

    network = Network.load(Path("consortium.yaml"))
    network.up()
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.consortium import Consortium, load_consortium
from hlf_network.engine.compose import compose_file
from hlf_network.engine.databases import database_containers, ensure_secrets
from hlf_network.engine.docker import Engine, wait_until_healthy
from hlf_network.engine.nodes import Container, node_containers
from hlf_network.engine.ports import PortBook
from hlf_network.errors import NetworkError
from hlf_network.material.crypto import (
    CertificateFile,
    ensure_certificates,
    list_certificates,
    renew_certificates,
    revoke_certificate,
)
from hlf_network.material.layout import Layout, write_public
from hlf_network.progress import Progress, Recorder, Step, in_parallel
from hlf_network.proposals.at_network import NetworkSeat
from hlf_network.status import NetworkStatus, read_status
from hlf_network.steps.deployment import Plan
from hlf_network.steps.guarding import require_own_ledgers, undo_on_failure
from hlf_network.steps.healing import (
    clear_broken_orderers,
    clear_stuck_orderers,
    lost_consenters,
    readmit_lost_orderers,
    require_steady,
    wait_for_peers,
)
from hlf_network.steps.introducing import await_introductions
from hlf_network.steps.profiles import write_profiles
from hlf_network.steps.raising import (
    ensure_blocks,
    join_orderers,
    join_peers,
    publish_revocations,
    require_members,
    update_channels,
)
from hlf_network.steps.renewal import restart_stale
from hlf_network.steps.rollout import deployed_so_far, plans_of, roll_out

__all__ = ["Network", "Report"]


LOST = "has lost what it had of channel {channel}, and stays out: `channel propose consenter-out`, `up`, `consenter-in`"


@dataclass(frozen=True, slots=True)
class Report:
    """What a command did, step by step."""

    network: str
    folder: Path
    steps: tuple[Step, ...]
    changes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)


class Network:
    """One consortium on one Docker engine. Not for use from several threads at once; it uses threads itself."""

    def __init__(
        self,
        consortium: Consortium,
        *,
        folder: Path | None = None,
        progress: Progress | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """`labels` are put on all containers, volumes and images of the network, beside our own."""
        self.consortium = consortium
        self.layout = Layout.of(consortium, folder)
        self._progress = progress
        self._labels = dict(labels or {})

    @classmethod
    def load(cls, path: Path, *, progress: Progress | None = None) -> Self:
        """From a consortium.yaml. Raises InvalidDocument with line and field."""
        return cls(load_consortium(path), progress=progress)

    def create(self) -> Report:
        """Make the keys, certificates and ports of those who are here, as far as they are missing. Needs no engine."""
        recorder = Recorder(self._progress)
        with recorder.step("certificates"):
            issued = ensure_certificates(self.consortium, self.layout)
        PortBook.open(self.layout.ports, self.consortium)
        changes = [f"{len(issued)} certificates issued"] if issued else []
        return Report(self.consortium.name, self.layout.root, tuple(recorder.steps), tuple(changes))

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """The files and ports as they are, and connections to nodes on demand; nothing is made."""
        book = PortBook.open(self.layout.ports, self.consortium)
        with Session(
            self.consortium, self.layout, book, Engine(self.consortium.name), Recorder(self._progress)
        ) as session:
            yield session

    def up(self, *, deploy: bool = True) -> Report:
        """Make the network be there: what is missing is made, what has stopped is started, what is right stays.

        Raises NetworkError and its kin; then nothing that this call has started is left running, but for healthy nodes
        of a host whose channels have members elsewhere.
        """
        with self._session() as session, undo_on_failure(session) as undoing:
            recorder, changes = session.recorder, list[str]()
            require_own_ledgers(session)
            require_members(session)
            before = {state.name: state.restarts for state in session.engine.containers()}
            issued = self._prepare(session)
            if issued:
                changes.append(f"{len(issued)} certificates issued")
            plans: list[Plan] = []
            if deploy and self.consortium.all_chaincodes:
                with recorder.step("chaincode package"):
                    plans = plans_of(session, keep=True)
            servers = [container for plan in plans for container in plan.containers]
            changes += self._start_nodes(session, servers)
            if self.consortium.is_spread:
                undoing.need(node.name for node in node_containers(self.consortium, self.layout, session.ports))
            changes += self._join(session)
            if plans:
                changes += roll_out(session, plans, undoing)
            require_steady(session, before)
            with recorder.step("connection profiles"):
                write_profiles(session)
            if plans:
                with recorder.step("peers introduced"):
                    changes += await_introductions(session)
            return self._report(session, changes)

    def deploy(self) -> Report:
        """Bring the chaincode on all channels to what consortium.yaml says, and its newest build, without a pause."""
        if not self.consortium.all_chaincodes:
            raise InvalidDocument("The consortium has no `chaincode` to deploy.")
        with self._session() as session, undo_on_failure(session) as undoing:
            self._require_running(session)
            require_members(session)
            with session.recorder.step("chaincode package"):
                plans = plans_of(session)
            with session.recorder.step("chaincode servers"):
                servers = [container for plan in plans for container in plan.containers]
                running = in_parallel([partial(session.engine.ensure_container, one) for one in servers])
            changes = [f"{sum(running)} chaincode servers started"] if any(running) else []
            changes += roll_out(session, plans, undoing)
            return self._report(session, changes)

    def add_organization(self, name: str) -> Report:
        """Bring an organisation that consortium.yaml now has into the running network and its channels."""
        organization = self.consortium.organization(name)
        channels = self.consortium.channels_of(organization)
        if organization.peers and not channels:
            raise InvalidDocument(f"{name} is a member of no channel: add it to `members` in consortium.yaml.")
        with self._session() as session:
            self._require_running(session)
        return self.up()

    def down(self, *, purge: bool = False) -> Report:
        """Remove the containers and their Docker network. Ledgers and keys stay for the next `up`; with `purge` they
        go too, and so does everything else that `up` made."""
        with self._session(ports=False) as session:
            engine, changes = session.engine, list[str]()
            with session.recorder.step("containers"):
                names = [state.name for state in engine.containers()]
                in_parallel([partial(engine.remove, [name]) for name in names])
                changes += [f"{name} removed" for name in names]
            with session.recorder.step("Docker network"):
                if engine.remove_network():
                    changes.append(f"network {self.consortium.name} removed")
            if purge:
                with session.recorder.step("ledgers, keys and images"):
                    volumes, images = engine.volumes(), engine.images()
                    engine.remove_volumes(volumes)
                    engine.remove_images(images)
                    changes += [f"ledger {name} removed" for name in volumes]
                    changes += [f"image {name} removed" for name in images]
                    changes += self._remove_files()
            return self._report(session, changes)

    def stop(self) -> Report:
        """Stop all containers; `start` goes on where they were."""
        with self._session(ports=False) as session:
            with session.recorder.step("containers stopped"):
                names = [state.name for state in session.engine.containers() if state.status == "running"]
                in_parallel([partial(session.engine.stop, [name]) for name in names])
            return self._report(session, [f"{name} stopped" for name in names])

    def start(self) -> Report:
        """Start what was stopped and wait until it is well. Raises NetworkError when there is nothing to start."""
        with self._session() as session:
            with session.recorder.step("containers started"):
                stopped = [state.name for state in session.engine.containers() if state.status != "running"]
                if not stopped and not session.engine.containers():
                    raise NetworkError(f"There is no network {self.consortium.name}: run `network up`.")
                in_parallel([partial(session.engine.start, name) for name in stopped])
            with session.recorder.step("nodes healthy"):
                nodes = list(node_containers(self.consortium, self.layout, session.ports))
                in_parallel([partial(wait_until_healthy, session.engine, node) for node in nodes])
            return self._report(session, [f"{name} started" for name in stopped])

    def runs(self) -> bool:
        """Whether any container of this network's name runs on the engine, whoever started it."""
        with self._session(ports=False) as session:
            return any(state.status == "running" for state in session.engine.containers())

    def status(self) -> NetworkStatus:
        """Every node with its health, its channels and their heights, and the chaincode of each channel."""
        with self._session(saved=False) as session:
            return read_status(session)

    def logs(self, node: str, *, tail: int | None = None, follow: bool = False) -> Iterator[bytes]:
        """A node's log. `node` is a container's name with or without the network's: `peer0.eximbank`."""
        with self._session(ports=False) as session:
            names = [state.name for state in session.engine.containers()]
            wanted = [name for name in names if name in {node, f"{self.consortium.name}-{node}"}]
            if not wanted:
                known = ", ".join(name.removeprefix(f"{self.consortium.name}-") for name in names) or "none"
                raise InvalidDocument(f"There is no node {node!r} in network {self.consortium.name}: it has {known}.")
            yield from session.engine.logs(wanted[0], tail=tail, follow=follow)

    def render(self) -> Path:
        """Write compose.yaml, which starts the same containers without us. Certificates are made when missing."""
        ensure_certificates(self.consortium, self.layout)
        ports = PortBook.open(self.layout.ports, self.consortium)
        ensure_secrets(self.consortium, self.layout)
        containers = list(node_containers(self.consortium, self.layout, ports))
        containers += database_containers(self.consortium, self.layout)
        deployed = deployed_so_far(self.consortium, self.layout)
        if deployed and all(one and one.image for one in deployed):
            with self._session() as session:
                containers += [one for plan in plans_of(session, keep=True) for one in plan.containers]
        path = self.layout.root / "compose.yaml"
        write_public(path, compose_file(self.consortium, self.layout, containers).encode())
        return path

    def certificates(self) -> tuple[CertificateFile, ...]:
        """Every certificate, soonest expiry first."""
        return list_certificates(self.consortium, self.layout)

    def renew_certificates(self, *, within_days: int) -> tuple[Path, ...]:
        """Renew what expires within so many days, and have a running network use it.

        Nodes are restarted one by one. The certificate by which peers call their chaincode stands in the chaincode's
        package, so that is installed and approved anew, under the same version and sequence. What an earlier call had
        no time for, because it was ended, is done too.
        """
        with self._session() as session:
            with session.recorder.step("certificates issued again"):
                renewed = renew_certificates(self.consortium, self.layout, within_days=within_days)
            running = any(state.status == "running" for state in session.engine.containers())
            restart_stale(session, list(node_containers(self.consortium, self.layout, session.ports)))
            deployed = deployed_so_far(self.consortium, self.layout)
            if running and deployed and all(deployed):
                plans = plans_of(session, keep=True)
                servers = [container for plan in plans for container in plan.containers]
                with session.recorder.step("chaincode servers"):
                    in_parallel([partial(session.engine.ensure_container, one) for one in servers])
                restart_stale(session, servers)
                if [plan.deployment for plan in plans] != deployed:
                    roll_out(session, plans)
        return renewed

    def revoke(self, organization: str, name: str, *, reissue: bool = False) -> Report:
        """Declare the certificate of a user or a peer void: on its authority's list, and by the organisation's own
        administrator in every channel that knows the organisation; from then on every node refuses it.

        With `reissue` that one has another certificate, for another key; else it is out. Nodes also look into their own
        folder, for who may administer them, so they are restarted where the administrator or they themselves change.
        """
        owner = self.consortium.organization(organization)
        with self._session() as session:
            self._require_running(session)
            with session.recorder.step("revocation list"):
                told = revoke_certificate(self.consortium, owner, self.layout, name, reissue=reissue)
            # nodes first, for a peer that a channel knows as revoked gets no block more
            nodes = node_containers(self.consortium, self.layout, session.ports)
            concerned = [
                node
                for node in nodes
                if any(path.is_relative_to(mount.source) for mount in node.mounts for path in told)
            ]
            restarted = restart_stale(session, concerned)
            with session.recorder.step("channels"):
                updated = publish_revocations(session, owner)
            changes = [f"{node} restarted" for node in restarted]
            return self._report(session, [*changes, *(f"channel {channel} updated" for channel in updated)])

    @contextmanager
    def seat(self, organization: str) -> Iterator[NetworkSeat]:
        """An organisation's place at the running network, from which it proposes, shows, signs and submits changes."""
        with self._session() as session:
            yield NetworkSeat(session, self.consortium.organization(organization))

    @contextmanager
    def _session(self, *, ports: bool = True, saved: bool = True) -> Iterator[Session]:
        engine = Engine.connect(self.consortium.name, self._labels)
        try:
            book = PortBook.open(self.layout.ports, self.consortium, saved=saved) if ports else PortBook({})
            with Session(self.consortium, self.layout, book, engine, Recorder(self._progress)) as session:
                yield session
        finally:
            engine.close()

    def _report(self, session: Session, changes: Sequence[str]) -> Report:
        return Report(self.consortium.name, self.layout.root, tuple(session.recorder.steps), tuple(changes))

    def _prepare(self, session: Session) -> tuple[Path, ...]:
        nodes = node_containers(self.consortium, self.layout, session.ports)
        images = {node.image for node in (*nodes, *database_containers(self.consortium, self.layout))}
        with session.recorder.step("images"):
            in_parallel([partial(session.engine.require_image, image) for image in sorted(images)])
        with session.recorder.step("certificates"):
            issued = ensure_certificates(self.consortium, self.layout)
            ensure_secrets(self.consortium, self.layout)
        with session.recorder.step("genesis blocks"):
            ensure_blocks(session)
        return issued

    def _start_nodes(self, session: Session, chaincode: Sequence[Container]) -> list[str]:
        engine = session.engine
        nodes = list(node_containers(self.consortium, self.layout, session.ports))
        wanted = [*nodes, *chaincode]
        with session.recorder.step("containers"):
            cleared = clear_broken_orderers(session, nodes)
            engine.ensure_network()
            databases = database_containers(self.consortium, self.layout)
            in_parallel([partial(engine.ensure_container, container) for container in databases])
            started = in_parallel([partial(engine.ensure_container, container) for container in wanted])
        with session.recorder.step("nodes healthy"):
            in_parallel([partial(wait_until_healthy, engine, node) for node in nodes])
        restarted = restart_stale(session, wanted)
        changes = [f"{container.name} started" for container, was in zip(wanted, started, strict=True) if was]
        return [*cleared, *changes, *(f"{name} restarted" for name in restarted)]

    def _join(self, session: Session) -> list[str]:
        changes = []
        with session.recorder.step("orderers joined"):
            require_members(session)
            changes += clear_stuck_orderers(session, node_containers(self.consortium, self.layout, session.ports))
            changes += readmit_lost_orderers(session)
            lost = lost_consenters(session)
            changes += [f"{one} {LOST.format(channel=channel)}" for one, channel in sorted(lost)]
            if joined := join_orderers(session, but=lost):
                changes.append(f"{joined} orderer joins")
        with session.recorder.step("channels up to date"):
            changes += [f"channel {name} updated" for name in update_channels(session)]
        with session.recorder.step("peers joined"):
            if seats := join_peers(session):
                changes.append(f"{len(seats)} peer joins")
                wait_for_peers(session, seats)
        return changes

    def _require_running(self, session: Session) -> None:
        if not any(state.kind == "peer" and state.status == "running" for state in session.engine.containers()):
            raise NetworkError(f"Network {self.consortium.name} does not run: run `network up` first.")

    def _remove_files(self) -> list[str]:
        """Remove the network's folder, if it is one that we made."""
        root = self.layout.root
        if not (root / "ports.json").is_file():
            return []
        shutil.rmtree(root)
        return [f"{root} removed"]
