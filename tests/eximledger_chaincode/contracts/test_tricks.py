"""What a hostile bank, a careless officer or an exporter with tricks tries to draw, free or collect wrongly."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened, stand_in
from tests.eximledger_chaincode.contracts.packing import (
    approved,
    before_shipment,
    bill,
    converted,
    drawn,
    packing,
    shipped,
)
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, usd
from tests.hlf_chaincode.memory_peer import identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.steps import Exchange, Proposal, Step
from eximledger_chaincode.lending.verdict import Severity
from hlf_chaincode.errors import NotAuthorized, Refused

BOTH = identity("EximbankMSP", "both", "maker,checker")


@pytest.fixture
async def lending(monkeypatch: pytest.MonkeyPatch) -> Lending:
    """A loan of 300,000.00 CNY is drawn, which holds 70,000.00 USD; what rejects is what a test says."""
    stand_in(monkeypatch)
    found = await opened()
    await found.apply()
    await found.check()
    await found.approve()
    await found.take(Step.DISBURSEMENT)
    return found


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


async def financings(lending: Lending, loan_id: str) -> tuple[Money, ...]:
    """What the bank's other loans to the exporter come to."""
    answer = await lending.endorse(EXIMBANK, "loans:facts", loan_id)
    return LoanFacts.model_validate_json(answer.result).other_financings


# -- one sale, financed twice ------------------------------------------------------------------------------------------


async def test_a_credit_is_not_lent_on_beside_its_contract_by_leaving_the_contract_out() -> None:
    lending = await before_shipment()
    await approved(lending, packing(held="100000.00", kind="contract"))
    await lending.apply(packing("L-2").model_copy(update={"contracts": ()}))
    found = await lending.check("L-2")
    rejecting = {each.rule: each.message.en for each in found.findings if each.severity is Severity.REJECT}
    assert "is for contract SC-1, which is not among" in rejecting["PACK-BALANCE"]


# -- what a bank finances of one exporter ------------------------------------------------------------------------------


async def test_a_packing_loan_is_a_financing_of_the_exporter_and_stays_one_as_an_export_bill() -> None:
    lending = await before_shipment()
    await drawn(lending)
    await lending.apply(trade.application("L-2", (2,)))
    assert await financings(lending, "L-2") == (usd("30000.00"),)
    await lending.take(Step.REPAYMENT, amount=usd("12000.00"))
    assert await financings(lending, "L-2") == (usd("18000.00"),)
    await shipped(lending)
    await converted(lending, bill("30000.00"))
    assert await financings(lending, "L-2") == (usd("18000.00"),)
    await lending.take(Step.REPAYMENT, amount=usd("6000.00"), reference="R-2")
    assert await financings(lending, "L-2") == (usd("12000.00"),)
    await lending.take(Step.REPAYMENT, amount=usd("12000.00"), reference="R-3")
    assert await financings(lending, "L-2") == ()


# -- who ---------------------------------------------------------------------------------------------------------------


async def test_an_extension_is_a_decision_and_not_confirmed_by_who_applied_or_filed_its_papers(
    lending: Lending,
) -> None:
    await lending.file(trade.packing_list(1).model_copy(update={"packages": 11}), bank=BOTH)
    proposal = lending.proposal(Step.EXTENSION)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    with pytest.raises(NotAuthorized, match="filed packing-list"):
        await lending.loan(BOTH, "confirm", "L-1", proposal.id)
    await lending.loan(CHECKER, "confirm", "L-1", proposal.id)


async def test_who_applied_for_a_loan_does_not_extend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)
    lending = await opened()
    await lending.apply(who=BOTH)
    await lending.check()
    await lending.approve()
    await lending.take(Step.DISBURSEMENT)
    proposal = lending.proposal(Step.EXTENSION)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    with pytest.raises(NotAuthorized, match="another person decides"):
        await lending.loan(BOTH, "confirm", "L-1", proposal.id)


# -- days --------------------------------------------------------------------------------------------------------------


async def test_nothing_is_freed_by_money_that_is_to_come(lending: Lending) -> None:
    with pytest.raises(Refused, match="it is repaid when the money has come"):
        await lending.take(Step.REPAYMENT, day=lending.day + timedelta(days=1))
    assert await lending.held() == (usd("70000"),)


async def test_a_receipt_repays_nothing_before_the_day_on_which_it_came(lending: Lending) -> None:
    lending.later(days=2)
    receipt = trade.receipt("RCV-1", "10000.00", on=lending.day)
    await lending.file(receipt)
    await lending.pull(trade.application())
    sold = Exchange.model_validate({"money": usd("10000"), "base": "USD", "rate": "7.1"})
    said = {"amount": cny("71000.00"), "receipt": receipt.id, "exchange": sold}
    with pytest.raises(Refused, match=f"came on {lending.day}"):
        await lending.agree(lending.proposal(Step.REPAYMENT, day=lending.day - timedelta(days=1), **said))
    await lending.agree(lending.proposal(Step.REPAYMENT, **said))


async def test_nothing_is_drawn_after_maturity_by_dating_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)
    lending = await opened()
    wanted = trade.application(applied_on=lending.day)
    await lending.apply(wanted.model_copy(update={"matures_on": lending.day + timedelta(days=5)}))
    await lending.check()
    await lending.approve()
    lending.later(days=6)
    with pytest.raises(Refused, match="nothing is drawn then"):
        await lending.take(Step.DISBURSEMENT, day=lending.day - timedelta(days=2))


# -- what is shown and paid --------------------------------------------------------------------------------------------


def test_nothing_is_paid_by_nothing() -> None:
    """A small amount at a small rate is rounded to nothing: so little repays nothing."""
    nothing = {"money": usd("0.00"), "base": "CNY", "rate": "0.14"}
    said = {"step": "repayment", "amount": cny("0.03"), "day": "2026-09-01", "reference": "P-1", "exchange": nothing}
    with pytest.raises(ValidationError, match="more than zero"):
        Proposal.model_validate(said)


def test_who_confirms_a_conversion_is_shown_all_of_the_bill() -> None:
    of = bill(insurance_documents=("PICC-7",), receipts=("RCV-9",))
    shown = Proposal(step=Step.CONVERSION, bill=of, rate_percent=Decimal("3.9")).words
    papers = {"SC-1", "LC 26/9", "INV-1", "BL-1", "PL-1", "PICC-7", "RCV-9"}
    assert [each for each in papers if each not in shown] == []
    assert f"expected on {of.expected_receipt_on}" in shown
