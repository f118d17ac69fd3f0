# mypy: disable-error-code="attr-defined, import-untyped"
"""Fabric's messages and gRPC, imported in one place.

Generated protobuf code and grpcio carry no type information, so mypy is told here, once, to take these names as they
come; every other module is checked in full.
"""

from __future__ import annotations

import grpc
import grpc.aio
from fabric_protos.common.common_pb2 import (
    Block,
    BlockHeader,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    Header,
    HeaderType,
    IdentifierHeader,
    Metadata,
    OrdererBlockMetadata,
    Payload,
    SignatureHeader,
)
from fabric_protos.common.configtx_pb2 import ConfigEnvelope
from fabric_protos.common.configuration_pb2 import Orderers
from fabric_protos.common.ledger_pb2 import BlockchainInfo
from fabric_protos.gateway.gateway_pb2 import (
    ChaincodeEventsRequest,
    CommitStatusRequest,
    CommitStatusResponse,
    EndorseRequest,
    EndorseResponse,
    ErrorDetail,
    EvaluateRequest,
    EvaluateResponse,
    SignedChaincodeEventsRequest,
    SignedCommitStatusRequest,
    SubmitRequest,
)
from fabric_protos.gateway.gateway_pb2_grpc import GatewayStub
from fabric_protos.ledger.rwset.kvrwset.kv_rwset_pb2 import KVRWSet
from fabric_protos.ledger.rwset.rwset_pb2 import TxPvtReadWriteSet, TxReadWriteSet
from fabric_protos.msp.identities_pb2 import SerializedIdentity
from fabric_protos.orderer.ab_pb2 import SeekInfo, SeekNextCommit, SeekPosition, SeekSpecified
from fabric_protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput, ChaincodeInvocationSpec, ChaincodeSpec
from fabric_protos.peer.events_pb2 import BlockAndPrivateData, DeliverResponse, FilteredBlock
from fabric_protos.peer.events_pb2_grpc import DeliverStub
from fabric_protos.peer.proposal_pb2 import (
    ChaincodeAction,
    ChaincodeHeaderExtension,
    ChaincodeProposalPayload,
    Proposal,
    SignedProposal,
)
from fabric_protos.peer.proposal_response_pb2 import ProposalResponsePayload
from fabric_protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction, TxValidationCode
from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp

__all__ = [
    "Block",
    "BlockAndPrivateData",
    "BlockHeader",
    "BlockMetadataIndex",
    "BlockchainInfo",
    "ChaincodeAction",
    "ChaincodeActionPayload",
    "ChaincodeEventsRequest",
    "ChaincodeHeaderExtension",
    "ChaincodeID",
    "ChaincodeInput",
    "ChaincodeInvocationSpec",
    "ChaincodeProposalPayload",
    "ChaincodeSpec",
    "ChannelHeader",
    "CommitStatusRequest",
    "CommitStatusResponse",
    "ConfigEnvelope",
    "DecodeError",
    "DeliverResponse",
    "DeliverStub",
    "EndorseRequest",
    "EndorseResponse",
    "Envelope",
    "ErrorDetail",
    "EvaluateRequest",
    "EvaluateResponse",
    "FilteredBlock",
    "GatewayStub",
    "Header",
    "HeaderType",
    "IdentifierHeader",
    "KVRWSet",
    "Metadata",
    "OrdererBlockMetadata",
    "Orderers",
    "Payload",
    "Proposal",
    "ProposalResponsePayload",
    "SeekInfo",
    "SeekNextCommit",
    "SeekPosition",
    "SeekSpecified",
    "SerializedIdentity",
    "SignatureHeader",
    "SignedChaincodeEventsRequest",
    "SignedCommitStatusRequest",
    "SignedProposal",
    "SubmitRequest",
    "Timestamp",
    "Transaction",
    "TxPvtReadWriteSet",
    "TxReadWriteSet",
    "TxValidationCode",
    "grpc",
]
