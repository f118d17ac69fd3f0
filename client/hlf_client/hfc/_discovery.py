"""Who may endorse what a simulation touched: the question for Fabric's discovery service, and its answer.

Peers answer it since 1.2. Policies of single keys are not in it; those are checked at commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from hlf_chaincode.protos.discovery.protocol_pb2 import (
    AuthInfo,
    ChaincodeQuery,
    EndorsementDescriptor,
    Query,
    Request,
    Response,
)
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import TxReadWriteSet
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction
from hlf_chaincode.protos.peer.proposal_response_pb2 import ChaincodeCall, ChaincodeInterest, ProposalResponsePayload
from hlf_client.errors import EndorsementFailed

__all__ = ["Plan", "Touched", "plan_of", "question", "touched"]


@dataclass(frozen=True, slots=True)
class Touched:
    """The chaincodes of a simulation, each with the private collections that it read or wrote."""

    collections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_private(self) -> bool:
        return any(names for _, names in self.collections)


@dataclass(frozen=True, slots=True)
class Plan:
    """Groups of organisations, and the layouts: how many of each group's peers are enough together."""

    groups: tuple[tuple[str, frozenset[str]], ...]
    layouts: tuple[tuple[tuple[str, int], ...], ...]

    @property
    def organizations(self) -> frozenset[str]:
        """All who may endorse, and therefore may see what is private in it."""
        return frozenset[str]().union(*(members for _, members in self.groups))

    def is_satisfied_by(self, endorsers: Iterable[str]) -> bool:
        """Whether endorsements by these organisations' peers (one entry for each) are enough."""
        present = Counter(endorsers)
        members = dict(self.groups)
        return any(
            all(sum(present[each] for each in members[group]) >= count for group, count in layout)
            for layout in self.layouts
        )


def touched(response_payload: bytes) -> Touched:
    """What is in a simulation's read and write sets."""
    action = ChaincodeAction.FromString(ProposalResponsePayload.FromString(response_payload).extension)
    return Touched(
        tuple(
            (part.namespace, tuple(sorted({each.collection_name for each in part.collection_hashed_rwset})))
            for part in TxReadWriteSet.FromString(action.results).ns_rwset
            if not part.namespace.startswith("_")
        )
    )


def question(creator: bytes, tls_hash: bytes, channel: str, about: Touched) -> bytes:
    """The discovery request, to be signed."""
    calls = [ChaincodeCall(name=name, collection_names=collections) for name, collections in about.collections]
    query = ChaincodeQuery(interests=[ChaincodeInterest(chaincodes=calls)])
    request = Request(
        authentication=AuthInfo(client_identity=creator, client_tls_cert_hash=tls_hash),
        queries=[Query(channel=channel, cc_query=query)],
    )
    return bytes(request.SerializeToString())


def plan_of(answer: bytes, channel: str) -> Plan:
    """Read the answer. Raises `EndorsementFailed` when nobody can endorse it, or the peer cannot tell."""
    try:
        result = Response.FromString(answer).results[0]
    except (DecodeError, IndexError):
        raise EndorsementFailed(f"discovery on {channel}: the peer's answer cannot be read") from None
    if result.WhichOneof("result") != "cc_query_res" or not result.cc_query_res.content:
        raise EndorsementFailed(
            f"no combination of peers on {channel} may endorse this ({result.error.content}): name "
            "endorsing_organizations"
        )
    descriptor: EndorsementDescriptor = result.cc_query_res.content[0]
    return Plan(
        tuple(
            (group, frozenset(SerializedIdentity.FromString(peer.identity).mspid for peer in peers.peers))
            for group, peers in sorted(descriptor.endorsers_by_groups.items())
        ),
        tuple(tuple(sorted(layout.quantities_by_group.items())) for layout in descriptor.layouts),
    )
