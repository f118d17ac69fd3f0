# mypy: disable-error-code="attr-defined, import-untyped"
"""Fabric's messages and gRPC, imported in one place.

Generated protobuf code and grpcio carry no type information, so mypy is told here, once, to take these names as they
come; every other module is checked in full.
"""

from __future__ import annotations

import grpc
from fabric_protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    Header,
    HeaderType,
    LastConfig,
    Metadata,
    OrdererBlockMetadata,
    Payload,
    SignatureHeader,
    Status,
)
from fabric_protos.common.configtx_pb2 import (
    Config,
    ConfigEnvelope,
    ConfigGroup,
    ConfigPolicy,
    ConfigSignature,
    ConfigUpdate,
    ConfigUpdateEnvelope,
    ConfigValue,
)
from fabric_protos.common.configuration_pb2 import (
    BlockDataHashingStructure,
    Capabilities,
    Capability,
    Consenter,
    HashingAlgorithm,
    OrdererAddresses,
    Orderers,
)
from fabric_protos.common.ledger_pb2 import BlockchainInfo
from fabric_protos.common.policies_pb2 import (
    ImplicitMetaPolicy,
    Policy,
    SignaturePolicy,
    SignaturePolicyEnvelope,
)
from fabric_protos.gateway.gateway_pb2 import (
    CommitStatusRequest,
    EndorseRequest,
    ErrorDetail,
    EvaluateRequest,
    SignedCommitStatusRequest,
    SubmitRequest,
)
from fabric_protos.gateway.gateway_pb2_grpc import GatewayStub
from fabric_protos.msp.identities_pb2 import SerializedIdentity
from fabric_protos.msp.msp_config_pb2 import (
    FabricCryptoConfig,
    FabricMSPConfig,
    FabricNodeOUs,
    FabricOUIdentifier,
    MSPConfig,
)
from fabric_protos.msp.msp_principal_pb2 import MSPPrincipal
from fabric_protos.orderer.ab_pb2_grpc import AtomicBroadcastStub
from fabric_protos.orderer.configuration_pb2 import BatchSize, BatchTimeout, ChannelRestrictions, ConsensusType
from fabric_protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata as RaftMetadata
from fabric_protos.orderer.etcdraft.configuration_pb2 import Consenter as RaftConsenter
from fabric_protos.orderer.etcdraft.configuration_pb2 import Options as RaftOptions
from fabric_protos.orderer.smartbft.configuration_pb2 import Options as BftOptions
from fabric_protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput, ChaincodeInvocationSpec, ChaincodeSpec
from fabric_protos.peer.collection_pb2 import (
    CollectionConfig,
    CollectionConfigPackage,
    CollectionPolicyConfig,
    StaticCollectionConfig,
)
from fabric_protos.peer.configuration_pb2 import AnchorPeer, AnchorPeers
from fabric_protos.peer.lifecycle.lifecycle_pb2 import (
    ApproveChaincodeDefinitionForMyOrgArgs,
    ChaincodeSource,
    CheckCommitReadinessArgs,
    CheckCommitReadinessResult,
    CommitChaincodeDefinitionArgs,
    InstallChaincodeArgs,
    InstallChaincodeResult,
    QueryApprovedChaincodeDefinitionArgs,
    QueryApprovedChaincodeDefinitionResult,
    QueryChaincodeDefinitionArgs,
    QueryChaincodeDefinitionResult,
    QueryInstalledChaincodesArgs,
    QueryInstalledChaincodesResult,
)
from fabric_protos.peer.peer_pb2_grpc import EndorserStub
from fabric_protos.peer.policy_pb2 import ApplicationPolicy
from fabric_protos.peer.proposal_pb2 import (
    ChaincodeAction,
    ChaincodeHeaderExtension,
    ChaincodeProposalPayload,
    Proposal,
    SignedProposal,
)
from fabric_protos.peer.proposal_response_pb2 import ProposalResponse, ProposalResponsePayload
from fabric_protos.peer.query_pb2 import ChannelQueryResponse
from fabric_protos.peer.transaction_pb2 import (
    ChaincodeActionPayload,
    ChaincodeEndorsedAction,
    Transaction,
    TransactionAction,
    TxValidationCode,
)

__all__ = [
    "AnchorPeer",
    "AnchorPeers",
    "ApplicationPolicy",
    "ApproveChaincodeDefinitionForMyOrgArgs",
    "AtomicBroadcastStub",
    "BatchSize",
    "BatchTimeout",
    "BftOptions",
    "Block",
    "BlockDataHashingStructure",
    "BlockMetadataIndex",
    "BlockchainInfo",
    "Capabilities",
    "Capability",
    "ChaincodeAction",
    "ChaincodeActionPayload",
    "ChaincodeEndorsedAction",
    "ChaincodeHeaderExtension",
    "ChaincodeID",
    "ChaincodeInput",
    "ChaincodeInvocationSpec",
    "ChaincodeProposalPayload",
    "ChaincodeSource",
    "ChaincodeSpec",
    "ChannelHeader",
    "ChannelQueryResponse",
    "ChannelRestrictions",
    "CheckCommitReadinessArgs",
    "CheckCommitReadinessResult",
    "CollectionConfig",
    "CollectionConfigPackage",
    "CollectionPolicyConfig",
    "CommitChaincodeDefinitionArgs",
    "CommitStatusRequest",
    "Config",
    "ConfigEnvelope",
    "ConfigGroup",
    "ConfigPolicy",
    "ConfigSignature",
    "ConfigUpdate",
    "ConfigUpdateEnvelope",
    "ConfigValue",
    "ConsensusType",
    "Consenter",
    "EndorseRequest",
    "EndorserStub",
    "Envelope",
    "ErrorDetail",
    "EvaluateRequest",
    "FabricCryptoConfig",
    "FabricMSPConfig",
    "FabricNodeOUs",
    "FabricOUIdentifier",
    "GatewayStub",
    "HashingAlgorithm",
    "Header",
    "HeaderType",
    "ImplicitMetaPolicy",
    "InstallChaincodeArgs",
    "InstallChaincodeResult",
    "LastConfig",
    "MSPConfig",
    "MSPPrincipal",
    "Metadata",
    "OrdererAddresses",
    "OrdererBlockMetadata",
    "Orderers",
    "Payload",
    "Policy",
    "Proposal",
    "ProposalResponse",
    "ProposalResponsePayload",
    "QueryApprovedChaincodeDefinitionArgs",
    "QueryApprovedChaincodeDefinitionResult",
    "QueryChaincodeDefinitionArgs",
    "QueryChaincodeDefinitionResult",
    "QueryInstalledChaincodesArgs",
    "QueryInstalledChaincodesResult",
    "RaftConsenter",
    "RaftMetadata",
    "RaftOptions",
    "SerializedIdentity",
    "SignatureHeader",
    "SignaturePolicy",
    "SignaturePolicyEnvelope",
    "SignedCommitStatusRequest",
    "SignedProposal",
    "StaticCollectionConfig",
    "Status",
    "SubmitRequest",
    "Transaction",
    "TransactionAction",
    "TxValidationCode",
    "grpc",
]
