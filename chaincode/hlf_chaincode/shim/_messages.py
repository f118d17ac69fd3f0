# mypy: disable-error-code="attr-defined, import-untyped"
"""Fabric's chaincode messages and gRPC, imported in one place.

Generated protobuf code and grpcio carry no type information, so mypy is told here, once, to take these names as they
come; every other module is checked in full.
"""

from __future__ import annotations

from typing import Final

import grpc
from fabric_protos.common.common_pb2 import ChannelHeader, Header, SignatureHeader
from fabric_protos.ledger.queryresult.kv_query_result_pb2 import KV
from fabric_protos.ledger.queryresult.kv_query_result_pb2 import KeyModification as PastWrite
from fabric_protos.msp.identities_pb2 import SerializedIdentity
from fabric_protos.peer.chaincode_event_pb2 import ChaincodeEvent
from fabric_protos.peer.chaincode_pb2 import ChaincodeAdditionalParams, ChaincodeID, ChaincodeInput, ChaincodeSpec
from fabric_protos.peer.chaincode_shim_pb2 import (
    ChaincodeMessage,
    DelState,
    GetHistoryForKey,
    GetState,
    GetStateByRange,
    GetStateMetadata,
    GetStateMultiple,
    GetStateMultipleResult,
    PurgePrivateState,
    PutState,
    PutStateMetadata,
    QueryMetadata,
    QueryResponse,
    QueryResponseMetadata,
    QueryStateClose,
    QueryStateNext,
    StateMetadata,
    StateMetadataResult,
    WriteBatchState,
    WriteRecord,
)
from fabric_protos.peer.proposal_pb2 import ChaincodeProposalPayload, Proposal
from fabric_protos.peer.proposal_response_pb2 import Response as WireResponse
from google.protobuf.message import DecodeError

__all__ = [
    "CONNECT",
    "KV",
    "SERVICE",
    "ChaincodeAdditionalParams",
    "ChaincodeEvent",
    "ChaincodeID",
    "ChaincodeInput",
    "ChaincodeMessage",
    "ChaincodeProposalPayload",
    "ChaincodeSpec",
    "ChannelHeader",
    "DecodeError",
    "DelState",
    "GetHistoryForKey",
    "GetState",
    "GetStateByRange",
    "GetStateMetadata",
    "GetStateMultiple",
    "GetStateMultipleResult",
    "Header",
    "PastWrite",
    "Proposal",
    "PurgePrivateState",
    "PutState",
    "PutStateMetadata",
    "QueryMetadata",
    "QueryResponse",
    "QueryResponseMetadata",
    "QueryStateClose",
    "QueryStateNext",
    "SerializedIdentity",
    "SignatureHeader",
    "StateMetadata",
    "StateMetadataResult",
    "WireResponse",
    "WriteBatchState",
    "WriteRecord",
    "grpc",
]

SERVICE: Final = "protos.Chaincode"
CONNECT: Final = f"/{SERVICE}/Connect"
"""The method that a peer calls: one two-way stream of ChaincodeMessage."""
