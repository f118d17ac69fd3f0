"""The package of a chaincode-as-a-service: where its server is and how to trust it, as the peer's builder reads it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ChaincodePackage", "ServerConnection", "package_chaincode"]

DIAL_TIMEOUT = "10s"


@dataclass(frozen=True, slots=True)
class ServerConnection:
    """How peers reach an organisation's chaincode server over mutual TLS; certificates and key are PEM."""

    address: str
    root_certificate: bytes
    client_certificate: bytes
    client_key: bytes

    def to_json(self) -> bytes:
        content = {
            "address": self.address,
            "dial_timeout": DIAL_TIMEOUT,
            "tls_required": True,
            "client_auth_required": True,
            "root_cert": self.root_certificate.decode(),
            "client_cert": self.client_certificate.decode(),
            "client_key": self.client_key.decode(),
        }
        return json.dumps(content, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class ChaincodePackage:
    """The bytes that a peer installs. The same input gives the same bytes, hence the same id, on every machine."""

    label: str
    content: bytes

    @property
    def id(self) -> str:
        """The package id as the peer computes it: label, colon, SHA-256 of the package."""
        return f"{self.label}:{hashlib.sha256(self.content).hexdigest()}"


def package_chaincode(label: str, connection: ServerConnection) -> ChaincodePackage:
    """Package a server's connection under a label."""
    metadata = json.dumps({"type": "ccaas", "label": label}, sort_keys=True).encode()
    code = _archive({"connection.json": connection.to_json()})
    return ChaincodePackage(label, _archive({"metadata.json": metadata, "code.tar.gz": code}))


def _archive(files: Mapping[str, bytes]) -> bytes:
    """A tar.gz without clock, owner or host in it."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(content), 0o644, 0
            archive.addfile(entry, io.BytesIO(content))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(tar.getvalue())
    return packed.getvalue()
