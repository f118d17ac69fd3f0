"""Clients killed at every call of their job, and at random: what they were told holds, and the job can be finished."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from datetime import timedelta

import pytest
from tests.trust.exports import RESERVATION_HOURS
from tests.trust.fields import EXPORTERS, Field
from tests.trust.invariants import assert_acknowledged, assert_held_once, assert_nothing_stranded
from tests.trust.load import BANKS, Officers, Told, lend, standing
from tests.trust.mortal import Death, Job, live

from eximledger.desk import LoanDesk, Outcome
from eximledger_chaincode.contracts.state.names import FX
from eximledger_chaincode.lending.loan import LoanState

pytestmark = pytest.mark.slow

AT_ONCE = 4
"""Clients at work at the same time, each with an exporter of its own."""
AT_RANDOM = 200
SHORT_STRIDE = 60
"""Moments between two kills where only some are tried."""
HOLDING = frozenset({LoanState.APPROVED, LoanState.DISBURSED})


def jobs_of(banks: Sequence[str], serials: Iterator[int]) -> Iterator[Job]:
    """Jobs of the banks in turn; neighbours are of different exporters."""
    return (Job(banks[serial % len(banks)], serial, serial % EXPORTERS) for serial in serials)


async def all_of(lives: Iterable[Coroutine[None, None, Death]]) -> list[Death]:
    """Clients at the same time; when one does not end as it should, the others are ended too."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in lives]
    return [task.result() for task in tasks]


async def killed_at_every_moment(field: Field, jobs: Iterator[Job], stride: int) -> list[Death]:
    """A client for every `stride`-th moment, until one comes to the end of its job."""
    deaths: list[Death] = []
    for first in itertools.count(stride, stride * AT_ONCE):
        moments = range(first, first + stride * AT_ONCE, stride)
        deaths += await all_of(live(field.url, next(jobs), at=moment) for moment in moments)
        if not all(death.killed for death in deaths):
            return deaths
    raise AssertionError("unreachable")


async def killed_at_random(field: Field, jobs: Iterator[Job], chance: random.Random, count: int) -> list[Death]:
    """Clients killed at a random moment, until so many were; some come to the end of their job before. One that nobody
    kills tells how long a job takes; together they take longer."""
    deaths = [await live(field.url, next(jobs))]
    longest = 2 * deaths[0].seconds
    while sum(death.killed for death in deaths) < count:
        delays = [chance.uniform(0, longest) for _ in range(AT_ONCE)]
        deaths += await all_of(live(field.url, next(jobs), after=delay) for delay in delays)
    return deaths


async def assert_true_to_its_word(field: Field, deaths: Sequence[Death]) -> None:
    """Whatever a client was told before it died, the ledger says so."""
    told = {death.job.loan_id: death.told for death in deaths if death.told is not None}
    await field.settle()
    await assert_acknowledged(LoanDesk(field.connect("tradebank")), told)


async def assert_finished_by_the_bank(field: Field, deaths: Sequence[Death]) -> None:
    """The banks come back: they resume, and take up each job where it stands."""
    await field.settle()
    for bank in BANKS:
        await LoanDesk(field.connect(f"{bank}/checker")).resume()
    told, officers = Told(), {bank: Officers.of(bank, field.connect) for bank in BANKS}

    async def finish(jobs: Sequence[Job]) -> None:
        for job in jobs:
            await lend(officers[job.bank], job.export, job.loan_id, told)

    by_exporter = [[death.job for death in deaths if death.job.seller == seller] for seller in range(EXPORTERS)]
    await asyncio.gather(*map(finish, by_exporter))
    await field.settle()
    desk = LoanDesk(field.connect("tradebank"))
    assert set(told.states.values()) == {LoanState.RELEASED}
    assert len(told.states) == len(deaths)
    await assert_acknowledged(desk, told.states)
    await assert_held_once(desk, [death.job.export.declaration.number for death in deaths], promised=())


async def leave_held(field: Field, job: Job) -> None:
    """What an approval leaves that ends after it has reserved."""
    officers = Officers.of(job.bank, field.connect)
    await officers.file(job.export)
    await officers.maker.apply(job.export.application(job.loan_id))
    await officers.maker.check(job.loan_id)
    await officers.checker.ledger.submit(FX, "financing:reserve", job.loan_id)


async def assert_freed_by_another_bank(field: Field, jobs: Sequence[Job]) -> None:
    """Nobody comes back. Once the reservations have run out, tradebank's `resume` frees what eximbank left undecided;
    what it has approved or paid keeps its balance."""
    await field.settle()
    desk = LoanDesk(field.connect("tradebank/checker"), clock=field.clock)
    early = await desk.resume()
    assert {one.outcome for one in early.finished} <= {Outcome.FREED}  # of what was repaid, but not released
    field.clock.advance(timedelta(hours=RESERVATION_HOURS, minutes=1))
    resumption = await desk.resume()
    assert resumption.left == ()
    assert {one.outcome for one in resumption.finished} == {Outcome.EXPIRED}
    states = {job: await standing(desk, job.loan_id) for job in jobs}
    lent = [job for job, state in states.items() if state in HOLDING]
    numbers = [job.export.declaration.number for job, state in states.items() if state is not None]
    promised = [job.export.application(job.loan_id).declarations for job in lent]
    await assert_held_once(desk, numbers, promised)
    await assert_nothing_stranded(desk, field.clock())


async def test_a_client_killed_at_any_call_leaves_what_can_be_finished(
    field: Field, is_long: bool, serials: Iterator[int]
) -> None:
    deaths = await killed_at_every_moment(field, jobs_of(BANKS, serials), 1 if is_long else SHORT_STRIDE)
    await assert_true_to_its_word(field, deaths)
    await assert_finished_by_the_bank(field, deaths)
    await field.assert_sound()
    print(f"kills, {field.kind}: killed at {sum(death.killed for death in deaths)} moments")  # noqa: T201


async def test_a_client_killed_at_random_leaves_what_can_be_finished(
    field: Field, is_long: bool, seed: int, serials: Iterator[int]
) -> None:
    if field.kind == "fabric" and not is_long:
        pytest.skip("half a minute beside a kill at chosen calls: in `make trust` only")
    chance, count = random.Random(seed), AT_RANDOM if is_long else AT_ONCE
    deaths = await killed_at_random(field, jobs_of(BANKS, serials), chance, count)
    await assert_true_to_its_word(field, deaths)
    await assert_finished_by_the_bank(field, deaths)
    await field.assert_sound()
    print(f"kills, {field.kind}: {sum(death.killed for death in deaths)} at random")  # noqa: T201


async def test_what_a_bank_never_comes_back_for_is_freed_after_its_time(
    field: Field, is_long: bool, serials: Iterator[int]
) -> None:
    jobs = jobs_of(["eximbank"], serials)
    deaths = await killed_at_every_moment(field, jobs, 1) if is_long else []
    await leave_held(field, held := next(jobs))
    await assert_freed_by_another_bank(field, [*(death.job for death in deaths), held])
    await field.assert_sound()
