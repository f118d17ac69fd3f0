"""A certificate authority and what it issues, as Fabric's MSPs demand it.

An authority carries a SubjectKeyIdentifier (Fabric refuses one without); an enrolment leaf has no extended key usage
(Fabric refuses client-auth alone) and names its role as organisational unit (NodeOUs); a TLS leaf has both usages.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["ATTRIBUTES_OID", "Authority", "Subject", "key_pem", "load_key", "new_key"]

ATTRIBUTES_OID = x509.ObjectIdentifier("1.2.3.4.5.6.7.8.1")
"""Where Fabric CA writes a user's attributes, as JSON."""

BACKDATED = timedelta(hours=1)
"""Certificates hold from a little before they were made, for clocks that differ."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is for. `role` is the NodeOU: client, peer, admin, orderer; "" on TLS certificates."""

    name: str
    organization: str
    country: str
    role: str = ""

    def x509_name(self) -> x509.Name:
        parts = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organization),
        ]
        if self.role:
            parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, self.role))
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, self.name))
        return x509.Name(parts)


@dataclass(frozen=True, slots=True)
class Authority:
    """A self-signed root and its key (P-256)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def create(cls, subject: Subject, *, days: int, now: datetime | None = None) -> Self:
        """A new root that holds for `days` from now."""
        moment, key = now or datetime.now(UTC), new_key()
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            _builder(subject, subject.x509_name(), key.public_key(), moment - BACKDATED, moment + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(identifier, critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    @classmethod
    def load(cls, certificate: bytes, key: bytes) -> Self:
        """From PEM. Raises ValueError for anything else."""
        return cls(x509.load_pem_x509_certificate(certificate), load_key(key))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        subject: Subject,
        public_key: ec.EllipticCurvePublicKey,
        *,
        days: int,
        hosts: Sequence[str] | None = None,
        attributes: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> bytes:
        """A leaf (PEM). With `hosts` it is a TLS certificate for these names and addresses, else an enrolment one.

        It never outlives the authority. Raises ValueError when the authority has expired.
        """
        moment = now or datetime.now(UTC)
        start = max(moment - BACKDATED, self.certificate.not_valid_before_utc)
        end = min(moment + timedelta(days=days), self.certificate.not_valid_after_utc)
        if end <= moment:
            name = self.certificate.subject.rfc4514_string()
            raise ValueError(f"the authority {name} expired on {self.certificate.not_valid_after_utc:%Y-%m-%d}")
        authority = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        builder = (
            _builder(subject, self.certificate.subject, public_key, start, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority), critical=False)
        )
        if hosts is not None:
            usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            if hosts:
                names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
                builder = builder.add_extension(names, critical=False)
        if attributes:
            content = json.dumps({"attrs": dict(attributes)}, sort_keys=True, separators=(",", ":")).encode()
            extension = x509.UnrecognizedExtension(ATTRIBUTES_OID, content)
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """PKCS#8, unencrypted: nodes must be able to read it; the file's mode guards it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError when it is not an unencrypted elliptic-curve key."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise ValueError("the key is encrypted") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is not an elliptic-curve key")
    return key


def _builder(
    subject: Subject, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject.x509_name())
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
