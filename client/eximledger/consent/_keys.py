"""A key and its certificate in a folder of their own; what is there is kept unless somebody says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hlf_client.errors import NotAuthorized, Refused
from hlf_client.identity import load_certificate, load_private_key, private_key_pem, wallet

__all__ = ["KeyFolder", "read_small", "require_free"]

_LIMIT: Final = 64 << 10
"""Bytes."""


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """`key.pem` (mode 0600) and `cert.pem`. Where the key lives elsewhere there is a certificate alone."""

    folder: Path

    @property
    def key_file(self) -> Path:
        return self.folder / "key.pem"

    @property
    def certificate_file(self) -> Path:
        return self.folder / "cert.pem"

    def require_free(self, *, replace: bool = False) -> None:
        """Raises `Refused` where a key or a certificate would be lost."""
        for path in (self.key_file, self.certificate_file):
            require_free(path, replace=replace)

    def write(self, certificate: bytes, key: ec.EllipticCurvePrivateKey | None) -> None:
        """Put there a certificate, and its key unless that lives elsewhere. `require_free` is the caller's to ask."""
        wallet.make_private_folder(self.folder)
        if key is not None:
            wallet.write_private(self.key_file, private_key_pem(key))
        wallet.write_public(self.certificate_file, certificate)

    def certificate(self) -> x509.Certificate:
        """Raises `NotAuthorized` for what is no certificate."""
        return load_certificate(read_small(self.certificate_file))

    def key(self) -> ec.EllipticCurvePrivateKey:
        """Raises `NotAuthorized` for what is no key, or not the certificate's."""
        try:
            key = load_private_key(read_small(self.key_file))
        except ValueError as error:
            raise NotAuthorized(f"{self.key_file} is no usable key: {error}") from None
        if key.public_key() != self.certificate().public_key():
            raise NotAuthorized(f"{self.key_file} is not the key of {self.certificate_file}: put the pair there")
        return key


def require_free(path: Path, *, replace: bool = False) -> None:
    """Raises `Refused` where a file would be lost that nobody said may be replaced."""
    if not replace and path.exists():
        raise Refused(f"{path} is there already and would be lost: choose another place, or say that it is replaced")


def read_small(path: Path) -> bytes:
    """A key's or a certificate's file. Raises `NotAuthorized` for one that cannot be read, or is larger than any."""
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
    except OSError as error:
        raise NotAuthorized(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > _LIMIT:
        raise NotAuthorized(f"{path} is larger than {_LIMIT >> 10} KiB: it is no key and no certificate")
    return content
