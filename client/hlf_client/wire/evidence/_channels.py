"""How a channel began, and whose authorities and nodes its configuration names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Envelope, Payload
from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.common.configuration_pb2 import Orderers
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig
from hlf_chaincode.protos.orderer.configuration_pb2 import ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata
from hlf_client.wire.evidence._blocks import BlockEvidence, configuration_of, require_data
from hlf_client.wire.evidence._signers import parsed, unproven

__all__ = [
    "CertificateUse",
    "ChannelCertificate",
    "FirstBlock",
    "MemberAuthorities",
    "channel_authorities",
    "channel_certificates",
    "first_block",
]

MEMBERS: Final = "Application"
ORDERERS: Final = "Orderer"
_RAFT: Final = "etcdraft"


@dataclass(frozen=True, slots=True)
class FirstBlock:
    """A channel's name, and the hash of the block that it began with: one on all its peers, and on no other network."""

    channel: str
    hash: str


@dataclass(frozen=True, slots=True)
class MemberAuthorities:
    """One organisation's authorities as a channel's configuration names them (PEM)."""

    msp_id: str
    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]


class CertificateUse(StrEnum):
    """As what a channel's configuration names a certificate."""

    AUTHORITY = "authority"
    TLS_AUTHORITY = "authority of TLS"
    ORDERER = "orderer"
    """By which a consenter signs blocks; BFT names it."""
    ORDERER_TLS = "orderer for TLS"
    """By which a consenter is known to the others, as server and as client."""


@dataclass(frozen=True, slots=True)
class ChannelCertificate:
    """One certificate of a channel's configuration. Raft names its nodes by their addresses alone: no member."""

    msp_id: str
    use: CertificateUse
    pem: bytes
    address: str = ""


def channel_certificates(config: BlockEvidence) -> tuple[ChannelCertificate, ...]:
    """Every certificate by which the channel stops when it ends: authorities', and those of nodes that order.

    Raises `InvalidDocument` for a block that holds no configuration.
    """
    require_data(config)
    return tuple(each for each in _certificates(configuration_of(config)) if each.pem)


def _certificates(channel: ConfigGroup) -> Iterator[ChannelCertificate]:
    for part in (MEMBERS, ORDERERS):
        for msp_id, group in sorted(channel.groups[part].groups.items()):
            msp = parsed(FabricMSPConfig, parsed(MSPConfig, group.values["MSP"].value).config)
            for use, named in (
                (CertificateUse.AUTHORITY, (*msp.root_certs, *msp.intermediate_certs)),
                (CertificateUse.TLS_AUTHORITY, (*msp.tls_root_certs, *msp.tls_intermediate_certs)),
            ):
                yield from (ChannelCertificate(msp_id, use, bytes(pem)) for pem in named)
    ordering = channel.groups[ORDERERS].values
    for bft in parsed(Orderers, ordering["Orderers"].value).consenter_mapping:
        address = f"{bft.host}:{bft.port}"
        yield ChannelCertificate(bft.msp_id, CertificateUse.ORDERER, bytes(bft.identity), address)
        for pem in sorted({bytes(bft.server_tls_cert), bytes(bft.client_tls_cert)}):
            yield ChannelCertificate(bft.msp_id, CertificateUse.ORDERER_TLS, pem, address)
    consensus = parsed(ConsensusType, ordering["ConsensusType"].value)
    if consensus.type == _RAFT:
        for raft in parsed(ConfigMetadata, consensus.metadata).consenters:
            for pem in sorted({bytes(raft.server_tls_cert), bytes(raft.client_tls_cert)}):
                yield ChannelCertificate("", CertificateUse.ORDERER_TLS, pem, f"{raft.host}:{raft.port}")


def first_block(block: BlockEvidence) -> FirstBlock:
    """What a channel's first block says. Raises `InvalidDocument` for any other block."""
    if block.number or block.previous_hash:
        raise unproven("block", f"block {block.number} is not the first one of a channel")
    require_data(block)
    configuration_of(block)
    header = parsed(Payload, parsed(Envelope, block.data[0]).payload).header
    return FirstBlock(str(parsed(ChannelHeader, header.channel_header).channel_id), block.hash)


def channel_authorities(
    config: BlockEvidence,
) -> tuple[tuple[MemberAuthorities, ...], tuple[MemberAuthorities, ...]]:
    """The members of a channel, and the organisations that order its blocks, each sorted by MSP id.

    Raises `InvalidDocument` for a block that holds no configuration.
    """
    require_data(config)
    return _organizations(config, MEMBERS), _organizations(config, ORDERERS)


def _organizations(config: BlockEvidence, part: str) -> tuple[MemberAuthorities, ...]:
    groups = configuration_of(config).groups[part].groups
    return tuple(_authorities(groups[msp_id].values["MSP"].value, msp_id) for msp_id in sorted(groups))


def _authorities(value: bytes, msp_id: str) -> MemberAuthorities:
    msp = parsed(FabricMSPConfig, parsed(MSPConfig, value).config)
    if msp.name != msp_id:
        raise unproven("block", f"the configuration gives {msp_id} the MSP of {msp.name or 'nobody'}")
    return MemberAuthorities(msp_id, tuple(msp.root_certs), tuple(msp.intermediate_certs))
