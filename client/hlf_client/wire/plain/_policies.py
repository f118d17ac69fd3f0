"""Policies as text: signature policies in Fabric's own language, implicit ones as `MAJORITY Admins`."""

from __future__ import annotations

from hlf_chaincode.canonical import Json
from hlf_chaincode.policies import EndorsementPolicy, Share
from hlf_chaincode.protos.common.policies_pb2 import (
    ImplicitMetaPolicy,
    Policy,
    SignaturePolicy,
    SignaturePolicyEnvelope,
)
from hlf_chaincode.protos.msp.msp_principal_pb2 import MSPPrincipal
from hlf_chaincode.protos.peer.policy_pb2 import ApplicationPolicy
from hlf_client.errors import InvalidDocument
from hlf_client.wire.plain._values import identity_json, readable

__all__ = ["application_policy", "policy_json", "signature_policy"]


def policy_json(policy: Policy) -> Json:
    """A policy of a channel's configuration."""
    if policy.type == Policy.SIGNATURE:
        return signature_policy(policy.value)
    if policy.type == Policy.IMPLICIT_META:
        meta = ImplicitMetaPolicy.FromString(policy.value)
        return f"{Share(meta.rule).name} {meta.sub_policy}"
    return {"type": int(policy.type), "value": readable(policy.value)}


def application_policy(data: bytes) -> Json:
    """Who endorses: a policy, or the path of the channel's own."""
    policy = ApplicationPolicy.FromString(data)
    if policy.WhichOneof("Type") == "channel_config_policy_reference":
        return str(policy.channel_config_policy_reference)
    return signature_policy(policy.signature_policy.SerializeToString(deterministic=True))


def signature_policy(data: bytes) -> Json:
    """Its text; where it names certificates and not roles, as BFT's orderers do, the tree with who they are."""
    try:
        return str(EndorsementPolicy.from_bytes(data))
    except InvalidDocument:
        envelope = SignaturePolicyEnvelope.FromString(data)
        return _tree(envelope.rule, [_principal(each) for each in envelope.identities])


def _tree(rule: SignaturePolicy, identities: list[Json]) -> Json:
    if rule.WhichOneof("Type") == "signed_by":
        return identities[rule.signed_by] if rule.signed_by < len(identities) else {"identity": rule.signed_by}
    return {"n": int(rule.n_out_of.n), "out_of": [_tree(each, identities) for each in rule.n_out_of.rules]}


def _principal(principal: MSPPrincipal) -> Json:
    kind = MSPPrincipal.Classification.Name(principal.principal_classification)
    if kind == "IDENTITY":
        return identity_json(bytes(principal.principal))
    return {"classification": kind, "principal": readable(bytes(principal.principal))}
