"""What takes two persons: disbursement, repayment, withdrawal after approval, write-off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import AFTER, Lending, Rules, finding, opened, stand_in, verdict_of
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    SECOND,
    TRADEBANK_CHECKER,
    usd,
)
from tests.hlf_chaincode.memory_peer import Identity, identity

from eximledger_chaincode.documents import DeclarationStatus, EnterpriseClass, Money
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Severity
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused

ANOTHER = identity("EximbankMSP", "another", "maker,checker")
BEFORE = {
    Step.DISBURSEMENT: LoanState.APPROVED,
    Step.WITHDRAWAL: LoanState.APPROVED,
    Step.REPAYMENT: LoanState.DISBURSED,
    Step.WRITE_OFF: LoanState.DISBURSED,
    Step.EXTENSION: LoanState.DISBURSED,
    Step.INDEMNITY: LoanState.DISBURSED,
}


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    return stand_in(monkeypatch)


@pytest.fixture
async def lending(rules: Rules) -> Lending:
    lending = await opened(1)
    await lending.apply()
    await lending.check()
    await lending.approve()
    return lending


async def before(lending: Lending, step: Step) -> None:
    """Where the step follows."""
    if BEFORE[step] is LoanState.DISBURSED:
        await lending.take(Step.DISBURSEMENT)


@pytest.mark.parametrize("step", BEFORE)
async def test_nothing_moves_before_another_person_confirms(lending: Lending, step: Step) -> None:
    await before(lending, step)
    held = (await lending.balance()).held
    proposal = lending.proposal(step)
    proposed = await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    assert (proposed.state, proposed.taken(step)) == (BEFORE[step], ())
    assert proposed.proposed is not None
    assert (proposed.proposed.proposal, proposed.proposed.by.name) == (proposal, "maker")
    assert (await lending.balance()).held == held
    taken = await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    assert (taken.state, taken.proposed) == (AFTER[step], None)
    (payment,) = taken.taken(step)
    assert (payment.proposal, payment.proposed_by.name, payment.confirmed_by.name) == (proposal, "maker", "checker")
    assert (await lending.balance()).held == (usd(0) if step in {Step.REPAYMENT, Step.WITHDRAWAL} else held)


@pytest.mark.parametrize("step", BEFORE)
async def test_the_confirming_person_is_another_checker_of_the_bank(lending: Lending, step: Step) -> None:
    await before(lending, step)
    proposal = lending.proposal(step)
    await lending.loan(ANOTHER, "propose", "L-1", proposal)
    own = identity("EximbankMSP", "ANOTHER", "checker", issue=2)
    refused: list[tuple[Identity, str]] = [
        (ANOTHER, "another person confirms it"),
        (own, "another person confirms it"),  # a reissued certificate
        (EXIMBANK, r"exim\.role=checker"),
        (SECOND, r"exim\.role=checker"),
        (identity("EximbankMSP", "boss", units=("admin",)), r"exim\.role=checker"),
        (trade.SAFE, "role bank"),
    ]
    for who, why in refused:
        with pytest.raises(NotAuthorized, match=why):
            await lending.loan(who, "confirm", "L-1", proposal.id)
    with pytest.raises(NotFound, match="there is no loan L-1"):
        await lending.loan(TRADEBANK_CHECKER, "confirm", "L-1", proposal.id)
    assert (await lending.get()).state is BEFORE[step]
    assert (await lending.loan(CHECKER, "confirm", "L-1", proposal.id)).state is AFTER[step]


@pytest.mark.parametrize("step", BEFORE)
async def test_just_what_was_proposed_is_confirmed_and_a_newer_proposal_takes_its_place(
    lending: Lending, step: Step
) -> None:
    await before(lending, step)
    has_reason = lending.proposal(step).reason is not None
    other = {"reason": "for another reason"} if has_reason else {"reference": "P-2"}
    first, second = lending.proposal(step), lending.proposal(step, **other)
    with pytest.raises(Refused, match="not what is proposed"):
        await lending.loan(CHECKER, "confirm", "L-1", first.id)
    await lending.loan(EXIMBANK, "propose", "L-1", first)
    with pytest.raises(Refused, match="not what is proposed"):
        await lending.loan(CHECKER, "confirm", "L-1", second.id)
    await lending.loan(EXIMBANK, "propose", "L-1", second)
    with pytest.raises(Refused, match="not what is proposed"):
        await lending.loan(CHECKER, "confirm", "L-1", first.id)
    assert (await lending.loan(CHECKER, "confirm", "L-1", second.id)).state is AFTER[step]
    with pytest.raises(Refused, match="not what is proposed"):  # not the person who confirmed it
        await lending.loan(ANOTHER, "confirm", "L-1", second.id)


async def test_a_withdrawal_proposed_over_a_disbursement_stops_it(lending: Lending) -> None:
    payment, back = lending.proposal(Step.DISBURSEMENT), lending.proposal(Step.WITHDRAWAL)
    await lending.loan(EXIMBANK, "propose", "L-1", payment)
    await lending.loan(EXIMBANK, "propose", "L-1", back)
    with pytest.raises(Refused, match="not what is proposed"):
        await lending.loan(CHECKER, "confirm", "L-1", payment.id)
    withdrawn = await lending.loan(CHECKER, "confirm", "L-1", back.id)
    assert withdrawn.decision is not None
    assert (withdrawn.decision.outcome, withdrawn.decision.reason) == (LoanState.WITHDRAWN, "as agreed")
    assert withdrawn.approval is not None  # kept


async def test_one_person_withdraws_an_undecided_loan_only(lending: Lending) -> None:
    with pytest.raises(Refused, match="takes two persons"):
        await lending.loan(EXIMBANK, "withdraw", "L-1", "no more")
    await lending.apply(trade.application("L-2"))
    with pytest.raises(Refused, match="one person withdraws it"):
        await lending.loan(EXIMBANK, "propose", "L-2", lending.proposal(Step.WITHDRAWAL))
    assert (await lending.loan(EXIMBANK, "withdraw", "L-2", "no more")).state is LoanState.WITHDRAWN


# -- amounts and days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "taken"), [("0.01", True), ("300000.00", True), ("300000.01", False)])
async def test_at_most_what_was_approved_is_disbursed(lending: Lending, amount: str, taken: bool) -> None:
    money = Money.of(amount, "CNY")
    if taken:
        assert (await lending.take(Step.DISBURSEMENT, amount=money)).state is LoanState.DISBURSED
        return
    with pytest.raises(Refused, match=r"more than the 300,000\.00 CNY approved"):
        await lending.loan(EXIMBANK, "propose", "L-1", lending.proposal(Step.DISBURSEMENT, amount=money))


@pytest.mark.parametrize(
    ("amount", "state"),
    [("0.01", LoanState.DISBURSED), ("199999.99", LoanState.DISBURSED), ("200000.00", LoanState.CLOSED)],
)
async def test_at_most_what_is_owed_is_repaid(lending: Lending, amount: str, state: LoanState) -> None:
    await lending.take(Step.DISBURSEMENT, amount=Money.of("200000.00", "CNY"))
    with pytest.raises(Refused, match=r"more than the 200,000\.00 CNY owed"):
        await lending.take(Step.REPAYMENT, amount=Money.of("200000.01", "CNY"))
    assert (await lending.take(Step.REPAYMENT, amount=Money.of(amount, "CNY"))).state is state


@pytest.mark.parametrize("step", [Step.DISBURSEMENT, Step.REPAYMENT])
@pytest.mark.parametrize(("days", "taken"), [(-4, False), (-3, True), (3, True), (4, False)])
async def test_a_payment_is_of_a_day_near(lending: Lending, step: Step, days: int, taken: bool) -> None:
    day = APPLIED + timedelta(days=days)
    if step is Step.REPAYMENT and days < 0:
        await lending.take(Step.DISBURSEMENT, day=APPLIED - timedelta(days=3))  # no repayment is of a day before it
    else:
        await before(lending, step)
    if taken and step is Step.REPAYMENT and days > 0:
        with pytest.raises(Refused, match="repaid when the money has come"):
            await lending.take(step, day=day)
        return
    if taken:
        assert (await lending.take(step, day=day)).state is AFTER[step]
        return
    with pytest.raises(InvalidDocument, match="more than 3 days") as raised:
        await lending.loan(EXIMBANK, "propose", "L-1", lending.proposal(step, day=day))
    assert raised.value.field == "day"


@pytest.mark.parametrize("step", [Step.DISBURSEMENT, Step.REPAYMENT])
async def test_what_was_proposed_long_ago_is_not_confirmed(lending: Lending, step: Step) -> None:
    await before(lending, step)
    proposal = lending.proposal(step)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    lending.later(days=4)
    with pytest.raises(InvalidDocument, match="more than 3 days"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)


# -- judged again at disbursement --------------------------------------------------------------------------------------


async def test_a_finding_that_rejects_stops_the_money(lending: Lending, rules: Rules) -> None:
    rules.verdict = verdict_of(finding("SANCTION", Severity.REJECT), finding("CLASS", Severity.REJECT))
    with pytest.raises(Refused, match=r"cannot be disbursed any more: SANCTION: .* CLASS: "):
        await lending.take(Step.DISBURSEMENT)
    rules.verdict = verdict_of(finding("TENOR", Severity.REFER))  # the officer's to weigh, at approval
    assert (await lending.take(Step.DISBURSEMENT)).state is LoanState.DISBURSED


async def sound(serial: int = 1) -> Lending:
    """An approved loan under the rules themselves."""
    lending = await opened(serial)
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    return lending


async def test_a_declaration_cancelled_since_stops_the_money() -> None:
    lending = await sound()
    await lending.file(trade.declaration(status=DeclarationStatus.CANCELLED))
    with pytest.raises(Refused, match="cannot be disbursed any more"):
        await lending.take(Step.DISBURSEMENT)
    assert not (await lending.get()).taken(Step.DISBURSEMENT)
    assert (await lending.take(Step.WITHDRAWAL)).state is LoanState.WITHDRAWN  # it can still be ended


async def test_a_class_lost_since_stops_the_money() -> None:
    lending = await sound()
    await lending.file(trade.classification(EnterpriseClass.C))
    with pytest.raises(Refused, match="cannot be disbursed any more: CLASS"):
        await lending.take(Step.DISBURSEMENT)


async def test_a_sound_case_is_disbursed_though_it_holds_all_that_there_is() -> None:
    """Its own hold is not counted against it."""
    lending = await opened(1)
    await lending.apply(trade.application(occupied="100000.00"))
    await lending.check()
    lending.ledger.commit(await lending.decision())
    assert (await lending.balance()).free == usd(0)
    assert (await lending.take(Step.DISBURSEMENT)).state is LoanState.DISBURSED


async def test_who_proposed_last_does_not_confirm_and_who_did_before_may(lending: Lending) -> None:
    await before(lending, Step.DISBURSEMENT)
    proposal = lending.proposal(Step.DISBURSEMENT)
    await lending.loan(CHECKER, "propose", "L-1", proposal)
    with pytest.raises(NotAuthorized, match="another person confirms"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    (paid,) = (await lending.loan(CHECKER, "confirm", "L-1", proposal.id)).payments
    assert paid is not None
    assert (paid.proposed_by.name, paid.confirmed_by.name) == ("maker", "checker")
