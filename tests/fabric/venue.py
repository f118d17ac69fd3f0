"""Real Fabric as the place where the story of tests/trust/forgery is played."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tests.fabric.consortium import CHANNELS, Members
from tests.trust.forgery.scene import Parts

from eximledger_chaincode import CHAINCODE
from hlf_chaincode.protos.common.common_pb2 import Payload
from hlf_chaincode.protos.ledger.rwset.kvrwset.kv_rwset_pb2 import HashedRWSet, KVRWSet
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import TxReadWriteSet
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction
from hlf_chaincode.protos.peer.proposal_response_pb2 import Endorsement, ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction
from hlf_chaincode.shim.stream.writes import VALIDATION_PARAMETER
from hlf_client import PreparedTransaction
from hlf_client.admin.signatory import MspSignatory
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

    async def forged(
        self, transaction: PreparedTransaction, parts: Parts, *, by: Sequence[str], alone: bool, keep: bool
    ) -> PreparedTransaction:
        """As `Forger` says; with the peers' keys from the network's folder."""
        payload = Payload.FromString(transaction.content)
        envelope = Transaction.FromString(payload.data)
        action = ChaincodeActionPayload.FromString(envelope.actions[0].payload)
        response = ProposalResponsePayload.FromString(action.action.proposal_response_payload)
        chaincode = ChaincodeAction.FromString(response.extension)
        chaincode.results = _changed(chaincode.results, parts, alone=alone)
        response.extension = chaincode.SerializeToString()
        signed = response.SerializeToString()
        action.action.proposal_response_payload = signed
        if not keep:
            del action.action.endorsements[:]
        action.action.endorsements.extend(self._endorsement(name, signed) for name in by)
        envelope.actions[0].payload = action.SerializeToString()
        payload.data = envelope.SerializeToString()
        return replace(transaction, content=payload.SerializeToString(), signature=b"")

    def _endorsement(self, member: str, payload: bytes) -> Endorsement:
        owner = self._members.network.consortium.organization(member)
        folder = self._members.network.layout.node(owner, owner.peers[0])
        peer = MspSignatory.load(owner.msp, folder / "msp")
        endorser = SerializedIdentity(mspid=owner.msp, id_bytes=peer.certificate).SerializeToString()
        return Endorsement(endorser=endorser, signature=peer.sign(payload + endorser))

    async def close(self) -> None:
        for ledger in self._watchers:
            await ledger.close()

    def _profile(self, member: str) -> Profile:
        return Profile.find(self._members.network.layout.root / "profiles", member)


def _changed(results: bytes, parts: Parts, *, alone: bool) -> bytes:
    """A read-write set with other parts of the chaincode."""
    found = TxReadWriteSet.FromString(results)
    if alone:
        del found.ns_rwset[:]
        found.ns_rwset.add(namespace=CHAINCODE)
    (space,) = (each for each in found.ns_rwset if each.namespace == CHAINCODE)
    rows = KVRWSet.FromString(space.rwset)
    honest = [each for each in rows.writes if each.key not in parts.writes]
    del rows.writes[:]
    rows.writes.extend(honest)
    for key, value in parts.writes.items():
        rows.writes.add(key=key, is_delete=value is None, value=value or b"")
    for key, policy in parts.guards.items():
        rows.metadata_writes.add(key=key).entries.add(name=VALIDATION_PARAMETER, value=policy)
    space.rwset = rows.SerializeToString()
    for (collection, key), value in parts.private.items():
        written = HashedRWSet()
        written.hashed_writes.add(
            key_hash=hashlib.sha256(key.encode()).digest(), is_delete=value is None,
            value_hash=b"" if value is None else hashlib.sha256(value).digest(),
        )  # fmt: skip
        space.collection_hashed_rwset.add(
            collection_name=collection, hashed_rwset=written.SerializeToString(),
            pvt_rwset_hash=hashlib.sha256(b"what no peer has").digest(),
        )  # fmt: skip
    return found.SerializeToString()
