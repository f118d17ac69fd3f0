"""The bounds of a loan's life: in which states, until which days and out of which money a step is taken."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, Rules, opened, stand_in
from tests.eximledger_chaincode.contracts.packing import bill
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, SAFE, usd
from tests.hlf_chaincode.memory_peer import CommitInvalid, identity

from eximledger_chaincode.documents import Money
from eximledger_chaincode.documents.parts.terms import InterestPaid
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Exchange, Step
from hlf_chaincode.errors import Refused

PAID = {Step.DISBURSEMENT, Step.REPAYMENT, Step.INDEMNITY}
WALKS: dict[LoanState, tuple[Step, ...]] = {
    LoanState.APPROVED: (),
    LoanState.WITHDRAWN: (Step.WITHDRAWAL,),
    LoanState.DISBURSED: (Step.DISBURSEMENT,),
    LoanState.CLOSED: (Step.DISBURSEMENT, Step.REPAYMENT),
    LoanState.INDEMNITY_SOUGHT: (Step.DISBURSEMENT, Step.INDEMNITY),
    LoanState.WRITTEN_OFF: (Step.DISBURSEMENT, Step.WRITE_OFF),
}
"""How a loan comes to each state."""
TAKEN = {
    LoanState.APPROVED: {Step.DISBURSEMENT, Step.WITHDRAWAL},
    LoanState.DISBURSED: {Step.DISBURSEMENT, Step.REPAYMENT, Step.EXTENSION, Step.INDEMNITY, Step.WRITE_OFF},
    LoanState.OVERDUE: {Step.REPAYMENT, Step.EXTENSION, Step.INDEMNITY, Step.WRITE_OFF},
    LoanState.INDEMNITY_SOUGHT: {Step.REPAYMENT, Step.WRITE_OFF},
    LoanState.WRITTEN_OFF: {Step.REPAYMENT},
}
"""Which steps may be proposed at each."""
CONVERTED = {LoanState.DISBURSED, LoanState.OVERDUE}
"""Where a packing loan becomes an export bill: this one is none."""


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    return stand_in(monkeypatch)


async def approved(days: int | None = None, **terms: object) -> Lending:
    """A loan of 300,000.00 CNY is approved, which holds 70,000.00 USD; due in so many days."""
    lending = await opened()
    wanted = trade.application(applied_on=lending.day)
    changes: dict[str, object] = {"terms": wanted.terms.model_copy(update=terms)}
    if days is not None:
        changes["matures_on"] = lending.day + timedelta(days=days)
    await lending.apply(wanted.model_copy(update=changes))
    await lending.check()
    await lending.approve()
    return lending


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


async def take(lending: Lending, step: Step, amount: str = "", **said: object) -> Loan:
    """A step of two persons, under a reference of its own."""
    number = len((await lending.get()).payments)
    more: dict[str, object] = {"amount": cny(amount), "reference": f"R-{number}"} if amount else {}
    return await lending.agree(lending.proposal(step, **(more | said)))


async def later(lending: Lending, days: int) -> None:
    """So many days later, opened by SAFE, with a fresh quotation."""
    lending.later(days=days)
    await lending.file(trade.rate(lending.day))
    await lending.ledger.submit(SAFE, "bank", "calendar:open", lending.day)


# -- states ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*WALKS, LoanState.LAPSED, LoanState.OVERDUE])
async def test_only_what_follows_on_a_state_is_proposed_there(state: LoanState, rules: Rules) -> None:
    lending = await approved(days=20)
    part: dict[str, object] = {"amount": cny("200000.00")} if state is LoanState.DISBURSED else {}
    for step in WALKS.get(state, (Step.DISBURSEMENT,) if state is LoanState.OVERDUE else ()):
        await lending.agree(lending.proposal(step, **(part if step is Step.DISBURSEMENT else {})))
    if state is LoanState.LAPSED:
        await later(lending, 31)
        await lending.loan(EXIMBANK, "lapse")
    if state is LoanState.OVERDUE:
        await later(lending, 21)
        await lending.loan(EXIMBANK, "mark_overdue")
    assert (await lending.get()).state is state
    for step in Step:
        said: dict[str, object] = {"reference": "ANOTHER", "amount": cny("1.00")} if step in PAID else {}
        said |= {"bill": bill()} if step is Step.CONVERSION else {}
        proposal = lending.proposal(step, **said)
        if step is Step.CONVERSION and state in CONVERTED:
            with pytest.raises(Refused, match="is no packing loan"):
                await lending.loan(EXIMBANK, "propose", "L-1", proposal)
            continue
        if step in TAKEN.get(state, set()):
            await lending.loan(EXIMBANK, "propose", "L-1", proposal)
            continue
        with pytest.raises(Refused, match=r"follows on|one person withdraws it"):
            await lending.loan(EXIMBANK, "propose", "L-1", proposal)


async def test_what_was_proposed_before_another_step_is_looked_at_again(rules: Rules) -> None:
    """A proposal waits no longer than its loan stands where it was made."""
    lending = await approved()
    await later(lending, 30)
    proposal = lending.proposal(Step.DISBURSEMENT)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    await later(lending, 1)
    with pytest.raises(Refused, match="was to be drawn until"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)


async def test_a_step_that_was_taken_waits_for_nobody(rules: Rules) -> None:
    lending = await approved()
    loan = await take(lending, Step.DISBURSEMENT, "100.00")
    assert loan.proposed is None
    senior = identity("EximbankMSP", "senior", "checker")
    with pytest.raises(Refused, match="not what is proposed"):
        await lending.loan(senior, "confirm", "L-1", loan.payments[-1].proposal.id)


# -- days --------------------------------------------------------------------------------------------------------------


async def test_of_all_payments_the_last_day_counts(rules: Rules) -> None:
    lending = await approved()
    first = lending.day
    for amount, days in (("100.00", 0), ("100.00", 2)):
        await take(lending, Step.DISBURSEMENT, amount, day=first + timedelta(days=days))
    with pytest.raises(Refused, match="interest runs in order"):
        await take(lending, Step.DISBURSEMENT, "100.00", day=first + timedelta(days=1))


async def test_it_is_drawn_on_the_last_day_and_not_dated_beyond_it_or_back(rules: Rules) -> None:
    lending = await approved()
    await later(lending, 30)
    for beyond in (1, 3):
        with pytest.raises(Refused, match="was to be drawn until"):
            await take(lending, Step.DISBURSEMENT, "1.00", day=lending.day + timedelta(days=beyond))
    await take(lending, Step.DISBURSEMENT, "1.00")
    await later(lending, 1)
    with pytest.raises(Refused, match="was to be drawn until"):
        await take(lending, Step.DISBURSEMENT, "1.00", day=lending.day - timedelta(days=1))


async def test_nothing_is_drawn_on_the_day_of_maturity(rules: Rules) -> None:
    lending = await approved(days=2)
    with pytest.raises(Refused, match="nothing is drawn then"):
        await take(lending, Step.DISBURSEMENT, "1.00", day=lending.day + timedelta(days=2))
    await take(lending, Step.DISBURSEMENT, "1.00", day=lending.day + timedelta(days=1))


async def test_an_extension_is_agreed_on_an_open_business_day(rules: Rules) -> None:
    lending = await approved()
    await take(lending, Step.DISBURSEMENT, "300000.00")
    lending.later(days=40)
    with pytest.raises(Refused, match="business day"):
        await take(lending, Step.EXTENSION)
    await later(lending, 0)
    await take(lending, Step.EXTENSION)


async def test_an_extension_that_was_held_back_past_the_day_counts_no_more(rules: Rules) -> None:
    lending = await approved()
    await take(lending, Step.DISBURSEMENT, "300000.00")
    proposal = lending.proposal(Step.EXTENSION)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    kept = await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    await later(lending, 1)
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(kept)


# -- races -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [Step.REPAYMENT, Step.INDEMNITY, Step.WRITE_OFF])
async def test_of_an_extension_and_another_step_at_once_one_counts(other: Step, rules: Rules) -> None:
    """Only what is proposed last is confirmed; and of an extension that was endorsed before nothing is left."""
    lending = await approved()
    await take(lending, Step.DISBURSEMENT, "300000.00")
    extension = lending.proposal(Step.EXTENSION)
    await lending.loan(EXIMBANK, "propose", "L-1", extension)
    kept = await lending.endorse(CHECKER, "loans:confirm", "L-1", extension.id)
    await take(lending, other, "100000.00" if other in PAID else "")
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(kept)
    with pytest.raises(Refused, match="not what is proposed"):
        await lending.loan(CHECKER, "confirm", "L-1", extension.id)


async def test_of_a_lapse_and_a_withdrawal_at_once_one_counts(rules: Rules) -> None:
    lending = await approved()
    await later(lending, 31)
    withdrawal = lending.proposal(Step.WITHDRAWAL)
    await lending.loan(EXIMBANK, "propose", "L-1", withdrawal)
    kept = await lending.endorse(CHECKER, "loans:confirm", "L-1", withdrawal.id)
    await lending.loan(EXIMBANK, "lapse")
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(kept)
    assert (await lending.balance()).held == usd(0)


async def test_of_a_disbursement_on_the_last_day_and_a_lapse_after_it_the_first_counts(rules: Rules) -> None:
    """Whichever is ordered first: the loan is drawn and does not lapse, or has lapsed and is not drawn."""
    lending = await approved()
    await later(lending, 30)
    drawing = lending.proposal(Step.DISBURSEMENT)
    await lending.loan(EXIMBANK, "propose", "L-1", drawing)
    kept = await lending.endorse(CHECKER, "loans:confirm", "L-1", drawing.id)
    lending.later(days=1)
    lapse = await lending.endorse(EXIMBANK, "loans:lapse", "L-1")
    lending.ledger.commit(lapse)
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(kept)
    assert ((await lending.get()).state, (await lending.balance()).held) == (LoanState.LAPSED, usd(0))


async def test_of_a_disbursement_that_is_ordered_first_no_lapse_is_left(rules: Rules) -> None:
    lending = await approved()
    await later(lending, 30)
    drawing = lending.proposal(Step.DISBURSEMENT)
    await lending.loan(EXIMBANK, "propose", "L-1", drawing)
    kept = await lending.endorse(CHECKER, "loans:confirm", "L-1", drawing.id)
    lending.later(days=1)
    lapse = await lending.endorse(EXIMBANK, "loans:lapse", "L-1")
    lending.ledger.commit(kept)
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(lapse)
    assert ((await lending.get()).state, (await lending.balance()).held) == (LoanState.DISBURSED, usd("70000"))


# -- money -------------------------------------------------------------------------------------------------------------


async def test_interest_in_advance_is_kept_back_at_the_drawing(rules: Rules) -> None:
    lending = await approved(days=90, rate_percent=Decimal("3.6"), interest=InterestPaid.ADVANCE)
    loan = await take(lending, Step.DISBURSEMENT, "300000.00")
    assert (loan.payments[-1].principal, loan.payments[-1].interest) == (cny("300000.00"), cny("2700.00"))
    await later(lending, 90)
    closed = await take(lending, Step.REPAYMENT, "300000.00")
    assert closed.state is LoanState.CLOSED


async def test_a_loan_whose_interest_is_owed_is_not_closed(rules: Rules) -> None:
    lending = await approved(rate_percent=Decimal("3.6"))
    await take(lending, Step.DISBURSEMENT, "300000.00")
    await later(lending, 10)
    part = await take(lending, Step.REPAYMENT, "300299.99")
    assert (part.state, account_of(part, lending.day).owed) == (LoanState.DISBURSED, cny("0.01"))
    assert (await lending.balance()).held == usd("0.01")  # rounded up: never too much is free
    assert (await take(lending, Step.REPAYMENT, "0.01")).state is LoanState.CLOSED
    assert (await lending.balance()).held == usd(0)


async def test_what_an_extension_and_a_disbursement_were_judged_by_is_kept(rules: Rules) -> None:
    lending = await approved()
    await take(lending, Step.DISBURSEMENT, "300000.00")
    longer = await take(lending, Step.EXTENSION)
    assert [each.evidence_hash for each in longer.payments] == [rules.verdict.evidence_hash] * 2


async def test_a_receipt_of_other_exports_repays_nothing(rules: Rules) -> None:
    lending = await opened(1, 2)
    await lending.apply()
    await lending.check()
    await lending.approve()
    await take(lending, Step.DISBURSEMENT, "300000.00")
    receipt = trade.receipt("RCV-2", "10000.00", serial=2, on=lending.day)
    await lending.file(receipt)
    await lending.pull(trade.application(serials=(1, 2), applied_on=lending.day))
    sold = Exchange.model_validate({"money": usd("10000"), "base": "USD", "rate": "7.1"})
    with pytest.raises(Refused, match="no booked receipt"):
        await take(lending, Step.REPAYMENT, "71000.00", receipt=receipt.id, exchange=sold)
