"""Who signed a proposal, and who has to: each signature checked against the channel's present organisations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf.message import DecodeError

from hlf_chaincode.policies import Share
from hlf_chaincode.protos.common.common_pb2 import SignatureHeader
from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup, ConfigSignature, ConfigUpdate
from hlf_chaincode.protos.common.configuration_pb2 import Capabilities
from hlf_chaincode.protos.common.policies_pb2 import ImplicitMetaPolicy, Policy
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig
from hlf_client.errors import NotAuthorized
from hlf_client.identity import NodeRole, PublicKey, TrustAnchors, load_certificate, verify_message
from hlf_network.channels.signing import asked, sufficient
from hlf_network.proposals.changes.tree import below, msp_of, value_of
from hlf_network.proposals.errors import BadSignature, NotAnAdministrator, SignedTwice
from hlf_network.proposals.reading import certificate_words, policy_words, sayable

__all__ = ["Demand", "Signer", "demands_of", "msps_of", "signers_on"]


@dataclass(frozen=True, slots=True)
class Signer:
    """An administrator who has signed, as the channel knows that one."""

    msp_id: str
    certificate: bytes

    def __str__(self) -> str:
        return f"{sayable(self.msp_id)} ({certificate_words(self.certificate)})"


@dataclass(frozen=True, slots=True)
class Demand:
    """A policy that an update has to satisfy: what it asks for, for which elements, and how it stands."""

    policy: str
    words: str
    elements: tuple[str, ...]
    signed: tuple[str, ...]
    is_satisfied: bool
    missing: tuple[str, ...]
    """The fewest members that would make it, when it is not; empty also when nobody can."""


def signers_on(
    update: bytes, signatures: Sequence[ConfigSignature], config: ConfigGroup, moment: datetime
) -> tuple[Signer, ...]:
    """Who has signed, in their order. Raises BadSignature, NotAnAdministrator, SignedTwice."""
    found: list[Signer] = []
    for number, signature in enumerate(signatures, start=1):
        signer, key = _signer(signature, number, config, moment)
        if not verify_message(key, signature.signature, signature.signature_header + update):
            raise BadSignature(
                f"Signature {number}, of {signer.msp_id}, is not over this proposal: it does not verify."
            )
        if signer in found:
            raise SignedTwice(f"{signer} has signed twice: take one of the two away.")
        found.append(signer)
    return tuple(found)


def demands_of(update: ConfigUpdate, config: ConfigGroup, signed: Collection[str]) -> tuple[Demand, ...]:
    """Every policy that the update has to satisfy, and how far those who `signed` (MSP ids) have come."""
    elements: dict[tuple[str, ...], list[str]] = {}
    for one in asked(update, config):
        elements.setdefault(one.policy, []).append(sayable("/" + "/".join(one.element)))
    everyone = msps_of(config)
    found = []
    for policy, changed in elements.items():
        by_signed = sufficient(config, policy, signed)
        wanted = None if by_signed is not None else sufficient(config, policy, everyone, already=signed)
        found.append(
            Demand(
                policy=sayable("/" + "/".join(policy)),
                words=_demand_words(config, policy),
                elements=tuple(changed),
                signed=tuple(msp for msp in sorted(signed) if msp in _who_counts(config, policy)),
                is_satisfied=by_signed is not None,
                missing=tuple(sorted((wanted or frozenset()) - frozenset(signed))),
            )
        )
    return tuple(found)


def msps_of(config: ConfigGroup) -> frozenset[str]:
    """Every organisation of a channel, members and who orders."""
    return frozenset(name for part in ("Application", "Orderer") for name in below(config, part).groups)


def _signer(signature: ConfigSignature, number: int, config: ConfigGroup, moment: datetime) -> tuple[Signer, PublicKey]:
    try:
        header = SignatureHeader.FromString(signature.signature_header)
        identity = SerializedIdentity.FromString(header.creator)
    except DecodeError:
        raise BadSignature(f"Signature {number} does not say whose it is.") from None
    signer = Signer(identity.mspid, identity.id_bytes)
    for group in _seats(config, identity.mspid):
        return signer, _administrator(signer, msp_of(group), config, moment)
    raise NotAnAdministrator(f"Signature {number} is of {signer}, and the channel knows no such organisation.")


def _administrator(signer: Signer, msp: FabricMSPConfig, config: ConfigGroup, moment: datetime) -> PublicKey:
    """The key of an administrator, by unit or by name. Raises NotAnAdministrator."""
    levels = Capabilities.FromString(value_of(config, "Capabilities")).capabilities
    try:
        anchors = TrustAnchors(
            signer.msp_id, list(msp.root_certs), list(msp.intermediate_certs), ed25519="V3_0" in levels
        )
        if not msp.fabric_node_ous.enable:
            return _by_name(signer, msp)
        key = anchors.certify(signer.certificate, moment)
        for revoked in msp.revocation_list:
            anchors.certify(signer.certificate, moment, revoked)
    except NotAuthorized as error:
        raise NotAnAdministrator(f"{signer} is no administrator of the channel's {signer.msp_id}: {error}.") from None
    if key.role is not NodeRole.ADMIN and signer.certificate not in msp.admins:
        raise NotAnAdministrator(f"{signer} is a {key.role.value} of {signer.msp_id}, no administrator.")
    return key.public_key


def _by_name(signer: Signer, msp: FabricMSPConfig) -> PublicKey:
    """Where units say nothing, an MSP's administrators are those whom it lists."""
    if signer.certificate not in msp.admins:
        raise NotAnAdministrator(f"{signer} is not among those whom {signer.msp_id} names as administrators.")
    key = load_certificate(signer.certificate).public_key()
    if not isinstance(key, (ec.EllipticCurvePublicKey, Ed25519PublicKey)):
        raise NotAnAdministrator(f"{signer} has a key of a kind that Fabric does not take.")
    return key


def _seats(config: ConfigGroup, msp_id: str) -> Iterator[ConfigGroup]:
    for part in ("Application", "Orderer"):
        if msp_id in below(config, part).groups:
            yield below(config, part, msp_id)


def _demand_words(config: ConfigGroup, policy: tuple[str, ...]) -> str:
    """`MAJORITY Admins: 2 of AMSP, BMSP, CMSP`."""
    group, name = below(config, *policy[1:-1]), policy[-1]
    if name not in group.policies:
        return "a policy that the channel does not have: nobody can satisfy it"
    found = group.policies[name].policy
    words = policy_words(found)
    if found.type != Policy.IMPLICIT_META:
        return words
    meta = ImplicitMetaPolicy.FromString(found.value)
    asked_of = sorted(group.groups)
    many = len(asked_of)
    needed = {Share.ANY: min(1, many), Share.ALL: many}.get(Share(meta.rule), many // 2 + 1)
    return f"{words}: {needed} of {', '.join(map(sayable, asked_of))}"


def _who_counts(config: ConfigGroup, policy: tuple[str, ...]) -> frozenset[str]:
    """Organisations that a policy may ask."""
    group, name = below(config, *policy[1:-1]), policy[-1]
    if name not in group.policies:
        return frozenset()
    found = group.policies[name].policy
    if found.type == Policy.SIGNATURE:
        words = policy_words(found)
        return frozenset(msp for msp in msps_of(config) if re.search(rf"'{re.escape(msp)}\.", words))
    sub = ImplicitMetaPolicy.FromString(found.value).sub_policy
    return frozenset().union(*(_who_counts(group.groups[each], (each, sub)) for each in group.groups))
