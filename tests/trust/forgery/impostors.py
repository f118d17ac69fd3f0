"""Certificates that say what a rightful person's say, and are not good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_client.identity import (
    CertificateAuthority,
    Identity,
    NodeRole,
    PrivateKeySigner,
    Subject,
    generate_key,
    load_certificate,
)

__all__ = ["GENUINE", "KINDS", "REVOKED", "expired", "impostors"]

REVOKED: Final = "revoked"
GENUINE: Final = "genuine, issued anew"
"""Made in the same way as the false ones, so that those are refused for what is false about them."""
KINDS: Final = (
    GENUINE, "a peer", "an orderer", "expired", "not yet valid", REVOKED, "other CA, same name",
    "self-signed, same name", "no unit", "two units", "under another member's name", "with another key",
)  # fmt: skip
"""In the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class _Issue:
    """One certificate to be made: by whom, for whom, from when to when."""

    authority: CertificateAuthority
    subject: x509.Name
    start: datetime
    end: datetime

    def identity(self, msp_id: str, extensions: x509.Extensions) -> Identity:
        key = generate_key()
        return Identity(msp_id, self._certificate(key, self.authority.key, extensions), PrivateKeySigner(key))

    def self_signed(self, msp_id: str, extensions: x509.Extensions) -> Identity:
        key = generate_key()
        by_itself = replace(self, authority=replace(self.authority, key=key))
        return Identity(msp_id, by_itself._certificate(key, key, extensions), PrivateKeySigner(key))

    def _certificate(
        self, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, extensions: x509.Extensions
    ) -> bytes:
        """With the rightful certificate's own extensions: usage, and the attributes that make a checker."""
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(self.authority.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.start)
            .not_valid_after(self.end)
        )
        for extension in extensions:
            if not isinstance(extension.value, x509.SubjectKeyIdentifier | x509.AuthorityKeyIdentifier):
                builder = builder.add_extension(extension.value, critical=extension.critical)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.key.public_key())
        return builder.add_extension(issuer, critical=False).sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM)


def impostors(
    rightful: Identity, authority: CertificateAuthority, elsewhere: str, now: datetime
) -> Mapping[str, Identity]:
    """An identity of each of `KINDS` in the place of a rightful one. The revoked one is still to be revoked.

    `authority` is the rightful one's; `elsewhere` is the MSP id of another member.
    """
    genuine = load_certificate(rightful.certificate)
    extensions, subject, msp_id = genuine.extensions, genuine.subject, rightful.msp_id
    begun = authority.certificate.not_valid_before_utc
    good = _Issue(authority, subject, begun, now + timedelta(days=30))
    name = Subject.of(authority.certificate)
    other = replace(good, authority=CertificateAuthority.create(name, now=now))
    named = replace(good, subject=_with_units(subject))
    return {
        GENUINE: good.identity(msp_id, extensions),
        "a peer": replace(good, subject=_with_units(subject, NodeRole.PEER)).identity(msp_id, extensions),
        "an orderer": replace(good, subject=_with_units(subject, NodeRole.ORDERER)).identity(msp_id, extensions),
        "expired": expired(rightful, authority, now),
        "not yet valid": replace(good, start=now + timedelta(days=20)).identity(msp_id, extensions),
        REVOKED: good.identity(msp_id, extensions),
        "other CA, same name": other.identity(msp_id, extensions),
        "self-signed, same name": good.self_signed(msp_id, extensions),
        "no unit": named.identity(msp_id, extensions),
        "two units": replace(good, subject=_with_units(subject, NodeRole.CLIENT, NodeRole.ADMIN)).identity(
            msp_id, extensions
        ),
        "under another member's name": replace(rightful, msp_id=elsewhere),
        "with another key": replace(rightful, signer=PrivateKeySigner(generate_key())),
    }


def expired(rightful: Identity, authority: CertificateAuthority, now: datetime) -> Identity:
    """The rightful one's name and attributes on a certificate that ended a minute ago."""
    genuine = load_certificate(rightful.certificate)
    begun = authority.certificate.not_valid_before_utc
    return _Issue(authority, genuine.subject, begun, now - timedelta(minutes=1)).identity(
        rightful.msp_id, genuine.extensions
    )


def _with_units(subject: x509.Name, *roles: NodeRole) -> x509.Name:
    """The same name with these organisational units instead of its own."""
    unit = x509.NameOID.ORGANIZATIONAL_UNIT_NAME
    kept = [part for part in subject if part.oid != unit]
    return x509.Name([*kept, *(x509.NameAttribute(unit, role.value) for role in roles)])
