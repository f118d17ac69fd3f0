"""A channel's configuration as protobuf, and its genesis block: what configtxgen makes, from Python values.

Everything here is a pure function: the same input gives the same bytes, because maps are serialized in key order and
no clock is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    Header,
    HeaderType,
    LastConfig,
    Metadata,
    OrdererBlockMetadata,
    Payload,
    SignatureHeader,
)
from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigEnvelope, ConfigGroup, ConfigPolicy, ConfigValue
from hlf_chaincode.protos.common.configuration_pb2 import (
    BlockDataHashingStructure,
    Capabilities,
    Capability,
    Consenter,
    HashingAlgorithm,
    OrdererAddresses,
    Orderers,
)
from hlf_chaincode.protos.common.policies_pb2 import Policy
from hlf_chaincode.protos.msp.msp_config_pb2 import (
    FabricCryptoConfig,
    FabricMSPConfig,
    FabricNodeOUs,
    FabricOUIdentifier,
    MSPConfig,
)
from hlf_chaincode.protos.orderer.configuration_pb2 import BatchSize, BatchTimeout, ChannelRestrictions, ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata as RaftMetadata
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import Consenter as RaftConsenter
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import Options as RaftOptions
from hlf_chaincode.protos.orderer.smartbft.configuration_pb2 import Options as BftOptions
from hlf_chaincode.protos.peer.configuration_pb2 import AnchorPeer, AnchorPeers
from hlf_client.wire.evidence import bft_quorum
from hlf_network.channels.policies import certificates_policy, config_policy, is_signature_policy

__all__ = [
    "ADMINS",
    "Address",
    "ChannelSettings",
    "MemberConfig",
    "OrdererNode",
    "anchors_value",
    "application_group",
    "batch_values",
    "bft_block_validation",
    "bft_options",
    "bft_orderers",
    "block_config",
    "channel_group",
    "genesis_block",
    "orderer_organization",
    "with_revocations",
]

ADMINS = "Admins"
ORGANIZATION_POLICIES = {
    "Readers": "OR('{msp}.admin', '{msp}.peer', '{msp}.client')",
    "Writers": "OR('{msp}.admin', '{msp}.client')",
    "Admins": "OR('{msp}.admin')",
    "Endorsement": "OR('{msp}.peer')",
}
ORDERER_ORGANIZATION_POLICIES = {
    "Readers": "OR('{msp}.member')",
    "Writers": "OR('{msp}.member')",
    "Admins": "OR('{msp}.admin')",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node answers inside the network."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MemberConfig:
    """What a channel must know of an organisation: its MSP's public part and where its nodes are. PEM throughout."""

    msp_id: str
    root_certificates: tuple[bytes, ...]
    tls_root_certificates: tuple[bytes, ...]
    intermediate_certificates: tuple[bytes, ...] = ()
    tls_intermediate_certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    anchors: tuple[Address, ...] = ()
    orderers: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class OrdererNode:
    """A consenter: its organisation, where it answers, and its certificates (PEM)."""

    msp_id: str
    address: Address
    identity: bytes
    tls_certificate: bytes


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """All that decides a channel's first configuration."""

    name: str
    members: tuple[MemberConfig, ...]
    orderer_members: tuple[MemberConfig, ...]
    consenters: tuple[OrdererNode, ...]
    bft: bool
    batch_timeout: str
    batch_messages: int
    batch_preferred_bytes: int
    batch_absolute_bytes: int
    policies: Mapping[str, str]
    """Readers, Writers, Admins, Endorsement and LifecycleEndorsement, as text."""
    channel_capability: str
    orderer_capability: str
    application_capability: str
    tick_milliseconds: int = field(default=500)


def genesis_block(settings: ChannelSettings) -> Block:
    """Block 0 of a channel. The same settings give the same bytes."""
    config = ConfigEnvelope(config=Config(channel_group=channel_group(settings)))
    channel_header = ChannelHeader(
        type=HeaderType.CONFIG,
        version=1,
        channel_id=settings.name,
        tx_id=hashlib.sha256(settings.name.encode()).hexdigest(),
    )
    payload = Payload(
        header=Header(
            channel_header=_bytes(channel_header),
            signature_header=_bytes(SignatureHeader(nonce=settings.name.encode())),
        ),
        data=_bytes(config),
    )
    envelope = _bytes(Envelope(payload=_bytes(payload)))
    block = Block()
    block.header.number = 0
    block.header.data_hash = hashlib.sha256(envelope).digest()
    block.data.data.append(envelope)
    slots = [b""] * 5
    last_config = LastConfig(index=0)
    slots[BlockMetadataIndex.LAST_CONFIG] = _bytes(Metadata(value=_bytes(last_config)))
    slots[BlockMetadataIndex.SIGNATURES] = _bytes(Metadata(value=_bytes(OrdererBlockMetadata(last_config=last_config))))
    block.metadata.metadata.extend(slots)
    return block


def block_config(block: Block) -> Config:
    """The configuration that a config block holds."""
    envelope = Envelope.FromString(block.data.data[0])
    payload = Payload.FromString(envelope.payload)
    return ConfigEnvelope.FromString(payload.data).config


def channel_group(settings: ChannelSettings) -> ConfigGroup:
    """The whole configuration tree."""
    group = ConfigGroup(mod_policy=ADMINS)
    _set(group, "HashingAlgorithm", HashingAlgorithm(name="SHA256"))
    _set(group, "BlockDataHashingStructure", BlockDataHashingStructure(width=2**32 - 1))
    _set(group, "Capabilities", _capabilities(settings.channel_capability))
    _allow(group, _of_the_whole(settings.policies))
    group.groups["Orderer"].CopyFrom(_orderer_group(settings))
    application = ConfigGroup(mod_policy=ADMINS)
    _set(application, "Capabilities", _capabilities(settings.application_capability))
    _allow(application, settings.policies)
    for member in settings.members:
        application.groups[member.msp_id].CopyFrom(application_group(member))
    group.groups["Application"].CopyFrom(application)
    return group


def _of_the_whole(policies: Mapping[str, str]) -> Mapping[str, str]:
    """The channel's own policies. Who reads and writes by name is an application's affair: orderers do so too."""
    return {
        "Readers": "ANY Readers" if is_signature_policy(policies["Readers"]) else policies["Readers"],
        "Writers": "ANY Writers" if is_signature_policy(policies["Writers"]) else policies["Writers"],
        "Admins": policies["Admins"],
    }


def application_group(member: MemberConfig) -> ConfigGroup:
    """A member's part of the application: its MSP, its policies and its anchor peers."""
    group = ConfigGroup(mod_policy=ADMINS)
    _set(group, "MSP", _msp(member))
    _allow(group, {name: text.format(msp=member.msp_id) for name, text in ORGANIZATION_POLICIES.items()})
    if member.anchors:
        _set(group, "AnchorPeers", anchors_value(member))
    return group


def anchors_value(member: MemberConfig) -> AnchorPeers:
    """The peers through which other organisations find a member's."""
    return AnchorPeers(anchor_peers=[AnchorPeer(host=address.host, port=address.port) for address in member.anchors])


def batch_values(settings: ChannelSettings) -> dict[str, BatchSize | BatchTimeout]:
    """The two values that say when a block is cut."""
    return {
        "BatchSize": BatchSize(
            max_message_count=settings.batch_messages,
            absolute_max_bytes=settings.batch_absolute_bytes,
            preferred_max_bytes=settings.batch_preferred_bytes,
        ),
        "BatchTimeout": BatchTimeout(timeout=settings.batch_timeout),
    }


def with_revocations(group: ConfigGroup, member: MemberConfig) -> None:
    """Put the member's revocation lists into its MSP in a channel's tree: under Application and, where it runs
    orderers, under Orderer, for Fabric refuses two versions of one MSP. Nothing else of the MSP is touched."""
    for part in ("Application", "Orderer"):
        if member.msp_id in group.groups[part].groups:
            value = group.groups[part].groups[member.msp_id].values["MSP"]
            msp = MSPConfig.FromString(value.value)
            config = FabricMSPConfig.FromString(msp.config)
            if tuple(config.revocation_list) != member.revocation_lists:
                config.revocation_list[:] = member.revocation_lists
                msp.config = _bytes(config)
                value.value = _bytes(msp)


def _orderer_group(settings: ChannelSettings) -> ConfigGroup:
    group = ConfigGroup(mod_policy=ADMINS)
    for name, value in batch_values(settings).items():
        _set(group, name, value)
    _set(group, "ChannelRestrictions", ChannelRestrictions())
    _set(group, "Capabilities", _capabilities(settings.orderer_capability))
    _allow(group, {"Readers": "ANY Readers", "Writers": "ANY Writers", "Admins": "MAJORITY Admins"})
    if settings.bft:
        _set(group, "Orderers", bft_orderers(settings.consenters))
        _set(group, "ConsensusType", ConsensusType(type="BFT", metadata=_bytes(bft_options())))
        signers = [(node.msp_id, node.identity) for node in settings.consenters]
        quorum = bft_block_validation(signers)
        group.policies["BlockValidation"].CopyFrom(ConfigPolicy(mod_policy=ADMINS, policy=quorum))
    else:
        _set(group, "ConsensusType", ConsensusType(type="etcdraft", metadata=_bytes(_raft_metadata(settings))))
        _allow(group, {"BlockValidation": "ANY Writers"})
    for member in settings.orderer_members:
        group.groups[member.msp_id].CopyFrom(orderer_organization(member))
    return group


def orderer_organization(member: MemberConfig) -> ConfigGroup:
    """An organisation's part of the orderers: its MSP, its policies and where its orderers answer."""
    group = ConfigGroup(mod_policy=ADMINS)
    _set(group, "MSP", _msp(member))
    _set(group, "Endpoints", OrdererAddresses(addresses=[str(address) for address in member.orderers]))
    texts = {name: text.format(msp=member.msp_id) for name, text in ORDERER_ORGANIZATION_POLICIES.items()}
    _allow(group, texts)
    return group


def _raft_metadata(settings: ChannelSettings) -> RaftMetadata:
    """The defaults of Fabric's sample configuration; the tick may be shorter where nodes share one host."""
    return RaftMetadata(
        consenters=[
            RaftConsenter(
                host=node.address.host,
                port=node.address.port,
                client_tls_cert=node.tls_certificate,
                server_tls_cert=node.tls_certificate,
            )
            for node in settings.consenters
        ],
        options=RaftOptions(
            tick_interval=f"{settings.tick_milliseconds}ms",
            election_tick=10,
            heartbeat_tick=1,
            max_inflight_blocks=5,
            snapshot_interval_size=16 << 20,
        ),
    )


def bft_block_validation(signers: Sequence[tuple[str, bytes]]) -> Policy:
    """A quorum of the consenters' identities (MSP id, PEM): who must have signed a block."""
    return certificates_policy(bft_quorum(len(signers)), signers)


def bft_orderers(consenters: Sequence[OrdererNode]) -> Orderers:
    """The consenters with their identities, as BFT wants them."""
    return Orderers(
        consenter_mapping=[
            Consenter(
                id=number,
                host=node.address.host,
                port=node.address.port,
                msp_id=node.msp_id,
                identity=node.identity,
                client_tls_cert=node.tls_certificate,
                server_tls_cert=node.tls_certificate,
            )
            for number, node in enumerate(consenters, start=1)
        ]
    )


def bft_options() -> BftOptions:
    """SmartBFT's defaults as configtxgen writes them; how large a batch may be, BatchSize says."""
    return BftOptions(
        request_batch_max_interval="50ms",
        incoming_message_buffer_size=200,
        request_pool_size=100_000,
        request_forward_timeout="2s",
        request_complain_timeout="20s",
        request_auto_remove_timeout="3m0s",
        view_change_resend_interval="5s",
        view_change_timeout="20s",
        leader_heartbeat_timeout="1m0s",
        leader_heartbeat_count=10,
        collect_timeout="1s",
    )


def _msp(member: MemberConfig) -> MSPConfig:
    """NodeOUs on: the organisational unit in a certificate says whether it is a client, peer, admin or orderer.

    A unit's certificate names the one authority that may give it, root or intermediate; without it any of the MSP may.
    """
    authority = b"" if member.intermediate_certificates else member.root_certificates[0]

    def unit(name: str) -> FabricOUIdentifier:
        return FabricOUIdentifier(organizational_unit_identifier=name, certificate=authority)

    config = FabricMSPConfig(
        name=member.msp_id,
        root_certs=member.root_certificates,
        intermediate_certs=member.intermediate_certificates,
        revocation_list=member.revocation_lists,
        tls_root_certs=member.tls_root_certificates,
        tls_intermediate_certs=member.tls_intermediate_certificates,
        crypto_config=FabricCryptoConfig(signature_hash_family="SHA2", identity_identifier_hash_function="SHA256"),
        fabric_node_ous=FabricNodeOUs(
            enable=True,
            client_ou_identifier=unit("client"),
            peer_ou_identifier=unit("peer"),
            admin_ou_identifier=unit("admin"),
            orderer_ou_identifier=unit("orderer"),
        ),
    )
    return MSPConfig(type=0, config=_bytes(config))


def _capabilities(level: str) -> Capabilities:
    return Capabilities(capabilities={level: Capability()})


def _set(group: ConfigGroup, name: str, value: object) -> None:
    group.values[name].CopyFrom(ConfigValue(mod_policy=ADMINS, value=_bytes(value)))


def _allow(group: ConfigGroup, policies: Mapping[str, str]) -> None:
    for name, text in policies.items():
        group.policies[name].CopyFrom(ConfigPolicy(mod_policy=ADMINS, policy=config_policy(text)))


def _bytes(message: object) -> bytes:
    serialize = message.SerializeToString  # type: ignore[attr-defined]  # protobuf messages carry no types
    return bytes(serialize(deterministic=True))
