"""Who signed the proposal: the organisation, the certificate, and what the certificate says of its holder.

Certificates are parsed once and cached by their PEM bytes; whether they are genuine is the ledger's own check (MSP),
made before a contract runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.errors import NotAuthorized

__all__ = ["ATTRIBUTES_OID", "Creator", "creator_of"]

ATTRIBUTES_OID: Final = x509.ObjectIdentifier("1.2.3.4.5.6.7.8.1")
"""Fabric CA's certificate extension: JSON `{"attrs": {name: value}}`."""

_CACHED: Final = 4096
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
_UNREADABLE: Final = (ValueError, TypeError, RecursionError, x509.InvalidVersion, x509.DuplicateExtension)
"""What cryptography, and JSON, raise of a certificate that is none."""


@dataclass(frozen=True, slots=True)
class Creator:
    """The identity behind a transaction. `certificate_hash` is SHA-256 (hex) of the certificate's DER."""

    msp_id: str
    certificate_hash: str
    common_name: str
    organizational_units: tuple[str, ...]
    attributes: Mapping[str, str]
    not_before: datetime = _EARLIEST
    not_after: datetime = _LATEST

    def require_valid(self, moment: datetime) -> None:
        """Raises `NotAuthorized` when the certificate does not hold at that moment. Fabric looks at its end only: its
        peers take a certificate before its first day."""
        if not self.not_before <= moment <= self.not_after:
            raise NotAuthorized(
                f"the certificate of {self.msp_id} holds from {self.not_before:%Y-%m-%d %H:%M} to "
                f"{self.not_after:%Y-%m-%d %H:%M} UTC, the call is of {moment:%Y-%m-%d %H:%M}: sign with another",
                msp_id=self.msp_id,
            )


@lru_cache(maxsize=_CACHED)
def creator_of(msp_id: str, certificate: bytes) -> Creator:
    """The creator from its MSP id and PEM certificate. Raises `NotAuthorized` for what is not a certificate."""
    try:
        parsed = x509.load_pem_x509_certificate(certificate)
        names = parsed.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        units = parsed.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
        attributes = _attributes(parsed)
    except _UNREADABLE:
        raise NotAuthorized("the creator's certificate cannot be read: sign with an X.509 certificate in PEM") from None
    return Creator(
        msp_id=msp_id,
        certificate_hash=sha256_hex(parsed.public_bytes(Encoding.DER)),
        common_name=str(names[0].value) if names else "",
        organizational_units=tuple(str(unit.value) for unit in units),
        attributes=attributes,
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
    )


def _attributes(certificate: x509.Certificate) -> Mapping[str, str]:
    """The Fabric CA attributes; none when the extension is absent. Raises ValueError for a malformed one."""
    try:
        extension = certificate.extensions.get_extension_for_oid(ATTRIBUTES_OID).value
    except x509.ExtensionNotFound:
        return {}
    if not isinstance(extension, x509.UnrecognizedExtension):
        raise ValueError("not an attribute extension")
    body = json.loads(extension.value)
    found = body.get("attrs") if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise ValueError("an attribute extension holds an object `attrs`")
    return {str(name): str(value) for name, value in found.items()}
