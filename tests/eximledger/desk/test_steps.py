"""Every step is one transaction: cut short anywhere it counts whole or not at all, and repeated it counts once."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.dongyu import CABLE
from tests.pledge import met

from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now, verify
from hlf_client.errors import NotAuthorized, NotFound

LOAN = "TB-2026-044"
HELD, NOTHING = Money.of("180000.00", "USD"), Money.zero("USD")
MAKER, CHECKER = "tradebank", "tradebank/checker"
ENDS = {
    "reject": (LoanState.CHECKED, LoanState.REJECTED),
    "approve": (LoanState.CHECKED, LoanState.APPROVED),
    "propose": (LoanState.APPROVED, LoanState.APPROVED),
    "withdrawal": (LoanState.APPROVED, LoanState.WITHDRAWN),
    "disbursement": (LoanState.APPROVED, LoanState.DISBURSED),
    "repayment": (LoanState.DISBURSED, LoanState.CLOSED),
    "write-off": (LoanState.DISBURSED, LoanState.WRITTEN_OFF),
}
"""For each step where the loan stands before and after it."""
HOLDING = {LoanState.APPROVED, LoanState.DISBURSED, LoanState.WRITTEN_OFF}


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


def proposal(step: Step, amount: Money) -> Proposal:
    if step in {Step.WITHDRAWAL, Step.WRITE_OFF}:
        return Proposal(step=step, reason="as both agreed")
    return Proposal(step=step, amount=amount, day=day_in_china(utc_now()), reference=f"{step}-7", conditions=met(step))


async def evidence(desk: LoanDesk) -> str:
    verdict = (await desk.loan(LOAN)).verdict
    assert verdict is not None
    return verdict.evidence_hash


async def take(step: str, desk: LoanDesk) -> Loan:
    """One transaction: a decision, a proposal, or the confirmation of what was proposed."""
    if step == "reject":
        return await desk.reject(LOAN, "not on these papers")
    if step == "approve":
        return await desk.approve(LOAN, 1, await evidence(desk))
    amount = (await desk.loan(LOAN)).application.document.amount
    if step == "propose":
        return await desk.propose(LOAN, proposal(Step.DISBURSEMENT, amount))
    return await desk.confirm(LOAN, proposal(Step(step), amount).id)


async def come_to(step: str, network: LedgerNetwork) -> None:
    """Bring the loan to where `step` is taken."""
    maker, checker = LoanDesk(network.connect(MAKER)), LoanDesk(network.connect(CHECKER))
    amount = (await maker.loan(LOAN)).application.document.amount
    before, _ = ENDS[step]
    if before in HOLDING:
        await take("approve", checker)
    if before is LoanState.DISBURSED:
        await maker.propose(LOAN, proposal(Step.DISBURSEMENT, amount))
        await take("disbursement", checker)
    if step in {each.value for each in Step}:
        await maker.propose(LOAN, proposal(Step(step), amount))


def officer(step: str) -> str:
    return MAKER if step == "propose" else CHECKER


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


def _copied(source: Path, folder: Path) -> Path:
    shutil.copytree(source.parent, folder)
    return folder / source.name


@pytest.fixture(scope="session")
def brought(checked_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    return Brought(checked_ledger, tmp_path_factory.mktemp("brought"))


async def assert_whole_or_not_at_all(step: str, desk: LoanDesk) -> None:
    """The loan stands before the step or after it, and holds just what it holds there."""
    loan = await desk.loan(LOAN)
    assert loan.state in ENDS[step]
    assert (await desk.balance(CABLE)).held == (HELD if loan.state in HOLDING else NOTHING)


async def assert_taken_once(step: str, desk: LoanDesk) -> None:
    _, after = ENDS[step]
    assert (await desk.loan(LOAN)).state is after
    assert (await desk.balance(CABLE)).held == (HELD if after in HOLDING else NOTHING)
    written = [item.loan for item in await desk.loan_history(LOAN)]
    assert len(written) == len({loan.model_dump_json() for loan in written}), "a step was written twice"


@pytest.mark.parametrize("step", sorted(ENDS))
async def test_a_step_cut_at_any_boundary_counts_whole_or_not_at_all(
    step: str, brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    counting = Cut(at=10_000)
    counted = exim_network_factory(await brought.to(step, tmp_path / "counted"))
    await take(step, LoanDesk(counted.connect(officer(step)), interceptor=counting))
    assert counting.passed >= 4  # endorsing, endorsed, ordered, committed
    for at in range(counting.passed):
        network = exim_network_factory(await brought.to(step, tmp_path / f"cut-{at}"))
        with pytest.raises(Killed):
            await take(step, LoanDesk(network.connect(officer(step)), interceptor=Cut(at)))
        again = LoanDesk(network.connect(officer(step)))
        await assert_whole_or_not_at_all(step, again)
        await take(step, again)
        await assert_taken_once(step, again)
        await network.finish()
        network.close()


@pytest.mark.parametrize("step", sorted(ENDS))
async def test_taking_a_step_again_changes_nothing(
    step: str, brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    desk = LoanDesk(exim_network_factory(await brought.to(step, tmp_path / "ledger")).connect(officer(step)))
    once = await take(step, desk)
    height = (await desk.ledger.channel_info("bank")).height
    assert await take(step, desk) == once
    written = [item.loan for item in await desk.loan_history(LOAN)]
    assert written.count(once) == 1
    assert (await desk.ledger.channel_info("bank")).height <= height + 1


async def test_an_approval_repeated_late_answers_with_the_loan_as_it_went_on(
    brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    network = exim_network_factory(await brought.to("repayment", tmp_path / "ledger"))
    checker = LoanDesk(network.connect(CHECKER))
    await take("repayment", checker)
    assert (await take("approve", checker)).state is LoanState.CLOSED
    assert (await checker.balance(CABLE)).held == NOTHING


async def test_who_did_not_approve_is_not_told_that_it_is_done(checked: LedgerNetwork) -> None:
    checker = LoanDesk(checked.connect(CHECKER))
    await take("approve", checker)
    hashed = await evidence(checker)
    for other in ("tradebank", "tradebank/admin", "tradebank/risk", "safe"):
        with pytest.raises(NotAuthorized):
            await LoanDesk(checked.connect(other)).approve(LOAN, 1, hashed)
    with pytest.raises(NotFound, match=f"^there is no loan {LOAN}$"):
        await LoanDesk(checked.connect("eximbank/checker")).approve(LOAN, 1, hashed)


async def test_an_officer_who_approves_eight_times_at_once_approves_once(checked: LedgerNetwork) -> None:
    desks = [LoanDesk(checked.connect(CHECKER)) for _ in range(8)]
    loans = await asyncio.gather(*(take("approve", desk) for desk in desks))
    assert {loan.state for loan in loans} == {LoanState.APPROVED}
    await assert_taken_once("approve", desks[0])


_CHILD = """
import asyncio, os, signal, sys
from eximledger.desk import LoanDesk, Moment
from eximledger import connect

async def main(url, who, step, moment):
    async def kill(boundary):
        if boundary.moment == Moment(moment):
            os.kill(os.getpid(), signal.SIGKILL)

    async with connect(url, who) as ledger:
        desk = LoanDesk(ledger, interceptor=kill)
        loan = await LoanDesk(ledger).loan("TB-2026-044")
        if step == "approve":
            await desk.approve(loan.loan_id, loan.version, loan.verdict.evidence_hash)
        else:
            await desk.confirm(loan.loan_id, loan.proposed.proposal.id)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", [Moment.ENDORSED, Moment.ORDERED, Moment.COMMITTED])
@pytest.mark.parametrize("step", ["approve", "repayment"])
async def test_a_process_killed_in_a_step_leaves_what_the_next_one_finishes(
    step: str,
    moment: Moment,
    brought: Brought,
    exim_network_factory: Callable[..., LedgerNetwork],
    tmp_path: Path,
) -> None:
    network = exim_network_factory(await brought.to(step, tmp_path / "ledger"))
    arguments = (network.url, officer(step), step, moment.value)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", _CHILD, *arguments, env=dict(os.environ))
    assert await child.wait() == -signal.SIGKILL
    desk = LoanDesk(network.connect(officer(step)))
    await assert_whole_or_not_at_all(step, desk)
    await take(step, desk)
    await assert_taken_once(step, desk)
    await network.finish()
    assert verify(network.url).is_good
