# mypy: disable-error-code="attr-defined, import-untyped"
"""The messages that only a client without a gateway reads and writes; the others come from the Gateway client's."""

from __future__ import annotations

from fabric_protos.common.ledger_pb2 import BlockchainInfo
from fabric_protos.discovery.protocol_pb2 import (
    AuthInfo,
    ChaincodeQuery,
    EndorsementDescriptor,
    Query,
    Request,
    Response,
)
from fabric_protos.ledger.rwset.rwset_pb2 import TxReadWriteSet
from fabric_protos.peer.chaincode_event_pb2 import ChaincodeEvent
from fabric_protos.peer.proposal_response_pb2 import (
    ChaincodeCall,
    ChaincodeInterest,
    ProposalResponse,
    ProposalResponsePayload,
)

__all__ = [
    "AuthInfo",
    "BlockchainInfo",
    "ChaincodeCall",
    "ChaincodeEvent",
    "ChaincodeInterest",
    "ChaincodeQuery",
    "EndorsementDescriptor",
    "ProposalResponse",
    "ProposalResponsePayload",
    "Query",
    "Request",
    "Response",
    "TxReadWriteSet",
]
