"""Turns: in which order those come on who had to wait, whoever of them gives up."""

from __future__ import annotations

import asyncio
import random

from hypothesis import given
from hypothesis import strategies as st

from hlf_client.turns import Turns

ALL = 1000


async def test_who_came_first_goes_first_and_who_was_cancelled_keeps_no_turn() -> None:
    turns, order = Turns(), list[str]()

    async def work(name: str, at_once: int = 1) -> None:
        async with turns.turn(at_once):
            order.append(name)
            await asyncio.sleep(0)

    async with turns.turn(1):
        tasks = {name: asyncio.create_task(work(name)) for name in "abcd"}
        await asyncio.sleep(0)
        late = asyncio.create_task(work("e", at_once=9))  # more would be let in, but others came before
        await asyncio.sleep(0)
        tasks["b"].cancel()
    tasks["a"].cancel()  # just called up
    await asyncio.gather(*tasks.values(), late, return_exceptions=True)
    assert order == ["c", "d", "e"]
    await work("f")
    assert order[-1] == "f"


async def test_a_waiter_that_gives_up_as_the_turn_is_given_back_stops_nobody() -> None:
    turns, order = Turns(), list[str]()

    async def work(name: str) -> None:
        async with turns.turn(1):
            order.append(name)

    async with turns.turn(1):
        first, second = (asyncio.create_task(work(name)) for name in "ab")
        await asyncio.sleep(0)
        first.cancel()  # its task has not run when the turn comes back
    await asyncio.gather(first, second, return_exceptions=True)
    assert order == ["b"]


async def test_a_turn_tells_whether_there_was_a_wait() -> None:
    turns = Turns()

    async def work() -> bool:
        async with turns.turn(1) as waited:
            return waited

    assert await work() is False
    async with turns.turn(1):
        waiting = asyncio.create_task(work())
        await asyncio.sleep(0)
    assert await waiting is True


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), max_size=25), st.integers())
def test_one_who_takes_all_is_alone_and_everybody_who_stays_comes_on(
    plays: list[tuple[bool, bool, int]], seed: int
) -> None:
    """Readers beside one another, writers alone; some give up, at any moment."""

    async def run() -> None:
        turns, inside, done = Turns(), list[bool](), set[int]()
        chance = random.Random(seed)

        async def play(number: int, steps: int, *, is_writer: bool) -> None:
            async with turns.turn(1, weight=ALL) if is_writer else turns.turn(ALL):
                inside.append(is_writer)
                assert len(inside) == 1 or not any(inside)
                try:
                    for _ in range(steps):
                        await asyncio.sleep(0)
                finally:
                    inside.remove(is_writer)
            done.add(number)

        tasks = [
            asyncio.create_task(play(number, steps, is_writer=is_writer))
            for number, (is_writer, _, steps) in enumerate(plays)
        ]
        for task, (_, gives_up, _) in zip(tasks, plays, strict=True):
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
            if gives_up:
                task.cancel()
        async with asyncio.timeout(10):
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [each for each in outcomes if each is not None and not isinstance(each, asyncio.CancelledError)] == []
        assert done >= {number for number, (_, gives_up, _) in enumerate(plays) if not gives_up}
        async with turns.turn(1) as waited:
            assert not waited

    asyncio.run(run())
