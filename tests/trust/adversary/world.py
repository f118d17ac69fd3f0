"""The play's state: who may call, what players know of exports and loans, the clock, and what came of every call."""

from __future__ import annotations

import json
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar, cast

from tests.trust.adversary.chain import Chain, Committed
from tests.trust.adversary.hidden import Json, Violation
from tests.trust.adversary.judge import Judge
from tests.trust.adversary.people import Actor
from tests.trust.exports import Export, exporter
from tests.trust.forgery.scene import Forger

from eximledger.desk import Boundary, LoanDesk, Moment, Retry
from eximledger_chaincode.documents import Document, LoanApplication, Party
from eximledger_chaincode.lending.consent import SignedAuthorisation
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.private_call import SEED, private_arguments
from hlf_client import Argument, Ledger, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.errors import FabricError

__all__ = ["Clock", "Export", "HostClock", "KnownExport", "KnownLoan", "World"]

AnswerT = TypeVar("AnswerT")
CURRENCIES: Final = ("USD", "EUR", "CNY", "HKD")
KILLED: Final = 0.12
"""Of the calls."""
_LAST: Final = 25
_FIRST_EXPORTER: Final = 100
"""Those before it are other tests', whose classes stay as they are."""
_BOUNDARIES: Final = 10


_CHOSEN: Final = 0.05
_SEEDS: Final = (bytes(32), b"\xff" * 32)
_REPEATED: Final = frozenset({"register:match"})
"""What may be done twice: it registers nothing, and writes at every call."""


class Killed(Exception):
    """The desk's process ends here."""


class _Sending:
    """A connection whose client remembers what it sent, by transaction; and sends a seed of its own choice."""

    def __init__(self, ledger: Ledger, sent: dict[str, Sequence[bytes]], seed: bytes | None) -> None:
        self._ledger, self._sent, self._seed = ledger, sent, seed

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        hidden = dict(transient or {})
        if self._seed is not None and SEED in hidden:
            hidden[SEED] = self._seed
        proposal = self._ledger.propose(
            channel, function, *args, transient=hidden, endorsing_organizations=endorsing_organizations
        )
        self._sent[proposal.transaction_id] = private_arguments(hidden)
        return proposal


class Clock:
    """The play's time as the one who acts reads it: one clock for an embedded ledger, which has one for proposals."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.skew = timedelta()

    def __call__(self) -> datetime:
        return self.now + self.skew


class HostClock(Clock):
    """The host's: Fabric's peers go by it, and nobody's is off."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    def __call__(self) -> datetime:
        self.now = datetime.now(UTC)
        return self.now


@dataclass
class KnownExport:
    """An export as its papers last said it, and which banks have them."""

    export: Export
    currency: str
    amount: int
    """Of the declaration as it stands, in whole units."""
    banks: set[str] = field(default_factory=set)
    prepaid: int = 0
    credits: list[Json] = field(default_factory=list)
    """Receipts that were reported for it."""
    invoices: dict[str, Document] = field(default_factory=dict)
    """By bank."""
    is_cancelled: bool = False


@dataclass
class KnownLoan:
    """A loan as its bank's people know it: the verdicts that were shown to them, the last one at the end."""

    bank: str
    application: LoanApplication
    exports: list[KnownExport]
    shown: list[tuple[int, str, str, tuple[str, ...]]] = field(default_factory=list)
    """Version, evidence hash, verdict, and the findings that refer it."""


@dataclass
class World:
    """One play on one ledger."""

    chance: random.Random
    actors: Mapping[str, Actor]
    clock: Clock
    ledgers: Mapping[str, Ledger]
    """By `member/user`."""
    chain: Chain
    judge: Judge
    contents: dict[str, Json]
    sent: dict[str, Sequence[bytes]]
    can_skip_time: bool = True
    serials: Iterable[int] = ()
    exports: list[KnownExport] = field(default_factory=list)
    loans: dict[str, KnownLoan] = field(default_factory=dict)
    held_back: list[tuple[Actor, PreparedTransaction, str]] = field(default_factory=list)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST))
    taken: int = 0
    tried: int = 0
    forger: Forger | None = None
    """Has peers' keys, where the play is on a ledger that lets it have them."""
    given: dict[tuple[str, str], SignedAuthorisation] = field(default_factory=dict)
    """By bank and exporter what the exporter signed last, and has not taken back."""
    _left: int = -1
    """Boundaries until the desk is killed; below zero it is not."""
    _cut: Boundary | None = None
    """Where the last call was cut short."""

    # -- who and when ----------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return day_in_china(self.clock.now)

    def party(self, number: int) -> Party:
        return exporter(_FIRST_EXPORTER + number)

    def uscc(self, number: int) -> str:
        found = self.party(number).uscc
        assert found is not None
        return found

    def pick(self, *names: str) -> Actor:
        """One of these people."""
        return self.actors[self.chance.choice(names)]

    def anybody(self) -> Actor:
        return self.actors[self.chance.choice(list(self.actors))]

    def desk(self, actor: Actor) -> LoanDesk:
        return LoanDesk(
            self.ledger(actor), retry=Retry(base=0.001, cap=0.05), clock=self.clock, interceptor=self._reach
        )

    def ledger(self, actor: Actor) -> Ledger:
        """The actor's connection; now and then its client sends a seed that everybody knows."""
        self.clock.skew = actor.skew
        seed = self.chance.choice(_SEEDS) if self.chance.random() < _CHOSEN else None
        return cast("Ledger", _Sending(self.ledgers[actor.identity], self.sent, seed))

    # -- calls -----------------------------------------------------------------------------------------------------

    async def call(
        self,
        actor: Actor,
        name: str,
        run: Callable[[LoanDesk], Awaitable[AnswerT]],
        *,
        once: bool = False,
        several: bool = False,
        about: object = "",
    ) -> AnswerT | None:
        """Somebody calls the desk, perhaps killed at one of its boundaries and calling again; None where it is refused.

        `once` is for what is not to be given again, `several` for what takes several transactions. Raises `Violation`.
        """
        self.last.append(f"{self.clock.now:%d %H:%M} {actor} {name} {about}")
        done: list[Committed] = []
        if not once and self.chance.random() < KILLED:
            done = await self._killed(actor, run)
            done = [] if several else done
        self._left = -1
        try:
            answer = await run(self.desk(actor))
        except FabricError as error:
            if done:
                raise Violation(
                    f"{name} had taken effect before {actor} was killed, and again it fails: {error}"
                ) from error
            self.note(name, type(error).__name__, str(error))
            await self.review()
            return None
        repeated = await self.review()
        twice = {each.function for each in done} & {each.function for each in repeated}
        if twice - _REPEATED:
            raise Violation(f"{name} was done twice by {actor}, who was killed: {twice}")
        self.note(name, "ok")
        return answer

    async def _killed(self, actor: Actor, run: Callable[[LoanDesk], Awaitable[object]]) -> list[Committed]:
        """What took effect of a call that was cut short; nothing where only a part of it did."""
        self._arm(self.chance.randrange(_BOUNDARIES))
        with suppress(FabricError, Killed):
            await run(self.desk(actor))
        at = self._cut
        if at is not None and at.moment is Moment.ORDERED:  # it comes to a block without its client
            with suppress(FabricError):
                await self.ledgers[actor.identity].commit_status(
                    SubmittedTransaction(at.transaction_id, at.channel, b"")
                )
        self.outcomes["(killed)", str(at.moment) if at is not None else "came through"] += 1
        self.last.append(f"   killed at {at.moment if at is not None else 'no boundary'}")
        done = await self.review()
        whole = at is None or at.moment in {Moment.ORDERED, Moment.COMMITTED}
        return done if whole and len({each.function for each in done}) == 1 and len(done) == 1 else []

    def _arm(self, boundaries: int) -> None:
        self._left, self._cut = boundaries, None

    async def _reach(self, boundary: Boundary) -> None:
        if self._left < 0:
            return
        if self._left == 0:
            self._left, self._cut = -1, boundary
            raise Killed
        self._left -= 1

    async def review(self) -> list[Committed]:
        """Judge what was committed since; what of it wrote something. Raises `Violation`."""
        new = await self.chain.new()
        for committed in new:
            self.judge.judge(committed)
        return [committed for committed in new if committed.wrote]

    def note(self, name: str, outcome: str, words: str = "") -> None:
        """Count what came of a call."""
        self.tried += 1
        self.taken += outcome == "ok"
        self.outcomes[name, outcome] += 1
        self.last.append(f"   {outcome} {words[:160]}")

    # -- papers ----------------------------------------------------------------------------------------------------

    def remember(self, documents: Iterable[Document]) -> list[Document]:
        """Documents about to be filed, for the judge to know them again by their hash."""
        given = list(documents)
        for document in given:
            content = canonical_json(document)
            self.contents[sha256_hex(content)] = _json(content)
        return given

    def next_serial(self) -> int:
        return next(iter(self.serials))


def _json(content: bytes) -> Json:
    found: Json = json.loads(content)
    return found
