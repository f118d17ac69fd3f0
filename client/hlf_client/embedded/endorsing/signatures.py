"""Signatures that need no second look: those this process has verified, and those it made with a key it knows.

A signature is remembered by certificate, digest and its own bytes, so a remembered one is exactly one that was checked.
`verify` of a whole ledger has a memory of its own, of what it and its other processes have checked.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from hlf_client.identity import CertifiedKey, Identity, PrivateKeySigner, load_certificate, verify_signature

__all__ = ["Signatures", "signs_for_itself"]

_REMEMBERED: Final = 16_384


class Signatures:
    """A bounded memory of good signatures. For one process; safe across threads as a dict is."""

    def __init__(self) -> None:
        self._good: OrderedDict[tuple[bytes, bytes, bytes], None] = OrderedDict()

    def remember(self, certificate_hash: bytes, digest: bytes, signature: bytes) -> None:
        """Only for a signature made here with the certificate's own key, or checked against it."""
        self._good[certificate_hash, digest, signature] = None
        if len(self._good) > _REMEMBERED:
            self._good.popitem(last=False)

    def verify(self, key: CertifiedKey, certificate_hash: bytes, digest: bytes, signature: bytes) -> bool:
        if (certificate_hash, digest, signature) in self._good:
            return True
        if not verify_signature(key.public_key, signature, digest):
            return False
        self.remember(certificate_hash, digest, signature)
        return True


def signs_for_itself(identity: Identity) -> bool:
    """Whether the identity's signer is a key in memory that belongs to its certificate."""
    signer = identity.signer
    return (
        isinstance(signer, PrivateKeySigner)
        and signer.public_key == load_certificate(identity.certificate).public_key()
    )
