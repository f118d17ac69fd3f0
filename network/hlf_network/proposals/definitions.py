"""Chaincode definitions as a change of members meets them: who must endorse, and which collections name whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.protos.common.policies_pb2 import SignaturePolicyEnvelope
from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import QueryChaincodeDefinitionsResult
from hlf_chaincode.protos.peer.policy_pb2 import ApplicationPolicy
from hlf_client.errors import InvalidDocument

__all__ = ["CollectionNote", "DefinitionNote", "read_definitions"]


@dataclass(frozen=True, slots=True)
class CollectionNote:
    """A private collection and the members that hold it."""

    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class DefinitionNote:
    """A committed chaincode: whom its endorsement policy names (nobody, where it is the channel's own)."""

    chaincode: str
    endorsers: frozenset[str]
    collections: tuple[CollectionNote, ...] = ()


def read_definitions(answer: bytes) -> tuple[DefinitionNote, ...]:
    """From a peer's answer to QueryChaincodeDefinitions."""
    return tuple(
        DefinitionNote(
            one.name,
            _named(ApplicationPolicy.FromString(one.validation_parameter).signature_policy),
            tuple(
                CollectionNote(
                    collection.static_collection_config.name,
                    _named(collection.static_collection_config.member_orgs_policy.signature_policy),
                )
                for collection in one.collections.config
            ),
        )
        for one in QueryChaincodeDefinitionsResult.FromString(answer).chaincode_definitions
    )


def naming(definitions: Sequence[DefinitionNote], msp_id: str) -> tuple[DefinitionNote, ...]:
    """Those that name a member, with only the collections that do."""
    found = []
    for one in definitions:
        collections = tuple(each for each in one.collections if msp_id in each.members)
        if collections or msp_id in one.endorsers:
            found.append(DefinitionNote(one.chaincode, one.endorsers, collections))
    return tuple(found)


def _named(policy: SignaturePolicyEnvelope) -> frozenset[str]:
    try:
        return EndorsementPolicy.from_bytes(policy.SerializeToString(deterministic=True)).msp_ids
    except InvalidDocument:
        return frozenset()
