"""Certificates and keys as files in PEM: read, or refused in a sentence that names the file."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from hlf_client.identity import load_private_key
from hlf_network.errors import NetworkError

__all__ = ["check_pair", "is_for_clients", "is_issued_by", "leaf_of", "names_of", "read_certificate", "read_key"]


def read_certificate(path: Path) -> x509.Certificate:
    """Raises NetworkError for what is no certificate."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise NetworkError(f"{path} is not a certificate in PEM form: put the right one there.") from error


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Raises NetworkError for what is no unencrypted elliptic-curve key."""
    try:
        return load_private_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NetworkError(f"{path} is not a usable key ({error}): put the right one there.") from error


def check_pair(certificate: Path, key: Path) -> None:
    """Raises NetworkError for a key that is not the certificate's."""
    if read_certificate(certificate).public_key() != read_key(key).public_key():
        raise NetworkError(f"The key {key} does not belong to the certificate {certificate}: put the right pair there.")


def leaf_of(pem: bytes) -> bytes:
    """The first certificate (PEM) of a chain as a TLS server keeps it."""
    return x509.load_pem_x509_certificates(pem)[0].public_bytes(serialization.Encoding.PEM)


def is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether the authority's key signed the certificate."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def is_for_clients(certificate: x509.Certificate) -> bool:
    """Whether a TLS certificate may be shown by who connects; one that names no usages may."""
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in usages


def names_of(certificate: x509.Certificate) -> set[str]:
    """The hosts and addresses that a TLS certificate is for."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {str(name.value) for name in names}
