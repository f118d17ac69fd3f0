"""Failures on demand, for tests of who calls a ledger: a peer that is away, one that differs, an invalid commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hlf_client.embedded import EmbeddedLedger, EmbeddedNetwork
from hlf_client.embedded.endorsing.endorser import Endorsed
from hlf_client.embedded.storage.call import SignedCall
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.errors import CommitFailed, EndorsementFailed, LedgerUnavailable, PeerRefusal
from hlf_client.identity import Identity
from hlf_client.ledger import Proposal

__all__ = ["Faults", "FaultyLedger"]


@dataclass(slots=True)
class Faults:
    """What shall go wrong on a network. Organisations are named by MSP id."""

    away: set[str] = field(default_factory=set)
    _differing: deque[str] = field(default_factory=deque)
    _invalid: deque[str] = field(default_factory=deque)

    @contextmanager
    def peer_away(self, msp_id: str) -> Iterator[None]:
        """While the block runs nobody reaches an organisation's peer: its own people get `LedgerUnavailable`, and what
        it would have endorsed `EndorsementFailed`."""
        self.away.add(msp_id)
        try:
            yield
        finally:
            self.away.discard(msp_id)

    def endorsement_differs(self, msp_id: str) -> None:
        """The next transaction is endorsed otherwise by this organisation than by the others: `EndorsementFailed`."""
        self._differing.append(msp_id)

    def commit_invalid(self, code: str = "MVCC_READ_CONFLICT") -> None:
        """The next transaction is endorsed and does not count: `CommitFailed` of this code. No block holds it."""
        self._invalid.append(ValidationCode[code].name)

    def on_evaluate(self, asked: str) -> None:
        if asked in self.away:
            raise LedgerUnavailable(f"evaluate: the gateway does not answer (the peer of {asked} is away)")

    def on_endorse(self, endorsed: Endorsed, own: str) -> None:
        call = endorsed.transaction.call
        self.on_evaluate(own)
        if missing := self.away & {each.msp_id for each in endorsed.transaction.endorsements}:
            raise EndorsementFailed(
                "no combination of peers can be derived that satisfies the endorsement policies: "
                f"{', '.join(sorted(missing))} is away",
                transaction_id=call.transaction_id,
            )
        if self._differing:
            msp_id = self._differing.popleft()
            refusal = PeerRefusal(f"embedded:peer.{msp_id}", msp_id, "its result differs")
            raise EndorsementFailed(
                "ProposalResponsePayloads do not match", transaction_id=call.transaction_id, peers=(refusal,)
            )
        if self._invalid:
            raise CommitFailed.of(call.transaction_id, self._invalid.popleft(), 1)


class FaultyLedger(EmbeddedLedger):
    """An embedded ledger's connection on which faults can be made."""

    def __init__(self, network: EmbeddedNetwork, identity: Identity, *, chaincode: str, faults: Faults) -> None:
        super().__init__(network, identity, chaincode=chaincode)
        self._faults = faults

    async def _evaluate(self, proposal: Proposal, call: SignedCall | None = None) -> bytes:
        asked = proposal.endorsing_organizations
        self._faults.on_evaluate(asked[0] if asked else self.msp_id)
        return await super()._evaluate(proposal, call)

    async def _endorse(self, proposal: Proposal, call: SignedCall | None = None) -> Endorsed:
        endorsed = await super()._endorse(proposal, call)
        self._faults.on_endorse(endorsed, self.msp_id)
        return endorsed
