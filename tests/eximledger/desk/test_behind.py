"""Peers that are a block behind, peers that are away, orderers that forget: the desk goes on where that is safe."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from eximledger.desk import LoanDesk, Repetition, Retry
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.steps import Proposal as Proposed
from eximledger_chaincode.lending.steps import Step
from hlf_client import Argument, CommitStatus, Ledger, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.embedded.storage.transaction import Transaction, decode_config
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


class Peer(Around):
    """This member's peer, which at first has not the block of a step yet, or answers with another loan."""

    def __init__(self, ledger: Ledger, *, behind: int = 0, instead: bytes = b"") -> None:
        super().__init__(ledger)
        self._behind, self._instead = behind, instead
        self.asked = 0

    async def evaluate(self, channel: str, function: str, *args: Argument, **more: object) -> bytes:
        answer = await self.ledger.evaluate(channel, function, *args, **more)  # type: ignore[arg-type]  # passed on
        if function != "loans:step":
            return answer
        self.asked += 1
        if self.asked <= self._behind:
            raise NotFound(f"there is no step {args[1]} of loan {args[0]}")
        return answer.replace(b'"approved"', self._instead) if self._instead else answer


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


async def test_a_step_is_read_of_a_peer_once_it_has_the_block(checked: LedgerNetwork) -> None:
    peer = Peer(checked.connect("tradebank/checker"), behind=3)
    assert await approve(LoanDesk(peer, retry=QUICK)) is LoanState.APPROVED  # type: ignore[arg-type]  # as above
    assert peer.asked == 4


async def test_another_loan_than_the_peers_endorsed_is_not_believed(checked: LedgerNetwork) -> None:
    peer = Peer(checked.connect("tradebank/checker"), instead=b'"rejected"')
    with pytest.raises(Conflict, match="is not what the peers have endorsed"):
        await approve(LoanDesk(peer, retry=QUICK))  # type: ignore[arg-type]  # as above
    loan = await LoanDesk(checked.connect("tradebank")).loan(LOAN)
    assert loan.state is LoanState.APPROVED  # it was: the same call again finds it so


async def test_blocks_keep_short_answers_of_a_loan_s_steps(checked: LedgerNetwork) -> None:
    """A quarter of a kibibyte each, or none: the loan itself is read after the commit."""
    await approve(LoanDesk(checked.connect("tradebank/checker"), retry=QUICK))
    await checked.finish()
    with closing(sqlite3.connect(checked.path)) as connection:
        stored = [content for (content,) in connection.execute("SELECT content FROM tx")]
    transactions = [Transaction.decode(each) for each in stored if decode_config(each) is None]
    answers = {each.call.arguments[0].decode(): len(each.result.payload) for each in transactions}
    assert answers["loans:approve"] == answers["loans:check"] == answers["loans:apply"] == 272
    assert answers["register:match"] == 0


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
