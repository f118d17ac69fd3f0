"""Certificates by expiry: those of officers, of authorities and nodes that a channel's configuration names, of TLS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from eximledger.serving.officers import Officer
from hlf_client.identity import load_certificate

if TYPE_CHECKING:  # with it comes gRPC, which pages of an embedded ledger do without
    from hlf_client.wire.endpoint import Endpoint
    from hlf_client.wire.evidence import ChannelCertificate

__all__ = ["Certified", "Expiry", "Node", "expiries", "own_certificates"]

Certified: TypeAlias = tuple[str, str, bytes, str]
"""Whose, as what, the certificate (PEM), and at which address."""

_END: Final = b"-----END CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Expiry:
    """Whose certificate, as what, until when, and for how many days still."""

    msp_id: str
    name: str
    what: str
    until: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Node:
    """A peer of the member's own, as the profile names it: whether it answers from here, and what it shows for TLS."""

    address: str
    answers: bool
    certificate: bytes | None = None


def expiries(
    officers: Iterable[Officer], named: Iterable[ChannelCertificate], now: datetime, own: Iterable[Certified] = ()
) -> tuple[Expiry, ...]:
    """The next to end first; one that several channels name stands once. `own` are what the member's own connection
    goes by, and what answers it."""
    found = {(each.person.msp_id, each.person.name, "officer", each.certificate_until) for each in officers}
    found |= {_row(each.msp_id, each.use, each.pem, each.address) for each in named}
    found |= {_row(*each) for each in own}
    rows = [Expiry(msp_id, name, what, until, (until - now).days) for msp_id, name, what, until in found]
    return tuple(sorted(rows, key=lambda each: (each.until, each.msp_id, each.name)))


def own_certificates(
    msp_id: str, endpoints: Iterable[Endpoint], nodes: Iterable[Node], server: bytes | None
) -> Iterator[Certified]:
    """Of a member's connection: the authorities of TLS and the certificate that this client shows, those that the peers
    show, and that of this server itself."""
    for each in endpoints:
        yield from ((msp_id, "authority of TLS", pem, "") for pem in _split(each.roots))
        yield from ((msp_id, "application for TLS", pem, "") for pem in _split(each.certificate)[:1])
    for node in nodes:
        yield from ((msp_id, "endorsing peer for TLS", pem, node.address) for pem in _split(node.certificate)[:1])
    yield from ((msp_id, "HTTPS server", pem, "") for pem in _split(server)[:1])


def _row(msp_id: str, what: str, pem: bytes, address: str) -> tuple[str, str, str, datetime]:
    certificate = load_certificate(pem)
    name = certificate.subject.rfc4514_string()
    return msp_id, f"{name} ({address})" if address else name, str(what), certificate.not_valid_after_utc


def _split(pem: bytes | None) -> list[bytes]:
    """The certificates of a file, one by one."""
    return [each + _END for each in (pem or b"").split(_END)[:-1]]
