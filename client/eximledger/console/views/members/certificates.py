"""Certificates by expiry: those of officers, and of the authorities that a channel's configuration names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eximledger.serving.officers import Officer
from hlf_client.identity import load_certificate

__all__ = ["Expiry", "expiries"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """Whose certificate, as what, until when, and for how many days still."""

    msp_id: str
    name: str
    what: str
    until: datetime
    days: int


def expiries(
    officers: Iterable[Officer], authorities: Iterable[tuple[str, bytes]], now: datetime
) -> tuple[Expiry, ...]:
    """The next to end first; an authority that several channels name stands once."""
    found = {(each.person.msp_id, each.person.name, "officer", each.certificate_until) for each in officers} | {
        _authority(msp_id, pem) for msp_id, pem in authorities
    }
    rows = [Expiry(msp_id, name, what, until, (until - now).days) for msp_id, name, what, until in found]
    return tuple(sorted(rows, key=lambda each: (each.until, each.msp_id, each.name)))


def _authority(msp_id: str, pem: bytes) -> tuple[str, str, str, datetime]:
    certificate = load_certificate(pem)
    return msp_id, certificate.subject.rfc4514_string(), "authority", certificate.not_valid_after_utc
