"""Peers that are a block behind, peers that are away, orderers that forget: the desk goes on where that is safe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eximledger.desk import LoanDesk, Repetition, Retry
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.steps import Proposal as Proposed
from eximledger_chaincode.lending.steps import Step
from hlf_client import CommitStatus, Ledger, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.errors import Conflict, EndorsementFailed, FabricError, LedgerUnavailable, NotFound, Refused

LOAN = "TB-2026-044"
QUICK = Retry(base=0.001, cap=0.002)


class Around:
    """Stands before a ledger; what a kind of fault does not change is the ledger's."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __getattr__(self, name: str) -> object:
        return getattr(self.ledger, name)


class Endorsers(Around):
    """Peers of other members that turn down a number of proposals."""

    def __init__(self, ledger: Ledger, error: FabricError, times: int) -> None:
        super().__init__(ledger)
        self._error, self._left = error, times
        self.asked = 0

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        self.asked += 1
        if self._left:
            self._left -= 1
            raise self._error
        return await self.ledger.endorse(proposal)


class ForgetfulOrderer(Around):
    """Takes its first envelope and forgets it, as a leader does that dies before the others have it."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.forgotten: set[str] = set()

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        if not self.forgotten:
            self.forgotten.add(transaction.transaction_id)
            return SubmittedTransaction(transaction.transaction_id, transaction.channel, transaction.result)
        submitted = await self.ledger.order(transaction)
        self.forgotten.discard(transaction.transaction_id)
        return submitted

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        if transaction.transaction_id in self.forgotten:
            raise LedgerUnavailable("no block has it")
        return await self.ledger.commit_status(transaction)


async def approve(desk: LoanDesk) -> LoanState:
    verdict = await desk.reconcile(LOAN)
    return (await desk.approve(LOAN, 1, verdict.evidence_hash)).state


@pytest.mark.parametrize(
    "error",
    [
        Refused(f"loan {LOAN} is applied: approved follows on checked, referred"),
        NotFound(f"there is no loan {LOAN}"),
        Conflict(f"the evidence of loan {LOAN} has changed since it was checked", evidence_hash="e" * 64),
        EndorsementFailed("no combination of peers can be derived"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_peer_that_is_behind_or_away_is_asked_again(checked: LedgerNetwork, error: FabricError) -> None:
    endorsers = Endorsers(checked.connect("tradebank/checker"), error, times=3)
    desk = LoanDesk(endorsers, retry=QUICK)  # type: ignore[arg-type]  # stands in by __getattr__
    assert await approve(desk) is LoanState.APPROVED
    assert endorsers.asked == 4


async def test_what_the_own_peer_refuses_too_is_refused_at_once(checked: LedgerNetwork) -> None:
    endorsers = Endorsers(checked.connect("tradebank"), Refused("loan is checked"), times=0)
    write_off = Proposed(step=Step.WRITE_OFF, reason="nobody pays")
    with pytest.raises(Refused, match="write-off follows on disbursed"):
        await LoanDesk(endorsers, retry=QUICK).propose(LOAN, write_off)  # type: ignore[arg-type]  # as above
    assert endorsers.asked == 1


async def test_of_two_peers_with_other_reasons_the_own_ones_counts(checked: LedgerNetwork) -> None:
    """In a race: the other member's peer has not seen the check, and this member's has seen who was quicker since."""
    endorsers = Endorsers(checked.connect("tradebank"), Refused(f"loan {LOAN} is applied: not yet"), times=3)
    write_off = Proposed(step=Step.WRITE_OFF, reason="nobody pays")
    with pytest.raises(Refused, match="write-off follows on disbursed"):
        await LoanDesk(endorsers, retry=QUICK).propose(LOAN, write_off)  # type: ignore[arg-type]  # as above
    assert endorsers.asked == 4


async def test_a_peer_that_stays_behind_is_believed_in_the_end(checked: LedgerNetwork) -> None:
    endorsers = Endorsers(checked.connect("tradebank/checker"), Refused("still behind"), times=1000)
    with pytest.raises(Refused, match="still behind"):
        await approve(LoanDesk(endorsers, retry=QUICK))  # type: ignore[arg-type]  # as above
    assert endorsers.asked == QUICK.attempts


async def test_an_envelope_that_an_orderer_forgot_is_handed_in_again(checked: LedgerNetwork) -> None:
    orderer = ForgetfulOrderer(checked.connect("tradebank/checker"))
    assert await approve(LoanDesk(orderer, retry=QUICK)) is LoanState.APPROVED  # type: ignore[arg-type]  # as above
    history = await LoanDesk(checked.connect("tradebank")).loan_history(LOAN)
    assert [item.loan.state for item in history][:2] == [LoanState.APPROVED, LoanState.CHECKED]


async def test_new_evidence_that_the_own_peer_sees_too_is_the_officers_to_judge(checked: LedgerNetwork) -> None:
    endorsers = Endorsers(checked.connect("tradebank/checker"), Refused("never"), times=0)
    desk = LoanDesk(endorsers, retry=QUICK)  # type: ignore[arg-type]  # as above
    with pytest.raises(Conflict, match="check it again"):
        await desk.approve(LOAN, 1, "0" * 64)
    assert endorsers.asked == 1


async def test_what_is_repeated_is_told_by_function(checked: LedgerNetwork) -> None:
    told: list[Repetition] = []
    endorsers = Endorsers(checked.connect("tradebank/checker"), Conflict("others write"), times=2)
    retry = replace(QUICK, observer=told.append)
    assert await approve(LoanDesk(endorsers, retry=retry)) is LoanState.APPROVED  # type: ignore[arg-type]  # as above
    assert [(each.function, type(each.error), each.tries) for each in told] == [
        ("loans:approve", Conflict, 1), ("loans:approve", Conflict, 2),
    ]  # fmt: skip
