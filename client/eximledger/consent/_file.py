"""A signed paper as a file: JSON that a person can read, of which every byte means something and is checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, ValidationError

from eximledger.consent._keys import require_free
from eximledger_chaincode.documents import Value, invalid_document
from eximledger_chaincode.lending.consent import (
    Authorisation,
    CertificatePem,
    Revocation,
    SignedAuthorisation,
    SignedRevocation,
)
from hlf_chaincode.canonical import to_json
from hlf_client.errors import InvalidDocument
from hlf_client.identity import wallet

__all__ = ["Signed", "read_consent", "write_consent"]

Signed: TypeAlias = SignedAuthorisation | SignedRevocation

_LIMIT: Final = 64 << 10
"""Bytes; the longest paper with its certificate has less than a third."""


class _File(Value):
    """As the file has it: what it is first, then what was signed, then by whom."""

    format: Literal["eximledger-consent/1"] = "eximledger-consent/1"
    paper: Annotated[Authorisation | Revocation, Field(discriminator="kind")]
    certificate: CertificatePem
    signature: str

    @property
    def content(self) -> bytes:
        return json.dumps(to_json(self), ensure_ascii=False, indent=2).encode() + b"\n"

    @property
    def signed(self) -> Signed:
        if isinstance(self.paper, Authorisation):
            return SignedAuthorisation(paper=self.paper, certificate=self.certificate, signature=self.signature)
        return SignedRevocation(paper=self.paper, certificate=self.certificate, signature=self.signature)


def write_consent(path: Path, signed: Signed, *, replace: bool = False) -> None:
    """Write a signed paper for its owner's eyes (mode 0600). Raises `Refused` where a file would be lost."""
    require_free(path, replace=replace)
    file = _File(paper=signed.paper, certificate=signed.certificate, signature=signed.signature)
    wallet.write_private(path, file.content)


def read_consent(source: Path | bytes, *, name: str = "") -> Signed:
    """The signed paper in a file, whoever signed it: `require_signed` says whether that counts.

    Raises `InvalidDocument` for anything but a file exactly as `write_consent` writes it: a key that stands there twice
    would show a person one paper and the ledger another.
    """
    name = name or (source.name if isinstance(source, Path) else "the file")
    content = _bytes_of(source, name)
    if len(content) > _LIMIT:
        raise _unreadable(name, f"is larger than {_LIMIT >> 10} KiB")
    try:
        found = _File.model_validate_json(content)
        signed = found.signed
    except ValidationError as error:
        wrong = invalid_document("", error)
        raise _unreadable(name, f"is not in {_File.model_fields['format'].default}: {wrong.message}") from None
    if found.content != content:
        raise _unreadable(name, "is not as it was written: its bytes were changed")
    return signed


def _bytes_of(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(_LIMIT + 1)
    except OSError as error:
        raise _unreadable(name, f"cannot be read: {error.strerror}") from None


def _unreadable(name: str, reason: str) -> InvalidDocument:
    return InvalidDocument(f"{name} {reason}", field="file", reason=reason)
