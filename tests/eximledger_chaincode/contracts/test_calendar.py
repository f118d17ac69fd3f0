"""calendar: SAFE opens each business day; without one nothing is approved or disbursed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import EVIDENCE, Lending, opened, stand_in
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    OFFICER,
    SAFE,
    STRANGER,
    TRADEBANK_CHECKER,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity, MemoryLedger, identity

from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused
from hlf_chaincode.policies import EndorsementPolicy


@pytest.fixture
async def ledger() -> MemoryLedger:
    return await trade.founded()


async def opens(ledger: MemoryLedger, day: date, who: Identity = SAFE) -> BusinessDay:
    return BusinessDay.model_validate(await ledger.submit(who, "bank", "calendar:open", day))


async def test_each_opening_counts(ledger: MemoryLedger) -> None:
    with pytest.raises(NotFound, match="no business day"):
        await ledger.evaluate(EXIMBANK, "bank", "calendar:day")
    first = await opens(ledger, APPLIED)
    again = await opens(ledger, APPLIED)
    following = await opens(ledger, APPLIED + timedelta(days=1))
    assert [(each.day, each.opening) for each in (first, again, following)] == [
        (APPLIED, 1), (APPLIED, 2), (APPLIED + timedelta(days=1), 3),
    ]  # fmt: skip
    assert str(following.opened_by) == "officer of SafeMSP"
    assert BusinessDay.model_validate(await ledger.evaluate(EXIMBANK, "bank", "calendar:day")) == following
    assert ledger.channels["bank"].events[-1] == ("calendar.opened", {"day": "2026-09-02", "opening": 3})


async def test_a_day_goes_by_the_generation_of_the_one_before_where_none_is_named(ledger: MemoryLedger) -> None:
    await ledger.submit(SAFE, "bank", "calendar:open", APPLIED, 2)
    assert (await opens(ledger, APPLIED)).matching_generation == 2


@pytest.mark.parametrize(
    "who",
    [EXIMBANK, CHECKER, TRADEBANK_CHECKER, OFFICER, STRANGER, identity("EximbankMSP", "boss", units=("admin",))],
    ids=lambda who: who.msp_id,
)
async def test_only_safe_opens_a_day(ledger: MemoryLedger, who: Identity) -> None:
    with pytest.raises(NotAuthorized):
        await opens(ledger, APPLIED, who)


async def test_a_day_never_goes_back(ledger: MemoryLedger) -> None:
    await opens(ledger, APPLIED)
    with pytest.raises(Refused, match="2026-08-31 was before it"):
        await opens(ledger, APPLIED - timedelta(days=1))


@pytest.mark.parametrize(("days", "taken"), [(-4, False), (-3, True), (3, True), (4, False)])
async def test_a_day_is_near_the_transactions(ledger: MemoryLedger, days: int, taken: bool) -> None:
    day = APPLIED + timedelta(days=days)
    if taken:
        assert (await opens(ledger, day)).day == day
        return
    with pytest.raises(InvalidDocument, match="more than 3 days") as raised:
        await opens(ledger, day)
    assert raised.value.field == "day"


async def test_no_banks_peer_is_needed_to_open_a_day(ledger: MemoryLedger) -> None:
    await opens(ledger, APPLIED)
    (guard,) = [value for (_, key), value in ledger.channels["bank"].policies.items() if key == "business-day"]
    assert str(EndorsementPolicy.from_bytes(guard)) == "AND('SafeMSP.peer')"  # from the first day on
    alone = await ledger.endorse(SAFE, "bank", "calendar:open", APPLIED, endorsers=["SafeMSP"])
    ledger.commit(alone)
    forged = await ledger.endorse(SAFE, "bank", "calendar:open", APPLIED, endorsers=["EximbankMSP", "TradebankMSP"])
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        ledger.commit(forged)


async def test_a_day_is_opened_on_bank_alone(ledger: MemoryLedger) -> None:
    for channel in ("fx", "customs"):
        with pytest.raises(Refused, match="lives on channel bank"):
            await ledger.submit(SAFE, channel, "calendar:open", APPLIED)


# -- what needs one ----------------------------------------------------------------------------------------------------


async def undated(monkeypatch: pytest.MonkeyPatch, lending: Lending | None = None) -> Lending:
    """A checked loan on a ledger whose business days were never opened."""
    stand_in(monkeypatch)
    lending = lending or await opened(1)
    bank = lending.ledger.channels["bank"]
    for values in (bank.values, bank.versions):
        values.pop(("", "business-day"))
    await lending.apply()
    await lending.check()
    return lending


async def test_nothing_is_approved_before_the_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    lending = await undated(monkeypatch)
    with pytest.raises(Refused, match="opened no business day yet"):
        await lending.approve()
    await opens(lending.ledger, APPLIED)
    assert (await lending.approve()).state is LoanState.APPROVED


@pytest.mark.parametrize(("days", "taken"), [(10, True), (11, False)])
async def test_nothing_is_approved_on_a_stale_day(monkeypatch: pytest.MonkeyPatch, days: int, taken: bool) -> None:
    stand_in(monkeypatch)
    lending = await opened(1)
    await lending.apply()
    await lending.check()
    lending.later(days=days)
    if taken:
        assert (await lending.approve()).state is LoanState.APPROVED
        return
    with pytest.raises(Refused, match="opened its last business day for 2026-09-01"):
        await lending.approve()
    await opens(lending.ledger, APPLIED + timedelta(days=days))
    assert (await lending.approve()).state is LoanState.APPROVED


async def test_nothing_is_disbursed_on_a_stale_day_but_ending_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """SAFE's days bind what lends; what frees balance waits for nobody."""
    stand_in(monkeypatch)
    lending = await opened(1)
    await lending.apply()
    await lending.check()
    await lending.approve()
    lending.later(days=11)
    with pytest.raises(Refused, match="opened its last business day"):
        await lending.take(Step.DISBURSEMENT)
    assert (await lending.take(Step.WITHDRAWAL)).state is LoanState.WITHDRAWN


@pytest.mark.parametrize(("days", "taken"), [(3, True), (4, False)])
async def test_a_clock_set_back_past_the_open_day_decides_nothing(
    monkeypatch: pytest.MonkeyPatch, days: int, taken: bool
) -> None:
    """A proposal's time is its signer's: one set back would be judged by a class and a policy of that day."""
    stand_in(monkeypatch)
    lending = await opened(1)
    await lending.apply()
    await lending.check()
    lending.later(days=-days)
    if taken:
        assert (await lending.approve()).state is LoanState.APPROVED
        return
    with pytest.raises(Refused, match="opened its last business day"):
        await lending.endorse(CHECKER, "loans:approve", "L-1", 1, EVIDENCE, [])
