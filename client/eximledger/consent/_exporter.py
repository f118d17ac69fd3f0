"""An exporter that signs: its key, its certificate, and the USCC that the certificate names."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Self, overload

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from eximledger.consent._keys import KeyFolder
from eximledger_chaincode.lending.consent import (
    Authorisation,
    Revocation,
    SignedAuthorisation,
    SignedRevocation,
)
from hlf_client.errors import NotAuthorized
from hlf_client.identity import PrivateKeySigner

__all__ = ["ExporterKey"]


@dataclass(frozen=True, slots=True)
class ExporterKey:
    """Signs papers of one exporter, which its certificate names."""

    files: KeyFolder
    uscc: str

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises `NotAuthorized` for a folder without an exporter's certificate."""
        files = KeyFolder(folder)
        numbers = files.certificate().subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        if len(numbers) != 1:
            raise NotAuthorized(f"{files.certificate_file} names no exporter: have an exporters' authority issue one")
        return cls(files, str(numbers[0].value))

    @overload
    def sign(self, paper: Authorisation) -> SignedAuthorisation: ...
    @overload
    def sign(self, paper: Revocation) -> SignedRevocation: ...
    def sign(self, paper: Authorisation | Revocation) -> SignedAuthorisation | SignedRevocation:
        """The paper with this exporter's signature. Raises `NotAuthorized` for another exporter's."""
        if paper.exporter != self.uscc:
            raise NotAuthorized(f"the paper is {paper.exporter}'s, the certificate {self.uscc}'s: each signs its own")
        digest = hashlib.sha256(paper.signed_bytes).digest()
        signature = b64encode(PrivateKeySigner(self.files.key()).sign(digest)).decode()
        certificate = self.files.certificate().public_bytes(Encoding.PEM).decode()
        if isinstance(paper, Authorisation):
            return SignedAuthorisation(paper=paper, certificate=certificate, signature=signature)
        return SignedRevocation(paper=paper, certificate=certificate, signature=signature)
