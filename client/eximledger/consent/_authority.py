"""The exporters' authority: whoever runs it says which key is which exporter's, and the consortium names it by vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import TypeAdapter, ValidationError

from eximledger.consent._keys import KeyFolder, read_small
from eximledger_chaincode.documents import shown
from eximledger_chaincode.documents.parts.identifiers import Uscc
from eximledger_chaincode.lending.consent import require_authority
from hlf_client import utc_now
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import CertificateAuthority, Subject, canonical_pem, generate_key, load_certificate

__all__ = ["AUTHORITY_DAYS", "EXPORTER_DAYS", "MAX_DAYS", "Enrolled", "ExportersAuthority", "read_authority"]

AUTHORITY_DAYS: Final = 3650
EXPORTER_DAYS: Final = 731
MAX_DAYS: Final = 7300
"""Twenty years."""
_MAX_NAME: Final = 64
"""Characters of a name in a certificate (RFC 5280, ub-common-name)."""
_USCC: Final = TypeAdapter[str](Uscc)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An exporter's certificate, where it stands, and until when it holds."""

    uscc: str
    name: str
    files: KeyFolder
    not_after: datetime


@dataclass(frozen=True, slots=True)
class ExportersAuthority:
    """A key and the certificate that it signed itself. Its owner enrols an exporter after seeing who that is."""

    files: KeyFolder
    issuer: CertificateAuthority

    @classmethod
    def create(
        cls, folder: Path, name: str, organization: str = "", *, days: int = AUTHORITY_DAYS, now: datetime | None = None
    ) -> Self:
        """A new one in a folder that has none. Raises `Refused` where there is one: what it issued would be void."""
        files = KeyFolder(folder)
        files.require_free()
        subject = Subject(_name(name, "name"), _name(organization or name, "organization"))
        made = CertificateAuthority.create(subject, days=_days(days), now=now)
        files.write(made.pem, made.key)
        return cls(files, made)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises `NotAuthorized` for a folder that holds no authority."""
        files = KeyFolder(folder)
        made = CertificateAuthority(files.certificate(), files.key())
        require_authority(made.pem.decode())
        return cls(files, made)

    @property
    def pem(self) -> str:
        """The root certificate, as the consortium names it."""
        return self.issuer.pem.decode()

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the root certificate, to be compared by another way than the file came."""
        return self.issuer.certificate.fingerprint(SHA256()).hex()

    def enrol(
        self,
        folder: Path,
        uscc: str,
        name: str,
        *,
        days: int = EXPORTER_DAYS,
        request: Path | None = None,
        replace: bool = False,
        now: datetime | None = None,
    ) -> Enrolled:
        """Issue an exporter its certificate into a folder, with a new key there; for a key that the exporter made and
        keeps, `request` is the file of its certificate request (PKCS#10, PEM), of which the key alone is taken.

        Raises `Refused` where another key or certificate would be lost, unless `replace` says that it may.
        """
        files, code = KeyFolder(folder), _uscc(uscc)
        subject = Subject(_name(name, "name"), _name(name, "name"), serial_number=code)
        days = _days(days)
        files.require_free(replace=replace)
        if request is None:
            key = generate_key()
            public = key.public_key()
        else:
            key, public = None, _requested(read_small(request))
        try:
            certificate = self.issuer.enrol(subject, public, days=days, now=now or utc_now())
        except ValueError as error:
            raise NotAuthorized(f"{self.files.certificate_file} issues nothing more: {error}") from None
        files.write(certificate, key)
        return Enrolled(code, subject.name, files, load_certificate(certificate).not_valid_after_utc)


def read_authority(path: Path) -> str:
    """The certificate of an exporters' authority from its file, as the consortium names it. Raises `NotAuthorized`."""
    pem = canonical_pem(read_small(path)).decode()
    require_authority(pem)
    return pem


def _requested(request: bytes) -> ec.EllipticCurvePublicKey:
    """The key of a request that its owner signed."""
    try:
        asked = x509.load_pem_x509_csr(request)
        is_owners = asked.is_signature_valid
        key = asked.public_key()
    except (ValueError, TypeError, InvalidSignature):
        raise _wrong("request", "is no certificate request in PEM (PKCS#10)") from None
    if not is_owners:
        raise _wrong("request", "is not signed with the key that it asks for")
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in {"secp256r1", "secp384r1"}:
        raise _wrong("request", "must be for a key on P-256 or P-384")
    return key


def _name(text: str, field: str) -> str:
    name = text.strip()
    if not name or len(name) > _MAX_NAME or shown(name) != name:
        raise _wrong(field, f"has 1 to {_MAX_NAME} characters, all of which can be seen")
    return name


def _uscc(text: str) -> str:
    try:
        return _USCC.validate_python(text)
    except ValidationError:
        raise _wrong("uscc", "is not a unified social credit code (18 characters, GB 32100-2015)") from None


def _days(days: int) -> int:
    if not 1 <= days <= MAX_DAYS:
        raise _wrong("days", f"is between 1 and {MAX_DAYS}")
    return days


def _wrong(field: str, reason: str) -> InvalidDocument:
    return InvalidDocument(f"{field} {reason}", field=field, reason=reason)
