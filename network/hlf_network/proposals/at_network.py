"""Proposals within a network of one machine: its session read, its orderers sent to, its folder as directory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from hlf_chaincode.protos.common.common_pb2 import Block, Envelope
from hlf_chaincode.protos.common.configtx_pb2 import Config
from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import QueryChaincodeDefinitionsArgs
from hlf_client.admin import PeerClient, Signatory, order
from hlf_client.errors import FabricError, InvalidDocument
from hlf_network._session import Session
from hlf_network.channels.config import Address, MemberConfig, OrdererNode, block_config
from hlf_network.consortium import Organization
from hlf_network.engine.nodes import node_address
from hlf_network.errors import NetworkError
from hlf_network.proposals.definitions import DefinitionNote, read_definitions

__all__ = ["NetworkSeat"]


@dataclass(frozen=True, slots=True)
class NetworkSeat:
    """One organisation's place at a network: its administrator, and peers of its own to ask.

    One without peers in the channel (it orders only) asks another member's, as that member's administrator.
    """

    session: Session
    organization: Organization

    @property
    def signatory(self) -> Signatory:
        return self.session.admin(self.organization)

    def genesis(self, channel: str) -> Block:
        """From the network's folder: what every member compared before it joined."""
        path = self.session.layout.block(channel)
        if not path.is_file():
            raise InvalidDocument(f"There is no channel {channel!r} in {self.session.layout.root}.")
        return Block.FromString(path.read_bytes())

    def config(self, channel: str) -> Config:
        """From an orderer of its own, where it has any: in maintenance peers are given no blocks. Else from a peer."""
        for node in self.organization.orderers:
            try:
                client = self.session.orderer(self.organization, node)
                return block_config(client.config_block(self.session.admin(self.organization), channel))
            except FabricError:  # down, or no consenter any more
                continue
        admin, peer = self._peer(channel)
        return block_config(peer.config_block(admin, channel))

    def definitions(self, channel: str) -> Sequence[DefinitionNote] | None:
        query = QueryChaincodeDefinitionsArgs().SerializeToString()
        try:
            admin, peer = self._peer(channel)
            return read_definitions(peer.query(admin, channel, "_lifecycle", b"QueryChaincodeDefinitions", query))
        except FabricError:
            return None

    def order(self, envelope: Envelope, is_committed: Callable[[float], bool], *, what: str) -> None:
        order(self.session.orderers(), envelope, is_committed, what=what)

    def member(self, name: str) -> MemberConfig:
        return self.session.member_config(self.session.consortium.organization(name))

    def orderer(self, name: str) -> OrdererNode:
        known = {
            f"{orderer.name}.{owner.name}": (owner, orderer) for owner, orderer in self.session.consortium.orderers
        }
        if name not in known:
            raise InvalidDocument(f"There is no orderer {name!r} in the consortium: it has {', '.join(known)}.")
        return self.session.consenter(*known[name])

    def orderers(self) -> Sequence[OrdererNode]:
        return tuple(self.session.consenter(owner, orderer) for owner, orderer in self.session.consortium.orderers)

    def down(self, channel: str) -> Collection[Address]:
        """Of those on this host: of others their own hosts can tell."""
        found = set()
        for owner, orderer in self.session.consortium.orderers:
            if not self.session.consortium.is_here(owner):
                continue
            try:
                self.session.orderer_admin(owner, orderer).height(channel)
            except FabricError:
                found.add(node_address(self.session.ports, owner, orderer))
        return found

    def _peer(self, channel: str) -> tuple[Signatory, PeerClient]:
        """A peer that has the channel, and who may ask it: the organisation's own, else another member's."""
        consortium = self.session.consortium
        known = [one for one in consortium.channels if one.name == channel]
        seated = consortium.seated(known[0]) if known else ()
        for member in sorted(seated, key=lambda one: one != self.organization):
            admin = self.session.admin(member)
            for peer in member.peers:
                client = self.session.peer(member, peer)
                try:
                    if channel in client.channels(admin):
                        return admin, client
                except FabricError:
                    continue
        raise NetworkError(f"No peer that answers has joined channel {channel!r}.")
