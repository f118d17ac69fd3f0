"""Who signs for an organisation: an identity of this package, used at once and for whole messages."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from hlf_client.identity import AnySigner, Identity, PrivateKeySigner, read_identity, sign_message

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
    """Signs messages with an identity's key, wherever that is, as Fabric's nodes want them signed."""

    msp_id: str
    certificate: bytes = field(repr=False)
    signer: AnySigner = field(repr=False)

    @classmethod
    def load(cls, msp_id: str, folder: Path) -> Self:
        """Of an MSP folder. Raises NotAuthorized, naming the file that is missing or does not fit."""
        return cls.of(read_identity(msp_id, folder))

    @classmethod
    def of(cls, identity: Identity) -> Self:
        """Of an identity, as a profile or a wallet has it."""
        return cls(identity.msp_id, identity.certificate, identity.signer)

    def sign(self, message: bytes) -> bytes:
        """Not from a coroutine: a key that is elsewhere is waited for."""
        if isinstance(self.signer, PrivateKeySigner):
            return self.signer.sign(hashlib.sha256(message).digest())
        return asyncio.run(sign_message(self.signer, message))
