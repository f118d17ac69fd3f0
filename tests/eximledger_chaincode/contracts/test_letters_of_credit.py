"""Letters of credit on the ledger: filed and amended, named by an application, and what is drawn under them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import BUYER, DONGYU, EXIMBANK, SAFE, TRADEBANK, usd

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import CreditAmendment, LetterOfCredit, Reference
from eximledger_chaincode.documents.parts.index import credit_account
from hlf_chaincode.errors import NotFound

CREDIT = LetterOfCredit(
    credit_number="LC 26/9", issued_on=date(2026, 6, 1), expires_on=date(2026, 12, 31), applicant=BUYER,
    beneficiary=DONGYU, amount=usd("100000.00"),
)  # fmt: skip
AMENDED = CREDIT.model_copy(
    update={"amount": usd("99000.00"), "amendments": (CreditAmendment(number=1, dated=date(2026, 7, 1)),)}
)
NAMED = (Reference(kind="letter-of-credit", number="lc-26/9"),)


@pytest.fixture
async def lending() -> Lending:
    return await opened(1)


async def facts(lending: Lending) -> LoanFacts:
    return LoanFacts.model_validate_json((await lending.endorse(SAFE, "loans:facts", "L-1", "EximbankMSP")).result)


async def test_what_is_drawn_under_a_credit_counts_whoever_asks(lending: Lending) -> None:
    await lending.file(CREDIT, AMENDED)
    drawn = trade.invoice(7, total="60000.00").model_copy(update={"references": NAMED, "contract_number": None})
    await lending.file(drawn, trade.invoice().model_copy(update={"references": NAMED}))
    await lending.apply(trade.application().model_copy(update={"letters_of_credit": ("LC 26/9",)}))
    found = await facts(lending)
    assert [(record.version, record.document) for record in found.letters_of_credit] == [(2, AMENDED)]
    totals = {total.contract_id: total.amounts for total in found.contract_totals}
    assert totals[credit_account(CREDIT.id)] == (usd("160000.00"),)
    assert totals[trade.contract().id] == (usd("100000.00"),)
    verdict = await lending.check()
    (finding,) = (each for each in verdict.findings if each.rule == "LC-AMOUNT")
    assert "160,000.00 USD" in finding.message.en
    assert "99,000.00 USD" in finding.message.en
    assert ("letter-of-credit", CREDIT.id, 2) in {(each.kind, each.id, each.version) for each in verdict.evidence}


async def test_a_credit_is_its_own_banks_paper(lending: Lending) -> None:
    await lending.file(CREDIT)
    await lending.ledger.endorse(EXIMBANK, "bank", "documents:get", "letter-of-credit", CREDIT.id)
    with pytest.raises(NotFound):
        await lending.ledger.endorse(TRADEBANK, "bank", "documents:get", "letter-of-credit", CREDIT.id)
