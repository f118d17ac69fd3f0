"""An identity: an organisation, a certificate of it, and a signer with the certificate's key."""

from __future__ import annotations

from dataclasses import dataclass, field

from hlf_client.identity.signer import AnySigner, KeyElsewhere
from hlf_client.identity.trust import certificate_hash

__all__ = ["Identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who acts: `certificate` is PEM, `signer` holds the key that belongs to it (here, in an HSM, elsewhere)."""

    msp_id: str
    certificate: bytes = field(repr=False)
    signer: AnySigner = field(default=KeyElsewhere(), repr=False, compare=False)

    @property
    def certificate_hash(self) -> str:
        """SHA-256 (hex) of the certificate's DER, as contracts record it. Raises `NotAuthorized` for no certificate."""
        return certificate_hash(self.certificate)
