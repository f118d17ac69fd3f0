"""The package of a chaincode-as-a-service: where its server is and how to trust it, as the peer's builder reads it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hlf_client.errors import InvalidDocument

__all__ = ["ChaincodePackage", "ServerConnection", "package_chaincode"]

DIAL_TIMEOUT = "10s"


@dataclass(frozen=True, slots=True)
class ServerConnection:
    """How peers reach an organisation's chaincode server; certificates and key are PEM.

    Without a root certificate they call it in the clear; with one over TLS, mutual where the peers' own is given.
    """

    address: str
    root_certificate: bytes = b""
    client_certificate: bytes = b""
    client_key: bytes = field(default=b"", repr=False)

    def to_json(self) -> bytes:
        content = {
            "address": self.address,
            "dial_timeout": DIAL_TIMEOUT,
            "tls_required": bool(self.root_certificate),
            "client_auth_required": bool(self.client_certificate),
            "root_cert": self.root_certificate.decode(),
            "client_cert": self.client_certificate.decode(),
            "client_key": self.client_key.decode(),
        }
        return json.dumps(content, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class ChaincodePackage:
    """The bytes that a peer installs. The same input gives the same bytes, hence the same id, on every machine."""

    label: str
    content: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        """A package that this or another tool has written. Raises `InvalidDocument`."""
        try:
            content = path.read_bytes()
            with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
                metadata = archive.extractfile("metadata.json")
                label = json.loads(metadata.read())["label"] if metadata is not None else None
        except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError, zlib.error) as error:
            raise InvalidDocument(f"{path} is no package of a chaincode: {error}", field="package") from None
        if not isinstance(label, str) or not label:
            raise InvalidDocument(f"{path} is no package of a chaincode: it has no label", field="package")
        return cls(label, content)

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
