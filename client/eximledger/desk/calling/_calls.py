"""Calls of contract functions: typed answers, bounded repetition, and an outcome that is never guessed.

A transaction is endorsed anew only while nothing of it was ordered, or after a block said that it does not count. Once
an envelope is on its way, its fate is asked for by its id; where nobody knows it, the same envelope is sent again,
for a ledger takes a transaction id once (Fabric: DUPLICATE_TXID).

A step follows on what an earlier one committed. Its own peer knows of that, for the commit was heard from there; a peer
of another member may not yet, and refuse the step. Such a refusal is not the ledger's word, be it that the own peer
would take the step or refuses it for another reason: it is asked again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias, TypeVar, cast

from pydantic import TypeAdapter

from eximledger.desk.calling._endorsers import endorsers_of
from eximledger.desk.calling._foreseen import Act, Foresight, foreseen, note_last
from eximledger.desk.calling._lag import lags_of
from eximledger.desk.calling._retry import Again, Retry, is_repeatable
from eximledger.desk.calling._turns import note_loan
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.lending.loan import Loan, LoanStep
from eximledger_chaincode.lending.roles import Person, person_of
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.creator import creator_of
from hlf_client import Argument, Commit, CommitStatus, Ledger, PreparedTransaction
from hlf_client.errors import CommitFailed, Conflict, FabricError, LedgerUnavailable, NotFound, Refused
from hlf_client.private import Answered, PrivateCall

__all__ = ["Boundary", "Calls", "Interceptor", "Moment", "no_interceptor"]

AnswerT = TypeVar("AnswerT")


class Moment(StrEnum):
    """Where in a call the desk is."""

    ASKING = "asking"
    ANSWERED = "answered"
    ENDORSING = "endorsing"
    ENDORSED = "endorsed"
    ORDERED = "ordered"
    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A point between two instructions of a call, told to the interceptor. Arguments and answers are not part of it."""

    moment: Moment
    channel: str
    function: str
    transaction_id: str = ""


Interceptor: TypeAlias = Callable[[Boundary], Awaitable[None]]
"""Is awaited at every boundary: for tracing, and for tests that cut a run short there. What it raises ends the call."""


async def no_interceptor(_boundary: Boundary) -> None:
    """Does nothing."""


@lru_cache(maxsize=64)
def _adapter(answer: Hashable) -> TypeAdapter[object]:
    return TypeAdapter(cast("type[object]", answer))


class Calls:
    """The contract functions of one ledger connection."""

    def __init__(self, ledger: Ledger, retry: Retry, interceptor: Interceptor = no_interceptor) -> None:
        self.ledger = ledger
        self._retry = retry
        self._interceptor = interceptor
        self._members: Sequence[Member] = ()
        self._person: Person | None = None

    async def ask(self, answer: type[AnswerT], channel: str, function: str, *args: Argument) -> AnswerT:
        """The typed answer of a query."""
        return self.decoded(answer, await self.ask_bytes(channel, function, *args))

    async def ask_bytes(self, channel: str, function: str, *args: Argument) -> bytes:
        """The answer of a query as its canonical JSON."""

        async def once() -> bytes:
            try:
                await self._reach(Moment.ASKING, channel, function)
                answer = await self.ledger.evaluate(channel, function, *args)
                await self._reach(Moment.ANSWERED, channel, function)
            except FabricError as error:
                if not is_repeatable(error):
                    raise
                raise Again(error) from error
            return answer

        return await self._retry.repeat(once, function)

    async def take(
        self,
        answer: type[AnswerT],
        channel: str,
        function: str,
        *args: Argument,
        answered: Answered = Answered.WHOLE,
    ) -> AnswerT:
        """Submit a transaction and wait for its commit: its typed answer."""
        return (await self.act(answer, channel, function, *args, answered=answered))[0]

    async def act(
        self,
        answer: type[AnswerT],
        channel: str,
        function: str,
        *args: Argument,
        answered: Answered = Answered.WHOLE,
    ) -> tuple[AnswerT, Act | None]:
        """The same, and how the contract saw the transaction."""
        commit, at = await self._submitted(channel, function, args, answered)
        return self.decoded(answer, commit.result), self._act(commit, at)

    async def until(self, once: Callable[[], Awaitable[AnswerT]], function: str) -> AnswerT:
        """What `once` answers; it is run again, as often as a call is, where it raises `Again`."""
        return await self._retry.repeat(once, function)

    async def members(self) -> Sequence[Member]:
        """The consortium's members, as they were when this connection asked first: those of the channel that every
        member sees, where they are voted on. Another channel's may lag behind."""
        if not self._members:
            self._members = await self.ask(list[Member], CUSTOMS, "consortium:members")
        return self._members

    async def vote(self, members: Sequence[Member], floors: Floors | None) -> Sequence[Member]:
        """`consortium:configure` on the customs channel, which every member sees: endorsed by all who vote."""
        everybody = await self.ask(list[str], CUSTOMS, "consortium:voters")
        arguments = [list(members)] if floors is None else [list(members), floors]
        commit = await self.ledger.submit(
            CUSTOMS, "consortium:configure", *arguments, endorsing_organizations=everybody
        )
        self._members = ()
        return self.decoded(list[Member], commit.result)

    async def step(self, function: str, *args: Argument, foresee: Foresight | None = None) -> Loan:
        """Take a step of a loan and wait for its commit: the loan as the step left it.

        A block keeps answers for ever, so it gets a short one, which both endorsers have signed: the step's number and
        the loan's hash. The loan is read of this member's own peer, where nothing writes that step again; unless what
        `foresee` makes of the loan before it has just that hash.
        """
        told, act = await self.act(LoanStep, BANK, function, *args, answered=Answered.BRIEF)
        loan = foreseen(told, act, foresee) if act is not None and foresee is not None else None
        loan = loan or await self._left_by(told)
        note_loan(loan)
        note_last(loan, told.sha256)
        return loan

    async def _left_by(self, told: LoanStep) -> Loan:
        """The loan as a step left it, read."""

        async def once() -> bytes:
            try:
                return await self.ask_bytes(BANK, "loans:step", told.loan_id, told.step)
            except NotFound as error:  # another peer of this member's, which has not the block yet
                raise Again(error) from error

        data = await self.until(once, "loans:step")
        if sha256_hex(data) != told.sha256:
            raise Conflict(
                f"step {told.step} of loan {told.loan_id} is not what the peers have endorsed: ask who operates this "
                "member's peer",
                loan_id=told.loan_id,
            )
        return self.decoded(Loan, data)

    async def submit(self, channel: str, function: str, *args: Argument, answered: Answered = Answered.WHOLE) -> Commit:
        """Submit a transaction and wait for its commit, repeated as long as that is safe. Arguments and result stand
        in no block; the organisations whose peers may see them are named. `answered` says what of the result the block
        keeps, sealed.

        Raises the contract's error; `Conflict` when others keep changing what it reads; `CommitFailed` when it does not
        count for another reason; `LedgerUnavailable`, which names the transaction where its fate could not be learnt.
        """
        return (await self._submitted(channel, function, args, answered))[0]

    async def _submitted(
        self, channel: str, function: str, args: Sequence[Argument], answered: Answered
    ) -> tuple[Commit, datetime | None]:
        """A transaction's commit, and its time."""
        endorsers = endorsers_of(channel, function, self.ledger.msp_id, await self.members())
        lags = lags_of(self.ledger.msp_id, channel)

        async def once() -> tuple[Commit, datetime | None]:
            call = PrivateCall.of(*args, answered=answered)
            for lag in lags:
                await lag.over(self.ledger, endorsers)
            try:
                prepared, at = await self._endorse(channel, function, call, endorsers)
            except FabricError as error:  # nothing of it was ordered
                if not is_repeatable(error) and not await self._is_stale(error, channel, function, call, endorsers):
                    raise
                for lag in lags:
                    lag.met()
                raise Again(error) from error
            status = await self._settle(prepared, function)
            lags[0].committed(status.block_number)
            if not status.is_valid:
                raise Again(_invalid(function, status))
            await self._reach(Moment.COMMITTED, channel, function, prepared.transaction_id)
            result = call.opened(prepared.transaction_id, prepared.result)
            return Commit(status.transaction_id, status.block_number, result), at

        return await self._retry.repeat(once, function)

    def decoded(self, answer: type[AnswerT], data: bytes) -> AnswerT:
        """A typed answer from its JSON."""
        return cast("AnswerT", _adapter(cast("Hashable", answer)).validate_json(data))

    async def _endorse(
        self, channel: str, function: str, call: PrivateCall, endorsers: Sequence[str]
    ) -> tuple[PreparedTransaction, datetime | None]:
        ledger = self.ledger
        proposal = ledger.propose(channel, function, transient=call.transient, endorsing_organizations=endorsers)
        await self._reach(Moment.ENDORSING, channel, function, proposal.transaction_id)
        prepared = await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
        await self._reach(Moment.ENDORSED, channel, function, prepared.transaction_id)
        return prepared.signed(await ledger.sign_content(prepared.content)), proposal.timestamp

    def _act(self, commit: Commit, at: datetime | None) -> Act | None:
        if at is None:
            return None
        if self._person is None:
            self._person = person_of(creator_of(self.ledger.msp_id, self.ledger.certificate))
        return Act(commit.transaction_id, at, self._person)

    async def _is_stale(
        self,
        error: FabricError,
        channel: str,
        function: str,
        call: PrivateCall,
        endorsers: Sequence[str],
    ) -> bool:
        """Whether a peer refused because it is behind: this member's own peer, asked the same, does not refuse, or not
        for that reason."""
        own = self.ledger.msp_id
        if own not in endorsers:
            return isinstance(error, NotFound)  # what this member has committed may not have come there yet
        if not isinstance(error, NotFound | Refused | Conflict):
            return False
        try:
            await self.ledger.evaluate(channel, function, transient=call.transient, endorsing_organizations=[own])
        except FabricError as word:
            return (type(word), word.message) != (type(error), error.message)
        return True

    async def _settle(self, prepared: PreparedTransaction, function: str) -> CommitStatus:
        """Order an envelope and learn its fate. An orderer that dies may take what it has accepted with it, so an
        envelope that no block has is handed in again."""

        async def once() -> CommitStatus:
            taken = False
            try:
                submitted = await self.ledger.order(prepared)
                taken = True
                await self._reach(Moment.ORDERED, prepared.channel, function, prepared.transaction_id)
                return await self.ledger.commit_status(submitted)
            except LedgerUnavailable as error:
                unknown = LedgerUnavailable(
                    f"whether {function} took effect is not known yet ({error}): give the same command again when "
                    "the ledger is back, for what took effect is not done twice",
                    transaction_id=prepared.transaction_id,
                )
                unknown.__cause__ = error
                if not (taken or is_repeatable(error)):
                    raise unknown from error
                raise Again(unknown) from error

        return await self._retry.repeat(once, function)

    async def _reach(self, moment: Moment, channel: str, function: str, transaction_id: str = "") -> None:
        await self._interceptor(Boundary(moment, channel, function, transaction_id))


def _invalid(function: str, status: CommitStatus) -> FabricError:
    """The error of a transaction that does not count. Raises it where repeating cannot help."""
    failed = CommitFailed(
        f"{function} does not count: {status.code}",
        transaction_id=status.transaction_id,
        code=status.code,
        block_number=status.block_number,
    )
    if not failed.is_read_conflict:
        raise failed
    conflict = Conflict(f"others keep changing what {function} reads: try again", code=status.code)
    conflict.__cause__ = failed
    return conflict
