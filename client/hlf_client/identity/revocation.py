"""Revocation lists (CRLs): which of its certificates an authority has declared void before they expire.

As on Fabric a list counts from the moment that a ledger has it, whatever date it gives, and never runs out: `next
update` is not looked at. Taking a certificate off a list would give a thief his key back, so `revoke` only adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hlf_client.errors import NotAuthorized
from hlf_client.identity.certificate_authority import CertificateAuthority

__all__ = ["RevocationList", "revoke"]


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list as its authority signed it. `number` grows with every issue; 0 for an authority that gives none, such as a
    Fabric CA."""

    number: int
    crl: x509.CertificateRevocationList

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, pem: bytes) -> Self:
        """Raises `NotAuthorized` for what is not a list with its authority's key identifier."""
        try:
            crl = x509.load_pem_x509_crl(pem)
            number = _number(crl)
            crl.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
        except (ValueError, x509.ExtensionNotFound):
            raise NotAuthorized("this is not a certificate revocation list that Fabric reads (PEM)") from None
        return cls(number, crl)

    def is_issued_by(self, authority: x509.Certificate) -> bool:
        """Whether this authority's key signed the list."""
        key = authority.public_key()
        issuer = self.crl.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        own = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        return issuer == own and isinstance(key, ec.EllipticCurvePublicKey) and self.crl.is_signature_valid(key)

    def names(self, certificate: x509.Certificate) -> bool:
        """Whether the certificate's number is on the list; whose number that is, `is_issued_by` says."""
        return self.crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None


def revoke(
    authority: CertificateAuthority,
    certificates: Sequence[x509.Certificate],
    *,
    before: bytes | None = None,
    now: datetime | None = None,
) -> bytes:
    """The authority's next list (PEM): what `before` has, and these certificates. Raises `NotAuthorized` for a list or
    a certificate of another authority."""
    moment = now or datetime.now(UTC)
    earlier = RevocationList.parse(before) if before else None
    if earlier and not earlier.is_issued_by(authority.certificate):
        raise NotAuthorized("the revocation list so far is another authority's: it cannot be continued")
    issued = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(moment)
        .next_update(max(moment, authority.certificate.not_valid_after_utc))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issued), critical=False)
        .add_extension(x509.CRLNumber(earlier.number + 1 if earlier else 1), critical=False)
    )
    entries = {entry.serial_number: entry for entry in earlier.crl} if earlier else {}
    for certificate in certificates:
        if not authority.has_issued(certificate):
            raise NotAuthorized("only the authority that issued a certificate can revoke it")
        entries.setdefault(certificate.serial_number, _entry(certificate, moment))
    for serial in sorted(entries):
        builder = builder.add_revoked_certificate(entries[serial])
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _number(crl: x509.CertificateRevocationList) -> int:
    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return 0


def _entry(certificate: x509.Certificate, moment: datetime) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(moment)
    return builder.build()
