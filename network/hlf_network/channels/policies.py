"""Policies as they stand in a channel's config."""

from __future__ import annotations

from collections.abc import Sequence

from hlf_chaincode.policies import ImplicitMeta, parse_channel_policy
from hlf_chaincode.protos.common.policies_pb2 import (
    ImplicitMetaPolicy,
    Policy,
    SignaturePolicy,
    SignaturePolicyEnvelope,
)
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.msp.msp_principal_pb2 import MSPPrincipal

__all__ = ["certificates_policy", "config_policy", "is_signature_policy"]


def config_policy(text: str) -> Policy:
    """`MAJORITY Admins`, or a signature policy. Raises `InvalidDocument`."""
    policy = parse_channel_policy(text)
    if isinstance(policy, ImplicitMeta):
        meta = ImplicitMetaPolicy(rule=policy.share.name, sub_policy=policy.name)
        return Policy(type=Policy.IMPLICIT_META, value=meta.SerializeToString(deterministic=True))
    return Policy(type=Policy.SIGNATURE, value=policy.to_bytes())


def is_signature_policy(text: str) -> bool:
    """Whether a policy names who signs. Raises `InvalidDocument`."""
    return not isinstance(parse_channel_policy(text), ImplicitMeta)


def certificates_policy(n: int, identities: Sequence[tuple[str, bytes]]) -> Policy:
    """`n` of exactly these certificates (MSP id, PEM): what BFT demands of a block's signatures.

    The policy language names roles, not certificates, so this one has no text.
    """
    places = [SignaturePolicy(signed_by=index) for index in range(len(identities))]
    envelope = SignaturePolicyEnvelope(
        version=0,
        rule=SignaturePolicy(n_out_of=SignaturePolicy.NOutOf(n=n, rules=places)),
        identities=[
            MSPPrincipal(
                principal_classification=MSPPrincipal.IDENTITY,
                principal=SerializedIdentity(mspid=msp, id_bytes=pem).SerializeToString(deterministic=True),
            )
            for msp, pem in identities
        ],
    )
    return Policy(type=Policy.SIGNATURE, value=envelope.SerializeToString(deterministic=True))
