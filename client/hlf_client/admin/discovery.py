"""What a peer knows of the others on a channel: where they are, how far they have come, and who may endorse a call.

The peer has it by gossip, so another organisation's peer is there only when both have anchor peers on the channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from hlf_chaincode.protos.discovery.protocol_pb2 import (
    AuthInfo,
    ChaincodeQuery,
    Peer,
    PeerMembershipQuery,
    Query,
    QueryResult,
    Request,
    Response,
    SignedRequest,
)
from hlf_chaincode.protos.gossip.message_pb2 import GossipMessage
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.proposal_response_pb2 import ChaincodeCall, ChaincodeInterest
from hlf_client.admin.nodes import PeerClient
from hlf_client.admin.signatory import Signatory
from hlf_client.errors import NetworkError

__all__ = ["ChannelPeer", "Endorsers", "endorsers_of", "peers_of"]


@dataclass(frozen=True, slots=True)
class ChannelPeer:
    """A peer on a channel as the others know it; `height` is None where it was not said."""

    msp_id: str
    endpoint: str
    height: int | None
    chaincodes: Mapping[str, str]
    """Name and version of what it can endorse."""


@dataclass(frozen=True, slots=True)
class Endorsers:
    """Who may endorse: peers in groups, and layouts, each of which is enough: so many peers of each group."""

    chaincode: str
    groups: Mapping[str, tuple[ChannelPeer, ...]]
    layouts: tuple[Mapping[str, int], ...]


def peers_of(peer: PeerClient, signatory: Signatory, channel: str) -> tuple[ChannelPeer, ...]:
    """The peers of a channel, sorted by organisation and endpoint. Raises `NetworkError` with the peer's words."""
    result = _ask(peer, signatory, Query(channel=channel, peer_query=PeerMembershipQuery()))
    return _peers(each for peers in result.members.peers_by_org.values() for each in peers.peers)


def endorsers_of(
    peer: PeerClient, signatory: Signatory, channel: str, chaincode: str, *, collections: Sequence[str] = ()
) -> Endorsers:
    """Who may endorse a call of a chaincode that touches these collections; policies of single keys are not in it.

    Raises `NetworkError` with the peer's words, as where no combination of the peers that it sees is enough.
    """
    call = ChaincodeCall(name=chaincode, collection_names=list(collections))
    interest = ChaincodeInterest(chaincodes=[call])
    result = _ask(peer, signatory, Query(channel=channel, cc_query=ChaincodeQuery(interests=[interest])))
    if not result.cc_query_res.content:
        raise NetworkError(f"{peer.endpoint.name} does not say who endorses {chaincode} on {channel}.")
    found = result.cc_query_res.content[0]
    return Endorsers(
        chaincode=found.chaincode,
        groups={name: _peers(peers.peers) for name, peers in sorted(found.endorsers_by_groups.items())},
        layouts=tuple(dict(sorted(layout.quantities_by_group.items())) for layout in found.layouts),
    )


def _ask(peer: PeerClient, signatory: Signatory, query: Query) -> QueryResult:
    identity = SerializedIdentity(mspid=signatory.msp_id, id_bytes=signatory.certificate)
    asking = AuthInfo(
        client_identity=identity.SerializeToString(deterministic=True),
        client_tls_cert_hash=peer.endpoint.tls_hash,
    )
    content = Request(authentication=asking, queries=[query]).SerializeToString(deterministic=True)
    answer: Response = peer.discover(SignedRequest(payload=content, signature=signatory.sign(content)))
    if not answer.results or answer.results[0].WhichOneof("result") == "error":
        reason = answer.results[0].error.content if answer.results else "no answer"
        raise NetworkError(f"{peer.endpoint.name} refuses the question about channel {query.channel}: {reason}.")
    return answer.results[0]


def _peers(peers: Iterable[Peer]) -> tuple[ChannelPeer, ...]:
    return tuple(sorted(map(_peer, peers), key=lambda each: (each.msp_id, each.endpoint)))


def _peer(peer: Peer) -> ChannelPeer:
    try:
        identity = SerializedIdentity.FromString(peer.identity)
        alive = GossipMessage.FromString(peer.membership_info.payload).alive_msg
        state = GossipMessage.FromString(peer.state_info.payload).state_info
    except DecodeError:
        raise NetworkError("A peer's answer about the others cannot be read.") from None
    known = state.HasField("properties")
    return ChannelPeer(
        msp_id=identity.mspid,
        endpoint=alive.membership.endpoint,
        height=int(state.properties.ledger_height) if known else None,
        chaincodes={each.name: each.version for each in state.properties.chaincodes},
    )
