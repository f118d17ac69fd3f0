"""Everybody plays against the ledger, from a seed: what is committed is judged after every step, by books of its own.

`make trust` plays a hundred thousand steps; EXIM_SEED=... repeats an episode.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from tests.trust.adversary.hidden import Violation
from tests.trust.adversary.play import Score, embedded_episode, fabric_episode
from tests.trust.mutants import MUTANTS, Mutant

from hlf_network.driver import Network

LONG, EPISODE = 100_000, 2_000
SHORT = 250
ON_FABRIC, ON_FABRIC_SHORT = 1_500, 40
TAKEN = 1 / 3


def told(score: Score) -> None:
    print(score)  # noqa: T201
    assert score.taken >= TAKEN * score.steps
    assert score.approvals


async def test_nothing_is_committed_that_must_not_be_whatever_anybody_calls(is_long: bool, seed: int) -> None:
    score, chance = Score(), random.Random(seed)
    own = seed  # so that EXIM_SEED alone repeats the episode that failed
    while score.steps < (LONG if is_long else SHORT):
        try:
            await embedded_episode(own, EPISODE if is_long else SHORT, score)
        except Exception as failure:
            failure.add_note(f"{'EXIM_TRUST=1 ' if is_long else ''}EXIM_SEED={own} repeats it")
            raise
        own = chance.randrange(10**9)
    told(score)


@pytest.mark.fabric
@pytest.mark.slow
async def test_nothing_is_committed_on_fabric_that_must_not_be(
    fabric: Network, is_long: bool, seed: int, serials: Iterator[int]
) -> None:
    score = Score()
    steps = ON_FABRIC if is_long else ON_FABRIC_SHORT
    await fabric_episode(seed, steps, score, fabric.layout.root / "profiles", serials)
    print(score)  # noqa: T201
    assert score.taken >= TAKEN * score.steps


async def episodes(count: int) -> None:
    for seed in range(count):
        await embedded_episode(seed, EPISODE // 4, Score())


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
async def test_the_judge_sees(mutant: Mutant, is_long: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes one check out of the contracts; the play must notice."""
    if not (is_long or mutant.is_quick):
        pytest.skip("in `make trust` only")
    mutant.plant(monkeypatch)
    with pytest.raises(Violation, match=mutant.seen_as):
        await episodes(20)
