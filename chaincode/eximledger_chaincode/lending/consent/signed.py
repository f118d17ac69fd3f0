"""A paper with the exporter's detached signature and certificate, and the one check of both."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Generic, TypeAlias, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import AfterValidator, StringConstraints

from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import First
from eximledger_chaincode.lending.consent.certificates import CertificatePem, require_exporter
from eximledger_chaincode.lending.consent.papers import Authorisation, Revocation
from hlf_chaincode.errors import NotAuthorized

__all__ = ["ALGORITHM", "SignedAuthorisation", "SignedPaper", "SignedRevocation", "require_signed"]

ALGORITHM: Final = ec.ECDSA(SHA256())
"""Over the canonical JSON itself, which it hashes."""

PaperT = TypeVar("PaperT", Authorisation, Revocation)


def _base64(text: str) -> str:
    try:
        is_plain = b64encode(b64decode(text)).decode() == text
    except ValueError:
        is_plain = False
    if not is_plain:
        raise ValueError("a signature is written in base64, in the one way there is")
    return text


Signature: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=False, max_length=200), AfterValidator(_base64)
]
"""ECDSA in DER, in base64."""


class SignedPaper(Value, Generic[PaperT]):
    """A paper as it is filed. That it can be read says nothing yet: `require_signed` does."""

    schema_version: First = 1
    paper: PaperT
    certificate: CertificatePem
    signature: Signature


class SignedAuthorisation(SignedPaper[Authorisation]):
    """An authorisation as it is filed."""


class SignedRevocation(SignedPaper[Revocation]):
    """A revocation as it is filed."""


def require_signed(signed: SignedPaper[PaperT], authorities: Sequence[str], now: datetime) -> PaperT:
    """The paper, where its exporter signed it under a certificate of one of the authorities (PEM) that holds at `now`,
    the transaction's time. Raises `NotAuthorized` saying what to do."""
    if not authorities:
        raise NotAuthorized("the consortium names no exporters' authority: its members have to vote one in")
    key = require_exporter(signed.certificate, signed.paper.exporter, authorities, now)
    try:
        key.verify(b64decode(signed.signature), signed.paper.signed_bytes, ALGORITHM)
    except InvalidSignature:
        raise NotAuthorized("the signature is not of this paper under this certificate: sign the paper again") from None
    return signed.paper
