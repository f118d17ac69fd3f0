"""One run of the driver: the consortium, its files and ports, the engine, and open connections to its nodes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hlf_client.admin.lifecycle import Participant
from hlf_client.admin.nodes import OrdererClient, PeerClient
from hlf_client.admin.participation import OrdererAdmin
from hlf_client.admin.signatory import MspSignatory
from hlf_client.wire.endpoint import Endpoint
from hlf_network._settings import channel_settings
from hlf_network.channels.config import ChannelSettings, MemberConfig, OrdererNode
from hlf_network.consortium import (
    Channel,
    Consortium,
    Orderer,
    Organization,
    Peer,
)
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import LOOPBACK, node_address
from hlf_network.engine.ports import PortBook
from hlf_network.material.layout import Layout
from hlf_network.material.pem_files import leaf_of
from hlf_network.progress import Recorder

__all__ = ["Session", "endpoint_of", "host_address"]


KNOCK_SECONDS = 3.0
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - compared with, not listened at


@dataclass
class Session:
    """Connections are opened on first use, shared by all threads, and closed at the end of the `with` block."""

    consortium: Consortium
    layout: Layout
    ports: PortBook
    engine: Engine
    recorder: Recorder
    _peers: dict[str, PeerClient] = field(default_factory=dict, repr=False)
    _orderers: dict[str, OrdererClient] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in (*self._peers.values(), *self._orderers.values()):
            client.close()
        self._peers.clear()
        self._orderers.clear()

    def admin(self, organization: Organization) -> MspSignatory:
        """The organisation's administrator; for one on another host our own, who may ask its peers all the same."""
        if not self.consortium.is_here(organization):
            organization = self.consortium.here[0]
        return MspSignatory.load(organization.msp, self.layout.user(organization, "admin") / "msp")

    def peer(self, organization: Organization, peer: Peer) -> PeerClient:
        host = organization.host_of(peer)
        with self._lock:
            if host not in self._peers:
                self._peers[host] = PeerClient(self._endpoint(organization, peer), advice=_advice(peer, organization))
            return self._peers[host]

    def orderer(self, organization: Organization, orderer: Orderer) -> OrdererClient:
        host = organization.host_of(orderer)
        with self._lock:
            if host not in self._orderers:
                self._orderers[host] = OrdererClient(self._endpoint(organization, orderer))
            return self._orderers[host]

    def orderers(self, channel: Channel | None = None) -> tuple[OrdererClient, ...]:
        """Every ordering node (of a channel), those of this host first, else in the file's order."""
        consortium = self.consortium
        owners = consortium.ordering(channel) if channel else consortium.organizations
        ours_first = sorted(owners, key=lambda owner: not consortium.is_here(owner))
        return tuple(self.orderer(owner, orderer) for owner in ours_first for orderer in owner.orderers)

    def orderer_admin(self, organization: Organization, orderer: Orderer) -> OrdererAdmin:
        tls = self.layout.user(organization, "admin") / "tls"
        name = f"{orderer.name}.{organization.name}"
        return OrdererAdmin(
            name=name,
            address=self.consortium.address if organization.reached_at is None else LOOPBACK,
            port=self.ports[name, "admin"],
            roots=tls / "ca.crt",
            certificate=tls / "client.crt",
            key=tls / "client.key",
        )

    def answers(self, organization: Organization) -> bool:
        """Whether a member on another host answers at its first peer's port: one that is away is not waited for."""
        peer = organization.peers[0]
        place = (host_address(self.consortium, organization), self.ports.published(organization, peer))
        try:
            socket.create_connection(place, timeout=KNOCK_SECONDS).close()
        except OSError:
            return False
        return True

    def participant(self, organization: Organization) -> Participant:
        peers = tuple(self.peer(organization, peer) for peer in organization.peers)
        return Participant(organization.msp, self.admin(organization), peers)

    def channel_settings(self, channel: Channel) -> ChannelSettings:
        """What consortium.yaml says of a channel, with the certificates that are on disk."""
        known = {owner.name: owner for owner in (*self.consortium.members(channel), *self.consortium.ordering(channel))}
        return channel_settings(
            self.consortium,
            channel,
            {name: self.member_config(owner) for name, owner in known.items()},
            {name: self.consenters(owner) for name, owner in known.items()},
        )

    def member_config(self, organization: Organization) -> MemberConfig:
        msp = self.layout.msp(organization)
        return MemberConfig(
            msp_id=organization.msp,
            root_certificates=((msp / "cacerts/ca.pem").read_bytes(),),
            tls_root_certificates=((msp / "tlscacerts/tlsca.pem").read_bytes(),),
            intermediate_certificates=self._read(self.layout.intermediates(organization, "ca")),
            tls_intermediate_certificates=self._read(self.layout.intermediates(organization, "tlsca")),
            revocation_lists=self._read(self.layout.revocation_lists(organization)),
            anchors=tuple(node_address(self.ports, organization, peer) for peer in organization.peers if peer.anchor),
            orderers=tuple(node_address(self.ports, organization, orderer) for orderer in organization.orderers),
        )

    @staticmethod
    def _read(paths: Sequence[Path]) -> tuple[bytes, ...]:
        return tuple(path.read_bytes() for path in paths)

    def consenters(self, organization: Organization) -> tuple[OrdererNode, ...]:
        """An organisation's orderers as channels know them."""
        return tuple(self.consenter(organization, orderer) for orderer in organization.orderers)

    def consenter(self, organization: Organization, orderer: Orderer) -> OrdererNode:
        """An ordering node with the certificates that are on disk."""
        folder = self.layout.node(organization, orderer)
        return OrdererNode(
            msp_id=organization.msp,
            address=node_address(self.ports, organization, orderer),
            identity=(folder / "msp/signcerts/cert.pem").read_bytes(),
            tls_certificate=leaf_of((folder / "tls/server.crt").read_bytes()),
        )

    def _endpoint(self, organization: Organization, node: Peer | Orderer) -> Endpoint:
        return endpoint_of(self.consortium, self.layout, self.ports, organization, node, user="admin")


def _advice(node: Peer | Orderer, owner: Organization) -> str:
    name = f"{node.name}.{owner.name}"
    return f"see its log with `network logs {name}`, or in the network's folder under failed/ when `up` has failed."


def host_address(consortium: Consortium, owner: Organization) -> str:
    """Where a program on this host finds an organisation's published ports."""
    if not consortium.is_here(owner) and owner.reached_at is not None:
        return owner.reached_at
    return LOOPBACK if consortium.address == ANY_ADDRESS else consortium.address


def endpoint_of(
    consortium: Consortium, layout: Layout, ports: PortBook, owner: Organization, node: Peer | Orderer, *, user: str
) -> Endpoint:
    """Where a node answers a user of its own organisation, or of this host's where the node is on another; with the
    user's TLS certificate where it is wanted."""
    at_home = owner if consortium.is_here(owner) else consortium.here[0]
    tls = layout.user(at_home, user) / "tls"
    return Endpoint(
        name=f"{node.name}.{owner.name}",
        address=f"{host_address(consortium, owner)}:{ports.published(owner, node)}",
        host=owner.host_of(node),
        roots=layout.tls_authorities(owner),
        certificate=(tls / "client.crt").read_bytes() if consortium.is_mutual_tls else None,
        key=(tls / "client.key").read_bytes() if consortium.is_mutual_tls else None,
        options=(("grpc.enable_http_proxy", 0),),  # published ports of this machine, under whatever address
    )
