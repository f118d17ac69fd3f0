"""How a channel began, and whose authorities its configuration names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Envelope, Payload
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig
from hlf_client.wire.evidence._blocks import BlockEvidence, configuration_of, require_data
from hlf_client.wire.evidence._signers import parsed, unproven

__all__ = ["FirstBlock", "MemberAuthorities", "channel_authorities", "first_block"]

MEMBERS: Final = "Application"
ORDERERS: Final = "Orderer"


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
