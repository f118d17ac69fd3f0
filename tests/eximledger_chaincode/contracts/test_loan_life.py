"""A loan after its approval: drawn and repaid in parts, extended, overdue, lapsed, asked of an insurer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import EVIDENCE, Lending, Rules, finding, opened, stand_in, verdict_of
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, SAFE, usd
from tests.hlf_chaincode.memory_peer import CommitInvalid
from tests.pledge import PLEDGED

from eximledger_chaincode.documents import Money, ReceiptStatus
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import ConditionMet, Exchange, Proposal, Step
from eximledger_chaincode.lending.verdict import Severity
from hlf_chaincode.errors import NotAuthorized, NotFound, Refused


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    return stand_in(monkeypatch)


@pytest.fixture
async def lending(rules: Rules) -> Lending:
    """A loan of 300,000.00 CNY at 3.6 % is approved, which holds 70,000.00 USD."""
    lending = await opened()
    wanted = trade.application(applied_on=lending.day)
    await lending.apply(
        wanted.model_copy(update={"terms": wanted.terms.model_copy(update={"rate_percent": Decimal("3.6")})})
    )
    await lending.check()
    await lending.approve()
    return lending


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


async def take(lending: Lending, step: Step, amount: str | Money = "", **said: object) -> Loan:
    """A step of two persons, under a reference of its own."""
    money = cny(amount) if isinstance(amount, str) and amount else amount
    more: dict[str, object] = {"amount": money} if money else {}
    if step in {Step.DISBURSEMENT, Step.REPAYMENT}:
        more["reference"] = f"R-{len((await lending.get()).payments)}"
    return await lending.agree(lending.proposal(step, **(more | said)))


async def next_day(lending: Lending, days: int) -> None:
    """So many days later, opened by SAFE, with a fresh quotation."""
    lending.later(days=days)
    await lending.file(trade.rate(lending.day))
    await lending.ledger.submit(SAFE, "bank", "calendar:open", lending.day)


# -- in parts ----------------------------------------------------------------------------------------------------------


async def test_it_is_drawn_and_repaid_in_parts_and_freed_in_proportion(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "100000.00")
    await take(lending, Step.DISBURSEMENT, "200000.00", conditions=())  # the pledge is registered since the first
    assert (await lending.balance()).held == usd("70000")
    await next_day(lending, 30)
    part = await take(lending, Step.REPAYMENT, "150900.00")  # 900.00 of interest
    assert part.state is LoanState.DISBURSED
    assert [each.evidence_hash for each in part.payments] == [
        EVIDENCE,
        EVIDENCE,
        None,
    ]  # what each drawing was judged by
    (payment,) = part.taken(Step.REPAYMENT)
    assert (payment.principal, payment.interest) == (cny("150000.00"), cny("900.00"))
    assert (await lending.balance()).held == usd("35000")
    await next_day(lending, 30)
    assert account_of(await lending.get(), lending.day).owed == cny("150450.00")
    with pytest.raises(Refused, match=r"more than the 150,450\.00 CNY owed"):
        await take(lending, Step.REPAYMENT, "150450.01")
    closed = await take(lending, Step.REPAYMENT, "150450.00")
    assert (closed.state, closed.held, (await lending.balance()).held) == (LoanState.CLOSED, (), usd(0))


async def test_no_more_is_drawn_than_was_approved_repaid_or_not(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "200000.00")
    await take(lending, Step.REPAYMENT, "50000.00")
    with pytest.raises(Refused, match=r"more than the 100,000\.00 CNY approved and not drawn"):
        await take(lending, Step.DISBURSEMENT, "100000.01")
    await take(lending, Step.DISBURSEMENT, "100000.00")


async def test_a_reference_pays_once(lending: Lending) -> None:
    await lending.take(Step.DISBURSEMENT, amount=cny("100000.00"), reference="PAY-1")
    with pytest.raises(Refused, match="has the reference PAY-1 already"):
        await lending.take(Step.DISBURSEMENT, amount=cny("100000.00"), reference="PAY-1")
    await lending.take(Step.REPAYMENT, amount=cny("1.00"), reference="PAY-1")  # a reference of another step


async def test_payments_follow_in_the_order_of_their_days(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "100000.00", day=lending.day + timedelta(days=2))
    await next_day(lending, 2)
    with pytest.raises(Refused, match="interest runs in order"):
        await take(lending, Step.REPAYMENT, "100.00", day=lending.day - timedelta(days=1))
    await take(lending, Step.REPAYMENT, "100.00")


async def test_what_one_judged_amount_lets_through_two_parts_do_not(lending: Lending, rules: Rules) -> None:
    """The case is judged anew for each part: for what is out and what may still be drawn, against what is held."""
    await take(lending, Step.DISBURSEMENT, "100000.00")
    await take(lending, Step.REPAYMENT, "60000.00")
    rules.cases.clear()
    await take(lending, Step.DISBURSEMENT, "100000.00")
    asked = rules.cases[-1].application.document
    assert asked.amount == cny("240000.00")
    assert [item.amount for item in asked.declarations] == [usd("56000")]
    rules.verdict = verdict_of(finding("CLASS", Severity.REJECT))
    with pytest.raises(Refused, match="cannot be disbursed any more: CLASS"):
        await take(lending, Step.DISBURSEMENT, "1.00")


# -- conditions and time -----------------------------------------------------------------------------------------------


async def test_nothing_is_paid_out_before_its_conditions_are_met(lending: Lending) -> None:
    with pytest.raises(Refused, match="give the number of pledge-registration"):
        await take(lending, Step.DISBURSEMENT, "1.00", conditions=())
    other = ConditionMet(condition=Condition.SIGNED_CONTRACT, reference="LC-7")
    with pytest.raises(Refused, match="give the number of pledge-registration"):
        await take(lending, Step.DISBURSEMENT, "1.00", conditions=(other,))
    paid = await take(lending, Step.DISBURSEMENT, "1.00", conditions=(other, PLEDGED))
    assert paid.met == (other, PLEDGED)


async def test_its_own_terms_ask_for_more(rules: Rules) -> None:
    lending = await opened()
    wanted = trade.application(applied_on=lending.day)
    terms = wanted.terms.model_copy(update={"conditions": (Condition.INSURANCE_ASSIGNMENT,)})
    await lending.apply(wanted.model_copy(update={"terms": terms}))
    await lending.check()
    approved = await lending.approve()
    assert approved.conditions == (Condition.PLEDGE_REGISTRATION, Condition.INSURANCE_ASSIGNMENT)
    with pytest.raises(Refused, match="give the number of insurance-assignment"):
        await take(lending, Step.DISBURSEMENT, "1.00")


async def test_it_lapses_when_it_was_not_drawn_in_time(lending: Lending) -> None:
    with pytest.raises(Refused, match="can be drawn until 2026-10-01"):
        await lending.loan(EXIMBANK, "lapse")
    await next_day(lending, 30)
    with pytest.raises(Refused, match="can be drawn until"):
        await lending.loan(EXIMBANK, "lapse")
    await next_day(lending, 1)
    with pytest.raises(Refused, match="was to be drawn until 2026-10-01"):
        await take(lending, Step.DISBURSEMENT, "1.00")
    await lending.loan(EXIMBANK, "propose", "L-1", lending.proposal(Step.WITHDRAWAL))
    lapsed = await lending.loan(EXIMBANK, "lapse")
    assert (lapsed.state, lapsed.held, (await lending.balance()).held) == (LoanState.LAPSED, (), usd(0))
    assert lapsed.proposed is None
    assert await lending.loan(EXIMBANK, "lapse") == lapsed  # who lost the answer gets it
    again = await lending.endorse(EXIMBANK, "loans:lapse", "L-1")
    assert again.writes == {}


async def test_what_is_not_paid_by_maturity_is_overdue(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    matures = (await lending.get()).matures_on
    await next_day(lending, (matures - lending.day).days)
    with pytest.raises(Refused, match=f"matures on {matures}"):
        await lending.loan(EXIMBANK, "mark_overdue")
    before = account_of(await lending.get(), lending.day).owed
    await next_day(lending, 10)
    late = await lending.loan(EXIMBANK, "mark_overdue")
    assert late.state is LoanState.OVERDUE
    assert account_of(late, lending.day).owed == before + cny("450.00")  # ten days at 5.4 %
    assert (await lending.endorse(EXIMBANK, "loans:mark_overdue", "L-1")).writes == {}
    assert await lending.loan(EXIMBANK, "mark_overdue") == late
    owed = account_of(late, lending.day).owed
    assert (await take(lending, Step.REPAYMENT, str(owed.amount))).state is LoanState.CLOSED


# -- extension ---------------------------------------------------------------------------------------------------------


async def test_an_extension_is_judged_with_its_new_maturity_and_keeps_the_balance(
    lending: Lending, rules: Rules
) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    await take(lending, Step.REPAYMENT, "150000.00")
    later = (await lending.get()).matures_on + timedelta(days=40)
    rules.cases.clear()
    longer = await take(lending, Step.EXTENSION, matures_on=later, rate_percent="4.2")
    judged = rules.cases[-1].application.document
    assert (judged.matures_on, judged.amount) == (later, cny("150000.00"))
    assert (longer.state, longer.matures_on, longer.rate_percent) == (LoanState.DISBURSED, later, Decimal("4.2"))
    assert longer.payments[-1].evidence_hash == EVIDENCE
    assert (await lending.balance()).held == usd("35000")
    for sooner in (later, later - timedelta(days=1)):
        with pytest.raises(Refused, match="an extension ends later"):
            await take(lending, Step.EXTENSION, matures_on=sooner)


async def test_what_refers_an_extension_is_set_aside_by_name_and_what_rejects_it_stops_it(
    lending: Lending, rules: Rules
) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    tenor = finding("TENOR", Severity.REFER)
    rules.verdict = verdict_of(tenor)
    with pytest.raises(Refused, match="override each finding"):
        await take(lending, Step.EXTENSION)
    other = {"finding": "NOT-THERE:1", "reason": "no"}
    with pytest.raises(Refused, match="no finding NOT-THERE:1"):
        await take(lending, Step.EXTENSION, overrides=[other])
    await take(lending, Step.EXTENSION, overrides=[{"finding": tenor.id, "reason": "the buyer pays in May"}])
    rules.verdict = verdict_of(finding("CLASS", Severity.REJECT))
    longer = (await lending.get()).matures_on + timedelta(days=1)
    with pytest.raises(Refused, match="cannot be extended: CLASS"):
        await take(lending, Step.EXTENSION, matures_on=longer)


async def test_an_overdue_loan_that_is_extended_runs_on(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    await next_day(lending, ((await lending.get()).matures_on - lending.day).days + 5)
    await lending.loan(EXIMBANK, "mark_overdue")
    with pytest.raises(Refused, match="ends after the day"):
        await take(lending, Step.EXTENSION, matures_on=lending.day)
    longer = await take(lending, Step.EXTENSION, matures_on=lending.day + timedelta(days=30))
    assert longer.state is LoanState.DISBURSED
    assert account_of(longer, lending.day).days_overdue == 0


# -- the insurer -------------------------------------------------------------------------------------------------------


async def test_an_indemnity_is_sought_and_what_the_insurer_pays_frees_nothing(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    with pytest.raises(Refused, match="no indemnity was sought"):
        await take(lending, Step.REPAYMENT, "1.00", source="insurer")
    with pytest.raises(Refused, match=r"more than the 300,000\.00 CNY"):
        await take(lending, Step.INDEMNITY, "300000.01")
    sought = await take(lending, Step.INDEMNITY, "270000.00")
    assert (sought.state, (await lending.balance()).held) == (LoanState.INDEMNITY_SOUGHT, usd("70000"))
    await take(lending, Step.REPAYMENT, "270000.00", source="insurer")
    assert (await lending.balance()).held == usd("70000")
    closed = await take(lending, Step.REPAYMENT, "30000.00")
    assert (closed.state, (await lending.balance()).held) == (LoanState.CLOSED, usd("63000"))


async def test_at_most_policys_share_of_the_invoices_is_asked_of_the_insurer(rules: Rules) -> None:
    """The invoice is of 100,000.00 USD, at 7.125: 90 % of it are 641,250.00 CNY."""
    lending = await opened()
    await lending.apply(trade.application(applied_on=lending.day, amount="700000.00", occupied="100000.00"))
    await lending.check()
    await lending.approve()
    await take(lending, Step.DISBURSEMENT, "700000.00")
    with pytest.raises(Refused, match=r"more than the 641,250\.00 CNY that can be asked .* 90 % of the invoices"):
        await take(lending, Step.INDEMNITY, "641250.01")
    await take(lending, Step.INDEMNITY, "641250.00")


async def test_written_off_it_may_still_be_recovered(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    await take(lending, Step.REPAYMENT, "100000.00")
    off = await take(lending, Step.WRITE_OFF)
    assert (off.state, (await lending.balance()).held) == (LoanState.WRITTEN_OFF, usd("46666.67"))
    part = await take(lending, Step.REPAYMENT, "100000.00")
    assert (part.state, (await lending.balance()).held) == (LoanState.WRITTEN_OFF, usd("23333.34"))
    closed = await take(lending, Step.REPAYMENT, "100000.00")
    assert (closed.state, (await lending.balance()).held) == (LoanState.CLOSED, usd(0))


# -- receipts ----------------------------------------------------------------------------------------------------------


async def receive(lending: Lending, amount: str, reference: str = "RCV-1") -> str:
    """The buyer's money for declaration 1, booked on SAFE's channel, and what the bank may see of it; its id."""
    receipt = trade.receipt(reference, amount, on=lending.day)
    await lending.file(receipt)
    await lending.pull(trade.application(applied_on=lending.day))
    return receipt.id


async def offers(lending: Lending) -> list[OfferedReceipt]:
    answer = await lending.endorse(EXIMBANK, "loans:offered", "L-1")
    return TypeAdapter(list[OfferedReceipt]).validate_json(answer.result)


def sold(amount: str, rate: str = "7.10") -> Exchange:
    """Dollars of a receipt, sold to the bank."""
    return Exchange.model_validate({"money": usd(amount), "base": "USD", "rate": rate})


async def test_a_receipt_is_offered_and_repays_at_the_days_rate(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    assert await offers(lending) == []
    receipt = await receive(lending, "40000.00")
    (offer,) = await offers(lending)
    assert (offer.receipt_id, offer.amount, offer.left) == (receipt, usd("40000"), usd("40000"))
    part = await take(lending, Step.REPAYMENT, "71000.00", receipt=receipt, exchange=sold("10000"))
    assert part.payments[-1].proposal.by == "buyer"
    (offer,) = await offers(lending)
    assert (offer.left, offer.by_loan) == (usd("30000"), {"L-1": usd("10000")})


async def test_receipts_are_offered_by_day(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    made = [trade.receipt(f"RCV-{days}", "100.00", on=lending.day - timedelta(days=days)) for days in range(6)]
    await lending.file(*made)
    await lending.pull(trade.application(applied_on=lending.day))
    assert [offer.dated for offer in await offers(lending)] == [each.booked_on for each in reversed(made)]


async def test_of_a_receipt_no_more_is_taken_than_came(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    receipt = await receive(lending, "10000.00")
    with pytest.raises(Refused, match=r"10,000\.01 USD is more than the 10,000\.00 USD left"):
        await take(lending, Step.REPAYMENT, "71000.07", receipt=receipt, exchange=sold("10000.01"))
    with pytest.raises(Refused, match="is in USD: say what of it is paid"):
        await take(lending, Step.REPAYMENT, "10.00", receipt=receipt)
    with pytest.raises(Refused, match="no booked receipt NO-SUCH names"):
        await take(lending, Step.REPAYMENT, "10.00", receipt="NO-SUCH")
    await take(lending, Step.REPAYMENT, "71000.00", receipt=receipt, exchange=sold("10000"))
    with pytest.raises(Refused, match=r"more than the 0\.00 USD left"):
        await take(lending, Step.REPAYMENT, "7.10", receipt=receipt, exchange=sold("1"))


async def test_two_loans_that_take_what_is_left_of_a_receipt_do_not_both_have_it(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    wanted = trade.application("L-2", applied_on=lending.day, amount="100000.00", occupied="20000.00")
    await lending.apply(wanted)
    await lending.check("L-2")
    await lending.approve("L-2")
    await lending.take(Step.DISBURSEMENT, "L-2", amount=cny("100000.00"))
    receipt = await receive(lending, "10000.00")
    envelopes = []
    for loan_id in ("L-1", "L-2"):
        said = {"amount": cny("71000.00"), "receipt": receipt, "exchange": sold("10000"), "reference": "R-9"}
        proposal = lending.proposal(Step.REPAYMENT, **said)
        await lending.loan(EXIMBANK, "propose", loan_id, proposal)
        envelopes.append(await lending.endorse(CHECKER, "loans:confirm", loan_id, proposal.id))
    lending.ledger.commit(envelopes[0])
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(envelopes[1])
    with pytest.raises(Refused, match=r"more than the 0\.00 USD left"):
        await lending.loan(CHECKER, "confirm", "L-2", proposal.id)


async def test_a_receipt_that_was_taken_back_repays_nothing(lending: Lending) -> None:
    await take(lending, Step.DISBURSEMENT, "300000.00")
    receipt = await receive(lending, "10000.00")
    said = {"amount": cny("71000.00"), "receipt": receipt, "exchange": sold("10000")}
    proposal = lending.proposal(Step.REPAYMENT, **said)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    back = trade.receipt("RCV-1", "10000.00", on=lending.day).model_copy(update={"status": ReceiptStatus.REVERSED})
    await lending.file(back)
    with pytest.raises(Refused, match="no booked receipt"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)


# -- in another currency -----------------------------------------------------------------------------------------------


async def test_a_loan_in_dollars_is_drawn_and_repaid_in_dollars_or_bought(rules: Rules) -> None:
    lending = await opened()
    wanted = trade.application(applied_on=lending.day)
    await lending.apply(wanted.model_copy(update={"amount": usd("50000")}))
    await lending.check()
    await lending.approve()
    with pytest.raises(Refused, match="the loan is in USD, not in CNY"):
        await take(lending, Step.DISBURSEMENT, "50000.00")
    bought = Exchange.model_validate({"money": cny("213000.00"), "base": "USD", "rate": "7.10"})
    await take(lending, Step.DISBURSEMENT, amount=usd("30000"), exchange=bought)
    await take(lending, Step.DISBURSEMENT, amount=usd("20000"))
    receipt = await receive(lending, "50000.00")
    closed = await take(lending, Step.REPAYMENT, amount=usd("50000"), receipt=receipt)
    assert (closed.state, account_of(closed, lending.day).repaid) == (LoanState.CLOSED, usd("50000"))


@pytest.mark.parametrize("rate", ["7.09", "7.1001", "0.14085"])
def test_an_exchange_gives_just_what_its_rate_says(rate: str) -> None:
    bought = {"money": cny("213000.00"), "base": "USD", "rate": rate}
    said = {"step": "disbursement", "amount": usd("30000"), "day": "2026-09-01", "reference": "P-1", "exchange": bought}
    with pytest.raises(ValidationError, match="does not give"):
        Proposal.model_validate(said)
    assert Proposal.model_validate(said | {"exchange": bought | {"rate": "7.10"}}).exchange is not None


# -- who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", ["lapse", "mark_overdue", "offered"])
async def test_nobody_else_takes_or_sees_a_step_of_a_banks_loan(lending: Lending, function: str) -> None:
    with pytest.raises(NotFound):
        await lending.endorse(trade.TRADEBANK, f"loans:{function}", "L-1")
    with pytest.raises(NotAuthorized):
        await lending.endorse(trade.OFFICER, f"loans:{function}", "L-1")
