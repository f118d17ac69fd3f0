"""Packing loans under way, for tests: a credit for a contract, the application, the export bill, the steps between."""

from __future__ import annotations

from datetime import date

from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import (
    BUYER,
    CHECKER,
    DONGYU,
    EXIMBANK,
    SAFE,
    TRADEBANK,
    number_of,
    usd,
)
from tests.hlf_chaincode.memory_peer import Identity
from tests.pledge import PLEDGED

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import (
    FinancedDeclaration,
    FinancedFrame,
    FinancingKind,
    LetterOfCredit,
    LoanApplication,
    Money,
)
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Override, Proposal, Step
from eximledger_chaincode.lending.verdict import Severity, Verdict

CREDIT = LetterOfCredit(
    credit_number="LC 26/9", issued_on=date(2026, 6, 1), expires_on=date(2026, 12, 31), applicant=BUYER,
    beneficiary=DONGYU, amount=usd("100000.00"), contract_numbers=("SC-1",),
)  # fmt: skip
_NOTHING: dict[str, object] = dict.fromkeys(("declarations", "invoices", "transport_documents", "packing_lists"), ())


def packing(
    loan_id: str = "L-1", held: str = "50000.00", amount: str = "30000.00", kind: str = "letter-of-credit"
) -> LoanApplication:
    """30,000.00 USD on a half of the credit."""
    number = CREDIT.number if kind == "letter-of-credit" else "SC-1"
    frame = FinancedFrame.model_validate({"kind": kind, "number": number, "amount": usd(held)})
    changes = _NOTHING | {
        "financing": FinancingKind.PRE_SHIPMENT, "frames": (frame,), "letters_of_credit": (CREDIT.number,),
        "amount": usd(amount),
    }  # fmt: skip
    return trade.application(loan_id).model_copy(update=changes)


def bill(held: str = "50000.00", **changes: object) -> ExportBill:
    """All of the hold on the first declaration, with its papers."""
    said: dict[str, object] = {
        "declarations": (FinancedDeclaration(declaration_number=number_of(1), amount=usd(held)),),
        "contracts": ("SC-1",), "letters_of_credit": (CREDIT.number,), "invoices": ("INV-1",),
        "transport_documents": ("BL-1",), "packing_lists": ("PL-1",), "expected_receipt_on": date(2026, 12, 31),
    }  # fmt: skip
    return ExportBill.model_validate(said | changes)


async def before_shipment() -> Lending:
    """The contract and the credit are filed at both banks, and nothing of the goods."""
    found = await opened(2)
    for bank in (EXIMBANK, TRADEBANK):
        await found.file(trade.contract(), CREDIT, bank=bank)
    return found


async def approved(
    lending: Lending, application: LoanApplication, who: Identity = EXIMBANK, checker: Identity = CHECKER
) -> Loan:
    await lending.apply(application, who)
    await lending.check(application.loan_id, who)
    envelope = await lending.decision(application.loan_id, checker)
    lending.ledger.commit(envelope)
    return Loan.model_validate_json(envelope.result)


async def drawn(lending: Lending) -> Loan:
    await approved(lending, packing())
    return await lending.take(Step.DISBURSEMENT, amount=usd("30000.00"), conditions=())


async def shipped(lending: Lending) -> None:
    """Customs has declared the goods, and the exporter has shown the papers of them."""
    await lending.file(trade.declaration(1))
    for make in (trade.invoice, trade.transport, trade.packing_list):
        await lending.file(make(1))
    await lending.pull(trade.application())


async def held_beside(lending: Lending, loan_id: str) -> dict[str, tuple[Money, ...]]:
    """What other loans hold of a packing loan's frames, by the accounts' numbers."""
    answer = await lending.endorse(SAFE, "loans:facts", loan_id, "EximbankMSP")
    positions = LoanFacts.model_validate_json(answer.result).frame_positions
    return {each.account.split(":")[1]: each.held for each in positions}


async def proposed(lending: Lending, of: ExportBill, maker: Identity = EXIMBANK, **said: object) -> Proposal:
    """A conversion as it waits for the second person, with all set aside that refers it."""
    usual: dict[str, object] = {"conditions": (PLEDGED,)} | said
    await lending.loan(maker, "propose", "L-1", lending.proposal(Step.CONVERSION, bill=of, **usual))
    await lending.match()
    answer = await lending.endorse(EXIMBANK, "loans:preview_bill", "L-1", of)
    found = Verdict.model_validate_json(answer.result).findings
    referring = sorted({each.id for each in found if each.severity is Severity.REFER})
    overrides = tuple(Override(finding=each, reason="seen the goods") for each in referring)
    proposal = lending.proposal(Step.CONVERSION, bill=of, overrides=overrides, **usual)
    await lending.loan(maker, "propose", "L-1", proposal)
    return proposal


async def converted(lending: Lending, of: ExportBill, **said: object) -> Loan:
    """Proposed by the maker, confirmed by the checker."""
    proposal = await proposed(lending, of, EXIMBANK, **said)
    return await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
