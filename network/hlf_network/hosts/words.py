"""What a channel's configuration holds, in words for the people who are to join it."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from hlf_chaincode.policies import EndorsementPolicy, ImplicitMeta, Share
from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.common.configuration_pb2 import Capabilities, OrdererAddresses, Orderers
from hlf_chaincode.protos.common.policies_pb2 import ImplicitMetaPolicy, Policy
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig
from hlf_chaincode.protos.orderer.configuration_pb2 import BatchSize, BatchTimeout, ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata
from hlf_chaincode.protos.peer.configuration_pb2 import AnchorPeers
from hlf_client.errors import InvalidDocument
from hlf_client.wire.evidence import first_block
from hlf_client.wire.evidence import read_block as read_evidence
from hlf_network.channels.config import block_config

__all__ = ["describe_channel"]

RULES = ("Readers", "Writers", "Admins", "Endorsement", "LifecycleEndorsement")


def describe_channel(block: Block) -> tuple[str, ...]:
    """One line for each thing that a member agrees to by joining; every certificate by its SHA-256 fingerprint."""
    group = block_config(block).channel_group
    began = first_block(read_evidence(block.SerializeToString(deterministic=True)))
    return tuple(_lines(group, began.channel, began.hash))


def _lines(group: ConfigGroup, name: str, fingerprint: str) -> Iterator[str]:
    application, orderer = group.groups["Application"], group.groups["Orderer"]
    yield f"channel {name}"
    yield f"fingerprint {fingerprint}"
    consensus = ConsensusType.FromString(orderer.values["ConsensusType"].value)
    yield f"ordered by {'raft' if consensus.type == 'etcdraft' else consensus.type}:"
    yield from (f"  {line}" for line in _consenters(orderer, consensus))
    for msp in sorted(orderer.groups):
        places = OrdererAddresses.FromString(orderer.groups[msp].values["Endpoints"].value).addresses
        yield f"  {msp} orders at {', '.join(places) or 'no address'}"
    size = BatchSize.FromString(orderer.values["BatchSize"].value)
    timeout = BatchTimeout.FromString(orderer.values["BatchTimeout"].value).timeout
    yield (
        f"a block after {timeout}, {size.max_message_count} transactions or {size.preferred_max_bytes} bytes "
        f"(at most {size.absolute_max_bytes})"
    )
    yield "members:"
    for msp in sorted(application.groups):
        yield from (f"  {line}" for line in _member(msp, application.groups[msp]))
    for rule in RULES:
        if rule in application.policies:
            yield f"{rule}: {_policy(application.policies[rule].policy)}"
    yield f"orderers change by: {_policy(orderer.policies['Admins'].policy)}"
    levels = (("channel", group), ("orderers", orderer), ("application", application))
    yield "capabilities: " + ", ".join(f"{part} {_capability(one)}" for part, one in levels)


def _consenters(orderer: ConfigGroup, consensus: ConsensusType) -> Iterator[str]:
    if consensus.type == "etcdraft":
        for node in ConfigMetadata.FromString(consensus.metadata).consenters:
            yield f"{node.host}:{node.port}, TLS {_certificate(node.server_tls_cert)}"
        return
    for one in Orderers.FromString(orderer.values["Orderers"].value).consenter_mapping:
        identity, tls = _certificate(one.identity), _certificate(one.server_tls_cert)
        yield f"{one.host}:{one.port} of {one.msp_id}, identity {identity}, TLS {tls}"


def _member(msp: str, group: ConfigGroup) -> Iterator[str]:
    config = FabricMSPConfig.FromString(MSPConfig.FromString(group.values["MSP"].value).config)
    anchors = AnchorPeers.FromString(group.values["AnchorPeers"].value).anchor_peers
    places = ", ".join(f"{one.host}:{one.port}" for one in anchors)
    yield f"{msp}, found at {places}" if places else f"{msp}, without a peer"
    for root in config.root_certs:
        yield f"  authority {_certificate(root)}"
    for root in config.tls_root_certs:
        yield f"  TLS authority {_certificate(root)}"


def _policy(policy: Policy) -> str:
    if policy.type == Policy.IMPLICIT_META:
        meta = ImplicitMetaPolicy.FromString(policy.value)
        return str(ImplicitMeta(Share(meta.rule), meta.sub_policy))
    try:
        return str(EndorsementPolicy.from_bytes(policy.value))
    except InvalidDocument:
        return "named certificates"


def _capability(group: ConfigGroup) -> str:
    return ", ".join(sorted(Capabilities.FromString(group.values["Capabilities"].value).capabilities)) or "none"


def _certificate(pem: bytes) -> str:
    try:
        return x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex()
    except ValueError:
        return "unreadable"
