"""Clients killed at every call of their job, and at random: what they were told holds, and the job can be finished."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Coroutine, Iterable, Iterator, Sequence

import pytest
from tests.trust.exports import today_in_china
from tests.trust.fields import EXPORTERS, Field
from tests.trust.invariants import assert_acknowledged, assert_held_by_loans, assert_held_once
from tests.trust.load import BANKS, Officers, Told, lend, standing
from tests.trust.mortal import Death, Job, live

from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Step

pytestmark = pytest.mark.slow

AT_ONCE = 4
"""Clients at work at the same time, each with an exporter of its own."""
AT_RANDOM = 200
SHORT_STRIDE = {"embedded": 20, "fabric": 32}
"""Moments between two kills where only some are tried."""


def jobs_of(banks: Sequence[str], serials: Iterator[int]) -> Iterator[Job]:
    """Jobs of the banks in turn; neighbours are of different exporters."""
    day = today_in_china()
    return (Job(banks[serial % len(banks)], serial, serial % EXPORTERS, day) for serial in serials)


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
    await assert_acknowledged(LoanDesk(field.connect("safe")), told)


async def assert_finished_by_the_bank(field: Field, deaths: Sequence[Death]) -> None:
    """The banks come back and give the same calls again: each job is taken up where it stands."""
    await field.settle()
    told, officers = Told(), {bank: Officers.of(bank, field.connect) for bank in BANKS}

    async def finish(jobs: Sequence[Job]) -> None:
        for job in jobs:
            await lend(officers[job.bank], job.export, job.loan_id, told)

    by_exporter = [[death.job for death in deaths if death.job.seller == seller] for seller in range(EXPORTERS)]
    await asyncio.gather(*map(finish, by_exporter))
    await field.settle()
    safe = LoanDesk(field.connect("safe"))
    assert set(told.states.values()) == {LoanState.CLOSED}
    assert len(told.states) == len(deaths)
    await assert_acknowledged(safe, told.states)
    await assert_held_once(safe, [death.job.export.number for death in deaths], promised=())


async def assert_nothing_half_done(field: Field, deaths: Sequence[Death]) -> None:
    """Before anybody comes back: whatever a client died in, balance is held for loans that are approved or disbursed,
    and for no other."""
    await field.settle()
    safe, desks = LoanDesk(field.connect("safe")), {bank: LoanDesk(field.connect(bank)) for bank in BANKS}
    loans: list[Loan] = []
    for job in (death.job for death in deaths):
        if await standing(desks[job.bank], job.loan_id) is not None:
            loans.append(await desks[job.bank].loan(job.loan_id))
    numbers = [item.declaration_number for loan in loans for item in loan.items]
    await assert_held_once(safe, numbers, map(_promised, loans))
    await assert_held_by_loans(safe, numbers)


def _promised(loan: Loan) -> Sequence[FinancedDeclaration]:
    """What a loan of `load` must hold where it stands."""
    if loan.state not in {LoanState.APPROVED, LoanState.DISBURSED}:
        return ()
    if not loan.taken(Step.REPAYMENT):
        return loan.items
    kept = [Money(amount=item.amount.amount * 3 / 4, currency=item.amount.currency) for item in loan.items]
    return [item.model_copy(update={"amount": amount}) for item, amount in zip(loan.items, kept, strict=True)]


async def test_a_client_killed_at_any_call_leaves_what_can_be_finished(
    field: Field, is_long: bool, serials: Iterator[int]
) -> None:
    deaths = await killed_at_every_moment(field, jobs_of(BANKS, serials), 1 if is_long else SHORT_STRIDE[field.kind])
    await assert_true_to_its_word(field, deaths)
    await assert_nothing_half_done(field, deaths)
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
    await assert_nothing_half_done(field, deaths)
    await assert_finished_by_the_bank(field, deaths)
    await field.assert_sound()
    print(f"kills, {field.kind}: {sum(death.killed for death in deaths)} at random")  # noqa: T201
