"""Peers that are a block behind, peers that are away, orderers that forget: the desk goes on where that is safe."""

from __future__ import annotations

import pytest

from eximledger.desk import LoanDesk, Retry
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.lending.loan import LoanState
from hlf_client import Argument, CommitStatus, Ledger, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.errors import EndorsementFailed, FabricError, LedgerUnavailable, NotFound, Refused

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
    return (await desk.approve(LOAN, verdict.evidence_hash)).state


@pytest.mark.parametrize(
    "error",
    [
        Refused(f"loan {LOAN} is applied: approved follows on checked, referred"),
        NotFound(f"there is no loan {LOAN}"),
        EndorsementFailed("no combination of peers can be derived"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_peer_that_is_behind_or_away_is_asked_again(checked: LedgerNetwork, error: FabricError) -> None:
    endorsers = Endorsers(checked.connect("tradebank/checker"), error, times=3)
    desk = LoanDesk(endorsers, retry=QUICK)  # type: ignore[arg-type]  # stands in by __getattr__
    assert await approve(desk) is LoanState.APPROVED
    assert endorsers.asked == 5  # the first step four times, the second once


async def test_what_the_own_peer_refuses_too_is_refused_at_once(checked: LedgerNetwork) -> None:
    endorsers = Endorsers(checked.connect("tradebank"), Refused("loan is checked"), times=0)
    with pytest.raises(Refused, match="disbursed follows on approved"):
        await LoanDesk(endorsers, retry=QUICK).disburse(LOAN, "PAID-1")  # type: ignore[arg-type]  # as above
    assert endorsers.asked == 1


async def test_a_peer_that_stays_behind_is_believed_in_the_end(checked: LedgerNetwork) -> None:
    endorsers = Endorsers(checked.connect("tradebank/checker"), Refused("still behind"), times=1000)
    with pytest.raises(Refused, match="still behind"):
        await approve(LoanDesk(endorsers, retry=QUICK))  # type: ignore[arg-type]  # as above
    assert endorsers.asked == QUICK.attempts


async def test_an_envelope_that_an_orderer_forgot_is_handed_in_again(checked: LedgerNetwork) -> None:
    orderer = ForgetfulOrderer(checked.connect("tradebank/checker"))
    assert await approve(LoanDesk(orderer, retry=QUICK)) is LoanState.APPROVED  # type: ignore[arg-type]  # as above
    history = await LoanDesk(checked.connect("tradebank")).loan_history(LOAN)
    assert [item.loan.state for item in history if item.loan][:2] == [LoanState.APPROVED, LoanState.CHECKED]


class BankChannelBehind(Around):
    """A peer that has the reservation already and not yet the loan: its channels come one by one."""

    async def evaluate(self, channel: str, function: str, *args: Argument) -> bytes:
        if function == "loans:get":
            raise NotFound(f"there is no loan {args[0]}")
        return await self.ledger.evaluate(channel, function, *args)


async def test_resuming_leaves_a_loan_that_its_peer_does_not_know_yet(checked: LedgerNetwork) -> None:
    ledger = checked.connect("tradebank/checker")
    await ledger.submit("fx", "financing:reserve", LOAN)
    resumption = await LoanDesk(BankChannelBehind(ledger)).resume()  # type: ignore[arg-type]  # as above
    assert resumption.finished == ()
    assert [(left.loan_id, left.reason) for left in resumption.left] == [(LOAN, f"there is no loan {LOAN}")]
