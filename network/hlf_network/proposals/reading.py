"""A configuration's values and policies in words: label and text, one pair for each thing said.

Whatever is not known, and whatever a known message holds beyond its known fields, is given raw. So two values that
differ in more than order never read alike.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from cryptography import x509
from google.protobuf.message import DecodeError, Message

from hlf_chaincode.policies import EndorsementPolicy, ImplicitMeta, Share
from hlf_chaincode.protos.common.configuration_pb2 import (
    BlockDataHashingStructure,
    Capabilities,
    HashingAlgorithm,
    OrdererAddresses,
    Orderers,
)
from hlf_chaincode.protos.common.policies_pb2 import ImplicitMetaPolicy, Policy, SignaturePolicyEnvelope
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, FabricOUIdentifier, MSPConfig
from hlf_chaincode.protos.msp.msp_principal_pb2 import MSPPrincipal
from hlf_chaincode.protos.orderer.configuration_pb2 import BatchSize, BatchTimeout, ChannelRestrictions, ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata as RaftMetadata
from hlf_chaincode.protos.orderer.smartbft.configuration_pb2 import Options as BftOptions
from hlf_chaincode.protos.peer.configuration_pb2 import ACLs, AnchorPeers
from hlf_client.errors import InvalidDocument

__all__ = ["Reading", "certificate_words", "policy_words", "raw_words", "sayable", "value_words"]

Reading: TypeAlias = dict[str, str]
Pairs: TypeAlias = Iterator[tuple[str, str]]

UNKNOWN = (DecodeError, ValueError)


def value_words(name: str, value: bytes) -> Reading:
    """What a value says."""
    known = _VALUES.get(name)
    if known is None:
        return {"raw": raw_words(value)}
    kind, read = known
    try:
        message = kind.FromString(value)
        return _each(read(message)) | _beyond(message)
    except UNKNOWN:
        return {"raw": raw_words(value)}


def policy_words(policy: Policy) -> str:
    """`MAJORITY Admins`, a signature policy's text, so many of named certificates, or raw bytes."""
    try:
        if policy.type == Policy.IMPLICIT_META:
            meta = ImplicitMetaPolicy.FromString(policy.value)
            return sayable(str(ImplicitMeta(Share(meta.rule), meta.sub_policy)))
        if policy.type == Policy.SIGNATURE:
            return _signature_words(policy.value)
    except UNKNOWN:
        pass
    return f"raw, type {policy.type}: {raw_words(policy.value)}"


def certificate_words(pem: bytes) -> str:
    """Whose it is, until when, and its hash."""
    digest = hashlib.sha256(pem).hexdigest()[:32]
    try:
        found = x509.load_pem_x509_certificate(pem)
        subject = sayable(found.subject.rfc4514_string())
        return f"{subject}, until {found.not_valid_after_utc:%Y-%m-%d}, SHA-256 of its PEM {digest}"
    except ValueError:
        return f"unreadable, SHA-256 {digest}, {len(pem)} bytes"


def raw_words(content: bytes) -> str:
    return f"{len(content)} bytes, {base64.b64encode(content).decode()}"


def sayable(text: str) -> str:
    """A stranger's text for a terminal: what does not print is written out."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _signature_words(envelope: bytes) -> str:
    try:
        return sayable(str(EndorsementPolicy.from_bytes(envelope)))
    except InvalidDocument:
        pass
    policy = SignaturePolicyEnvelope.FromString(envelope)
    rules = policy.rule.n_out_of.rules
    if [rule.signed_by for rule in rules] != list(range(len(policy.identities))):
        return f"raw signature policy: {raw_words(envelope)}"
    names = []
    for principal in policy.identities:
        if principal.principal_classification != MSPPrincipal.IDENTITY:
            return f"raw signature policy: {raw_words(envelope)}"
        identity = SerializedIdentity.FromString(principal.principal)
        names.append(f"{sayable(identity.mspid)} [{certificate_words(identity.id_bytes)}]")
    return f"{policy.rule.n_out_of.n} of these {len(names)} certificates: {'; '.join(names)}"


def _beyond(message: Message) -> Reading:
    """What a message holds that its definition does not know."""
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    whole = message.SerializeToString(deterministic=True)
    return {} if known.SerializeToString(deterministic=True) == whole else {"unknown fields, raw": raw_words(whole)}


def _each(pairs: Iterable[tuple[str, str]]) -> Reading:
    """All that is said: what is said twice stands twice."""
    reading: Reading = {}
    for label, text in pairs:
        name, times = label, 1
        while name in reading:
            times += 1
            name = f"{label} (a {times}. time)"
        reading[name] = text
    return reading


def _hashing(message: HashingAlgorithm) -> Pairs:
    yield "hash algorithm", sayable(message.name)


def _structure(message: BlockDataHashingStructure) -> Pairs:
    yield "width of the block's hash tree", str(message.width)


def _capabilities(message: Capabilities) -> Pairs:
    for name in sorted(message.capabilities):
        yield f"capability {sayable(name)}", ""


def _addresses(message: OrdererAddresses) -> Pairs:
    for address in message.addresses:
        yield f"orderer's address {sayable(address)}", ""


def _anchors(message: AnchorPeers) -> Pairs:
    for peer in message.anchor_peers:
        yield f"anchor peer {sayable(peer.host)}:{peer.port}", ""


def _acls(message: ACLs) -> Pairs:
    for name, resource in sorted(message.acls.items()):
        yield f"access to {sayable(name)}", sayable(resource.policy_ref)


def _batch_size(message: BatchSize) -> Pairs:
    yield "transactions in a block at most", str(message.max_message_count)
    yield "bytes in a block, preferred", str(message.preferred_max_bytes)
    yield "bytes in a block at most", str(message.absolute_max_bytes)


def _batch_timeout(message: BatchTimeout) -> Pairs:
    yield "a block is cut after", sayable(message.timeout)


def _restrictions(message: ChannelRestrictions) -> Pairs:
    yield "channels at most (0: any number)", str(message.max_count)


def _consensus(message: ConsensusType) -> Pairs:
    states = {ConsensusType.STATE_NORMAL: "normal", ConsensusType.STATE_MAINTENANCE: "maintenance"}
    yield "consensus", sayable(message.type)
    yield "state", states.get(message.state, str(message.state))
    if message.type == "etcdraft":
        metadata = RaftMetadata.FromString(message.metadata)
        for node in metadata.consenters:
            yield f"consenter {sayable(node.host)}:{node.port}", _tls_words(node.server_tls_cert, node.client_tls_cert)
        yield from _options("raft", metadata.options)
        yield from _beyond(metadata).items()
    elif message.type == "BFT":
        options = BftOptions.FromString(message.metadata)
        yield from _options("BFT", options)
        yield from _beyond(options).items()
    else:
        yield "metadata, raw", raw_words(message.metadata)


def _tls_words(server: bytes, client: bytes) -> str:
    words = f"TLS {certificate_words(server)}"
    return words if server == client else f"{words}; as a client {certificate_words(client)}"


def _options(title: str, options: Message) -> Pairs:
    for field in options.DESCRIPTOR.fields:
        yield f"{title} option {field.name}", sayable(str(getattr(options, field.name)))


def _orderers(message: Orderers) -> Pairs:
    for node in message.consenter_mapping:
        tls = _tls_words(node.server_tls_cert, node.client_tls_cert)
        label = f"consenter {node.id}, {sayable(node.host)}:{node.port}"
        yield label, f"of {sayable(node.msp_id)}; identity {certificate_words(node.identity)}; {tls}"


def _msp(message: MSPConfig) -> Pairs:
    if message.type != 0:
        yield f"an MSP of type {message.type}, raw", raw_words(message.config)
        return
    config = FabricMSPConfig.FromString(message.config)
    yield "MSP id", sayable(config.name)
    for label, pems in (
        ("root certificate", config.root_certs),
        ("intermediate certificate", config.intermediate_certs),
        ("TLS root certificate", config.tls_root_certs),
        ("TLS intermediate certificate", config.tls_intermediate_certs),
        ("administrator by name", config.admins),
    ):
        for pem in pems:
            yield f"{label} {certificate_words(pem)}", ""
    for pem in config.revocation_list:
        yield f"revocation list {_revocation_words(pem)}", ""
    yield from _units(config)
    crypto = config.crypto_config
    yield "hashes", f"{sayable(crypto.signature_hash_family)}, {sayable(crypto.identity_identifier_hash_function)}"
    if config.HasField("signing_identity"):
        yield "a signing identity, raw", raw_words(config.signing_identity.SerializeToString(deterministic=True))
    yield from _beyond(config).items()


def _units(config: FabricMSPConfig) -> Pairs:
    for unit in config.organizational_unit_identifiers:
        yield f"only those of the unit {_unit_words(unit)}", ""
    ous = config.fabric_node_ous
    yield "roles by organisational unit", "on" if ous.enable else "off"
    for role in ("client", "peer", "admin", "orderer"):
        if ous.HasField(f"{role}_ou_identifier"):
            yield f"role {role}", f"unit {_unit_words(getattr(ous, f'{role}_ou_identifier'))}"


def _unit_words(unit: FabricOUIdentifier) -> str:
    by = f"of the authority {certificate_words(unit.certificate)}" if unit.certificate else "of any of its authorities"
    return f"{sayable(unit.organizational_unit_identifier)!r} {by}"


def _revocation_words(pem: bytes) -> str:
    digest = hashlib.sha256(pem).hexdigest()[:32]
    try:
        crl = x509.load_pem_x509_crl(pem)
        return f"of {sayable(crl.issuer.rfc4514_string())}, which names {len(list(crl))} certificates, SHA-256 {digest}"
    except ValueError:
        return f"unreadable, SHA-256 {digest}"


# Each reader is given its own kind of message, as the pair says: what no type can say of a table.
_VALUES: Mapping[str, tuple[type[Message], Callable[..., Pairs]]] = {
    "HashingAlgorithm": (HashingAlgorithm, _hashing),
    "BlockDataHashingStructure": (BlockDataHashingStructure, _structure),
    "Capabilities": (Capabilities, _capabilities),
    "OrdererAddresses": (OrdererAddresses, _addresses),
    "Endpoints": (OrdererAddresses, _addresses),
    "AnchorPeers": (AnchorPeers, _anchors),
    "ACLs": (ACLs, _acls),
    "BatchSize": (BatchSize, _batch_size),
    "BatchTimeout": (BatchTimeout, _batch_timeout),
    "ChannelRestrictions": (ChannelRestrictions, _restrictions),
    "ConsensusType": (ConsensusType, _consensus),
    "Orderers": (Orderers, _orderers),
    "MSP": (MSPConfig, _msp),
}
