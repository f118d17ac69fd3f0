"""What a Fabric CA is told and what it says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_client.errors import InvalidDocument
from hlf_client.identity import Identity, PrivateKeySigner

__all__ = ["Attribute", "Authority", "Enrolment", "RegisteredIdentity", "Revocation", "RevokedCertificate"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A registered identity's attribute. `in_certificate`: it stands in certificates though nobody asks for it."""

    name: str
    value: str
    in_certificate: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority: its name, its version, and the certificates from its own up to its root (PEM)."""

    name: str
    version: str
    chain: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, name: str, version: str, pem: bytes) -> Authority:
        """From the chain as a CA gives it. Raises `InvalidDocument` for what is none."""
        try:
            found = x509.load_pem_x509_certificates(pem)
        except ValueError:
            raise InvalidDocument("the CA's chain is not in PEM", field="CAChain", reason="no PEM") from None
        return cls(name, version, tuple(each.public_bytes(Encoding.PEM) for each in found))

    @property
    def roots(self) -> tuple[bytes, ...]:
        """Those that vouch for themselves."""
        return tuple(pem for pem in self.chain if _is_root(pem))

    @property
    def intermediates(self) -> tuple[bytes, ...]:
        """Those between a root and what it issues, the issuer first."""
        return tuple(pem for pem in self.chain if not _is_root(pem))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A certificate (PEM), its key where this process made it, and the authority that issued it."""

    certificate: bytes = field(repr=False)
    key: ec.EllipticCurvePrivateKey | None = field(repr=False)
    authority: Authority

    def identity(self, msp_id: str) -> Identity:
        """Who acts with it. Without the key here, its stages are signed elsewhere."""
        if self.key is None:
            return Identity(msp_id, self.certificate)
        return Identity(msp_id, self.certificate, PrivateKeySigner(self.key))


@dataclass(frozen=True, slots=True)
class RegisteredIdentity:
    """Somebody whom the CA knows. `max_enrolments` is -1 for as many as they like."""

    name: str
    kind: str
    affiliation: str
    max_enrolments: int
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RevokedCertificate:
    """By serial number and authority key identifier, both in hex as the CA writes them."""

    serial: str
    authority_key_id: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """What was revoked, and the CA's whole revocation list (PEM) where it was asked for."""

    certificates: tuple[RevokedCertificate, ...]
    revocation_list: bytes = field(default=b"", repr=False)


def _is_root(pem: bytes) -> bool:
    certificate = x509.load_pem_x509_certificate(pem)
    return certificate.issuer == certificate.subject
