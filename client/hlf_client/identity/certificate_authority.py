"""A certificate authority and what it issues, as Fabric's MSPs demand it.

An authority carries a SubjectKeyIdentifier (Fabric refuses one without); an enrolment certificate has no extended key
usage (Fabric refuses client-auth alone) and names its role as organisational unit (NodeOUs); a TLS certificate has both
usages and the names it serves under.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hlf_chaincode.creator import ATTRIBUTES_OID, creator_of

__all__ = [
    "AUTHORITY_DAYS",
    "CERTIFICATE_DAYS",
    "CertificateAuthority",
    "NodeRole",
    "PublicKey",
    "Subject",
    "generate_key",
    "load_private_key",
    "private_key_pem",
]

AUTHORITY_DAYS: Final = 3650
"""How long an authority holds by default."""
CERTIFICATE_DAYS: Final = 825
"""How long a certificate holds by default."""
BACKDATED: Final = timedelta(hours=1)
"""Certificates hold from a little before they were made, for clocks that differ."""

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | Ed25519PublicKey
"""What a certificate may be for; Fabric takes Ed25519 on channels with the capability V3_0 only."""


class NodeRole(StrEnum):
    """The organisational unit by which an MSP with NodeOUs knows an identity's role."""

    CLIENT = "client"
    PEER = "peer"
    ADMIN = "admin"
    ORDERER = "orderer"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is for. `role` is None on certificates of authorities and on TLS certificates."""

    name: str
    organization: str
    role: NodeRole | None = None
    country: str = "CN"
    serial_number: str = ""
    """What tells the holder from others of the same name (X.520 serialNumber), such as a company's registration."""

    @classmethod
    def of(cls, certificate: x509.Certificate) -> Self:
        """Whom a certificate that was issued for a subject is for."""

        def part(oid: x509.ObjectIdentifier) -> str:
            values = certificate.subject.get_attributes_for_oid(oid)
            return str(values[0].value) if values else ""

        unit = part(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return cls(
            name=part(NameOID.COMMON_NAME),
            organization=part(NameOID.ORGANIZATION_NAME),
            role=NodeRole(unit) if unit else None,
            country=part(NameOID.COUNTRY_NAME),
            serial_number=part(NameOID.SERIAL_NUMBER),
        )

    def x509_name(self) -> x509.Name:
        parts = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organization),
        ]
        if self.role:
            parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, self.role.value))
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, self.name))
        if self.serial_number:
            parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, self.serial_number))
        return x509.Name(parts)


@dataclass(frozen=True, slots=True)
class CertificateAuthority:
    """A self-signed root and its key (P-256)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def create(cls, subject: Subject, *, days: int = AUTHORITY_DAYS, now: datetime | None = None) -> Self:
        """A new root that holds for `days` from now."""
        moment, key = now or datetime.now(UTC), generate_key()
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
        return cls(x509.load_pem_x509_certificate(certificate), load_private_key(key))

    @property
    def pem(self) -> bytes:
        """The root certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Whether the certificate bears this root's signature."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def enrol(
        self,
        subject: Subject,
        public_key: PublicKey,
        *,
        days: int = CERTIFICATE_DAYS,
        attributes: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> bytes:
        """An enrolment certificate (PEM) for a person or a node; `attributes` go where Fabric CA writes them.

        It never outlives the authority. Raises ValueError when the authority has expired.
        """
        builder = self._leaf(subject, public_key, days, now)
        if attributes:
            content = json.dumps({"attrs": dict(attributes)}, sort_keys=True, separators=(",", ":")).encode()
            builder = builder.add_extension(x509.UnrecognizedExtension(ATTRIBUTES_OID, content), critical=False)
        return self._sign(builder)

    def enrol_again(
        self, certificate: x509.Certificate, public_key: PublicKey, *, now: datetime | None = None
    ) -> bytes:
        """Another enrolment certificate (PEM) for the holder of one, with the same role and attributes."""
        attributes = creator_of("", certificate.public_bytes(serialization.Encoding.PEM)).attributes
        return self.enrol(Subject.of(certificate), public_key, attributes=attributes, now=now)

    def issue_tls(
        self,
        subject: Subject,
        public_key: ec.EllipticCurvePublicKey,
        hosts: Sequence[str] = (),
        *,
        days: int = CERTIFICATE_DAYS,
        now: datetime | None = None,
    ) -> bytes:
        """A TLS certificate (PEM) for these host names and addresses; without any it serves a client only."""
        usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = self._leaf(subject, public_key, days, now).add_extension(usages, critical=False)
        if hosts:
            names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        return self._sign(builder)

    def _leaf(
        self, subject: Subject, public_key: PublicKey, days: int, now: datetime | None
    ) -> x509.CertificateBuilder:
        moment = now or datetime.now(UTC)
        start = max(moment - BACKDATED, self.certificate.not_valid_before_utc)
        end = min(moment + timedelta(days=days), self.certificate.not_valid_after_utc)
        if end <= moment:
            name = self.certificate.subject.rfc4514_string()
            raise ValueError(f"the authority {name} expired on {self.certificate.not_valid_after_utc:%Y-%m-%d}")
        identifier = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return (
            _builder(subject, self.certificate.subject, public_key, start, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        )

    def _sign(self, builder: x509.CertificateBuilder) -> bytes:
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def generate_key() -> ec.EllipticCurvePrivateKey:
    """A new P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def private_key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """PKCS#8, unencrypted: nodes must be able to read it; the file's mode guards it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_private_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError when it is not an unencrypted elliptic-curve key."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise ValueError("the key is encrypted") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is not an elliptic-curve key")
    return key


def _builder(
    subject: Subject, issuer: x509.Name, key: PublicKey, start: datetime, end: datetime
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
