"""The certificate authorities that a verifier trusts, each for one organisation, from files got from somebody known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificates

from hlf_client.errors import NotAuthorized
from hlf_client.identity import CertifiedKey, TrustAnchors, load_certificate

__all__ = ["Authorities", "Authority", "Trust", "require_own_authorities"]

_ROOTS: Final = "cacerts"
_INTERMEDIATES: Final = "intermediatecerts"


@dataclass(frozen=True, slots=True)
class Authority:
    """One organisation's authority: its MSP id and certificates (PEM)."""

    msp_id: str
    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not self.msp_id:
            raise NotAuthorized(
                f"whose authority {self.name} is was not said: name the member, as SafeMSP=ca.pem; an authority "
                "without a name could vouch for anybody"
            )
        _anchors(self)  # refuses what is no authority's certificate

    @property
    def name(self) -> str:
        """Whose certificate it is, as the certificate says."""
        return load_certificate(self.roots[0]).subject.rfc4514_string() if self.roots else "(no certificate)"

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """SHA-256 (hex) of each root certificate, to be compared by another way than the file came."""
        return tuple(load_certificate(root).fingerprint(SHA256()).hex() for root in self.roots)

    @property
    def anchors(self) -> TrustAnchors:
        """What checks the certificates of this organisation."""
        return _anchors(self)


@dataclass(frozen=True, slots=True)
class Authorities:
    """All that are trusted in one role: as members, or as those who order blocks."""

    trusted: tuple[Authority, ...]

    def __post_init__(self) -> None:
        require_own_authorities(self.trusted)

    @classmethod
    def read(cls, trusted: Iterable[tuple[str, Path]]) -> Self:
        """From pairs of MSP id and the path of a PEM file with root certificates or of an MSP folder.

        An organisation may be named several times. Raises `NotAuthorized` for what holds no authority's certificate,
        for one without an MSP id, and for one authority under two.
        """
        return cls(tuple(_read(msp_id, path) for msp_id, path in trusted))

    def trust(self) -> Trust:
        """For one verification."""
        return Trust(self.trusted)


@dataclass(slots=True)
class Trust:
    """Who vouched for whom in one verification."""

    trusted: tuple[Authority, ...]
    vouched: dict[str, Authority] = field(init=False, default_factory=dict)
    """The authority that has vouched last for each organisation (MSP id)."""

    def certify(self, msp_id: str, certificate: bytes, moment: datetime) -> CertifiedKey:
        """The key of a PEM certificate that this organisation's own authority vouches for at `moment`.

        Raises `NotAuthorized`, also where another organisation's authority would.
        """
        for authority in self.trusted:
            if authority.msp_id == msp_id and authority.anchors.issued(certificate):
                self.vouched[msp_id] = authority
                return authority.anchors.certify(certificate, moment)
        raise NotAuthorized(f"no trusted authority vouches for a signer of {msp_id}: add its CA's certificate, as "
                            f"{msp_id}=ca.pem", msp_id=msp_id)  # fmt: skip


def require_own_authorities(trusted: Iterable[Authority]) -> None:
    """Raises `NotAuthorized` where one key stands under two MSP ids: its owner could speak for both."""
    owners: dict[bytes, str] = {}
    for authority in trusted:
        for key in _keys(authority):
            owner = owners.setdefault(key, authority.msp_id)
            if owner != authority.msp_id:
                raise NotAuthorized(
                    f"{authority.name} is named as authority of {owner} and of {authority.msp_id}: each has its own",
                    msp_id=authority.msp_id,
                )


def _keys(authority: Authority) -> Iterator[bytes]:
    """Their public keys: a certificate that was made anew has the same."""
    for pem in (*authority.roots, *authority.intermediates):
        key = load_certificate(pem).public_key()
        yield key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def _anchors(authority: Authority) -> TrustAnchors:
    """They remember the chains that they have verified. Whether the channel takes Ed25519 its peers have judged."""
    return TrustAnchors(authority.msp_id, authority.roots, authority.intermediates, ed25519=True)


def _read(msp_id: str, path: Path) -> Authority:
    if not path.is_dir():
        return Authority(msp_id, _certificates(path))
    between = path / _INTERMEDIATES
    return Authority(msp_id, _folder(path / _ROOTS), _folder(between) if between.is_dir() else ())


def _folder(folder: Path) -> tuple[bytes, ...]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise NotAuthorized(f"{folder} cannot be read: {error.strerror}") from None
    return tuple(pem for path in files for pem in _certificates(path))


def _certificates(path: Path) -> tuple[bytes, ...]:
    try:
        return tuple(each.public_bytes(Encoding.PEM) for each in load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise NotAuthorized(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise NotAuthorized(f"{path} holds no certificate in PEM: give the CA's certificate") from None
