"""Certificates by expiry: those of officers, and of the authorities that a channel's configuration names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eximledger.serving.officers import Officer
from hlf_client.identity import load_certificate
from hlf_client.wire.endpoint import Endpoint

__all__ = ["Expiry", "expiries"]

_END: Final = b"-----END CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Expiry:
    """Whose certificate, as what, until when, and for how many days still."""

    msp_id: str
    name: str
    what: str
    until: datetime
    days: int


def expiries(
    officers: Iterable[Officer],
    authorities: Iterable[tuple[str, bytes]],
    now: datetime,
    msp_id: str = "",
    endpoints: Iterable[Endpoint] = (),
) -> tuple[Expiry, ...]:
    """The next to end first; an authority that several channels name stands once. Of the profile's `endpoints`, which
    are the member's own, the authorities of TLS and the certificate that this client shows."""
    found = {(each.person.msp_id, each.person.name, "officer", each.certificate_until) for each in officers} | {
        _certified(owner, pem, "authority") for owner, pem in authorities
    }
    for each in endpoints:
        found |= {_certified(msp_id, pem, "authority of TLS") for pem in _split(each.roots)}
        found |= {_certified(msp_id, pem, "application for TLS") for pem in _split(each.certificate)[:1]}
    rows = [Expiry(msp_id, name, what, until, (until - now).days) for msp_id, name, what, until in found]
    return tuple(sorted(rows, key=lambda each: (each.until, each.msp_id, each.name)))


def _certified(msp_id: str, pem: bytes, what: str) -> tuple[str, str, str, datetime]:
    certificate = load_certificate(pem)
    return msp_id, certificate.subject.rfc4514_string(), what, certificate.not_valid_after_utc


def _split(pem: bytes | None) -> list[bytes]:
    """The certificates of a file, one by one."""
    return [each + _END for each in (pem or b"").split(_END)[:-1]]
