"""Signatures as Fabric takes them: ECDSA over a SHA-256 digest, DER, with the lower of the two possible s.

A signer is anything with `sign(digest)`, synchronous or asynchronous, so a key may live in a file, an HSM or a remote
key service. Ed25519 signs the message itself: such a signer has `sign_message(message)` instead, and is taken by Fabric
on channels with the capability V3_0 only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable
from typing import Final, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from hlf_client.errors import NotAuthorized
from hlf_client.identity.certificate_authority import PublicKey

__all__ = [
    "AnySigner",
    "AsyncSigner",
    "Ed25519Signer",
    "KeyElsewhere",
    "MessageSigner",
    "PrivateKeySigner",
    "Signer",
    "low_s",
    "low_s_of",
    "sign_digest",
    "sign_message",
    "signer_from_pem",
    "signer_of",
    "verify_message",
    "verify_signature",
]

_ALGORITHM: Final = ec.ECDSA(Prehashed(hashes.SHA256()))

_ORDERS: Final = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
    ),
}
"""The curves that Fabric's MSPs take, with the order of their group (SEC 2)."""


class Signer(Protocol):
    """Signs at once. `digest` is 32 bytes of SHA-256; the signature is DER with low s."""

    def sign(self, digest: bytes) -> bytes: ...


class AsyncSigner(Protocol):
    """Signs somewhere else, such as in an HSM."""

    async def sign(self, digest: bytes) -> bytes: ...


class MessageSigner(Protocol):
    """Signs the message itself, not its digest, as Ed25519 does; the answer may be awaitable."""

    def sign_message(self, message: bytes) -> bytes | Awaitable[bytes]: ...


AnySigner: TypeAlias = Signer | AsyncSigner | MessageSigner


class KeyElsewhere:
    """In the place of a signer where this process has none: stages are signed in another."""

    def sign(self, digest: bytes) -> bytes:
        """Raises `NotAuthorized`."""
        raise NotAuthorized("the key of this identity is elsewhere: sign the stage there, and hand in its signature")

    def __repr__(self) -> str:
        return "KeyElsewhere()"


class PrivateKeySigner:
    """A signer with its key in memory (P-256 or P-384)."""

    __slots__ = ("_key", "_order")

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        """Raises ValueError for a curve that Fabric does not take."""
        self._key = key
        self._order = _order(key.curve)

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key.public_key()

    def sign(self, digest: bytes) -> bytes:
        signature = self._key.sign(digest, _ALGORITHM)
        r, s = decode_dss_signature(signature)
        return signature if s <= self._order >> 1 else encode_dss_signature(r, self._order - s)

    def __repr__(self) -> str:
        return f"PrivateKeySigner({self._key.curve.name})"


class Ed25519Signer:
    """A signer of messages with its Ed25519 key in memory, for channels with the capability V3_0."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self._key.public_key()

    def sign_message(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def __repr__(self) -> str:
        return "Ed25519Signer()"


def signer_of(key: object) -> PrivateKeySigner | Ed25519Signer:
    """The signer for a private key of `cryptography`. Raises ValueError for a kind that Fabric does not take."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return PrivateKeySigner(key)
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Signer(key)
    raise ValueError("the key is neither ECDSA (P-256, P-384) nor Ed25519")


def signer_from_pem(pem: bytes, password: bytes | None = None) -> PrivateKeySigner | Ed25519Signer:
    """The signer for a PEM key. Raises ValueError when it cannot be read, decrypted or used."""
    try:
        key = serialization.load_pem_private_key(pem, password)
    except TypeError as error:
        raise ValueError("the key is not encrypted" if password else "the key is encrypted") from error
    return signer_of(key)


async def sign_digest(signer: AnySigner, digest: bytes) -> bytes:
    """Sign a digest. Raises `NotAuthorized` for a signer that signs messages only (Ed25519)."""
    sign = getattr(signer, "sign", None)
    if sign is None:
        raise NotAuthorized(
            "this key is Ed25519, which signs a stage's content, not its digest: sign the content (an embedded ledger "
            "takes ECDSA only)"
        )
    signature: bytes | Awaitable[bytes] = sign(digest)
    return signature if isinstance(signature, bytes) else await signature


async def sign_message(signer: AnySigner, message: bytes) -> bytes:
    """Sign a message, by its SHA-256 digest where the signer signs digests."""
    whole = getattr(signer, "sign_message", None)
    if whole is None:
        return await sign_digest(signer, hashlib.sha256(message).digest())
    signature: bytes | Awaitable[bytes] = whole(message)
    return signature if isinstance(signature, bytes) else await signature


def low_s(r: int, s: int, curve: str) -> bytes:
    """An ECDSA signature as DER with the lower s; `curve` is its name in SEC 2. Raises ValueError for another."""
    order = _ORDERS.get(curve)
    if order is None:
        raise ValueError(f"keys on {curve} are not taken: use P-256 or P-384")
    return encode_dss_signature(r, min(s, order - s))


def low_s_of(signature: bytes, curve: str) -> bytes:
    """An ECDSA signature in DER, as HSMs and key services give it, with the lower s. Raises ValueError for what is
    none, or for a curve that Fabric does not take."""
    return low_s(*decode_dss_signature(signature), curve)


def verify_message(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the key's over the message: of Ed25519 over itself, of ECDSA over its SHA-256 digest."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return verify_signature(key, signature, hashlib.sha256(message).digest())
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def verify_signature(key: PublicKey, signature: bytes, digest: bytes) -> bool:
    """Whether `signature` is the key's over the digest. One with high s is refused, as Fabric's peers do, and any of
    Ed25519, which signs no digest."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        _, s = decode_dss_signature(signature)
        if s > _order(key.curve) >> 1:
            return False
        key.verify(signature, digest, _ALGORITHM)
    except (InvalidSignature, ValueError):
        return False
    return True


def _order(curve: ec.EllipticCurve) -> int:
    order = _ORDERS.get(curve.name)
    if order is None:
        raise ValueError(f"keys on {curve.name} are not taken: use P-256 or P-384")
    return order
