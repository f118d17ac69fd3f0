"""Envelopes held back: endorsed while they were right, ordered when they no longer are.

Reads on another channel are in no read set, so each of these would pass a naive protocol. In all of them an approved
loan keeps its balance, and a balance that was freed stays under no approved loan.
"""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import EVIDENCE, Lending, Rules, opened
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, SAFE, TRADEBANK, usd
from tests.hlf_chaincode.memory_peer import CommitInvalid, Envelope

from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.register import ReservationState
from hlf_chaincode.errors import Refused


@pytest.fixture
async def lending(monkeypatch: pytest.MonkeyPatch) -> Lending:
    monkeypatch.setattr("eximledger_chaincode.contracts.loans.reconcile", Rules().reconcile)
    lending = await opened(1)
    await lending.apply()
    await lending.check()
    await lending.reserve()
    return lending


def commit_fails(lending: Lending, envelope: Envelope) -> None:
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(envelope)


async def approval(lending: Lending) -> Envelope:
    return await lending.endorse(CHECKER, "loans:approve", "L-1", EVIDENCE, [])


async def test_an_approval_held_back_past_a_rejection_and_release(lending: Lending) -> None:
    held_back = await approval(lending)
    await lending.loan(EXIMBANK, "reject", "L-1", "no")
    await lending.free()
    commit_fails(lending, held_back)


async def test_an_approval_held_back_past_expiry_and_release(lending: Lending) -> None:
    held_back = await approval(lending)
    lending.later(days=4)
    await lending.loan(TRADEBANK, "expire")
    await lending.free()
    commit_fails(lending, held_back)


async def test_an_approval_held_back_past_expiry_and_a_new_application(lending: Lending) -> None:
    held_back = await approval(lending)
    lending.later(days=4)
    await lending.loan(TRADEBANK, "expire")
    await lending.free()
    await lending.apply()
    commit_fails(lending, held_back)


async def test_an_approval_long_held_back_still_has_its_balance(lending: Lending) -> None:
    held_back = await approval(lending)
    lending.later(days=400)
    lending.ledger.commit(held_back)
    assert (await lending.balance()).held == usd("70000")
    with pytest.raises(Refused, match="loan L-1 is approved"):
        await lending.loan(SAFE, "expire")


async def test_an_expiry_held_back_past_the_approval(lending: Lending) -> None:
    lending.later(days=4)
    held_back = await lending.endorse(TRADEBANK, "loans:expire", "L-1")
    await lending.reserve()
    await lending.approve()
    commit_fails(lending, held_back)


async def test_an_expiry_held_back_past_a_renewal_and_a_new_application(lending: Lending) -> None:
    lending.later(days=4)
    held_back = await lending.endorse(TRADEBANK, "loans:expire", "L-1")
    await lending.apply(trade.application(purpose="amended", applied_on=lending.day))
    await lending.reserve()
    commit_fails(lending, held_back)


async def test_a_release_held_back_past_a_new_application(lending: Lending) -> None:
    """The reservation is renewed while the expiry is on its way, so it is live when the loan expires. Were reserving
    for the new application a mere look at it, the release held back would free the balance under an approved loan."""
    lending.later(days=4)
    expiry = await lending.endorse(TRADEBANK, "loans:expire", "L-1")
    await lending.reserve()
    lending.ledger.commit(expiry)
    held_back = await lending.endorse(TRADEBANK, "financing:release", "L-1")
    await lending.apply()
    await lending.check()
    with pytest.raises(Refused, match="reserve first"):
        await lending.approve()
    await lending.reserve()
    approved = await lending.approve()
    assert approved.state is LoanState.APPROVED
    commit_fails(lending, held_back)
    assert (await lending.balance()).held == usd("70000")


async def test_a_reservation_held_back_past_a_release(lending: Lending) -> None:
    lending.later(days=4)
    held_back = await lending.endorse(EXIMBANK, "financing:reserve", "L-1")
    await lending.loan(EXIMBANK, "withdraw", "L-1", "no more")
    await lending.free()
    commit_fails(lending, held_back)


async def test_a_first_reservation_held_back_past_a_rejection_strands_nothing(lending: Lending) -> None:
    await lending.apply(trade.application("L-2", occupied="100.00"))
    with pytest.raises(Refused, match="financed already"):
        await lending.reserve("L-2")
    await lending.file(trade.declaration(2))
    await lending.file_papers(2)
    await lending.apply(trade.application("L-3", serials=(2,)))
    held_back = await lending.endorse(EXIMBANK, "financing:reserve", "L-3")
    await lending.loan(EXIMBANK, "reject", "L-3", "no")
    lending.ledger.commit(held_back)
    assert (await lending.balance(2)).held == usd("70000")
    released = await lending.free("L-3", TRADEBANK)
    assert released.state is ReservationState.RELEASED
    assert (await lending.balance(2)).free == usd("100000")


async def test_a_reservation_for_an_older_application_held_back(lending: Lending) -> None:
    lending.later(days=4)
    held_back = await lending.endorse(EXIMBANK, "financing:reserve", "L-1")
    await lending.apply(trade.application(occupied="90000.00", applied_on=lending.day))
    lending.ledger.commit(held_back)  # valid, but for version 1
    await lending.check()
    with pytest.raises(Refused, match="version 2"):
        await lending.approve()


async def test_a_disbursement_held_back_past_a_withdrawal(lending: Lending) -> None:
    await lending.approve()
    held_back = await lending.endorse(EXIMBANK, "loans:disburse", "L-1", "PAY")
    withdrawn = await lending.loan(EXIMBANK, "withdraw", "L-1", "not needed")
    assert withdrawn.approval is not None
    await lending.free()
    commit_fails(lending, held_back)
    assert (await lending.balance()).free == usd("100000")
