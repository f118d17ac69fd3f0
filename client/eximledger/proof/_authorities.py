"""The certificate authorities that a verifier trusts, from files that it got from somebody it knows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from eximledger.errors import NotAuthorized
from eximledger.identity import TrustAnchors

__all__ = ["read_authorities"]

_ROOTS: Final = "cacerts"
_INTERMEDIATES: Final = "intermediatecerts"


def read_authorities(trusted: Iterable[tuple[str, Path]]) -> dict[str, TrustAnchors]:
    """Authorities by MSP id. A path is a PEM file with one root certificate or more, or an MSP folder; a member may be
    named several times. Raises `NotAuthorized` for what is no authority's certificate."""
    roots: dict[str, list[bytes]] = {}
    between: dict[str, list[bytes]] = {}
    for msp_id, path in trusted:
        top, below = roots.setdefault(msp_id, []), between.setdefault(msp_id, [])
        if path.is_dir():
            top += _folder(path / _ROOTS)
            below += _folder(path / _INTERMEDIATES) if (path / _INTERMEDIATES).is_dir() else []
        else:
            top += _certificates(path)
    return {msp_id: TrustAnchors(msp_id, pems, between[msp_id]) for msp_id, pems in roots.items()}


def _folder(folder: Path) -> list[bytes]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise NotAuthorized(f"{folder} cannot be read: {error.strerror}") from None
    return [pem for path in files for pem in _certificates(path)]


def _certificates(path: Path) -> list[bytes]:
    try:
        return [each.public_bytes(Encoding.PEM) for each in load_pem_x509_certificates(path.read_bytes())]
    except OSError as error:
        raise NotAuthorized(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise NotAuthorized(f"{path} holds no certificate in PEM: give the CA's certificate") from None
