"""Whose a signature is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from google.protobuf.message import DecodeError, Message

from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.wording import with_article
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import CertifiedKey, NodeRole, verify_message

__all__ = ["Anchors", "certified", "identity_of", "parsed", "require_signature", "unproven"]

MessageT = TypeVar("MessageT", bound=Message)


class Anchors(Protocol):
    """The authorities that the verifier trusts, each to vouch for one member."""

    def certify(self, msp_id: str, certificate: bytes, moment: datetime) -> CertifiedKey:
        """The key of a PEM certificate that a member's authority vouches for at `moment`. Raises `NotAuthorized`."""
        ...


def parsed(kind: type[MessageT], content: bytes) -> MessageT:
    """A message from its bytes. Raises `InvalidDocument`."""
    try:
        return kind.FromString(content)
    except DecodeError:
        raise unproven("content", f"a {kind.__name__} in it cannot be read") from None


def identity_of(serialized: bytes) -> tuple[str, bytes]:
    """MSP id and certificate (PEM) of an identity as it travels. Raises `InvalidDocument`."""
    identity = parsed(SerializedIdentity, serialized)
    return str(identity.mspid), bytes(identity.id_bytes)


def certified(anchors: Anchors, identity: tuple[str, bytes], moment: datetime, *roles: NodeRole) -> CertifiedKey:
    """The key of a member in one of these roles. Raises `NotAuthorized`."""
    msp_id, certificate = identity
    key = anchors.certify(msp_id, certificate, moment)
    if key.role not in roles:
        raise NotAuthorized(
            f"{with_article(key.role.value)} of {msp_id} has signed what only a {roles[0].value} may", msp_id=msp_id
        )
    return key


def require_signature(key: CertifiedKey, signature: bytes, message: bytes, what: str) -> None:
    """Raises `InvalidDocument` unless this is the key's signature on the message."""
    if not verify_message(key.public_key, signature, message):
        raise unproven("signature", f"the signature of {key.msp_id} on {what} is not good")


def unproven(field: str, reason: str) -> InvalidDocument:
    """The error of evidence that does not hold."""
    return InvalidDocument(f"this proves nothing: {reason}", field=field, reason=reason)
