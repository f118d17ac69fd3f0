"""Which certificates an organisation answers for: a chain from the certificate to one of the organisation's roots.

The rules are those of Fabric's MSP with NodeOUs: a leaf that may sign, exactly one of the four roles as organisational
unit, every certificate of the chain in its period of validity and on no revocation list of its issuer.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hlf_chaincode.canonical import sha256_hex
from hlf_client.errors import NotAuthorized
from hlf_client.identity.certificate_authority import NodeRole, PublicKey
from hlf_client.identity.revocation import RevocationList

__all__ = [
    "CertifiedKey",
    "TrustAnchors",
    "canonical_pem",
    "certificate_hash",
    "load_certificate",
    "plain_pem",
    "units_of",
]

_MAX_CHAIN: Final = 4
_BEGIN: Final = b"-----BEGIN "
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)
"""What `cryptography` raises for a malformed certificate, some of it only when a part is asked for."""
_CURVES: Final = frozenset({"secp256r1", "secp384r1"})


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """A certificate whose chain was checked: whose it is, in which role, and from when to when it holds (UTC)."""

    msp_id: str
    role: NodeRole
    certificate_hash: str
    public_key: PublicKey
    not_before: datetime
    not_after: datetime

    def check_period(self, moment: datetime) -> None:
        """Raises `NotAuthorized` when the certificate or one above it does not hold at that moment."""
        if moment < self.not_before:
            raise NotAuthorized(
                f"a certificate of {self.msp_id} is not valid before {self.not_before:%Y-%m-%d %H:%M} UTC",
                msp_id=self.msp_id,
            )
        if moment > self.not_after:
            raise NotAuthorized(
                f"a certificate of {self.msp_id} expired on {self.not_after:%Y-%m-%d}: renew it", msp_id=self.msp_id
            )


class TrustAnchors:
    """An organisation's root (and intermediate) certificates, and the identities that they vouch for.

    Chains are verified once per certificate and remembered; periods of validity are checked at every call.
    """

    def __init__(
        self, msp_id: str, roots: Sequence[bytes], intermediates: Sequence[bytes] = (), *, ed25519: bool = False
    ) -> None:
        """From PEM. `ed25519` says whether such keys are taken beside ECDSA, as Fabric does under the capability V3_0.

        Raises `NotAuthorized` for what is no authority's certificate.
        """
        self.msp_id = msp_id
        self._ed25519 = ed25519
        self._roots = tuple(_authority(msp_id, pem) for pem in roots)
        self._intermediates = tuple(_authority(msp_id, pem) for pem in intermediates)
        self._verify = lru_cache(maxsize=4096)(self._readable)
        self._is_revoked = lru_cache(maxsize=4096)(self._named)

    def certify(self, certificate: bytes, moment: datetime, revoked: bytes = b"") -> CertifiedKey:
        """The key of a PEM certificate that this organisation vouches for at `moment`; `revoked` is its list, if any.

        Raises `NotAuthorized` for a certificate of another authority, of no or of two roles, out of its period or
        revoked.
        """
        key = self._verify(certificate)
        key.check_period(moment)
        if revoked and self._is_revoked(certificate, revoked):
            raise NotAuthorized(
                f"a certificate of {self.msp_id} has been revoked: enrol with that organisation again",
                msp_id=self.msp_id,
            )
        return key

    def vouches_for(self, revoked: RevocationList) -> bool:
        """Whether a revocation list is one of this organisation's authorities'."""
        return any(revoked.is_issued_by(authority) for authority in (*self._roots, *self._intermediates))

    def issued(self, certificate: bytes) -> bool:
        """Whether this organisation vouches for a PEM certificate at any time at all."""
        try:
            self._verify(certificate)
        except NotAuthorized:
            return False
        return True

    def _readable(self, pem: bytes) -> CertifiedKey:
        try:
            return self._certified(pem)
        except _UNREADABLE:
            raise NotAuthorized(f"a certificate of {self.msp_id} cannot be read", msp_id=self.msp_id) from None

    def _certified(self, pem: bytes) -> CertifiedKey:
        certificate = load_certificate(pem)
        chain = self._chain(certificate)
        if _is_authority(certificate) or not _may_sign(certificate):
            raise NotAuthorized(f"a certificate of {self.msp_id} is not made for signing", msp_id=self.msp_id)
        return CertifiedKey(
            msp_id=self.msp_id,
            role=self._role(certificate),
            certificate_hash=certificate_hash(pem),
            public_key=self._signing_key(certificate),
            not_before=max(each.not_valid_before_utc for each in chain),
            not_after=min(each.not_valid_after_utc for each in chain),
        )

    def _signing_key(self, certificate: x509.Certificate) -> PublicKey:
        key = certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
            return key
        if isinstance(key, Ed25519PublicKey) and self._ed25519:
            return key
        wanted = "ECDSA on P-256 or P-384" + (", or Ed25519" if self._ed25519 else "")
        raise NotAuthorized(
            f"a certificate of {self.msp_id} has a key that is not taken: use {wanted}", msp_id=self.msp_id
        )

    def _chain(self, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
        """From the leaf to a root."""
        chain = [certificate]
        while len(chain) < _MAX_CHAIN:
            root = _issuer_of(chain[-1], self._roots)
            if root is not None:
                return (*chain, root)
            above = _issuer_of(chain[-1], self._intermediates)
            if above is None or above in chain:
                break
            chain.append(above)
        raise NotAuthorized(
            f"the certificate was not issued by an authority of {self.msp_id}: enrol with that organisation",
            msp_id=self.msp_id,
        )

    def _named(self, pem: bytes, revoked: bytes) -> bool:
        """Whether a list of the issuer's names the certificate, or one above it."""
        listed = RevocationList.parse(revoked)
        chain = self._chain(load_certificate(pem))
        return any(listed.names(below) and listed.is_issued_by(above) for below, above in pairwise(chain))

    def _role(self, certificate: x509.Certificate) -> NodeRole:
        units = units_of(certificate)
        roles = [role for role in NodeRole if role.value in units]
        if len(roles) != 1:
            raise NotAuthorized(
                f"a certificate of {self.msp_id} must name one of client, peer, admin, orderer as its unit",
                msp_id=self.msp_id,
            )
        return roles[0]


def plain_pem(content: bytes) -> bytes:
    """PEM that may be once more in base64, as Kubernetes and CI systems keep secrets, as the PEM itself.

    What is neither comes back as it is: whoever reads it says what is wrong.
    """
    text = content.strip()
    if not text or text.startswith(_BEGIN):
        return content
    try:
        inner = base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return content
    return inner if inner.lstrip().startswith(_BEGIN) else content


def load_certificate(pem: bytes) -> x509.Certificate:
    """Raises `NotAuthorized` for what is not a PEM certificate."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        _ = certificate.extensions, certificate.subject  # read when they are asked for first, which shall be here
        return certificate
    except _UNREADABLE:
        raise NotAuthorized("the certificate cannot be read: give an X.509 certificate in PEM") from None


def units_of(certificate: x509.Certificate) -> frozenset[str]:
    """The organisational units that it names; where an MSP has NodeOUs, one of them is its holder's role."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return frozenset(str(unit.value) for unit in units)


@lru_cache(maxsize=4096)
def certificate_hash(pem: bytes) -> str:
    """SHA-256 (hex) of the DER of a PEM certificate."""
    return sha256_hex(load_certificate(pem).public_bytes(Encoding.DER))


@lru_cache(maxsize=1024)
def canonical_pem(pem: bytes) -> bytes:
    """A certificate's PEM as everybody writes it: without remarks, its lines of one length."""
    return load_certificate(pem).public_bytes(Encoding.PEM)


def _authority(msp_id: str, pem: bytes) -> x509.Certificate:
    certificate = load_certificate(pem)
    if not _is_authority(certificate):
        raise NotAuthorized(f"a root certificate of {msp_id} is not an authority's", msp_id=msp_id)
    return certificate


def _issuer_of(certificate: x509.Certificate, candidates: Iterable[x509.Certificate]) -> x509.Certificate | None:
    for candidate in candidates:
        try:
            certificate.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
        return candidate
    return None


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return True
