"""Episodes: a ledger, a seed, and so many steps; what came of them by call."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.trust.adversary.chain import CHANNELS, EmbeddedChain, FabricChain
from tests.trust.adversary.filing import FILING, begin, new_day
from tests.trust.adversary.holding import HELD_BACK
from tests.trust.adversary.hostile import HOSTILE
from tests.trust.adversary.judge import Judge
from tests.trust.adversary.lending import LENDING
from tests.trust.adversary.paying import PAYING
from tests.trust.adversary.people import ADVERSARIES, BANKS, cast
from tests.trust.adversary.world import Clock, HostClock, World
from tests.trust.forgery.embedded import EmbeddedVenue

from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.testing import LedgerNetwork, ManualClock

__all__ = ["Score", "embedded_episode", "fabric_episode", "play"]

MOVES: Final = FILING | LENDING | PAYING | HELD_BACK | HOSTILE
_LONGEST: Final = timedelta(minutes=6)
_NEXT_DAY: Final = 0.02
_ALL: Final = 50
"""Steps between two looks at everything."""


@dataclass
class Score:
    """What came of all episodes."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    steps: int = 0
    taken: int = 0
    approvals: int = 0
    seconds: float = 0.0

    def add(self, world: World, seconds: float) -> None:
        self.outcomes += world.outcomes
        self.steps += world.tried
        self.taken += world.taken
        self.approvals += world.judge.approvals
        self.seconds += seconds

    def __str__(self) -> str:
        names = sorted({name for name, _ in self.outcomes})
        share = 100 * self.taken // max(1, self.steps)
        lines = [f"{self.steps} steps in {self.seconds:.0f} s, {share} % taken, {self.approvals} approvals"]
        for name in names:
            counts = {outcome: count for (each, outcome), count in self.outcomes.items() if each == name}
            lines.append(f"  {name:24} " + ", ".join(f"{outcome} {counts[outcome]}" for outcome in sorted(counts)))
        return "\n".join(lines)


async def play(world: World, steps: int) -> None:
    """So many steps. What goes wrong tells the last of them."""
    try:
        await begin(world)
        looked = 0
        while world.tried < steps:
            if world.can_skip_time:
                world.clock.now += world.chance.random() * _LONGEST
            if world.can_skip_time and world.chance.random() < _NEXT_DAY:
                await new_day(world)
            (move,) = world.chance.choices(list(MOVES), list(MOVES.values()))
            await move(world)
            if world.tried - looked >= _ALL:
                looked = world.tried
                world.judge.check_all()
        world.judge.check_all()
    except Exception as failure:
        failure.add_note("\n".join([f"after {world.tried} steps, the last of which were", *world.last]))
        raise


async def embedded_episode(seed: int, steps: int, score: Score) -> None:
    """On a ledger of its own in memory; every second one lets each peer simulate by itself."""
    chance = random.Random(seed)
    clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    begun = time.monotonic()
    network = LedgerNetwork(ADVERSARIES, chaincode="exim", clock=clock, strict=seed % 2 == 1)
    sent: dict[str, Sequence[bytes]] = {}
    chain = EmbeddedChain(network.path, sent)
    try:
        actors = cast(chance, skewed=True, stranger=True)
        ledgers = {name: network.connect(name) for name in actors}
        contents: dict[str, dict[str, object]] = {}
        judge = Judge({ledgers[name].certificate_hash: actor for name, actor in actors.items()}, contents)
        world = World(
            chance, actors, clock, ledgers, chain, judge, contents, sent, serials=itertools.count(1),
            forger=EmbeddedVenue(network, ManualClock()),
        )  # fmt: skip
        await play(world, steps)
        await network.finish()
        score.add(world, time.monotonic() - begun)
    finally:
        chain.close()
        network.close()


async def fabric_episode(seed: int, steps: int, score: Score, profiles: Path, serials: Iterable[int]) -> None:
    """On a running network whose banks have everybody of `people`; nobody's clock is off there."""
    chance, begun = random.Random(seed), time.monotonic()
    actors = cast(chance, skewed=False, stranger=False)
    async with AsyncExitStack() as stack:
        ledgers: dict[str, GatewayLedger] = {}
        for name, actor in actors.items():
            profile = Profile.find(profiles, actor.member)
            ledgers[name] = GatewayLedger.connect(profile, profile.identity(actor.user), chaincode="exim")
            stack.push_async_callback(ledgers[name].close)
        watchers = [ledgers[f"{bank}/maker"] for bank in BANKS] + [ledgers["safe/officer"], ledgers["customs/officer"]]
        sent: dict[str, Sequence[bytes]] = {}
        watched = {name: [each for each in watchers if name in each.channels] for name in CHANNELS}
        chain = FabricChain(watched, ledgers["safe/officer"], sent)
        await chain.new()
        contents: dict[str, dict[str, object]] = {}
        judge = Judge({ledgers[name].certificate_hash: actor for name, actor in actors.items()}, contents)
        world = World(
            chance, actors, HostClock(), ledgers, chain, judge, contents, sent, can_skip_time=False, serials=serials
        )
        await play(world, steps)
        score.add(world, time.monotonic() - begun)
