"""Exporters' authorities and certificates, sound ones and ones with one fault, and papers signed with them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from eximledger_chaincode.lending.consent import (
    Authorisation,
    Revocation,
    SignedAuthorisation,
    SignedRevocation,
)

NOW = datetime(2026, 9, 1, 4, tzinfo=UTC)
TODAY = date(2026, 9, 1)
EXPORTER, NEIGHBOUR = "91520600MA6HJ4T31J", "915201007854629035"

Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def usage(*, sign: bool = False, issue: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(sign, False, False, False, False, issue, issue, False, False)


def issued(
    name: str,
    by: Issued | None = None,
    *,
    usccs: tuple[str, ...] = (),
    key: Key | None = None,
    ca: bool | None = None,
    may_sign: bool | None = None,
    may_issue: bool | None = None,
    has_identifier: bool = True,
    has_usage: bool = True,
    issuer_key: object = None,
    critical: x509.ExtensionType | None = None,
    days: tuple[int, int] = (-30, 365),
    digest: hashes.HashAlgorithm | None = None,
    issuer: str = "",
) -> Issued:
    """A certificate; an authority's own where nobody issued it. Days are counted from `NOW`."""
    key = key or p256()
    is_root = by is None
    signer = by.key if by else key
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        + [x509.NameAttribute(NameOID.SERIAL_NUMBER, uscc) for uscc in usccs]
    )
    above = by.certificate.subject if by else subject
    if issuer:
        above = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
    )
    may_sign, may_issue = not is_root if may_sign is None else may_sign, is_root if may_issue is None else may_issue
    builder = builder.add_extension(x509.BasicConstraints(ca=is_root if ca is None else ca, path_length=None), True)
    if has_usage:
        builder = builder.add_extension(usage(sign=may_sign, issue=may_issue), True)
    if has_identifier:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    if by is not None and issuer_key is not False:
        named = issuer_key if isinstance(issuer_key, Issued) else by
        public = named.key.public_key()
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False)
    if critical is not None:
        builder = builder.add_extension(critical, True)
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else digest or hashes.SHA256()
    return Issued(key, builder.sign(signer, algorithm))  # type: ignore[arg-type] # None is Ed25519's


ROOT = issued("Exporters of Guizhou", days=(-400, 4000))
SOUND = issued("Tongren Cable", ROOT, usccs=(EXPORTER,))


def authorisation(**changes: object) -> Authorisation:
    return Authorisation.model_validate(
        {
            "number": "TC-2026/7", "exporter": EXPORTER, "bank": "HarbourMSP", "what": ("declarations", "receipts"),
            "valid_from": TODAY, "valid_until": TODAY + timedelta(days=180), "purpose": "出口押汇，cables",
        }
        | changes
    )  # fmt: skip


def revocation(**changes: object) -> Revocation:
    return Revocation.model_validate(
        {"authorisation": "TC-2026/7", "exporter": EXPORTER, "revoked_on": TODAY, "reason": "the loan is repaid"}
        | changes
    )


def signature(data: bytes, holder: Issued = SOUND) -> str:
    match holder.key:
        case ec.EllipticCurvePrivateKey():
            made = holder.key.sign(data, ec.ECDSA(hashes.SHA256()))
        case ed25519.Ed25519PrivateKey():
            made = holder.key.sign(data)
        case _:
            made = b"\x30\x00"
    return b64encode(made).decode()


def signed(paper: Authorisation | None = None, holder: Issued = SOUND) -> SignedAuthorisation:
    paper = paper or authorisation()
    return SignedAuthorisation(paper=paper, certificate=holder.pem, signature=signature(paper.signed_bytes, holder))


def signed_revocation(paper: Revocation | None = None, holder: Issued = SOUND) -> SignedRevocation:
    paper = paper or revocation()
    return SignedRevocation(paper=paper, certificate=holder.pem, signature=signature(paper.signed_bytes, holder))
