"""Whose key it is: certificates that an exporters' authority issued to an exporter, checked at a transaction's moment.

An authority is one root certificate that a member named in the consortium runs; it issues to exporters directly. What
is asked of both is asked narrowly, so that every peer answers alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID
from pydantic import AfterValidator, StringConstraints

from hlf_chaincode.errors import NotAuthorized

__all__ = ["AuthorityPem", "CertificatePem", "require_authority", "require_exporter"]

_MAX_PEM: Final = 8_000
_CURVES: Final = frozenset({"secp256r1", "secp384r1"})
_DIGESTS: Final = (SHA256, SHA384)
_UNDERSTOOD: Final = frozenset({ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE})
"""Extensions that may be critical: what another one asks for is not done here, so it is refused (RFC 5280, 4.2)."""
_ALL_BITS: Final = b"\x00"
"""Before a signature's bytes: how many bits of the last one do not count. Nothing else would check it."""
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)
"""What `cryptography` raises for a malformed certificate, some of it only when a part is asked for."""


def _written(pem: str) -> str:
    """One certificate, written as every tool writes it: text before and after it would be nobody's."""
    try:
        _load(pem)
    except NotAuthorized as error:
        raise ValueError(error.message) from None
    return pem


def _authority(pem: str) -> str:
    try:
        require_authority(pem)
    except NotAuthorized as error:
        raise ValueError(error.message) from None
    return pem


_Pem: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=False, max_length=_MAX_PEM)]

CertificatePem: TypeAlias = Annotated[_Pem, AfterValidator(_written)]
"""One X.509 certificate in PEM."""

AuthorityPem: TypeAlias = Annotated[_Pem, AfterValidator(_authority)]
"""The root certificate of an exporters' authority in PEM; its period is looked at when it is used."""


@lru_cache(maxsize=1024)
def require_authority(pem: str) -> x509.Certificate:
    """The root certificate of an authority. Raises `NotAuthorized` for what may not issue certificates."""
    root = _load(pem)
    try:
        _require_own(root)
    except _UNREADABLE:
        raise _no_authority("cannot be read") from None
    except x509.ExtensionNotFound:
        raise _no_authority("lacks its constraints, its key usage or its key identifier") from None
    if not _is_issued_by(root, root):
        raise _no_authority("is not one that it signed itself")
    return root


def _require_own(root: x509.Certificate) -> None:
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    if not constraints.ca:
        raise _no_authority("is not an authority's")
    if not root.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign:
        raise _no_authority("is not made for issuing certificates")
    root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    if not _is_sound(root):
        raise _no_authority("must be ECDSA on P-256 or P-384 with SHA-256 or SHA-384, without other critical parts")


def require_exporter(pem: str, uscc: str, authorities: Sequence[str], now: datetime) -> ec.EllipticCurvePublicKey:
    """The key of a certificate that one of the authorities issued to just this exporter, and that holds at `now`.

    Raises `NotAuthorized` saying what to do: for another authority's or another exporter's certificate, one that does
    not hold then, an authority's own, and one that is not made for signing.
    """
    certificate = _load(pem)
    try:
        issuer = _issuer_of(certificate, authorities)
        key = _signing_key(certificate)
        _require_subject(certificate, uscc)
    except _UNREADABLE:
        raise _refused("cannot be read", "have it issued again") from None
    for part, whose in (
        (issuer, "the exporters' authority's certificate"),
        (certificate, "the exporter's certificate"),
    ):
        if not part.not_valid_before_utc <= now <= part.not_valid_after_utc:
            raise NotAuthorized(
                f"{whose} holds from {part.not_valid_before_utc:%Y-%m-%d %H:%M} to "
                f"{part.not_valid_after_utc:%Y-%m-%d %H:%M} UTC, the call is of {now:%Y-%m-%d %H:%M}: have it issued "
                "again, and sign again"
            )
    return key


def _issuer_of(certificate: x509.Certificate, authorities: Sequence[str]) -> x509.Certificate:
    """The authority that signed the certificate and that it names by key."""
    for pem in authorities:
        root = require_authority(pem)
        if _is_issued_by(certificate, root) and _issuer_key(certificate) == _own_key(root):
            return root
    raise _refused(
        "was issued by none of the exporters' authorities that the consortium names",
        "enrol with one (`consortium:members` names them)",
    )


def _is_issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    """Whether it names the root as its issuer and bears the root's signature."""
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _issuer_key(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        return None


def _own_key(root: x509.Certificate) -> bytes:
    return root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _signing_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    try:
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        may_sign = certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        raise _refused("does not say what its key is for", "have it issued with a key usage") from None
    if is_authority:
        raise _refused("is an authority's own", "sign with a certificate that it issued to the exporter")
    if not may_sign:
        raise _refused("is not made for signing", "have it issued for digital signatures")
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not _is_sound(certificate):
        raise _refused(
            "has a key, digest or critical part that is not taken",
            "use ECDSA on P-256 or P-384 with SHA-256 or SHA-384",
        )
    return key


def _is_sound(certificate: x509.Certificate) -> bool:
    """Whether key, digest and critical extensions are of those that every peer judges alike."""
    key = certificate.public_key()
    critical = {each.oid for each in certificate.extensions if each.critical}
    return (
        isinstance(key, ec.EllipticCurvePublicKey)
        and key.curve.name in _CURVES
        and isinstance(certificate.signature_hash_algorithm, _DIGESTS)
        and critical <= _UNDERSTOOD
    )


def _require_subject(certificate: x509.Certificate, uscc: str) -> None:
    numbers = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    if [number.value for number in numbers] != [uscc]:
        raise _refused("does not name this exporter's USCC as its serialNumber", "sign with the exporter's own")


@lru_cache(maxsize=1024)
def _load(pem: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        plain = certificate.public_bytes(Encoding.PEM).decode()
        is_whole = certificate.public_bytes(Encoding.DER).endswith(_ALL_BITS + certificate.signature)
    except _UNREADABLE:
        raise _refused("cannot be read", "give one X.509 certificate in PEM") from None
    if plain != pem or not is_whole:
        raise _refused("is not in PEM as tools write it", "give that one certificate and nothing else")
    return certificate


def _refused(what: str, advice: str) -> NotAuthorized:
    return NotAuthorized(f"the certificate {what}: {advice}")


def _no_authority(what: str) -> NotAuthorized:
    return NotAuthorized(
        f"the exporters' authority's certificate {what}: make one with `eximledger exporter authority`"
    )
