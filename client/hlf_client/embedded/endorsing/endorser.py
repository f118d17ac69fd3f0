"""The endorsing side: check who proposes, run the chaincode, find out whose endorsement its writes need, sign."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hlf_client.embedded.endorsing.metering import LIMITS
from hlf_client.embedded.endorsing.policies import choose_endorsers, required_policies
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.endorsing.simulator import Simulation, Simulator, is_result
from hlf_client.embedded.storage.call import SignedCall
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.snapshots import Snapshot, Snapshots
from hlf_client.embedded.storage.transaction import Endorsement, Transaction, endorsement_digest
from hlf_client.embedded.storage.writeset import PrivateValues
from hlf_client.errors import (
    EndorsementFailed,
    InvalidDocument,
    LedgerUnavailable,
    NotAuthorized,
    NotFound,
    PeerRefusal,
    from_message,
)
from hlf_client.identity import Identity, PrivateKeySigner
from hlf_client.ledger import Proposal

__all__ = ["CLOCK_TOLERANCE", "Endorsed", "Endorser"]

CLOCK_TOLERANCE: Final = timedelta(minutes=15)
"""How far a proposal's time may be from the ledger's, as on Fabric."""

_SEEN: Final = "SELECT 1 FROM tx WHERE id = ? AND channel = ?"


@dataclass(frozen=True, slots=True)
class Endorsed:
    """An endorsed transaction, with what it leaves out: private values, and the certificates (PEM) it names by hash.

    `certificates` are those of creator and endorsers, by hash, with their MSP ids.
    """

    transaction: Transaction
    content: bytes
    private: PrivateValues
    certificates: Mapping[bytes, tuple[str, bytes]]


class Endorser:
    """All members' endorsing peers in one."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        simulator: Simulator,
        snapshots: Snapshots,
        signatures: Signatures,
        peer: Callable[[str], Identity],
        clock: Callable[[], datetime],
        *,
        strict: bool,
    ) -> None:
        self._channels = channels
        self._simulator = simulator
        self._snapshots = snapshots
        self._signatures = signatures
        self._peer = peer
        self._clock = clock
        self._strict = strict
        self.away: Collection[str] = frozenset()
        """Organisations whose peers nobody reaches; a test says which."""

    def accept(self, proposal: Proposal, signed: SignedCall | None = None) -> SignedCall:
        """The call of a proposal, when a member's valid certificate signed it just now.

        `signed` is the decoded content, for who has just encoded it. Raises `InvalidDocument`, `NotFound` for an
        unknown channel, `NotAuthorized`.
        """
        if len(proposal.content) > LIMITS.message_bytes:
            raise InvalidDocument(
                f"the message is larger than the peers take: {LIMITS.message_bytes} bytes",
                field="request",
                reason="is larger than the peers take",
            )
        signed = signed or SignedCall.decode(proposal.content)
        call = signed.call
        if (proposal.transaction_id, proposal.channel) != (call.transaction_id, call.channel):
            raise InvalidDocument(
                "the proposal's content belongs to another transaction", field="proposal", reason="does not fit"
            )
        channel = self._channels.get(call.channel)
        if channel is None:
            raise NotFound(f"there is no channel {call.channel}", channel=call.channel)
        now = self._clock()
        if abs(call.timestamp - now) > CLOCK_TOLERANCE:
            raise NotAuthorized(f"incorrect timestamp: the proposal says {call.timestamp:%Y-%m-%d %H:%M:%S} UTC")
        with self._snapshots.ahead() as snapshot:  # a revocation counts before it is durable
            key = channel.certify_writer(call.creator_msp, signed.certificate, now, snapshot.rows)
        fits = bytes.fromhex(key.certificate_hash) == call.certificate_hash
        if not fits or not self._signatures.verify(key, call.certificate_hash, proposal.digest, proposal.signature):
            raise NotAuthorized(
                f"access denied: channel [{call.channel}] creator org [{call.creator_msp}]: the proposal's signature "
                "does not fit",
                code="BAD_CREATOR_SIGNATURE",
            )
        return signed

    async def evaluate(self, signed: SignedCall, organization: str) -> bytes:
        """The answer of one organisation's peer. Raises the contract's typed error."""
        self._check_joined(signed, [organization])
        async with self._snapshots.open() as snapshot:
            simulation = await self._simulator.run(signed, organization, snapshot)
        return _result(simulation)

    async def endorse(self, signed: SignedCall, own: str, wanted: Sequence[str], *, shown: bool) -> Endorsed:
        """Endorsed by `wanted`, or by as few organisations as the policies ask for, `own` first.

        `shown`: the caller sees the result before it is committed, so what was read for it must be durable. What goes
        straight to the committer needs not: its block stands behind what it read. A refusal always is seen.
        Raises the contract's typed error, or `EndorsementFailed`.
        """
        wanted = tuple(dict.fromkeys(wanted))
        self._check_joined(signed, wanted)
        with self._snapshots.ahead() as snapshot:
            try:
                self._check_new(signed, snapshot)
                first = await self._first(signed, own, wanted, snapshot)
                _result(first)
                chosen = self._able(signed, first, wanted) if wanted else self._chosen(signed, first, own, snapshot)
                if self._strict or first.reach.denied:  # a contract that caught the refusal may answer others otherwise
                    await self._compare(signed, first, chosen, snapshot)
            except Exception:
                await self._snapshots.settle(snapshot)
                raise
            if shown:
                await self._snapshots.settle(snapshot)
        return self._signed(signed, first, chosen)

    def _check_joined(self, signed: SignedCall, organizations: Sequence[str]) -> None:
        members = self._channels[signed.call.channel].members
        strangers = [msp_id for msp_id in organizations if msp_id not in members]
        if strangers:
            raise EndorsementFailed(
                f"{', '.join(strangers)} has no peer on channel {signed.call.channel}",
                transaction_id=signed.call.transaction_id,
            )

    def _check_new(self, signed: SignedCall, snapshot: Snapshot) -> None:
        call = signed.call
        if snapshot.rows(_SEEN, (bytes.fromhex(call.transaction_id), self._channels[call.channel].id)):
            raise EndorsementFailed(
                f"duplicate transaction found [{call.transaction_id}]: make a new proposal",
                transaction_id=call.transaction_id,
            )

    async def _first(self, signed: SignedCall, own: str, wanted: Sequence[str], snapshot: Snapshot) -> Simulation:
        """One organisation's answer; another's when the first lacks private data or a channel that it needs."""
        members = self._channels[signed.call.channel].members
        candidates = wanted or (own, *(msp_id for msp_id in members if msp_id != own))
        simulation = await self._simulator.run(signed, candidates[0], snapshot)
        for organization in candidates[1:]:
            if not simulation.reach.denied or is_result(simulation.response):
                break
            simulation = await self._simulator.run(signed, organization, snapshot)
        return simulation

    def _able(self, signed: SignedCall, first: Simulation, wanted: Sequence[str]) -> Sequence[str]:
        """`wanted`, when each could have answered as the first one did."""
        refusals = tuple(
            PeerRefusal(self._address(msp_id), msp_id, lacks)
            for msp_id in wanted
            if (
                lacks := "the peer is away"
                if msp_id in self.away
                else first.needs_more_than(msp_id, self._channels, writes=False)
            )
        )
        if refusals:
            raise EndorsementFailed(
                f"not endorsed: {refusals[0].message}", transaction_id=signed.call.transaction_id, peers=refusals
            )
        return wanted

    def _chosen(self, signed: SignedCall, first: Simulation, own: str, snapshot: Snapshot) -> Sequence[str]:
        channel = self._channels[signed.call.channel]

        def policy_of(namespace: int, key: bytes) -> bytes | None:
            row = snapshot.policy(namespace, key)
            return row[1] if row else None

        needed = required_policies(first.result.changes, channel, signed.call.chaincode, policy_of)
        able = frozenset(
            msp_id
            for msp_id in channel.members
            if msp_id not in self.away and not first.needs_more_than(msp_id, self._channels, writes=True)
        )
        chosen = choose_endorsers(needed, own, able)
        if chosen is None:
            raise EndorsementFailed(
                "no combination of peers can be derived that satisfies the endorsement policies and holds the private "
                "data: name endorsing organizations, or write the collections one by one",
                transaction_id=signed.call.transaction_id,
            )
        return chosen

    async def _compare(
        self, signed: SignedCall, first: Simulation, organizations: Sequence[str], snapshot: Snapshot
    ) -> None:
        """Every endorser answers for itself, and at least two answers must agree to the byte."""
        others = [msp_id for msp_id in organizations if msp_id != first.organization] or [first.organization]
        expected = (first.result.encode(), first.private_values)
        refusals = []
        for organization in others:
            simulation = await self._simulator.run(signed, organization, snapshot)
            if (simulation.result.encode(), simulation.private_values) != expected:
                message = simulation.response.message or "its result differs"
                refusals.append(PeerRefusal(self._address(organization), organization, message))
        if refusals:
            raise EndorsementFailed(
                "ProposalResponsePayloads do not match: the contract is not deterministic, it gave different results "
                f"for the same call as {first.organization} and as {refusals[0].msp_id}",
                transaction_id=signed.call.transaction_id,
                peers=tuple(refusals),
            )

    def _signed(self, signed: SignedCall, first: Simulation, organizations: Sequence[str]) -> Endorsed:
        data, call = first.result.encode(), signed.call
        certificates = {call.certificate_hash: (call.creator_msp, signed.certificate)}
        endorsements = []
        for msp_id in organizations:
            endorsement = self.endorsement(msp_id, data)
            certificates[endorsement.certificate_hash] = (msp_id, self._peer(msp_id).certificate)
            endorsements.append(endorsement)
        transaction = Transaction(call, first.result, data, tuple(endorsements))
        return Endorsed(transaction, transaction.encode(), first.private_values, certificates)

    def endorsement(self, msp_id: str, result: bytes) -> Endorsement:
        """The signature of an organisation's peer over a result."""
        peer = self._peer(msp_id)
        if not isinstance(peer.signer, PrivateKeySigner):
            raise LedgerUnavailable(f"the key of {peer.msp_id}'s peer is not at hand: it cannot endorse")
        certificate_hash = bytes.fromhex(peer.certificate_hash)
        digest = endorsement_digest(result, certificate_hash, peer.msp_id)
        signature = peer.signer.sign(digest)
        self._signatures.remember(certificate_hash, digest, signature)
        return Endorsement(peer.msp_id, certificate_hash, signature)

    def _address(self, msp_id: str) -> str:
        return f"embedded:peer.{msp_id}"


def _result(simulation: Simulation) -> bytes:
    response = simulation.response
    if not is_result(response):
        raise from_message(response.status, response.message)
    return response.payload
