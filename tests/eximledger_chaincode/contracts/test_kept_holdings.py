"""What the register keeps of a loan: its share of the exporter's financings, and all papers that it was paid out on.

Both through amendments, a conversion and a new generation of SAFE's secret.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened, stand_in
from tests.eximledger_chaincode.contracts.packing import (
    CREDIT,
    approved,
    before_shipment,
    bill,
    converted,
    packing,
    shipped,
)
from tests.eximledger_chaincode.contracts.registering import Register
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, TRADEBANK, number_of, usd
from tests.pledge import PLEDGED

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import CommercialInvoice, FinancedDeclaration, FinancedFrame, Money
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step


async def financed(lending: Lending, beside: str = "L-9") -> tuple[Money, ...]:
    """What the bank's loans to the exporter come to, as a new one is told of them."""
    await lending.apply(trade.application(beside, (9,), applied_on=lending.day))
    answer = await lending.endorse(EXIMBANK, "loans:facts", beside)
    return LoanFacts.model_validate_json(answer.result).other_financings


async def drawn_on(lending: Lending, **items: object) -> None:
    await lending.apply(trade.application(serials=(1, 2)).model_copy(update=items))
    await lending.check()
    await lending.approve()
    await lending.take(Step.DISBURSEMENT)


def occupied(first: str, second: str) -> tuple[FinancedDeclaration, ...]:
    amounts = zip((1, 2), (first, second), strict=True)
    return tuple(
        FinancedDeclaration(declaration_number=number_of(serial), amount=usd(each)) for serial, each in amounts
    )


# -- a loan's share of the exporter's financings -----------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("100.00", "70000.00"), ("70000.00", "100.00")])
async def test_of_declarations_of_unlike_sums_the_share_is_each_ones_own(
    monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    stand_in(monkeypatch)
    lending = await opened(1, 2)
    await drawn_on(lending, declarations=occupied(first, second))
    assert await financed(lending) == (Money.of("300000.00", "CNY"),)
    await lending.take(Step.REPAYMENT, amount=Money.of("75000.00", "CNY"))
    assert await financed(lending) == (Money.of("225000.00", "CNY"),)


async def test_of_declarations_freed_in_cents_the_most_that_is_kept_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three cents two are kept at a half: rounded so that never too much counts as free."""
    stand_in(monkeypatch)
    lending = await opened(1, 2)
    await drawn_on(lending, declarations=occupied("0.03", "70000.00"))
    await lending.take(Step.REPAYMENT, amount=Money.of("150000.00", "CNY"))
    assert await financed(lending) == (Money.of("200000.00", "CNY"),)


@pytest.mark.parametrize(
    ("frames", "named"),
    [
        ((("contract", "SC-1", "100.00"), ("contract", "SC-2", "40000.00")), ("SC-1", "SC-2")),
        ((("letter-of-credit", "SC-1", "100.00"), ("contract", "SC-1", "40000.00")), ("SC-1",)),
    ],
    ids=["two contracts", "a credit of its contract's number"],
)
async def test_of_contracts_and_credits_of_unlike_sums_the_share_is_each_ones_own(
    monkeypatch: pytest.MonkeyPatch, frames: tuple[tuple[str, str, str], ...], named: tuple[str, ...]
) -> None:
    stand_in(monkeypatch)
    lending = await before_shipment()
    same = CREDIT.model_copy(update={"credit_number": "SC-1"})
    await lending.file(trade.contract(2), same)
    on = tuple(
        FinancedFrame.model_validate({"kind": kind, "number": number, "amount": usd(amount)})
        for kind, number, amount in frames
    )
    opened_for = tuple(each.number for each in on if each.kind == "letter-of-credit")
    await lending.apply(
        packing().model_copy(update={"frames": on, "contracts": named, "letters_of_credit": opened_for})
    )
    await lending.check()
    await lending.approve()
    await lending.take(Step.DISBURSEMENT, amount=usd("30000.00"), conditions=())
    await lending.take(Step.REPAYMENT, amount=usd("7500.00"))
    assert await financed(lending) == (usd("22500.00"),)


async def test_a_packing_loan_drawn_in_part_is_financed_as_an_export_bill_of_that_part() -> None:
    """What was never drawn of it is drawn no more: the conversion itself takes it out of the exporter's financings."""
    lending = await before_shipment()
    await approved(lending, packing())
    await lending.take(Step.DISBURSEMENT, amount=usd("12000.00"), conditions=())
    assert await financed(lending) == (usd("30000.00"),)
    await shipped(lending)
    loan = await converted(lending, bill("20000.00"))
    assert loan.application.document.amount == usd("12000.00")
    assert await financed(lending) == (usd("12000.00"),)


# -- papers that a loan was paid out on --------------------------------------------------------------------------------


def amended() -> CommercialInvoice:
    """The same invoice, dated a day later: another paper to the register."""
    return trade.invoice().model_copy(update={"issued_on": trade.invoice().issued_on + timedelta(days=1)})


async def moved(register: Register, *loan_ids: str) -> None:
    """A new generation of SAFE's secret holds, the loans' marks are moved there, and the old one is gone."""
    await register.rotate()
    await register.open(2)
    for loan_id in loan_ids:
        await register.match_by_safe(loan_id, "EximbankMSP")
    await register.rekey(await register.pairs("EximbankMSP", *loan_ids))
    await register.retire()


async def told(lending: Lending, loan_id: str, invoice: CommercialInvoice) -> set[tuple[str, str, PaperStanding]]:
    """What another bank that has just this invoice is told of it."""
    await lending.file(invoice, bank=TRADEBANK)
    named = {"invoices": (invoice.invoice_number,), "transport_documents": (), "applied_on": lending.day}
    await lending.apply(trade.application(loan_id).model_copy(update=named), TRADEBANK)
    answer = await lending.endorse(TRADEBANK, "loans:facts", loan_id)
    matches = LoanFacts.model_validate_json(answer.result).matches
    return {(each.kind, each.similarity, each.standing) for each in matches}


async def test_papers_as_approved_and_as_paid_on_both_move_to_a_new_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)
    lending = await opened(1)
    await lending.file_papers(1, bank=TRADEBANK)
    await lending.apply()
    await lending.check()
    await lending.approve()
    await lending.file(amended())
    await lending.take(Step.DISBURSEMENT)
    await moved(Register(lending), "L-1")
    exact = ("invoice", "exact", PaperStanding.DISBURSED)
    assert exact in await told(lending, "T-1", trade.invoice())
    assert exact in await told(lending, "T-2", amended())


async def test_what_a_packing_loan_was_paid_on_stays_financed_beside_the_papers_of_its_bill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(monkeypatch)
    lending = await before_shipment()
    early = trade.invoice(1).model_copy(update={"invoice_number": "PF-1", "declaration_numbers": ()})
    await lending.file(early)
    await lending.apply(packing().model_copy(update={"invoices": ("PF-1",)}))
    await lending.check()
    await lending.approve()
    await lending.take(Step.DISBURSEMENT, amount=usd("30000.00"), conditions=())
    await shipped(lending)
    proposal = lending.proposal(Step.CONVERSION, bill=bill(), conditions=(PLEDGED,))
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    await lending.match()
    await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    await moved(Register(lending), "L-1")
    exact = ("invoice", "exact", PaperStanding.DISBURSED)
    assert exact in await told(lending, "T-1", trade.invoice(1))
    assert exact in await told(lending, "T-2", early)
