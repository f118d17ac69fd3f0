"""The steps that take several transactions, cut short at every boundary, and finished afterwards."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.dongyu import CABLE

from eximledger.desk import Boundary, LoanDesk, Moment, Outcome
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.register import ReservationState
from hlf_client import verify

LOAN = "TB-2026-044"
HELD, NOTHING = Money.of("180000.00", "USD"), Money.zero("USD")
STEPS = ("approve", "withdraw", "repay", "reject")


class Killed(BaseException):
    """As if the process had ended here."""


@dataclass
class Cut:
    """Ends the run at its boundary number `at`, counted from 0; counts them when it is never reached."""

    at: int
    passed: int = 0

    async def __call__(self, _boundary: Boundary) -> None:
        if self.passed == self.at:
            raise Killed
        self.passed += 1


async def evidence(desk: LoanDesk) -> str:
    verdict = (await desk.loan(LOAN)).verdict
    assert verdict is not None
    return verdict.evidence_hash


async def come_to(step: str, network: LedgerNetwork) -> None:
    """Bring the loan to where `step` is taken."""
    maker, checker = LoanDesk(network.connect("tradebank")), LoanDesk(network.connect("tradebank/checker"))
    if step in {"withdraw", "repay"}:
        await checker.approve(LOAN, await evidence(maker))
    if step == "repay":
        await maker.disburse(LOAN, "PAID-1")
    if step == "reject":  # an open loan that holds balance: as an approval leaves it that ended after reserving
        await network.connect("tradebank").submit("fx", "financing:reserve", LOAN)


class Brought:
    """Ledgers, closed, on which the loan has come to where a step is taken: each is made once, and copied."""

    def __init__(self, checked: Path, folder: Path) -> None:
        self._checked, self._folder = checked, folder

    async def to(self, step: str, folder: Path) -> Path:
        """A copy in a folder of its own."""
        made = self._folder / step / self._checked.name
        if not made.parent.exists():
            network = exim_ledger(_copied(self._checked, made.parent))
            await come_to(step, network)
            await network.finish()
            network.close()
        return _copied(made, folder)


@pytest.fixture(scope="session")
def brought(checked_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    return Brought(checked_ledger, tmp_path_factory.mktemp("brought"))


async def take(step: str, desk: LoanDesk) -> Loan:
    steps: dict[str, Callable[[], Awaitable[Loan]]] = {
        "withdraw": lambda: desk.withdraw(LOAN, "the exporter does not need it"),
        "repay": lambda: desk.repay(LOAN, "BACK-1"),
        "reject": lambda: desk.reject(LOAN, "not on these papers"),
    }
    if step == "approve":
        return await desk.approve(LOAN, await evidence(desk))
    return await steps[step]()


def officer(step: str) -> str:
    return "tradebank/checker" if step == "approve" else "tradebank"


ENDS = {
    "approve": (LoanState.APPROVED, HELD),
    "withdraw": (LoanState.WITHDRAWN, NOTHING),
    "repay": (LoanState.RELEASED, NOTHING),
    "reject": (LoanState.REJECTED, NOTHING),
}


async def boundaries_of(step: str, network: LedgerNetwork) -> int:
    counting = Cut(at=10_000)
    await take(step, LoanDesk(network.connect(officer(step)), interceptor=counting))
    return counting.passed


async def assert_consistent(desk: LoanDesk) -> None:
    """What may be true at any instant: an approved or disbursed loan holds its balance, a released one nothing."""
    loan, balance = await desk.loan(LOAN), await desk.balance(CABLE)
    reservation = await desk.reservation(LOAN)
    held = reservation is not None and reservation.state is ReservationState.HELD
    assert balance.held == (HELD if held else NOTHING)
    if loan.state in {LoanState.APPROVED, LoanState.DISBURSED}:
        assert held
    if loan.state is LoanState.RELEASED:
        assert not held


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_cut_at_any_boundary_is_finished_by_taking_it_again(
    step: str, brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    await _cut_everywhere(step, brought, exim_network_factory, tmp_path, lambda desk: take(step, desk))


@pytest.mark.parametrize("step", ["withdraw", "repay", "reject"])
async def test_a_step_cut_after_its_first_commit_is_finished_by_resume(
    step: str, brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    async def resume_or_take(desk: LoanDesk) -> Loan:
        before = await desk.loan(LOAN)
        await desk.resume()
        after = await desk.loan(LOAN)
        untouched = before.state not in {LoanState.REJECTED, LoanState.WITHDRAWN, LoanState.REPAID, LoanState.RELEASED}
        return await take(step, desk) if untouched else after

    await _cut_everywhere(step, brought, exim_network_factory, tmp_path, resume_or_take)


async def _cut_everywhere(
    step: str,
    brought: Brought,
    make: Callable[..., LedgerNetwork],
    folder: Path,
    finish: Callable[[LoanDesk], Awaitable[Loan]],
) -> None:
    total = await boundaries_of(step, make(await brought.to(step, folder / "counted")))
    assert total > 8
    for at in range(total):
        network = make(await brought.to(step, folder / f"cut-{at}"))
        with pytest.raises(Killed):
            await take(step, LoanDesk(network.connect(officer(step)), interceptor=Cut(at)))
        again = LoanDesk(network.connect(officer(step)))
        await assert_consistent(again)
        await finish(again)
        await assert_consistent(again)
        state, held = ENDS[step]
        assert (await again.loan(LOAN)).state is state, at
        assert (await again.balance(CABLE)).held == held, at
        await network.finish()
        network.close()


def _copied(source: Path, folder: Path) -> Path:
    shutil.copytree(source.parent, folder)
    return folder / source.name


async def test_an_approval_cut_after_reserving_is_finished_by_resume(checked: LedgerNetwork) -> None:
    async def after_reserving(boundary: Boundary) -> None:
        if boundary.moment is Moment.COMMITTED and boundary.function == "financing:reserve":
            raise Killed

    desk = LoanDesk(checked.connect("tradebank/checker"), interceptor=after_reserving)
    with pytest.raises(Killed):
        await take("approve", desk)
    assert (await desk.loan(LOAN)).state is LoanState.CHECKED
    resumption = await LoanDesk(checked.connect("tradebank/checker")).resume()
    assert [(one.loan_id, one.outcome) for one in resumption.finished] == [(LOAN, Outcome.APPROVED)]
    assert (await desk.loan(LOAN)).state is LoanState.APPROVED
    again = await LoanDesk(checked.connect("tradebank/checker")).resume()
    assert (again.finished, again.left) == ((), ())


async def test_the_maker_cannot_finish_an_approval_and_is_told_why(checked: LedgerNetwork) -> None:
    await checked.connect("tradebank").submit("fx", "financing:reserve", LOAN)
    resumption = await LoanDesk(checked.connect("tradebank")).resume()
    assert resumption.finished == ()
    (left,) = resumption.left
    assert (left.loan_id, left.bank) == (LOAN, "TradebankMSP")
    assert "applied" in left.reason or "another" in left.reason
    assert left.expires_at is not None


async def test_another_bank_leaves_a_loan_that_may_still_be_approved(checked: LedgerNetwork) -> None:
    await checked.connect("tradebank").submit("fx", "financing:reserve", LOAN)
    resumption = await LoanDesk(checked.connect("eximbank/checker")).resume()
    assert (resumption.finished, resumption.left) == ((), ())


async def test_taking_a_finished_step_again_changes_nothing(checked: LedgerNetwork) -> None:
    maker, checker = LoanDesk(checked.connect("tradebank")), LoanDesk(checked.connect("tradebank/checker"))
    approved = await take("approve", checker)
    assert await take("approve", checker) == approved
    await maker.disburse(LOAN, "PAID-1")
    released = await take("repay", maker)
    assert await take("repay", maker) == released
    assert (await checker.approve(LOAN, await evidence(checker))).state is LoanState.RELEASED


async def test_two_officers_who_approve_at_once_both_learn_that_it_is_approved(checked: LedgerNetwork) -> None:
    desks = [LoanDesk(checked.connect("tradebank/checker")) for _ in range(8)]
    loans = await asyncio.gather(*(take("approve", desk) for desk in desks))
    assert {loan.state for loan in loans} == {LoanState.APPROVED}
    assert (await desks[0].balance(CABLE)).held == HELD


_CHILD = """
import asyncio, os, signal, sys
from eximledger.desk import LoanDesk, Moment
from eximledger import connect

async def main(url, who, step, moment, function):
    async def kill(boundary):
        if (boundary.moment, boundary.function) == (Moment(moment), function):
            os.kill(os.getpid(), signal.SIGKILL)

    async with connect(url, who) as ledger:
        desk = LoanDesk(ledger, interceptor=kill)
        if step == "approve":
            await desk.approve("TB-2026-044", (await desk.loan("TB-2026-044")).verdict.evidence_hash)
        else:
            await desk.repay("TB-2026-044", "BACK-1")

asyncio.run(main(*sys.argv[1:]))
"""

_KILLS = [
    (step, moment, function)
    for step, functions in (
        ("approve", ("financing:reserve", "loans:approve")),
        ("repay", ("loans:repay", "financing:release", "loans:release")),
    )
    for function in functions
    for moment in (Moment.ENDORSED, Moment.ORDERED, Moment.COMMITTED)
]


@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment", "function"), _KILLS)
async def test_a_process_killed_in_a_step_leaves_what_the_next_one_finishes(
    step: str,
    moment: Moment,
    function: str,
    brought: Brought,
    exim_network_factory: Callable[..., LedgerNetwork],
    tmp_path: Path,
) -> None:
    network = exim_network_factory(await brought.to(step, tmp_path / "ledger"))
    arguments = (network.url, officer(step), step, moment.value, function)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", _CHILD, *arguments, env=dict(os.environ))
    assert await child.wait() == -signal.SIGKILL
    desk = LoanDesk(network.connect(officer(step)))
    await assert_consistent(desk)
    await desk.resume()
    await take(step, desk)
    state, held = ENDS[step]
    assert (await desk.loan(LOAN)).state is state
    assert (await desk.balance(CABLE)).held == held
    await network.finish()
    assert verify(network.url).is_good
