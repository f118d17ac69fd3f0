"""The embedded ledger as a venue: all keys in its folder, a clock that a test moves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from eximledger.testing import LedgerNetwork, ManualClock
from hlf_client import Ledger, PreparedTransaction
from hlf_client.embedded._material import Material
from hlf_client.embedded._revoking import publish
from hlf_client.embedded.committing.revocations import CONFIGURATION
from hlf_client.embedded.storage.transaction import Endorsement, Transaction, endorsement_digest
from hlf_client.embedded.storage.writeset import ReadWriteSet
from hlf_client.identity import CertificateAuthority, Identity, PrivateKeySigner, load_certificate, revoke

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

    def forged(
        self,
        transaction: PreparedTransaction,
        *,
        by: Sequence[str],
        writes: Mapping[str, bytes | None],
        guards: Mapping[str, bytes],
        alone: bool,
        keep: bool,
    ) -> PreparedTransaction:
        """As `Forger` says; with the peers' keys from the ledger's folder."""
        before = Transaction.decode(transaction.content)
        honest = before.result.changes
        if alone:
            changes = ReadWriteSet(writes=dict(writes), policies=dict(guards))
        else:
            changes = replace(honest, writes={**honest.writes, **writes}, policies={**honest.policies, **guards})
        result = replace(before.result, changes=changes)
        data = result.encode()
        endorsements = (*(before.endorsements if keep else ()), *(self._endorsement(name, data) for name in by))
        after = replace(before, result=result, result_data=data, endorsements=endorsements)
        return replace(transaction, content=after.encode(), signature=b"")

    def _endorsement(self, member: str, result: bytes) -> Endorsement:
        folder = self.network.path.with_name(self.network.path.name + ".msp")
        msp_id = self.network.identity(member).msp_id
        peer = Material(folder).peer(member, msp_id)
        certificate_hash = bytes.fromhex(peer.certificate_hash)
        assert isinstance(peer.signer, PrivateKeySigner)
        signature = peer.signer.sign(endorsement_digest(result, certificate_hash, msp_id))
        return Endorsement(msp_id, certificate_hash, signature)

    async def revoke(self, member: str, identities: Sequence[Identity]) -> None:
        certificates = [load_certificate(each.certificate) for each in identities]
        revoked = revoke(self.authority(member), certificates, now=self.now())
        admin = self.network.connect(f"{member}/admin", chaincode=CONFIGURATION)
        for channel in admin.channels:
            await publish(admin, channel, revoked)

    async def settle(self) -> None:
        """A commit is everybody's at once."""

    async def members(self) -> Sequence[Mapping[str, str]]:
        found: Sequence[Mapping[str, str]] = json.loads(
            await self.network.connect("safe").evaluate("fx", "consortium:members")
        )
        return found
