"""The consenters of a raft channel in its configuration: who is one, one more, one less."""

from __future__ import annotations

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.orderer.configuration_pb2 import ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import Consenter as RaftConsenter
from hlf_network.channels.config import Address, OrdererNode

__all__ = ["has_consenter", "is_raft", "with_consenter", "without_consenter"]


def is_raft(group: ConfigGroup) -> bool:
    return _consensus(group).type == "etcdraft"


def has_consenter(group: ConfigGroup, address: Address) -> bool:
    return any(_is_at(consenter, address) for consenter in _metadata(group).consenters)


def without_consenter(group: ConfigGroup, address: Address) -> ConfigGroup:
    """The configuration with one consenter less; Fabric takes one at a time."""
    metadata = _metadata(group)
    kept = [consenter for consenter in metadata.consenters if not _is_at(consenter, address)]
    del metadata.consenters[:]
    metadata.consenters.extend(kept)
    return _with(group, metadata)


def with_consenter(group: ConfigGroup, node: OrdererNode) -> ConfigGroup:
    """The configuration with one consenter more, as it is where it has that one."""
    metadata = _metadata(group)
    if not any(_is_at(consenter, node.address) for consenter in metadata.consenters):
        metadata.consenters.append(
            RaftConsenter(
                host=node.address.host,
                port=node.address.port,
                client_tls_cert=node.tls_certificate,
                server_tls_cert=node.tls_certificate,
            )
        )
    return _with(group, metadata)


def _is_at(consenter: RaftConsenter, address: Address) -> bool:
    return (consenter.host, consenter.port) == (address.host, address.port)


def _consensus(group: ConfigGroup) -> ConsensusType:
    return ConsensusType.FromString(group.groups["Orderer"].values["ConsensusType"].value)


def _metadata(group: ConfigGroup) -> ConfigMetadata:
    return ConfigMetadata.FromString(_consensus(group).metadata)


def _with(group: ConfigGroup, metadata: ConfigMetadata) -> ConfigGroup:
    changed = ConfigGroup()
    changed.CopyFrom(group)
    consensus = _consensus(group)
    consensus.metadata = metadata.SerializeToString(deterministic=True)
    changed.groups["Orderer"].values["ConsensusType"].value = consensus.SerializeToString(deterministic=True)
    return changed
