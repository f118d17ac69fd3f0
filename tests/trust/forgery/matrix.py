"""Every person and every impostor at every write and query: what was to be expected, what the ledger did."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from tests.conformance.stages import words
from tests.trust.forgery.calling import Sent, submit
from tests.trust.forgery.case import SECRET, Call, Story
from tests.trust.forgery.impostors import GENUINE, KINDS, REVOKED, impostors
from tests.trust.forgery.persons import identity_of, member_of
from tests.trust.forgery.rights import CHANNELS, LATER, PEOPLE, QUERIES_OF, WRITES, Right, Row, reading_of
from tests.trust.forgery.story import ENDING, STEPS, Step, later, queries

from eximledger_chaincode.rules import Verdict
from hlf_client import Ledger
from hlf_client.errors import CommitFailed, Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused
from hlf_client.identity import CertificateAuthority, Identity

__all__ = ["ELSEWHERE", "REFUSALS", "Cast", "Matrix", "Venue", "play_later", "play_out", "take"]

ELSEWHERE: Final = "on another channel"
YES, NO = "yes", "403"
REFUSALS: Final = {InvalidDocument: "400", NotAuthorized: "403", NotFound: "404", Conflict: "409", Refused: "422"}
DONE: Final = frozenset((step.channel, step.function) for step in (*STEPS, *ENDING))
"""Where each write is done."""


class Venue(Protocol):
    """A ledger on which the story is played, with everybody's keys; nobody has all of these."""

    def identity(self, person: str) -> Identity:
        """`member/user`, of those that the network has."""
        ...

    def authority(self, member: str) -> CertificateAuthority: ...

    def connect(self, member: str, identity: Identity) -> Ledger: ...

    def now(self) -> datetime: ...

    async def revoke(self, member: str, identities: Sequence[Identity]) -> None:
        """Put certificates on their member's list, on all its channels; returns when everybody knows."""
        ...

    async def settle(self) -> None:
        """Wait until every member's peer has what was committed."""
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
            if not _as_expected(expected, seen, row[0], column)
        ]


def _as_expected(expected: str, seen: str, channel: str, column: str) -> bool:
    """Who asks an own peer that has not joined a channel is told that there is none (Fabric), or is refused."""
    if column == ELSEWHERE:
        return set(seen.split()) <= {"403", "404", "422"}
    is_outsider = column in PEOPLE and column not in CHANNELS[channel]
    return seen == expected or (is_outsider and expected == NO and seen == "404")


@dataclass(slots=True)
class Cast:
    """Everybody's connection to the venue."""

    people: dict[str, Ledger]
    impostors: dict[str, dict[str, Ledger]]

    @classmethod
    async def of(cls, venue: Venue, rightful: Iterable[str] = ()) -> Cast:
        """Connections for all people, and for impostors of those who are rightful somewhere."""
        known = {person: identity_of(person, venue.identity, venue.authority, venue.now()) for person in PEOPLE}
        people = {person: venue.connect(member_of(person), identity) for person, identity in known.items()}
        false: dict[str, Mapping[str, Identity]] = {}
        for person in sorted(rightful):
            member = member_of(person)
            elsewhere = "SafeMSP" if member != "safe" else "EximbankMSP"
            false[person] = impostors(known[person], venue.authority(member), elsewhere, venue.now())
        for member in sorted({member_of(person) for person in false}):
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


async def play_out(venue: Venue, cast: Cast, story: Story) -> tuple[Matrix, Matrix, Matrix]:
    """The whole story, and before its end what is done where it is not due, and every query: who wrote, who was let
    write elsewhere, who read."""
    writes = await _play(venue, cast, story, STEPS)
    elsewhere, reads = await _misplaced(cast, story), await _read_papers(cast, story)
    writes.cells |= (await _play(venue, cast, story, ENDING)).cells
    return writes, elsewhere, reads


async def play_later(venue: Venue, cast: Cast, story: Story, advance: Callable[[timedelta], None]) -> Matrix:
    """What comes by the day, on a venue whose clock can be moved; without impostors, whose certificates have ended."""
    matrix, alive = Matrix(), Cast(cast.people, {})
    for days, steps in later(story):
        advance(timedelta(days=days - story.passed))
        story.passed = days
        matrix.cells |= (await _play(venue, alive, story, steps)).cells
    return matrix


async def _play(venue: Venue, cast: Cast, story: Story, steps: Sequence[Step]) -> Matrix:
    """Each step tried by everybody, then taken by whom it is due to."""
    matrix = Matrix()
    for step in steps:
        if step.thing:
            before = await _chains(cast)
            matrix.cells[step.row] = await _tried(cast, step, step.call(story))
            assert await _chains(cast) == before, f"{step.row}: somebody who only tried has changed a ledger"
        if step.rightful:
            await take(cast, story, step)
            await venue.settle()
    return matrix


async def _misplaced(cast: Cast, story: Story) -> Matrix:
    """Every write by everybody on the channels where it is not done."""
    matrix = Matrix()
    calls = {step.function: step.call for step in (*STEPS, *ENDING) if step.function not in QUERIES_OF}
    before = await _chains(cast)
    for channel, people in CHANNELS.items():
        for function, call in calls.items():
            if (channel, function) not in DONE:
                right = Right(frozenset(), late=people)
                seen = await _all(cast.people, channel, function, call(story))
                answers = zip(PEOPLE, seen, strict=True)
                matrix.cells[channel, function, "elsewhere"] = {
                    person: (right.expected(person), answer) for person, answer in answers
                }
    assert await _chains(cast) == before
    return matrix


async def take(cast: Cast, story: Story, step: Step) -> None:
    """A step by its rightful person."""
    ledger = cast.people[step.rightful]
    arguments = step.call(story).arguments
    if step.function in QUERIES_OF:
        answer = await ledger.evaluate(step.channel, step.function, *arguments)
    else:
        answer = (await submit(ledger, step.channel, step.function, *arguments)).result
    if step.of_loan:
        story.verdicts[step.of_loan] = Verdict.model_validate_json(answer)


async def _chains(cast: Cast) -> dict[str, tuple[int, str]]:
    """Height and last block's hash of every channel, as SAFE's peer has it, which is on all of them: the state follows
    from the blocks."""
    found = {}
    for name in CHANNELS:
        info = await cast.people["safe/officer"].channel_info(name)
        found[name] = info.height, info.last_hash
    return found


async def _tried(cast: Cast, step: Step, call: Call) -> dict[str, tuple[str, str]]:
    """One row: all people; where somebody takes the step, also that one's impostors, and the same on other channels."""
    right = {**WRITES, **LATER}[step.row]
    cells = dict(zip(PEOPLE, await _all(cast.people, step.channel, step.function, call), strict=True))
    row = {person: (right.expected(person), seen) for person, seen in cells.items()}
    if not step.rightful or step.rightful not in cast.impostors:
        return row
    false = cast.impostors[step.rightful]
    seen = await _all({kind: false[kind] for kind in KINDS}, step.channel, step.function, call)
    row |= {kind: (YES if kind == GENUINE else NO, answer) for kind, answer in zip(KINDS, seen, strict=True)}
    if others := [name for name in CHANNELS if (name, step.function) not in DONE]:
        rightful = cast.people[step.rightful]
        row[ELSEWHERE] = NO, " ".join([await _endorse(rightful, name, step.function, call) for name in others])
    return row


_CUT: Final = "the client connection is closing"
"""A gateway that another member's peer has refused somebody at drops its connection to that peer, and with it whatever
others have on the way there: it says nothing of these."""
_TRIES: Final = 5


async def _all(ledgers: Mapping[str, Ledger], channel: str, function: str, call: Call) -> list[str]:
    answers = await asyncio.gather(*(_endorse(ledger, channel, function, call) for ledger in ledgers.values()))
    for place, ledger in enumerate(ledgers.values()):
        for _ in range(_TRIES):
            if _CUT not in answers[place]:
                break
            answers[place] = await _endorse(ledger, channel, function, call)
    return answers


async def _endorse(ledger: Ledger, channel: str, function: str, call: Call) -> str:
    """A write as far as the endorsement: `yes` when the contract has said yes, and nothing is ordered."""
    proposal = Sent.of(ledger, channel, function, call.arguments).proposed(ledger)
    signed = proposal.signed(await ledger.sign(proposal.digest))

    async def endorsed() -> bytes:
        return (await ledger.endorse(signed)).result

    answer, refusal = await _answer(endorsed())
    return refusal if answer is None else YES


async def _answer(asked: Awaitable[bytes]) -> tuple[bytes | None, str]:
    """The answer, or how it was refused: a contract's error by its number, any other by its name and words."""
    try:
        return await asked, ""
    except CommitFailed as error:
        return None, error.code
    except FabricError as error:
        return None, REFUSALS.get(type(error)) or f"{type(error).__name__}: {words(error)}"


async def _read_papers(cast: Cast, story: Story) -> Matrix:
    """Every query on every channel by everybody: `papers` for who is answered with what stands in them, `other` for
    other answers."""
    matrix = Matrix()
    for channel in CHANNELS:
        calls = queries(story, channel)
        for function in QUERIES_OF:
            call, reading = calls[function], reading_of(channel, function)
            answers = await asyncio.gather(
                *(_answer(cast.people[person].evaluate(channel, function, *call.arguments)) for person in PEOPLE)
            )
            for place, person in enumerate(PEOPLE):
                for _ in range(_TRIES):
                    if _CUT not in answers[place][1]:
                        break
                    asked = cast.people[person].evaluate(channel, function, *call.arguments)
                    answers[place] = await _answer(asked)
            matrix.cells[channel, function, "read"] = {
                person: (reading.expected(person), _kind(answer, refusal))
                for person, (answer, refusal) in zip(PEOPLE, answers, strict=True)
            }
    return matrix


def _kind(answer: bytes | None, refusal: str) -> str:
    if answer is None:
        return refusal
    return "papers" if SECRET.encode() in answer else "other"
