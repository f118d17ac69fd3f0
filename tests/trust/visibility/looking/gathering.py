"""Everything that every member can get, and what of the secrets is in it.

Answers and refusals of every function, at the member's own peer and at others'; events; blocks; what its own peer
stores; logs. What somebody names in a call and gets back in the answer has not been learnt by it; but where the answer
is another one than on what there is not, it tells that the thing is there.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from tests.trust.visibility.looking.asking import Call, Function, calls_of, functions
from tests.trust.visibility.looking.finding import Finder
from tests.trust.visibility.looking.guessing import guessed_keys, guesses, shapes_of
from tests.trust.visibility.places.venue import Part, Venue
from tests.trust.visibility.planted.planting import MSP, Planted, Secret, Subject, is_due

from hlf_client import Argument, ChaincodeEvent, Ledger, Proposal
from hlf_client.errors import FabricError
from hlf_client.ledger import encode_argument
from hlf_client.private import PrivateCall

__all__ = ["Gathered", "Sight", "gather"]

_VARYING: Final = re.compile(rb"[0-9a-f]{64}|\d{4}-\d\d-\d\dT[0-9:.]+Z?")
"""Transaction ids, hashes and times."""
_AT_ONCE: Final = 16
"""Calls that are under way."""
_KEYS: Final = 8
"""Guessed keys of each kind that the eavesdropper asks for in each collection."""
_READ: Final = 24
"""Of them, those whose values it asks for: its peer has them or not, whatever the key."""


_RANGE, _VALUE, _HASH = (Function(f"eavesdropper:{name}", ()) for name in ("private_range", "private", "private_hash"))


@dataclass(frozen=True, slots=True)
class Sight:
    """A member has come by a secret, or knows that something is there."""

    member: str
    where: str
    of: Secret | Subject


@dataclass(slots=True)
class Gathered:
    """What was got so far. `everything` is what the amount is searched in: all bytes, by member."""

    finder: Finder
    sights: Counter[Sight] = field(default_factory=Counter)
    everything: dict[str, dict[bytes, str]] = field(default_factory=dict)
    calls: int = 0

    def add(self, member: str, part: Part, told: bytes = b"") -> None:
        """Look through what a member got; `told` is what it had to know in order to ask."""
        self.everything.setdefault(member, {}).setdefault(part.data, part.where)
        known = {(each.fact, each.value) for each in self.finder.find(told)} if told else set()
        values = {value for _, value in known}
        for secret in self.finder.find(part.data):
            if secret.value not in values:
                self.sights[Sight(member, part.where, secret)] += 1

    def tells_apart(self, member: str, function: str, subject: Subject) -> None:
        self.sights[Sight(member, f"{function} tells that it is there", subject)] += 1


async def gather(venue: Venue, planted: Planted, *, everybody: bool = True) -> Gathered:
    """Play every member after the story: all of its people, or the one of them who asks everything everywhere."""
    await venue.settle()
    gathered = Gathered(Finder(planted.secrets, shapes_of(guesses(planted))))
    for member in MSP:  # before anybody asks: a node may log what its own people name in a call
        for part in venue.logs(member):
            gathered.add(member, part)
    calls = [call for function in functions() for call in calls_of(function, planted)]
    await asyncio.gather(*(_take_what_is_there(venue, member, gathered) for member in MSP))
    for member in MSP:
        people = venue.people(member)
        for person in people if everybody else people[:1]:
            await _ask_everything(venue, person, calls, gathered)
    for member in MSP:
        await venue.bend(member)
        await _eavesdrop(venue, member, planted, gathered)
    return gathered


# -- what lies about ---------------------------------------------------------------------------------------------------


async def _take_what_is_there(venue: Venue, member: str, gathered: Gathered) -> None:
    ledger = venue.connect(venue.people(member)[0])
    for channel, members in venue.channels.items():
        if member not in members:
            continue
        for part in (*await venue.blocks(member, channel), *await venue.own(member, channel)):
            gathered.add(member, part)
        async for event in _events(ledger, channel):
            for data in (event.name.encode(), event.payload):
                gathered.add(member, Part("event", data))


async def _events(ledger: Ledger, channel: str) -> AsyncIterator[ChaincodeEvent]:
    """All that were sent until now."""
    height = (await ledger.channel_info(channel)).height
    last = height - 1
    async with aclosing(ledger.chaincode_events(channel, start=0)) as events:  # type: ignore[type-var]  # a generator
        while True:
            try:
                event = await asyncio.wait_for(anext(events), 2)
            except TimeoutError:
                return
            yield event
            if event.block_number == last:
                return


# -- what is asked -----------------------------------------------------------------------------------------------------


async def _ask_everything(venue: Venue, person: str, calls: Sequence[Call], gathered: Gathered) -> None:
    """Every function in somebody's name on every channel of the member's. An administrator asks at its own peer, a
    checker what writes."""
    member, ledger = person.partition("/")[0], venue.connect(person)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(channel: str, call: Call, peer: str) -> None:
        async with gate:
            await _ask(ledger, member, channel, call, peer, gathered)

    async with asyncio.TaskGroup() as group:
        for channel, members in venue.channels.items():
            if member not in members:
                continue
            for call in calls if not person.endswith("/checker") else [each for each in calls if each.function.writes]:
                for peer in _peers(call, person, channel, members):
                    group.create_task(one(channel, call, peer))


def _peers(call: Call, person: str, channel: str, members: Sequence[str]) -> Iterator[str]:
    """Whose peers are asked: one's own and the authorities'; of a thing also those of its banks."""
    member = person.partition("/")[0]
    if person.endswith("/admin") or not call.is_at_home(channel):
        return iter([member])
    asked = dict.fromkeys([member, "safe", "customs", *(sorted(call.subject.banks) if call.subject else ())])
    return (each for each in asked if each in members)


async def _ask(ledger: Ledger, member: str, channel: str, call: Call, peer: str, gathered: Gathered) -> None:
    gathered.calls += 1
    answer = await _answer(ledger, channel, call.function, call.arguments, peer)
    told = b"\n".join(encode_argument(each) for each in call.arguments)
    gathered.add(member, answer, told)
    if call.function.writes and answer.where.startswith("answer"):
        for peers in {(peer,), (member, "safe")}:
            if endorsed := await _endorsed(ledger, channel, call, peers):
                gathered.add(member, endorsed, told)
    subject = call.subject
    if subject is None or call.decoy is None or is_due(member, subject):
        return
    other = await _answer(ledger, channel, call.function, call.decoy, peer)
    if _unnamed(answer, call.arguments) != _unnamed(other, call.decoy):
        gathered.tells_apart(member, call.function.name, subject)


async def _answer(ledger: Ledger, channel: str, function: Function, arguments: Sequence[Argument], peer: str) -> Part:
    """What is answered, or said in refusal."""
    hidden, proposal = await _proposed(ledger, channel, function, arguments, peer)
    try:
        data = await ledger.evaluate_proposal(proposal)
        data = hidden.opened(proposal.transaction_id, data) if hidden and data else data
    except FabricError as error:
        details = repr(sorted(error.details.items())) if error.details else ""
        return Part(f"refusal of {function.name}", f"{type(error).__name__} {error} {details}".encode())
    return Part(f"answer of {function.name}", data)


async def _endorsed(ledger: Ledger, channel: str, call: Call, peers: Sequence[str]) -> Part | None:
    """What is endorsed and never handed in: its reads and writes."""
    _, proposal = await _proposed(ledger, channel, call.function, call.arguments, *peers)
    try:
        prepared = await ledger.endorse(proposal)
    except FabricError:
        return None
    return Part(f"endorsement of {call.function.name}", prepared.content)


async def _proposed(
    ledger: Ledger, channel: str, function: Function, arguments: Sequence[Argument], *peers: str
) -> tuple[PrivateCall | None, Proposal]:
    """The one place that knows how arguments travel."""
    hidden = PrivateCall.of(*arguments) if function.private else None
    proposal = ledger.propose(
        channel,
        function.name,
        *(() if hidden else arguments),
        transient=hidden.transient if hidden else None,
        endorsing_organizations=[MSP[peer] for peer in peers],
    )
    return hidden, proposal.signed(await ledger.sign_content(proposal.content))


def _unnamed(answer: Part, arguments: Sequence[Argument]) -> tuple[str, bytes]:
    """An answer without what was asked for, and without what is another in each transaction."""
    data = _VARYING.sub(b"#", answer.data)
    for each in sorted(_texts(arguments), key=len, reverse=True):
        data = data.replace(each.encode(), b"*")
    return answer.where, data


def _texts(arguments: Iterable[Argument]) -> Iterator[str]:
    for each in arguments:
        if isinstance(each, str) and each:
            yield each
        elif isinstance(each, list):
            yield from _texts(each)
        elif hasattr(each, "loan_id"):
            yield str(each.loan_id)


# -- what a member's own chaincode finds -------------------------------------------------------------------------------


async def _eavesdrop(venue: Venue, member: str, planted: Planted, gathered: Gathered) -> None:
    """Private reads and hashes at one's own peer, with chaincode that checks nothing."""
    ledger, keys = venue.connect(venue.people(member)[0]), _keys_of(planted)
    for channel, members in venue.channels.items():
        if member not in members:
            continue
        for collection in venue.collections(channel):
            gathered.add(member, await _answer(ledger, channel, _RANGE, [collection], member))
            for function, tried in ((_VALUE, keys[:_READ]), (_HASH, keys)):
                for key in tried:
                    answer = await _answer(ledger, channel, function, [collection, key], member)
                    gathered.add(member, answer, f"{collection}\n{key}".encode())


def _keys_of(planted: Planted) -> Sequence[str]:
    """Keys as somebody who knows a paper makes them: some of each builder's, those of papers first."""
    by_builder: dict[str, list[str]] = {}
    for guess in guessed_keys(planted):
        by_builder.setdefault(guess.what.partition("(")[0], []).append(guess.data.decode())
    built = sorted(by_builder.items(), key=lambda item: "paper" not in item[0])
    return [key for _, keys in built for key in keys[:: max(1, len(keys) // _KEYS)][:_KEYS]]
