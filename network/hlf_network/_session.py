"""One run of the driver: the consortium, its files and ports, the engine, and open connections to its nodes."""

from __future__ import annotations

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
from hlf_network.channels.config import ChannelSettings, MemberConfig, OrdererNode
from hlf_network.consortium import (
    Channel,
    Consensus,
    Consortium,
    Orderer,
    Organization,
    Peer,
    size_in_bytes,
)
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import orderer_address, peer_address
from hlf_network.engine.ports import PortBook
from hlf_network.material.layout import Layout
from hlf_network.material.pem_files import leaf_of
from hlf_network.progress import Recorder

__all__ = ["Session", "endpoint_of"]


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
        """The organisation's administrator."""
        return MspSignatory.load(organization.msp, self.layout.user(organization, "admin") / "msp")

    def peer(self, organization: Organization, peer: Peer) -> PeerClient:
        host = organization.host_of(peer)
        with self._lock:
            if host not in self._peers:
                self._peers[host] = PeerClient(self._endpoint(organization, peer))
            return self._peers[host]

    def orderer(self, organization: Organization, orderer: Orderer) -> OrdererClient:
        host = organization.host_of(orderer)
        with self._lock:
            if host not in self._orderers:
                self._orderers[host] = OrdererClient(self._endpoint(organization, orderer))
            return self._orderers[host]

    def orderers(self) -> tuple[OrdererClient, ...]:
        """Every ordering node, in the file's order."""
        return tuple(self.orderer(owner, orderer) for owner, orderer in self.consortium.orderers)

    def orderer_admin(self, organization: Organization, orderer: Orderer) -> OrdererAdmin:
        tls = self.layout.user(organization, "admin") / "tls"
        name = f"{orderer.name}.{organization.name}"
        return OrdererAdmin(
            name=name,
            address=self.consortium.address,
            port=self.ports[name, "admin"],
            roots=tls / "ca.crt",
            certificate=tls / "client.crt",
            key=tls / "client.key",
        )

    def participant(self, organization: Organization) -> Participant:
        peers = tuple(self.peer(organization, peer) for peer in organization.peers)
        return Participant(organization.msp, self.admin(organization), peers)

    def channel_settings(self, channel: Channel) -> ChannelSettings:
        """What consortium.yaml says of a channel, with the certificates that are on disk."""
        consortium, policies = self.consortium, channel.policies
        return ChannelSettings(
            name=channel.name,
            members=tuple(self.member_config(member) for member in consortium.members(channel)),
            orderer_members=tuple(self.member_config(owner) for owner in consortium.organizations if owner.orderers),
            consenters=tuple(self._consenter(owner, orderer) for owner, orderer in consortium.orderers),
            bft=consortium.consensus is Consensus.BFT,
            batch_timeout=channel.batch.timeout,
            batch_messages=channel.batch.messages,
            batch_preferred_bytes=size_in_bytes(channel.batch.preferred_bytes),
            batch_absolute_bytes=size_in_bytes(channel.batch.absolute_bytes),
            policies={
                name: consortium.policy_text(channel, text)
                for name, text in (
                    ("Readers", policies.readers),
                    ("Writers", policies.writers),
                    ("Admins", policies.admins),
                    ("Endorsement", policies.endorsement),
                    ("LifecycleEndorsement", policies.lifecycle_endorsement),
                )
            },
            channel_capability=consortium.channel_capability(channel),
            orderer_capability=channel.capabilities.orderer,
            application_capability=channel.capabilities.application,
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
            anchors=tuple(peer_address(organization, peer) for peer in organization.peers if peer.anchor),
            orderers=tuple(orderer_address(organization, orderer) for orderer in organization.orderers),
        )

    @staticmethod
    def _read(paths: Sequence[Path]) -> tuple[bytes, ...]:
        return tuple(path.read_bytes() for path in paths)

    def _consenter(self, organization: Organization, orderer: Orderer) -> OrdererNode:
        folder = self.layout.node(organization, orderer)
        return OrdererNode(
            msp_id=organization.msp,
            address=orderer_address(organization, orderer),
            identity=(folder / "msp/signcerts/cert.pem").read_bytes(),
            tls_certificate=leaf_of((folder / "tls/server.crt").read_bytes()),
        )

    def _endpoint(self, organization: Organization, node: Peer | Orderer) -> Endpoint:
        return endpoint_of(self.consortium, self.layout, self.ports, organization, node, user="admin")


def endpoint_of(
    consortium: Consortium, layout: Layout, ports: PortBook, owner: Organization, node: Peer | Orderer, *, user: str
) -> Endpoint:
    """Where a node answers one of its own organisation's users; with the user's TLS certificate where it is wanted."""
    name, tls = f"{node.name}.{owner.name}", layout.user(owner, user) / "tls"
    service = "peer" if isinstance(node, Peer) else "orderer"
    return Endpoint(
        name=name,
        address=f"{consortium.address}:{ports[name, service]}",
        host=owner.host_of(node),
        roots=layout.tls_authorities(owner),
        certificate=(tls / "client.crt").read_bytes() if consortium.is_mutual_tls else None,
        key=(tls / "client.key").read_bytes() if consortium.is_mutual_tls else None,
        options=(("grpc.enable_http_proxy", 0),),  # published ports of this machine, under whatever address
    )
