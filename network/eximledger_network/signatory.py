"""A signatory of an organisation, read from an MSP folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from eximledger.errors import NetworkError
from eximledger_network._authority import load_key

__all__ = ["MspSignatory"]

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class MspSignatory:
    """Signs with the key in the folder; peers refuse a signature whose s is in the upper half, so it is made low."""

    msp_id: str
    certificate: bytes
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def load(cls, msp_id: str, folder: Path) -> Self:
        """Raises NetworkError when certificate or key cannot be read."""
        try:
            certificate = (folder / "signcerts/cert.pem").read_bytes()
            key = load_key((folder / "keystore/key.pem").read_bytes())
        except (OSError, ValueError) as error:
            raise NetworkError(f"The MSP folder {folder} cannot be used: {error}.") from error
        return cls(msp_id, certificate, key)

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return encode_dss_signature(r, min(s, P256_ORDER - s))
