"""A channel configuration as a flat reading: one line for each value, certificates by name.

Used to compare what we make with what Fabric's own tool made of the same consortium (golden/*.json). To take a new
golden reading: `configtxgen -outputBlock`, then `reading(block, names)` as JSON.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict

from hlf_chaincode.protos.common import common_pb2, configtx_pb2, configuration_pb2, policies_pb2
from hlf_chaincode.protos.msp import identities_pb2, msp_config_pb2, msp_principal_pb2
from hlf_chaincode.protos.orderer import configuration_pb2 as orderer_pb2
from hlf_chaincode.protos.orderer.etcdraft import configuration_pb2 as raft_pb2
from hlf_chaincode.protos.orderer.smartbft import configuration_pb2 as bft_pb2
from hlf_chaincode.protos.peer import configuration_pb2 as peer_pb2

# Generated code carries no types: these are protobuf message classes.
VALUES: Mapping[str, Any] = {
    "HashingAlgorithm": vars(configuration_pb2)["HashingAlgorithm"],
    "BlockDataHashingStructure": vars(configuration_pb2)["BlockDataHashingStructure"],
    "Capabilities": vars(configuration_pb2)["Capabilities"],
    "Endpoints": vars(configuration_pb2)["OrdererAddresses"],
    "Orderers": vars(configuration_pb2)["Orderers"],
    "ConsensusType": vars(orderer_pb2)["ConsensusType"],
    "BatchSize": vars(orderer_pb2)["BatchSize"],
    "BatchTimeout": vars(orderer_pb2)["BatchTimeout"],
    "ChannelRestrictions": vars(orderer_pb2)["ChannelRestrictions"],
    "AnchorPeers": vars(peer_pb2)["AnchorPeers"],
    "MSP": vars(msp_config_pb2)["MSPConfig"],
}
METADATA: Mapping[str, Any] = {
    "etcdraft": vars(raft_pb2)["ConfigMetadata"],
    "BFT": vars(bft_pb2)["Options"],
}


def channel_group(block: bytes) -> Any:
    """The configuration tree of a serialized config block."""
    envelope = vars(common_pb2)["Envelope"].FromString(vars(common_pb2)["Block"].FromString(block).data.data[0])
    payload = vars(common_pb2)["Payload"].FromString(envelope.payload)
    return vars(configtx_pb2)["ConfigEnvelope"].FromString(payload.data).config.channel_group


def reading(block: bytes, names: Mapping[bytes, str]) -> dict[str, object]:
    """Path to value for the whole tree; `names` says what to call each certificate (PEM)."""
    called = {base64.b64encode(pem).decode(): f"<{name}>" for pem, name in names.items()}
    return dict(sorted(_group(channel_group(block), "Channel", called)))


def _group(group: Any, path: str, called: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    yield f"{path} mod_policy", group.mod_policy
    for name, policy in group.policies.items():
        yield f"{path} policy {name}", [policy.mod_policy, policy.version, _policy(policy.policy, called)]
    for name, value in group.values.items():
        message = VALUES[name].FromString(value.value)
        yield f"{path} value {name}", [value.mod_policy, value.version, _value(name, message, called)]
    for name, inner in group.groups.items():
        yield from _group(inner, f"{path}/{name}", called)


def _value(name: str, message: Any, called: Mapping[str, str]) -> object:
    if name == "MSP":
        inner = vars(msp_config_pb2)["FabricMSPConfig"].FromString(message.config)
        return [message.type, _named(_plain(inner), called)]
    if name == "ConsensusType":
        return [
            message.type,
            message.state,
            _named(_plain(METADATA[message.type].FromString(message.metadata)), called),
        ]
    return _named(_plain(message), called)


def _policy(policy: Any, called: Mapping[str, str]) -> object:
    if policy.type == vars(policies_pb2)["Policy"].IMPLICIT_META:
        return _plain(vars(policies_pb2)["ImplicitMetaPolicy"].FromString(policy.value))
    envelope = vars(policies_pb2)["SignaturePolicyEnvelope"].FromString(policy.value)
    return [_plain(envelope.rule), [_principal(principal, called) for principal in envelope.identities]]


def _principal(principal: Any, called: Mapping[str, str]) -> object:
    if principal.principal_classification == vars(msp_principal_pb2)["MSPPrincipal"].ROLE:
        return _plain(vars(msp_principal_pb2)["MSPRole"].FromString(principal.principal))
    return _named(_plain(vars(identities_pb2)["SerializedIdentity"].FromString(principal.principal)), called)


def _plain(message: Any) -> object:
    return MessageToDict(message, preserving_proto_field_name=True)


def _named(value: object, called: Mapping[str, str]) -> object:
    """Certificates by name, everything else as it is."""
    if isinstance(value, dict):
        return {key: _named(inner, called) for key, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, called) for inner in value]
    return called.get(value, value) if isinstance(value, str) else value
