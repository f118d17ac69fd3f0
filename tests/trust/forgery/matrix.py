"""Every person and every impostor at every write and query: what was to be expected, what the ledger did."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from tests.conformance.stages import words
from tests.trust.forgery.impostors import GENUINE, KINDS, REVOKED, impostors
from tests.trust.forgery.rights import CHANNELS, PAPERS, PEOPLE, WRITES, Row, member_of
from tests.trust.forgery.story import QUERIES, SECRET, STEPS, Call, Step, Story

from hlf_client import Ledger
from hlf_client.errors import CommitFailed, FabricError, NotAuthorized, NotFound, Refused
from hlf_client.identity import CertificateAuthority, Identity

__all__ = ["ELSEWHERE", "Matrix", "Venue", "play", "read_papers"]

ELSEWHERE: Final = "on another channel"
YES, NO = "yes", "no"
REFUSALS: Final = {NotAuthorized: "403", NotFound: "404", Refused: "422"}
EVERYWHERE: Final = "consortium:configure"
"""The one write that every channel has."""


class Venue(Protocol):
    """A ledger on which the story is played, with everybody's keys; nobody has all of these."""

    def identity(self, person: str) -> Identity: ...

    def authority(self, member: str) -> CertificateAuthority: ...

    def connect(self, member: str, identity: Identity) -> Ledger: ...

    def now(self) -> datetime: ...

    async def revoke(self, member: str, identities: Sequence[Identity]) -> None:
        """Put certificates on their member's list, on all its channels; returns when everybody knows."""
        ...

    async def settle(self) -> None:
        """Wait until every member's peer has what was committed."""
        ...

    async def advance(self, hours: int) -> bool:
        """Let the clock go on; False where no test can."""
        ...


@dataclass(slots=True)
class Matrix:
    """Cells by row and column: what was expected and what was seen."""

    cells: dict[Row, dict[str, tuple[str, str]]] = field(default_factory=dict)

    @property
    def surprises(self) -> list[str]:
        """Cells in which the ledger did something else than was expected."""
        return [
            f"{' '.join(row)} by {column}: expected {expected}, seen {seen}"
            for row, columns in self.cells.items()
            for column, (expected, seen) in columns.items()
            if not _as_expected(expected, seen, column)
        ]


def _as_expected(expected: str, seen: str, column: str) -> bool:
    if expected != NO:
        return seen == expected
    allowed = {"403", "404", "422"} if column == ELSEWHERE else {"403", "404"}
    return set(seen.split()) <= allowed


@dataclass(slots=True)
class Cast:
    """Everybody's connection to the venue."""

    people: dict[str, Ledger]
    impostors: dict[str, dict[str, Ledger]]

    @classmethod
    async def of(cls, venue: Venue, rightful: Sequence[str]) -> Cast:
        """Connections for all people, and for impostors of those who are rightful somewhere."""
        people = {person: venue.connect(member_of(person), venue.identity(person)) for person in PEOPLE}
        false: dict[str, Mapping[str, Identity]] = {}
        for person in rightful:
            member = member_of(person)
            elsewhere = "SafeMSP" if member != "safe" else "EximbankMSP"
            false[person] = impostors(venue.identity(person), venue.authority(member), elsewhere, venue.now())
        for member in sorted({member_of(person) for person in rightful}):
            mine = [kinds[REVOKED] for person, kinds in false.items() if member_of(person) == member]
            await venue.revoke(member, mine)
        connected = {
            person: {kind: venue.connect(member_of(person), identity) for kind, identity in kinds.items()}
            for person, kinds in false.items()
        }
        return cls(people, connected)

    async def close(self) -> None:
        for ledger in (*self.people.values(), *(each for kinds in self.impostors.values() for each in kinds.values())):
            await ledger.close()


async def play(venue: Venue, story: Story) -> Matrix:
    """The whole story: each step tried by everybody, then taken by whom it is due to."""
    cast = await Cast.of(venue, sorted({step.rightful for step in STEPS}))
    matrix = Matrix()
    try:
        for step in STEPS:
            possible = await venue.advance(step.hours) if step.hours else True
            if not possible:
                continue
            if step.thing:
                before = await _heights(cast)
                matrix.cells[step.row] = await _tried(cast, step, step.call(story))
                assert await _heights(cast) == before, f"{step.row}: somebody who only tried has changed a ledger"
            call = step.call(story)
            ledger = cast.people[step.rightful]
            commit = await ledger.submit(step.channel, step.function, *call.arguments, transient=call.transient)
            story.answers[step.row] = commit.result
            await venue.settle()
    finally:
        await cast.close()
    return matrix


async def _heights(cast: Cast) -> dict[str, int]:
    """Of every channel, as SAFE's peer has it, which is on all of them."""
    return {name: (await cast.people["safe/officer"].channel_info(name)).height for name in CHANNELS}


async def _tried(cast: Cast, step: Step, call: Call) -> dict[str, tuple[str, str]]:
    """One row: all people, all impostors of the rightful one, and he himself on other channels."""
    allowed = WRITES[step.row]
    columns = [*PEOPLE, *KINDS]
    false = cast.impostors[step.rightful]
    ledgers = [*(cast.people[person] for person in PEOPLE), *(false[kind] for kind in KINDS)]
    seen = await asyncio.gather(*(_endorse(ledger, step.channel, step.function, call) for ledger in ledgers))
    cells = {
        column: (YES if column in allowed or column == GENUINE else NO, YES if answer is not None else refusal)
        for column, (answer, refusal) in zip(columns, seen, strict=True)
    }
    if step.function != EVERYWHERE:
        others = [name for name in CHANNELS if name != step.channel]
        rightful = cast.people[step.rightful]
        found = [await _endorse(rightful, name, step.function, call) for name in others]
        cells[ELSEWHERE] = (NO, " ".join(YES if answer is not None else refusal for answer, refusal in found))
    return cells


async def _endorse(ledger: Ledger, channel: str, function: str, call: Call) -> tuple[bytes | None, str]:
    """A write as far as the endorsement: the contract has said yes, and nothing is ordered."""
    proposal = ledger.propose(channel, function, *call.arguments, transient=call.transient)
    signed = proposal.signed(await ledger.sign(proposal.digest))

    async def endorsed() -> bytes:
        return (await ledger.endorse(signed)).result

    return await _answer(endorsed())


async def _answer(asked: Awaitable[bytes]) -> tuple[bytes | None, str]:
    """The answer, or how it was refused: a contract's error by its number, any other by its name and words."""
    try:
        return await asked, ""
    except CommitFailed as error:
        return None, error.code
    except FabricError as error:
        return None, REFUSALS.get(type(error)) or f"{type(error).__name__}: {words(error)}"


async def read_papers(venue: Venue, story: Story) -> Matrix:
    """Every query by everybody: `papers` for who is answered with what stands in them, `other` for other answers."""
    people = {person: venue.connect(member_of(person), venue.identity(person)) for person in PEOPLE}
    matrix = Matrix()
    try:
        for row, (readers, others) in PAPERS.items():
            channel, function, _ = row
            call = QUERIES[channel, function](story)
            answers = await asyncio.gather(
                *(_answer(people[person].evaluate(channel, function, *call.arguments)) for person in PEOPLE)
            )
            matrix.cells[row] = {
                person: (_expected(person, readers, others), _kind(answer, refusal))
                for person, (answer, refusal) in zip(PEOPLE, answers, strict=True)
            }
    finally:
        for ledger in people.values():
            await ledger.close()
    return matrix


def _expected(person: str, readers: frozenset[str], others: frozenset[str]) -> str:
    return "papers" if person in readers else "other" if person in others else NO


def _kind(answer: bytes | None, refusal: str) -> str:
    if answer is None:
        return refusal
    return "papers" if SECRET.encode() in answer else "other"
