"""Identities as PKCS#12 files (.p12, .pfx): certificate and key in one encrypted file (RFC 7292)."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from hlf_client.errors import NotAuthorized
from hlf_client.identity._identity import Identity
from hlf_client.identity.signer import signer_of

__all__ = ["read_pkcs12"]


def read_pkcs12(msp_id: str, path: str | Path, password: bytes | None = None) -> Identity:
    """The identity in a PKCS#12 file.

    Raises `NotAuthorized` when it cannot be read or decrypted, or holds no certificate with a key that fits and that
    Fabric takes (ECDSA P-256 or P-384, Ed25519).
    """
    path = Path(path)
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), password)
    except OSError as error:
        raise NotAuthorized(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError):
        raise NotAuthorized(f"{path} cannot be opened: it is no PKCS#12 file, or the password is wrong") from None
    if key is None or certificate is None:
        raise NotAuthorized(f"{path} must hold a certificate and its private key")
    try:
        signer = signer_of(key)
    except ValueError as error:
        raise NotAuthorized(f"{path} cannot be used: {error}") from None
    if signer.public_key != certificate.public_key():
        raise NotAuthorized(f"the key in {path} does not belong to the certificate in it")
    return Identity(msp_id, certificate.public_bytes(Encoding.PEM), signer)
