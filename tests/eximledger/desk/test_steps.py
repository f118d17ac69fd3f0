"""Every step is one transaction: cut short anywhere it counts whole or not at all, and repeated it counts once."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.dongyu import CABLE
from tests.pledge import met

from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now, verify
from hlf_client.errors import NotAuthorized, NotFound

LOAN = "TB-2026-044"
MAKER, CHECKER = "tradebank", "tradebank/checker"
HELD, HALF, NOTHING = Money.of("180000.00", "USD"), Money.of("90000.00", "USD"), Money.zero("USD")


@dataclass(frozen=True)
class Ends:
    """Where the loan stands before a step and after it, and what it then holds; the steps that come first, and how
    many days before this one."""

    before: LoanState
    after: LoanState
    held: Money
    first: tuple[str, ...] = ()
    days: int = 0


_PAID_OUT = ("approve", "disbursement")
ENDS = {
    "reject": Ends(LoanState.CHECKED, LoanState.REJECTED, NOTHING),
    "approve": Ends(LoanState.CHECKED, LoanState.APPROVED, HELD),
    "propose": Ends(LoanState.APPROVED, LoanState.APPROVED, HELD, ("approve",)),
    "withdrawal": Ends(LoanState.APPROVED, LoanState.WITHDRAWN, NOTHING, ("approve",)),
    "lapse": Ends(LoanState.APPROVED, LoanState.LAPSED, NOTHING, ("approve",), 31),
    "disbursement": Ends(LoanState.APPROVED, LoanState.DISBURSED, HELD, ("approve",)),
    "disbursement in part": Ends(LoanState.APPROVED, LoanState.DISBURSED, HELD, ("approve",)),
    "repayment": Ends(LoanState.DISBURSED, LoanState.CLOSED, NOTHING, _PAID_OUT),
    "repayment in part": Ends(LoanState.DISBURSED, LoanState.DISBURSED, HALF, _PAID_OUT),
    "extension": Ends(LoanState.DISBURSED, LoanState.DISBURSED, HELD, _PAID_OUT),
    "overdue": Ends(LoanState.DISBURSED, LoanState.OVERDUE, HELD, _PAID_OUT, 200),
    "indemnity": Ends(LoanState.DISBURSED, LoanState.INDEMNITY_SOUGHT, HELD, _PAID_OUT),
    "repayment by the insurer": Ends(
        LoanState.INDEMNITY_SOUGHT, LoanState.INDEMNITY_SOUGHT, HELD, (*_PAID_OUT, "indemnity")
    ),
    "write-off": Ends(LoanState.DISBURSED, LoanState.WRITTEN_OFF, HELD, _PAID_OUT),
    "repayment after it": Ends(LoanState.WRITTEN_OFF, LoanState.CLOSED, NOTHING, (*_PAID_OUT, "write-off")),
}
ALONE = {"reject", "approve", "propose", "lapse", "overdue"}
"""Acts of one person; the others are proposed and confirmed."""
TRANSACTIONS = {"lapse": 2}
"""Of a step that takes more than one: the loan's papers are looked up first."""


class Killed(BaseException):
    """As if the process had ended here."""


@dataclass
class Cut:
    """Ends the run at its boundary number `at`, counted from 0."""

    at: int
    passed: int = 0

    async def __call__(self, _boundary: Boundary) -> None:
        if self.passed == self.at:
            raise Killed
        self.passed += 1


def proposal(step: str, loan: Loan) -> Proposal:
    """What is proposed of a loan, by the name of the step."""
    taken = next(each for each in Step if step.startswith(each))
    if taken in {Step.WITHDRAWAL, Step.WRITE_OFF}:
        return Proposal(step=taken, reason="as both agreed")
    if taken is Step.EXTENSION:
        later = loan.application.document.matures_on + timedelta(days=10)
        return Proposal(step=taken, matures_on=later, reason="the buyer pays later")
    whole = loan.application.document.amount
    is_part = step.endswith(("in part", "insurer"))
    said = {
        "step": taken, "amount": Money(amount=whole.amount / 2, currency=whole.currency) if is_part else whole,
        "day": day_in_china(utc_now()), "reference": f"{step}-7", "conditions": met(taken),
    }  # fmt: skip
    if taken is Step.INDEMNITY:
        said |= {"insurer": "Sinosure"}
    if step.endswith("insurer"):
        said |= {"source": "insurer"}
    return Proposal.model_validate(said)


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
    if step == "lapse":
        return await desk.lapse(LOAN)
    if step == "overdue":
        return await desk.mark_overdue(LOAN)
    loan = await desk.loan(LOAN)
    if step == "propose":
        return await desk.propose(LOAN, proposal("disbursement", loan))
    return await desk.confirm(LOAN, proposal(step, loan).id)


async def propose(step: str, maker: LoanDesk) -> None:
    if step not in ALONE:
        await maker.propose(LOAN, proposal(step, await maker.loan(LOAN)))


async def come_to(step: str, network: LedgerNetwork) -> None:
    """Bring the loan to where `step` is taken."""
    maker, checker = LoanDesk(network.connect(MAKER)), LoanDesk(network.connect(CHECKER))
    for first in ENDS[step].first:
        await propose(first, maker)
        await take(first, checker)
    await propose(step, maker)


def clock_of(step: str) -> Callable[[], datetime]:
    """The clock by which a step is taken."""
    return lambda: utc_now() + timedelta(days=ENDS[step].days)


def officer(step: str) -> str:
    return MAKER if step in {"propose", "lapse", "overdue"} else CHECKER


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
    loan, ends = await desk.loan(LOAN), ENDS[step]
    is_taken = len(loan.payments) == len(_confirmed(step)) if step not in ALONE else loan.state is ends.after
    assert loan.state is (ends.after if is_taken else ends.before)
    before = ENDS[ends.first[-1]].held if ends.first else NOTHING
    assert (await desk.balance(CABLE)).held == (ends.held if is_taken else before)


def _confirmed(step: str) -> list[str]:
    """The steps of two persons that the loan has taken when it has taken this one."""
    return [each for each in (*ENDS[step].first, step) if each not in ALONE]


async def assert_taken_once(step: str, desk: LoanDesk) -> None:
    loan = await desk.loan(LOAN)
    assert loan.state is ENDS[step].after
    assert len(loan.payments) == len(_confirmed(step))
    account = account_of(loan, day_in_china(utc_now()))
    assert account.drawn == account.repaid + account.outstanding
    assert (await desk.balance(CABLE)).held == ENDS[step].held
    written = [item.loan for item in await desk.loan_history(LOAN)]
    assert len(written) == len({loan.model_dump_json() for loan in written}), "a step was written twice"


@pytest.mark.parametrize("step", sorted(ENDS))
async def test_a_step_cut_at_any_boundary_counts_whole_or_not_at_all(
    step: str, brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    for at in count():
        network = exim_network_factory(await brought.to(step, tmp_path / f"cut-{at}"), clock=clock_of(step))
        was_cut = await is_cut(take(step, LoanDesk(network.connect(officer(step)), interceptor=Cut(at))))
        again = LoanDesk(network.connect(officer(step)))
        await assert_whole_or_not_at_all(step, again)
        await take(step, again)
        await assert_taken_once(step, again)
        await network.finish()
        network.close()
        if not was_cut:
            break
    assert at >= 4  # endorsing, endorsed, ordered, committed


async def is_cut(taking: Awaitable[object]) -> bool:
    """Whether the run ended at a boundary, and not at its end."""
    try:
        await taking
    except Killed:
        return True
    return False


@pytest.mark.parametrize("step", sorted(ENDS))
async def test_taking_a_step_again_changes_nothing(
    step: str, brought: Brought, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    network = exim_network_factory(await brought.to(step, tmp_path / "ledger"), clock=clock_of(step))
    desk = LoanDesk(network.connect(officer(step)))
    once = await take(step, desk)
    height = (await desk.ledger.channel_info("bank")).height
    assert await take(step, desk) == once
    written = [item.loan for item in await desk.loan_history(LOAN)]
    assert written.count(once) == 1
    assert (await desk.ledger.channel_info("bank")).height <= height + TRANSACTIONS.get(step, 1)


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
@pytest.mark.parametrize("step", ["approve", "repayment", "repayment in part", "extension"])
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
