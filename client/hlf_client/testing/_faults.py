"""Failures on demand, for tests of who calls a ledger: a peer that is away, one that differs, an invalid commit.

What is made invalid is so for real: it is endorsed, ordered, checked, and stands in a block under its code.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from hlf_client.embedded import EmbeddedLedger, EmbeddedNetwork
from hlf_client.embedded.endorsing.endorser import Endorsed
from hlf_client.embedded.storage.call import SignedCall
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.writeset import RangeRead, ReadWriteSet
from hlf_client.errors import EndorsementFailed, InvalidDocument, LedgerUnavailable, PeerRefusal
from hlf_client.identity import Identity
from hlf_client.ledger import (
    BlockEvent,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    CommitStatus,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
)
from hlf_client.testing._clock import RecordedClock

__all__ = ["Faults", "FaultyLedger"]

EventT = TypeVar("EventT", BlockEvent, ChaincodeEvent)


def _reads_what_has_changed(changes: ReadWriteSet) -> ReadWriteSet:
    """A key in a version that it never had."""
    return replace(changes, reads=changes.reads | {"changed meanwhile": 1})


def _ranges_over_what_has_changed(changes: ReadWriteSet) -> ReadWriteSet:
    return replace(changes, ranges=[*changes.ranges, RangeRead("changed", "changee", "")])


_UNFIT: Final[Mapping[ValidationCode, Callable[[ReadWriteSet], ReadWriteSet]]] = {
    ValidationCode.MVCC_READ_CONFLICT: _reads_what_has_changed,
    ValidationCode.PHANTOM_READ_CONFLICT: _ranges_over_what_has_changed,
}
_CODES: Final = (*_UNFIT, ValidationCode.ENDORSEMENT_POLICY_FAILURE)


@dataclass(slots=True)
class Faults:
    """What shall go wrong on a network. Organisations are named by MSP id."""

    away: set[str] = field(default_factory=set)
    _differing: deque[str] = field(default_factory=deque)
    _invalid: deque[ValidationCode] = field(default_factory=deque)

    @contextmanager
    def peer_away(self, msp_id: str) -> Iterator[None]:
        """While the block runs nobody reaches an organisation's peer: its own people get `LedgerUnavailable` for
        whatever they ask, their listeners end so, and what others cannot have endorsed without it is
        `EndorsementFailed`."""
        self.away.add(msp_id)
        try:
            yield
        finally:
            self.away.discard(msp_id)

    def endorsement_differs(self, msp_id: str) -> None:
        """The next transaction is endorsed otherwise by this organisation than by the others: `EndorsementFailed`."""
        self._differing.append(msp_id)

    def commit_invalid(self, code: str = "MVCC_READ_CONFLICT") -> None:
        """The next transaction is endorsed, ordered, and does not count: `CommitFailed` of this code, and a block that
        says so. MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT or ENDORSEMENT_POLICY_FAILURE."""
        if code not in {each.name for each in _CODES}:
            known = ", ".join(each.name for each in _CODES)
            raise InvalidDocument(f"{code} cannot be made on demand: {known} can", field="code", reason="unknown")
        self._invalid.append(ValidationCode[code])

    def reach(self, msp_id: str, doing: str) -> None:
        """Raises `LedgerUnavailable` where the peer is away."""
        if msp_id in self.away:
            raise LedgerUnavailable(f"{doing}: the gateway does not answer (the peer of {msp_id} is away)")

    def differ(self, transaction_id: str) -> None:
        """Raises `EndorsementFailed` where this transaction's endorsements shall differ."""
        if self._differing:
            msp_id = self._differing.popleft()
            refusal = PeerRefusal(f"embedded:peer.{msp_id}", msp_id, "its result differs")
            raise EndorsementFailed(
                "ProposalResponsePayloads do not match", transaction_id=transaction_id, peers=(refusal,)
            )

    def next_code(self) -> ValidationCode | None:
        """What this transaction shall come to in its block."""
        return self._invalid.popleft() if self._invalid else None


class FaultyLedger(EmbeddedLedger):
    """An embedded ledger's connection on which faults can be made."""

    def __init__(self, network: EmbeddedNetwork, identity: Identity, *, chaincode: str, faults: Faults) -> None:
        super().__init__(network, identity, chaincode=chaincode)
        self._faults = faults
        network.endorser.away = faults.away

    def _proposal_time(self) -> datetime:
        clock = self._network.clock
        return clock.next() if isinstance(clock, RecordedClock) else clock()

    async def _evaluate(self, proposal: Proposal, call: SignedCall | None = None) -> bytes:
        self._faults.reach(self.msp_id, "evaluate")
        for msp_id in proposal.endorsing_organizations[:1]:
            self._faults.reach(msp_id, "evaluate")
        return await super()._evaluate(proposal, call)

    async def _endorse(self, proposal: Proposal, call: SignedCall | None = None, *, shown: bool) -> Endorsed:
        self._faults.reach(self.msp_id, "endorse")
        endorsed = await super()._endorse(proposal, call, shown=shown)
        self._faults.differ(proposal.transaction_id)
        code = self._faults.next_code()
        return endorsed if code is None else self._spoilt(endorsed, code)

    def _spoilt(self, endorsed: Endorsed, code: ValidationCode) -> Endorsed:
        """What committing peers will not take, endorsed all the same."""
        transaction, endorser = endorsed.transaction, self._network.endorser
        if code is ValidationCode.ENDORSEMENT_POLICY_FAILURE:
            lacking = replace(transaction, endorsements=())
            return replace(endorsed, transaction=lacking, content=lacking.encode())
        result = replace(transaction.result, changes=_UNFIT[code](transaction.result.changes))
        data = result.encode()
        again = tuple(endorser.endorsement(each.msp_id, data) for each in transaction.endorsements)
        spoilt = replace(transaction, result=result, result_data=data, endorsements=again)
        return replace(endorsed, transaction=spoilt, content=spoilt.encode())

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        self._faults.reach(self.msp_id, "order")
        return await super().order(transaction)

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        self._faults.reach(self.msp_id, "commit status")
        return await super().commit_status(transaction)

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        self._faults.reach(self.msp_id, "channel info")
        return await super().channel_info(channel, organization=organization)

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        self._faults.reach(self.msp_id, "listen")
        return self._while_there(super().chaincode_events(channel, start=start, after=after))

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        self._faults.reach(self.msp_id, "listen")
        return self._while_there(super().block_events(channel, start=start, after=after))

    async def _while_there(self, events: AsyncIterator[EventT]) -> AsyncIterator[EventT]:
        async for event in events:
            self._faults.reach(self.msp_id, "listen")
            yield event
