"""Identities as MSP folders, in the layout that every Fabric tool reads.

    cacerts/ca.pem   signcerts/cert.pem   keystore/key.pem   config.yaml

Folders are 0700 and keys 0600 from their first byte on; a file is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hlf_client.errors import NotAuthorized
from hlf_client.identity._identity import Identity
from hlf_client.identity.certificate_authority import NodeRole, private_key_pem
from hlf_client.identity.signer import Ed25519Signer, PrivateKeySigner, signer_from_pem
from hlf_client.identity.trust import load_certificate, plain_pem

__all__ = ["NODE_OUS", "make_private_folder", "read_identity", "settle", "write_msp", "write_private", "write_public"]

_AT_ONCE: Final = 16

NODE_OUS: Final = "NodeOUs:\n  Enable: true\n" + "".join(
    f"  {role.value.capitalize()}OUIdentifier:\n"
    f"    Certificate: cacerts/ca.pem\n"
    f"    OrganizationalUnitIdentifier: {role.value}\n"
    for role in NodeRole
)
"""config.yaml of an MSP folder: the role is the certificate's organisational unit."""


def write_msp(
    folder: Path, *, root: bytes, certificate: bytes, key: ec.EllipticCurvePrivateKey, durable: bool = True
) -> None:
    """Write an MSP folder: the authority's certificate, the identity's own, and its key."""
    for name in ("", "cacerts", "signcerts", "keystore"):
        make_private_folder(folder / name)
    write_private(folder / "keystore" / "key.pem", private_key_pem(key), durable=durable)
    write_public(folder / "signcerts" / "cert.pem", certificate, durable=durable)
    write_public(folder / "cacerts" / "ca.pem", root, durable=durable)
    write_public(folder / "config.yaml", NODE_OUS.encode(), durable=durable)


def read_identity(msp_id: str, folder: Path) -> Identity:
    """The identity of an MSP folder written by this or by another Fabric tool (any file names; PEM, or base64 of it).

    Tools leave an old certificate beside the new one, and an old key: taken is the certificate whose key is there and
    that holds now; of several the one that holds longest.

    Raises `NotAuthorized` saying which file is missing, unreadable or does not fit.
    """
    certificates = _certificates(folder / "signcerts")
    key_files = _files(folder / "keystore")
    if not key_files:
        raise NotAuthorized(f"there is no key in {folder / 'keystore'}: put the identity's private key there")
    signers = [signer for path in key_files if (signer := _signer(path)) is not None]
    for certificate, pem in certificates:
        for signer in signers:
            if signer.public_key == certificate.public_key():
                return Identity(msp_id, pem, signer)
    raise NotAuthorized(f"no key in {folder / 'keystore'} belongs to the certificate in {folder / 'signcerts'}")


def make_private_folder(folder: Path) -> None:
    """Make a folder (and those above it) that only its owner may enter."""
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            missing.mkdir(mode=0o700, exist_ok=True)


def write_public(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file that anyone may read, whole or not at all; without `durable` that is left to `settle`."""
    _write(path, content, 0o644, durable=durable)


def write_private(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a key: 0600 from its first byte on, otherwise as `write_public`."""
    _write(path, content, 0o600, durable=durable)


def settle(folder: Path) -> None:
    """Have the disk keep whatever is in a folder: one after another it would wait for each, together for a few."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(_settle, [folder, *folder.rglob("*")]))


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes, mode: int, *, durable: bool) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            if durable:
                os.fsync(descriptor)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def _certificates(folder: Path) -> list[tuple[x509.Certificate, bytes]]:
    """The certificates of a folder with their PEM: those that hold now first, of these the one that holds longest.

    Raises `NotAuthorized` where there is none, or nothing that can be read as one.
    """
    files = _files(folder)
    if not files:
        raise NotAuthorized(f"there is no certificate in {folder}: put the identity's certificate there")
    found, unreadable = list[tuple[x509.Certificate, bytes]](), None
    for path in files:
        pem = plain_pem(_read(path))
        try:
            found.append((load_certificate(pem), pem))
        except NotAuthorized as error:  # a note, or a file that its tool left half written
            unreadable = unreadable or error
    if unreadable is not None and not found:
        raise unreadable
    now = datetime.now(UTC)

    def rank(one: tuple[x509.Certificate, bytes]) -> tuple[bool, datetime]:
        holds = one[0].not_valid_before_utc <= now <= one[0].not_valid_after_utc
        return holds, one[0].not_valid_after_utc

    return sorted(found, key=rank, reverse=True)


def _signer(path: Path) -> PrivateKeySigner | Ed25519Signer | None:
    """The signer of a key file; None for what is no key that could sign."""
    try:
        return signer_from_pem(plain_pem(_read(path)))
    except ValueError:
        return None


def _files(folder: Path) -> Sequence[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except PermissionError:
        raise NotAuthorized(f"{folder} may not be read by this user: it belongs to another") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotAuthorized(f"{path} cannot be read: {error.strerror}") from None
