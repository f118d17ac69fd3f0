"""A channel in memory whose members have keys, for the tests of proposals.

It is read like one's own peer, and ordered by what Fabric's rules make of an update.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hlf_chaincode.protos.common.common_pb2 import Block, Envelope, Payload
from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigUpdate, ConfigUpdateEnvelope
from hlf_client.admin import MspSignatory
from hlf_client.identity import CertificateAuthority, NodeRole, PrivateKeySigner, Subject, generate_key
from hlf_network.channels.applying import applied
from hlf_network.channels.config import (
    Address,
    ChannelSettings,
    MemberConfig,
    OrdererNode,
    block_config,
    genesis_block,
)
from hlf_network.proposals.definitions import DefinitionNote

__all__ = ["InMemory", "Someone", "channel_of"]


@dataclass(frozen=True)
class Someone:
    """An organisation with its authorities."""

    msp_id: str
    ca: CertificateAuthority = field(default_factory=lambda: CertificateAuthority.create(Subject("ca", "a.test")))
    tls: CertificateAuthority = field(default_factory=lambda: CertificateAuthority.create(Subject("tls", "a.test")))

    def signatory(self, role: NodeRole = NodeRole.ADMIN) -> MspSignatory:
        key = generate_key()
        certificate = self.ca.enrol(Subject(f"one of {self.msp_id}", "a.test", role), key.public_key(), days=9)
        return MspSignatory(self.msp_id, certificate, PrivateKeySigner(key))

    @property
    def card(self) -> MemberConfig:
        return MemberConfig(
            self.msp_id,
            (self.ca.pem,),
            (self.tls.pem,),
            anchors=(Address(f"peer.{self.msp_id}", 7051),),
            orderers=(Address("orderer", 7050),),
        )

    def orderer(self, number: int) -> OrdererNode:
        host, key = f"orderer{number}", generate_key()
        identity = self.ca.enrol(Subject(host, "a.test", NodeRole.ORDERER), key.public_key(), days=9)
        tls = self.tls.issue_tls(Subject(host, "a.test"), key.public_key(), (host,), days=9)
        return OrdererNode(self.msp_id, Address(host, 7050), identity, tls)


@dataclass
class InMemory:
    """The channel: what a member's peer would tell, and an orderer that applies what it is given."""

    first: Block
    present: Config
    chaincodes: Sequence[DefinitionNote] | None = ()
    envelopes: list[Envelope] = field(default_factory=list)

    def genesis(self, _: str) -> Block:
        return self.first

    def config(self, _: str) -> Config:
        copy = Config()
        copy.CopyFrom(self.present)
        return copy

    def definitions(self, _: str) -> Sequence[DefinitionNote] | None:
        return self.chaincodes

    def order(self, envelope: Envelope, is_committed: Callable[[float], bool], *, what: str) -> None:
        self.envelopes.append(envelope)
        body = ConfigUpdateEnvelope.FromString(Payload.FromString(envelope.payload).data)
        result = applied(self.present, ConfigUpdate.FromString(body.config_update))
        self.present = Config(sequence=self.present.sequence + 1, channel_group=result)
        assert is_committed(0), what


def channel_of(
    members: Sequence[Someone], orderer: Someone, *, nodes: int = 4, bft: bool = False, level: str = "V3_0"
) -> InMemory:
    """A channel `ch` that has just begun."""
    names = ("Readers", "Writers", "Admins", "Endorsement", "LifecycleEndorsement")
    texts = ("ANY Readers", "ANY Writers", "MAJORITY Admins", "MAJORITY Endorsement", "MAJORITY Endorsement")
    block = genesis_block(
        ChannelSettings(
            name="ch",
            members=tuple(member.card for member in members),
            orderer_members=(orderer.card,),
            consenters=tuple(orderer.orderer(number) for number in range(nodes)),
            bft=bft,
            batch_timeout="1s",
            batch_messages=10,
            batch_preferred_bytes=100,
            batch_absolute_bytes=1000,
            policies=dict(zip(names, texts, strict=True)),
            channel_capability=level,
            orderer_capability="V2_0",
            application_capability="V2_5",
        )
    )
    return InMemory(block, block_config(block))
