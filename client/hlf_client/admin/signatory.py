"""Who signs for an organisation: an identity of this package, used at once and for whole messages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from hlf_client.errors import NetworkError
from hlf_client.identity import PrivateKeySigner, read_identity

__all__ = ["MspSignatory", "Signatory"]


class Signatory(Protocol):
    """Someone who can sign for an organisation: low-S ECDSA over SHA-256, DER."""

    @property
    def msp_id(self) -> str: ...

    @property
    def certificate(self) -> bytes:
        """PEM."""
        ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class MspSignatory:
    """Signs messages with the key of an MSP folder, as Fabric's nodes want them signed."""

    msp_id: str
    certificate: bytes
    signer: PrivateKeySigner = field(repr=False)

    @classmethod
    def load(cls, msp_id: str, folder: Path) -> Self:
        """Raises NotAuthorized, naming the file that is missing or does not fit."""
        identity = read_identity(msp_id, folder)
        if not isinstance(identity.signer, PrivateKeySigner):
            raise NetworkError(f"The key in {folder} cannot be used at once.")
        return cls(msp_id, identity.certificate, identity.signer)

    def sign(self, message: bytes) -> bytes:
        return self.signer.sign(hashlib.sha256(message).digest())
