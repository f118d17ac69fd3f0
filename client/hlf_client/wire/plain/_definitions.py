"""What members agree on of a chaincode, as plain values: endorsement, collections, the lifecycle's own calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from google.protobuf.message import DecodeError, Message

from hlf_chaincode.canonical import Json
from hlf_chaincode.protos.peer.collection_pb2 import CollectionConfigPackage
from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import (
    ApproveChaincodeDefinitionForMyOrgArgs,
    CheckCommitReadinessArgs,
    CommitChaincodeDefinitionArgs,
    QueryApprovedChaincodeDefinitionArgs,
    QueryChaincodeDefinitionArgs,
)
from hlf_client.wire.plain._policies import application_policy, signature_policy
from hlf_client.wire.plain._values import message_json, readable

__all__ = ["LIFECYCLE", "collections_json", "endorsement_text", "lifecycle_arguments"]

LIFECYCLE: Final = "_lifecycle"

_ARGUMENTS: Final[Mapping[str, type[Message]]] = {
    "ApproveChaincodeDefinitionForMyOrg": ApproveChaincodeDefinitionForMyOrgArgs,
    "CheckCommitReadiness": CheckCommitReadinessArgs,
    "CommitChaincodeDefinition": CommitChaincodeDefinitionArgs,
    "QueryApprovedChaincodeDefinition": QueryApprovedChaincodeDefinitionArgs,
    "QueryChaincodeDefinition": QueryChaincodeDefinitionArgs,
}


def endorsement_text(validation_parameter: bytes) -> Json:
    """The endorsement policy of a definition; "" where it has none."""
    return application_policy(validation_parameter) if validation_parameter else ""


def collections_json(package: CollectionConfigPackage) -> list[Json]:
    """The private collections of a definition, as Fabric's collections file names their fields."""
    found: list[Json] = []
    for each in package.config:
        static = each.static_collection_config
        members = static.member_orgs_policy.signature_policy.SerializeToString(deterministic=True)
        one: dict[str, Json] = {
            "name": static.name,
            "policy": signature_policy(members),
            "requiredPeerCount": static.required_peer_count,
            "maxPeerCount": static.maximum_peer_count,
            "blockToLive": static.block_to_live,
            "memberOnlyRead": static.member_only_read,
            "memberOnlyWrite": static.member_only_write,
        }
        if static.HasField("endorsement_policy"):
            policy = static.endorsement_policy.SerializeToString(deterministic=True)
            one["endorsementPolicy"] = application_policy(policy)
        found.append(one)
    return found


def lifecycle_arguments(arguments: Sequence[bytes]) -> Json:
    """A call of the lifecycle's own chaincode: function, and its message with policies and collections as text."""
    plain: list[Json] = [readable(each) for each in arguments]
    name = arguments[0].decode(errors="replace") if arguments else ""
    if name not in _ARGUMENTS or len(arguments) != 2:
        return plain
    try:
        message = _ARGUMENTS[name].FromString(arguments[1])
        told = message_json(message)
        if isinstance(parameter := getattr(message, "validation_parameter", b""), bytes) and parameter:
            told["validation_parameter"] = endorsement_text(parameter)
        if isinstance(package := getattr(message, "collections", None), CollectionConfigPackage) and package.config:
            told["collections"] = collections_json(package)
    except DecodeError:
        return plain
    return [name, told]
