"""Real Fabric as the place where the story of tests/trust/forgery is played."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.fabric.consortium import CHANNELS, Members

from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.identity import CertificateAuthority, Identity, load_certificate, revoke
from hlf_network.material.layout import write_public
from hlf_network.steps.raising import publish_revocations

__all__ = ["FabricVenue"]

SECONDS = 30.0


class FabricVenue:
    """A `Venue` whose ledgers are Gateway connections, each at its own member's peer."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._watchers = [
            self.connect(owner.name, self.identity(f"{owner.name}/{owner.users[0].name}"))
            for owner in members.network.consortium.organizations
        ]

    def identity(self, person: str) -> Identity:
        member, _, user = person.partition("/")
        return self._profile(member).identity(user)

    def authority(self, member: str) -> CertificateAuthority:
        folder = self._members.network.layout.organization(self._members.network.consortium.organization(member)) / "ca"
        return CertificateAuthority.load((folder / "cert.pem").read_bytes(), (folder / "key.pem").read_bytes())

    def connect(self, member: str, identity: Identity) -> GatewayLedger:
        return GatewayLedger.connect(self._profile(member), identity, chaincode="exim")

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def revoke(self, member: str, identities: Sequence[Identity]) -> None:
        """By a real config update, signed by the member's administrator."""
        owner = self._members.network.consortium.organization(member)
        path = self._members.network.layout.revocation_list(owner)
        before = path.read_bytes() if path.is_file() else None
        certificates = [load_certificate(each.certificate) for each in identities]
        write_public(path, revoke(self.authority(member), certificates, before=before))
        assert await asyncio.to_thread(publish_revocations, self._members.session, owner)
        await self.settle()

    async def settle(self) -> None:
        async with asyncio.timeout(SECONDS):
            for channel in CHANNELS:
                while len(await self._heights(channel)) > 1:  # noqa: ASYNC110 - it happens on other machines
                    await asyncio.sleep(0.02)

    async def _heights(self, channel: str) -> set[int]:
        """As many as the channel's members disagree upon."""
        knowing = [each for each in self._watchers if channel in each.channels]
        return {found.height for found in await asyncio.gather(*(each.channel_info(channel) for each in knowing))}

    async def advance(self, hours: int) -> bool:
        """Peers go by the time of day."""
        return False

    async def close(self) -> None:
        for ledger in self._watchers:
            await ledger.close()

    def _profile(self, member: str) -> Profile:
        return Profile.find(self._members.network.layout.root / "profiles", member)
