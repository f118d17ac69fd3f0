"""Peers in a dictionary: what each answers to a proposal, and who was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hlf_chaincode.protos.common.policies_pb2 import SignaturePolicy  # noqa: F401 - registers what discovery names
from hlf_chaincode.protos.discovery.protocol_pb2 import (
    ChaincodeQueryResult,
    EndorsementDescriptor,
    Error,
    Layout,
    Peer,
    Peers,
    QueryResult,
    Response,
)
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import CollectionHashedReadWriteSet, NsReadWriteSet, TxReadWriteSet
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction
from hlf_chaincode.protos.peer.proposal_response_pb2 import Endorsement, ProposalResponse, ProposalResponsePayload
from hlf_chaincode.protos.peer.proposal_response_pb2 import Response as ChaincodeResponse
from hlf_client.gateway import Endpoint
from hlf_client.hfc._pipe import RequestFailed
from hlf_client.hfc._wire import Node, Signed

__all__ = ["FakeWire", "away", "endorsed", "nobody_may", "node", "plan", "refusal"]

Reply = bytes | RequestFailed


def node(name: str) -> Node:
    """`peer0.bank` is a peer of BankMSP."""
    member = name.rpartition(".")[2].capitalize()
    return Node("peer", f"{member}MSP", Endpoint(f"{name}:7051", name=name))


class FakeWire:
    """Stands for the worker's wire; a peer's last answer is its answer from then on."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Reply]] = {}
        self.asked: list[str] = []
        self.discovered = b""

    async def propose(self, peer: Node, proposal: Signed, seconds: float) -> bytes:
        self.asked.append(str(peer))
        answers = self.answers[str(peer)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, RequestFailed):
            raise answer
        return answer


def endorsed(result: str = "done", collections: Sequence[str] = ()) -> bytes:
    """The response of a peer that simulated a call and signed what came of it."""
    hashed = [CollectionHashedReadWriteSet(collection_name=name) for name in collections]
    touched = TxReadWriteSet(ns_rwset=[NsReadWriteSet(namespace="exim", collection_hashed_rwset=hashed)])
    action = ChaincodeAction(results=touched.SerializeToString(), response=ChaincodeResponse(payload=result.encode()))
    return bytes(
        ProposalResponse(
            response=ChaincodeResponse(status=200, payload=result.encode()),
            payload=ProposalResponsePayload(extension=action.SerializeToString()).SerializeToString(),
            endorsement=Endorsement(signature=b"signed"),
        ).SerializeToString()
    )


def refusal(message: str, status: int = 500) -> bytes:
    return bytes(ProposalResponse(response=ChaincodeResponse(status=status, message=message)).SerializeToString())


def away() -> RequestFailed:
    return RequestFailed("rpc", "UNAVAILABLE", "connection refused")


def plan(groups: Mapping[str, Sequence[str]], *layouts: Mapping[str, int]) -> bytes:
    """Discovery's answer: the members of each group, and which groups are enough together."""
    descriptor = EndorsementDescriptor(
        chaincode="exim",
        endorsers_by_groups={
            group: Peers(peers=[Peer(identity=SerializedIdentity(mspid=each).SerializeToString()) for each in members])
            for group, members in groups.items()
        },
        layouts=[Layout(quantities_by_group=layout) for layout in layouts],
    )
    result = QueryResult(cc_query_res=ChaincodeQueryResult(content=[descriptor]))
    return bytes(Response(results=[result]).SerializeToString())


def nobody_may() -> bytes:
    return bytes(Response(results=[QueryResult(error=Error(content="no peer combination"))]).SerializeToString())
