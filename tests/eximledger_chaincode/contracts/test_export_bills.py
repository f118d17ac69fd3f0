"""A packing loan's conversion, bound as an approval is: an open day, its maturity, its conditions, its own evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending
from tests.eximledger_chaincode.contracts.packing import (
    approved,
    before_shipment,
    bill,
    converted,
    drawn,
    packing,
    proposed,
    shipped,
)
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, RISK, SAFE, TRADEBANK, usd
from tests.pledge import PLEDGED

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import Refused


@pytest.fixture
async def lending() -> Lending:
    return await before_shipment()


async def test_it_needs_an_open_business_day(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    lending.later(days=11)
    await lending.file(trade.rate(lending.day))
    proposal = await proposed(lending, bill())
    with pytest.raises(Refused, match="opened its last business day"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    await lending.ledger.submit(SAFE, "bank", "calendar:open", lending.day)
    assert (await lending.loan(CHECKER, "confirm", "L-1", proposal.id)).held_frames == ()


async def test_a_maturity_beyond_policys_is_set_aside_by_name(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    with pytest.raises(Refused, match=r"override each finding.*TENOR"):
        await converted(lending, bill(), matures_on=lending.day + timedelta(days=181))
    assert (await lending.get()).version == 1


async def test_the_maturity_that_an_extension_gave_is_judged(lending: Lending) -> None:
    """And not the one that was applied for: that would be within the bank's policy of now."""
    await drawn(lending)
    await lending.take(Step.EXTENSION, matures_on=lending.day + timedelta(days=160))
    shorter = trade.policy(tenor_max_days=150)
    await lending.ledger.submit(EXIMBANK, "bank", "policies:propose", shorter)
    await lending.ledger.submit(RISK, "bank", "policies:confirm", policy_hash(shorter))
    await shipped(lending)
    loan = await converted(lending, bill())
    assert loan.verdict is not None
    assert "TENOR" in {each.rule for each in loan.verdict.findings}


async def test_it_has_the_conditions_of_an_export_bill_and_its_own_evidence(lending: Lending) -> None:
    before = await drawn(lending)
    assert before.conditions == ()
    await shipped(lending)
    loan = await converted(lending, bill())
    assert loan.conditions == (Condition.PLEDGE_REGISTRATION,)
    assert loan.verdict is not None
    (application,) = (each for each in loan.verdict.evidence if each.kind == "application")
    assert application.sha256 == loan.application.sha256 != before.application.sha256


async def test_a_condition_that_was_met_at_the_drawing_is_met(lending: Lending) -> None:
    await approved(lending, packing())
    await lending.take(Step.DISBURSEMENT, amount=usd("30000.00"), conditions=(PLEDGED,))
    await shipped(lending)
    assert (await converted(lending, bill(), conditions=())).version == 2


async def test_an_overdue_loan_becomes_one_with_a_new_maturity_and_runs_on(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    lending.later(days=(date(2027, 1, 16) - lending.day).days)
    await lending.ledger.submit(SAFE, "bank", "calendar:open", lending.day)
    year = {"valid_from": date(2027, 1, 1), "valid_until": date(2027, 12, 31)}
    await lending.file(trade.rate(lending.day), trade.classification().model_copy(update=year))
    assert (await lending.loan(EXIMBANK, "mark_overdue")).state is LoanState.OVERDUE
    with pytest.raises(Refused, match="TENOR: The loan matures on 2027-01-15"):
        await converted(lending, bill())
    loan = await converted(lending, bill(), matures_on=lending.day + timedelta(days=60))
    assert loan.state is LoanState.DISBURSED


async def test_the_register_knows_the_goods_papers_as_paid_out_on_and_what_is_financed(lending: Lending) -> None:
    """Both banks' later loans read it: the other one's of the papers, the own one's of the exporter's share."""
    await drawn(lending)
    await shipped(lending)
    await converted(lending, bill("40000.00"))
    await lending.file_papers(1, bank=TRADEBANK)
    await lending.apply(trade.application("T-1"), TRADEBANK)
    answer = await lending.endorse(TRADEBANK, "loans:facts", "T-1")
    matches = LoanFacts.model_validate_json(answer.result).matches
    assert {(each.kind, each.standing) for each in matches} == {
        ("invoice", PaperStanding.DISBURSED), ("transport", PaperStanding.DISBURSED),
    }  # fmt: skip
    await lending.take(Step.REPAYMENT, amount=usd("15000.00"))
    await lending.apply(packing("L-2", held="1.00"))
    answer = await lending.endorse(EXIMBANK, "loans:facts", "L-2")
    assert LoanFacts.model_validate_json(answer.result).other_financings == (usd("15000.00"),)
