"""Signatures as Fabric takes them: ECDSA over a SHA-256 digest, DER, with the lower of the two possible s.

A signer is anything with `sign(digest)`, synchronous or asynchronous, so a key may live in a file, an HSM or a remote
key service.
"""

from __future__ import annotations

from collections.abc import Awaitable
from inspect import isawaitable
from typing import Final, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from eximledger.identity.certificate_authority import load_private_key

__all__ = [
    "AnySigner",
    "AsyncSigner",
    "PrivateKeySigner",
    "Signer",
    "sign_digest",
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


AnySigner: TypeAlias = Signer | AsyncSigner


class PrivateKeySigner:
    """A signer with its key in memory (P-256 or P-384)."""

    __slots__ = ("_key", "_order")

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        """Raises ValueError for a curve that Fabric does not take."""
        self._key = key
        self._order = _order(key.curve)

    @classmethod
    def from_pem(cls, pem: bytes) -> PrivateKeySigner:
        """From an unencrypted PEM key. Raises ValueError for anything else."""
        return cls(load_private_key(pem))

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key.public_key()

    def sign(self, digest: bytes) -> bytes:
        signature = self._key.sign(digest, _ALGORITHM)
        r, s = decode_dss_signature(signature)
        return signature if s <= self._order >> 1 else encode_dss_signature(r, self._order - s)

    def __repr__(self) -> str:
        return f"PrivateKeySigner({self._key.curve.name})"


async def sign_digest(signer: AnySigner, digest: bytes) -> bytes:
    """Sign with either kind of signer."""
    signature: bytes | Awaitable[bytes] = signer.sign(digest)
    return await signature if isawaitable(signature) else signature


def verify_signature(key: ec.EllipticCurvePublicKey, signature: bytes, digest: bytes) -> bool:
    """Whether `signature` is the key's over the digest. One with high s is refused, as Fabric's peers do."""
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
