"""Loans of one exporter take turns: of many officers at once none is endorsed anew; others wait for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.trust.exports import Export, application_of, exporter, today_in_china
from tests.trust.fields import Field, field_of_embedded

from eximledger.desk import Boundary, LoanDesk, Moment, Retry
from eximledger.desk.calling import Interceptor, no_interceptor, turn_of
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.documents import LoanApplication, Money
from eximledger_chaincode.lending.loan import LoanState
from hlf_client.errors import NotAuthorized, NotFound

BANK, MSP = "eximbank", "EximbankMSP"
ONCE = Retry(attempts=1)
"""Whoever meets another loses."""


@pytest.fixture
async def field(tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]) -> Field:
    return await field_of_embedded(exim_network_factory, tmp_path / "turns.db")


def desk(field: Field, user: str, interceptor: Interceptor = no_interceptor, retry: Retry = ONCE) -> LoanDesk:
    return LoanDesk(field.connect(f"{BANK}/{user}"), retry=retry, interceptor=interceptor)


async def applied(field: Field, sellers: Sequence[int]) -> list[LoanApplication]:
    """A loan on an export of each of these exporters, applied for, its copies pulled."""
    day = today_in_china()
    exports = [Export(serial, exporter(seller), day) for serial, seller in enumerate(sellers, start=1)]
    await LoanDesk(field.connect("customs")).file(export.declaration for export in exports)
    await LoanDesk(field.connect(BANK)).file(paper for export in exports for paper in export.papers)
    made = [
        application_of(f"T-{export.serial}", [(export, Money.of(20_000, "USD"))], day, "50000.00") for export in exports
    ]
    for application in made:
        await desk(field, "maker").apply(application)
        await desk(field, "maker").pull(
            application.exporter, [each.declaration_number for each in application.declarations]
        )
    return made


async def lend(field: Field, loan_id: str) -> LoanState:
    verdict = await desk(field, "maker").check(loan_id)
    return (await desk(field, "checker").approve(loan_id, 1, verdict.evidence_hash)).state


async def test_of_many_officers_on_one_exporter_each_comes_through_at_the_first_try(field: Field) -> None:
    loans = await applied(field, [0] * 8)
    states = await asyncio.gather(*(lend(field, loan.loan_id) for loan in loans))
    assert states == [LoanState.APPROVED] * 8


async def test_a_loan_that_waits_for_its_turn_is_read_again(field: Field) -> None:
    """What it had read is old by then: the peers record what this client computes, so nothing is told uncompared."""
    first, second = await applied(field, [0, 0])
    verdict = await desk(field, "maker").check(first.loan_id)
    reached = asyncio.Event()

    async def tell(boundary: Boundary) -> None:
        if boundary.function == "loans:facts" and boundary.moment is Moment.ANSWERED:
            reached.set()

    async with turn_of(MSP, first.exporter, changes=True):
        checking = asyncio.create_task(desk(field, "maker", tell).check(second.loan_id))
        await reached.wait()
        approver = LoanDesk(field.connect(f"{BANK}/checker"), retry=ONCE)
        approving = asyncio.create_task(approver.approve(first.loan_id, 1, verdict.evidence_hash))
    told = await checking
    await approving
    loan = await desk(field, "maker").loan(second.loan_id)
    assert loan.verdict == told


async def test_another_exporters_loan_waits_for_nobody(field: Field) -> None:
    _, other = await applied(field, [0, 1])
    async with turn_of(MSP, exporter(0).uscc or "", changes=True), asyncio.timeout(30):
        assert await lend(field, other.loan_id) is LoanState.APPROVED


async def test_checks_stand_beside_one_another_and_an_approval_waits_for_them(field: Field) -> None:
    first, second = await applied(field, [0, 0])
    verdict = await desk(field, "maker").check(first.loan_id)
    async with turn_of(MSP, first.exporter, changes=False), asyncio.timeout(30):
        await desk(field, "maker").check(second.loan_id)
        approving = asyncio.create_task(desk(field, "checker").approve(first.loan_id, 1, verdict.evidence_hash))
        await desk(field, "checker").loan(first.loan_id)
        assert not approving.done()
    assert (await approving).state is LoanState.APPROVED


async def test_who_may_not_approve_is_told_so_and_not_of_turns(field: Field) -> None:
    (loan,) = await applied(field, [0])
    verdict = await desk(field, "maker").check(loan.loan_id)
    with pytest.raises(NotAuthorized):
        await LoanDesk(field.connect("safe")).approve(loan.loan_id, 1, verdict.evidence_hash)
    with pytest.raises(NotFound, match="T-99"):
        await desk(field, "checker").approve("T-99", 1, verdict.evidence_hash)
