"""A channel's configuration: every group with its values, policies, and who may change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cryptography import x509
from google.protobuf.message import DecodeError, Message

from hlf_chaincode.canonical import Json
from hlf_chaincode.protos.common.common_pb2 import Block, Envelope, Payload, SignatureHeader
from hlf_chaincode.protos.common.configtx_pb2 import ConfigEnvelope, ConfigGroup, ConfigUpdateEnvelope
from hlf_chaincode.protos.common.configuration_pb2 import (
    BlockDataHashingStructure,
    Capabilities,
    Consortium,
    HashingAlgorithm,
    OrdererAddresses,
    Orderers,
)
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, FabricNodeOUs, MSPConfig
from hlf_chaincode.protos.orderer.configuration_pb2 import (
    BatchSize,
    BatchTimeout,
    ChannelRestrictions,
    ConsensusType,
    KafkaBrokers,
)
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata
from hlf_chaincode.protos.orderer.smartbft.configuration_pb2 import Options
from hlf_chaincode.protos.peer.configuration_pb2 import ACLs, AnchorPeers
from hlf_client.wire.plain._policies import policy_json
from hlf_client.wire.plain._values import identity_json, message_json, parsed, readable, reading

__all__ = ["config_json", "envelope_config"]

_VALUES: Final[Mapping[str, type[Message]]] = {
    "ACLs": ACLs,
    "AnchorPeers": AnchorPeers,
    "BatchSize": BatchSize,
    "BatchTimeout": BatchTimeout,
    "BlockDataHashingStructure": BlockDataHashingStructure,
    "Capabilities": Capabilities,
    "ChannelRestrictions": ChannelRestrictions,
    "Consortium": Consortium,
    "Endpoints": OrdererAddresses,
    "HashingAlgorithm": HashingAlgorithm,
    "KafkaBrokers": KafkaBrokers,
    "OrdererAddresses": OrdererAddresses,
    "Orderers": Orderers,
}
_CONSENSUS: Final[Mapping[str, type[Message]]] = {"etcdraft": ConfigMetadata, "BFT": Options}


def config_json(stored: bytes) -> dict[str, Json]:
    """The configuration in a config block (`common.Block`). Raises `InvalidDocument`."""
    with reading("block with a configuration"):
        block = parsed(Block, stored)
        envelope = parsed(Envelope, block.data.data[0])
        return envelope_config(parsed(ConfigEnvelope, parsed(Payload, envelope.payload).data))


def envelope_config(envelope: ConfigEnvelope) -> dict[str, Json]:
    """A configuration, and who signed the update that led to it."""
    told: dict[str, Json] = {
        "sequence": int(envelope.config.sequence),
        "channel_group": _group(envelope.config.channel_group),
    }
    if envelope.HasField("last_update"):
        update = parsed(ConfigUpdateEnvelope, parsed(Payload, envelope.last_update.payload).data)
        told["update_signed_by"] = [
            identity_json(bytes(parsed(SignatureHeader, each.signature_header).creator)) for each in update.signatures
        ]
    return told


def _group(group: ConfigGroup) -> Json:
    told: dict[str, Json] = {"version": int(group.version), "mod_policy": group.mod_policy}
    if group.values:
        told["values"] = {
            name: {**_value(name, bytes(each.value)), "version": int(each.version), "mod_policy": each.mod_policy}
            for name, each in sorted(group.values.items())
        }
    if group.policies:
        told["policies"] = {
            name: {
                "policy": policy_json(each.policy),
                "version": int(each.version),
                "mod_policy": each.mod_policy,
            }
            for name, each in sorted(group.policies.items())
        }
    if group.groups:
        told["groups"] = {name: _group(each) for name, each in sorted(group.groups.items())}
    return told


def _value(name: str, data: bytes) -> dict[str, Json]:
    """What a value says; of one that a newer Fabric has, its bytes."""
    try:
        if name == "MSP":
            return {"value": _msp(parsed(MSPConfig, data))}
        if name == "ConsensusType":
            return {"value": _consensus(parsed(ConsensusType, data))}
        if name in _VALUES:
            return {"value": message_json(_VALUES[name].FromString(data))}
    except DecodeError:
        pass
    return {"value": readable(data)}


def _consensus(consensus: ConsensusType) -> Json:
    told = message_json(consensus)
    told["state"] = ConsensusType.State.Name(consensus.state)
    if consensus.type in _CONSENSUS:
        told["metadata"] = message_json(_CONSENSUS[consensus.type].FromString(bytes(consensus.metadata)))
    return told


def _msp(msp: MSPConfig) -> Json:
    if msp.type != 0:
        return {"type": int(msp.type), "config": readable(bytes(msp.config))}
    config = parsed(FabricMSPConfig, bytes(msp.config))
    told = message_json(config)
    for name in ("root_certs", "intermediate_certs", "admins", "tls_root_certs", "tls_intermediate_certs"):
        if name in told:
            told[name] = [_certificate(bytes(each)) for each in getattr(config, name)]
    if "fabric_node_ous" in told:
        told["fabric_node_ous"] = _roles(config.fabric_node_ous)
    return told


def _roles(units: FabricNodeOUs) -> Json:
    """Roles by the unit that a certificate names; whose certificates is said once, above."""
    names = ("client", "peer", "admin", "orderer")
    return {
        "enable": units.enable,
        **{each: getattr(units, f"{each}_ou_identifier").organizational_unit_identifier for each in names},
    }


def _certificate(pem: bytes) -> Json:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        return readable(pem)
    return {
        "subject": certificate.subject.rfc4514_string(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "pem": pem.decode(),
    }
