"""The certificate authorities that a verifier trusts, from files that it got from somebody it knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from hlf_client.errors import NotAuthorized
from hlf_client.identity import CertifiedKey, TrustAnchors, load_certificate

__all__ = ["Authorities", "Authority", "Trust"]

_ROOTS: Final = "cacerts"
_INTERMEDIATES: Final = "intermediatecerts"


@dataclass(frozen=True, slots=True)
class Authority:
    """One organisation's authority: PEM certificates, and the MSP id of the member, "" where it was not said."""

    msp_id: str
    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()

    @property
    def name(self) -> str:
        """Whose certificate it is, as the certificate says."""
        return load_certificate(self.roots[0]).subject.rfc4514_string()

    def anchors(self, msp_id: str) -> TrustAnchors:
        """What this authority vouches for as that member. Raises `NotAuthorized` for what is no authority."""
        return _anchors(self, msp_id)


@dataclass(frozen=True, slots=True)
class Authorities:
    """All that a verifier trusts."""

    trusted: tuple[Authority, ...]

    @classmethod
    def read(cls, trusted: Iterable[tuple[str, Path]]) -> Self:
        """From pairs of MSP id, or "", and the path of a PEM file with root certificates or of an MSP folder.

        A member may be named several times. In a file without a member each certificate is an authority of its own.
        Raises `NotAuthorized` for what holds no authority's certificate.
        """
        return cls(tuple(authority for msp_id, path in trusted for authority in _read(msp_id, path)))

    def trust(self) -> Trust:
        """For one verification."""
        return Trust(self.trusted)


@dataclass(slots=True)
class Trust:
    """Who vouched for whom in one verification.

    An authority whose member was not said is that of the member whose certificate it vouches for first, and of no other
    from then on: so no member can speak for two.
    """

    trusted: tuple[Authority, ...]
    members: dict[Authority, str] = field(init=False, default_factory=dict)
    """Those that have vouched, and for which member (MSP id)."""

    def certify(self, msp_id: str, certificate: bytes, moment: datetime) -> CertifiedKey:
        """The key of a PEM certificate that a trusted authority of this member vouches for at `moment`.

        Raises `NotAuthorized`, also for an authority that has vouched for another member.
        """
        for authority in self.trusted:
            anchors = authority.anchors(authority.msp_id or msp_id)
            if anchors.msp_id != msp_id or not anchors.issued(certificate):
                continue
            if self.members.setdefault(authority, msp_id) != msp_id:
                raise NotAuthorized(
                    f"one authority vouches for {self.members[authority]} and for {msp_id}: each member has its own",
                    msp_id=msp_id,
                )
            return anchors.certify(certificate, moment)
        raise NotAuthorized(f"no trusted authority vouches for a signer of {msp_id}: add its CA's certificate",
                            msp_id=msp_id)  # fmt: skip


@lru_cache(maxsize=256)
def _anchors(authority: Authority, msp_id: str) -> TrustAnchors:
    """They remember the chains that they have verified. Whether the channel takes Ed25519 its peers have judged."""
    return TrustAnchors(msp_id, authority.roots, authority.intermediates, ed25519=True)


def _read(msp_id: str, path: Path) -> list[Authority]:
    if path.is_dir():
        between = path / _INTERMEDIATES
        found = [Authority(msp_id, _folder(path / _ROOTS), _folder(between) if between.is_dir() else ())]
    elif msp_id:
        found = [Authority(msp_id, _certificates(path))]
    else:
        found = [Authority("", (each,)) for each in _certificates(path)]
    for each in found:
        each.anchors(msp_id)  # refuses what is no authority's certificate
    return found


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
