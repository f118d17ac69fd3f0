"""The embedded ledger as a venue: all keys in its folder, a clock that a test moves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from eximledger.testing import LedgerNetwork, ManualClock
from hlf_client import Ledger
from hlf_client.embedded._revoking import publish
from hlf_client.embedded.committing.revocations import CONFIGURATION
from hlf_client.identity import CertificateAuthority, Identity, load_certificate, revoke

__all__ = ["EmbeddedVenue"]


class EmbeddedVenue:
    """A `Venue` over one ledger file."""

    def __init__(self, network: LedgerNetwork, clock: ManualClock) -> None:
        self.network = network
        self._clock = clock

    def identity(self, person: str) -> Identity:
        return self.network.identity(person)

    def authority(self, member: str) -> CertificateAuthority:
        folder = self.network.path.with_name(self.network.path.name + ".msp") / "organizations" / member / "ca"
        return CertificateAuthority.load((folder / "cert.pem").read_bytes(), (folder / "key.pem").read_bytes())

    def connect(self, member: str, identity: Identity) -> Ledger:
        return self.network.connect(identity)

    def now(self) -> datetime:
        return self._clock()

    async def revoke(self, member: str, identities: Sequence[Identity]) -> None:
        certificates = [load_certificate(each.certificate) for each in identities]
        revoked = revoke(self.authority(member), certificates, now=self.now())
        admin = self.network.connect(f"{member}/admin", chaincode=CONFIGURATION)
        for channel in admin.channels:
            await publish(admin, channel, revoked)

    async def settle(self) -> None:
        """A commit is everybody's at once."""

    async def advance(self, hours: int) -> bool:
        self._clock.advance(timedelta(hours=hours))
        return True

    async def members(self) -> Sequence[Mapping[str, str]]:
        found: Sequence[Mapping[str, str]] = json.loads(
            await self.network.connect("safe").evaluate("fx", "consortium:members")
        )
        return found
