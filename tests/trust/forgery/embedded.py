"""The embedded ledger as a venue: all keys in its folder, a clock that a test moves."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from tests.trust.forgery.scene import Parts

from eximledger.testing import LedgerNetwork, ManualClock
from hlf_client import Ledger, PreparedTransaction
from hlf_client.embedded._material import Material
from hlf_client.embedded._revoking import publish
from hlf_client.embedded.committing.revocations import CONFIGURATION
from hlf_client.embedded.storage.transaction import Endorsement, Transaction, endorsement_digest
from hlf_client.embedded.storage.writeset import ReadWriteSet, encode_private_values
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

    async def forged(
        self, transaction: PreparedTransaction, parts: Parts, *, by: Sequence[str], alone: bool, keep: bool
    ) -> PreparedTransaction:
        """As `Forger` says; with the peers' keys from the ledger's folder, and what waits there for the transaction's
        private values changed to fit, so that it is refused for who signed it."""
        before = Transaction.decode(transaction.content)
        honest = ReadWriteSet() if alone else before.result.changes
        changes = replace(
            honest, writes={**honest.writes, **parts.writes}, policies={**honest.policies, **parts.guards}
        )
        if parts.private:
            await self._change_waiting(transaction.transaction_id, parts)
        for (collection, key), value in parts.private.items():
            written = None if value is None else hashlib.sha256(value).digest()
            changes.collection(collection).writes[hashlib.sha256(key.encode()).digest()] = written
        result = replace(before.result, changes=changes)
        data = result.encode()
        endorsements = (*(before.endorsements if keep else ()), *(self._endorsement(name, data) for name in by))
        after = replace(before, result=result, result_data=data, endorsements=endorsements)
        return replace(transaction, content=after.encode(), signature=b"")

    async def _change_waiting(self, transaction_id: str, parts: Parts) -> None:
        await self.network.finish()
        content, id_ = encode_private_values(parts.private), bytes.fromhex(transaction_id)
        with closing(sqlite3.connect(self.network.path)) as connection, connection:
            assert connection.execute("UPDATE transient SET content = ? WHERE id = ?", (content, id_)).rowcount == 1

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

    async def members(self) -> Sequence[Mapping[str, object]]:
        found: Sequence[Mapping[str, object]] = json.loads(
            await self.network.connect("safe").evaluate("fx", "consortium:members")
        )
        return found
