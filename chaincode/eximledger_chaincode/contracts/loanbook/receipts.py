"""Receipts on SAFE's channel as a loan's repayment: offered where they name its exports, and taken once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import receipt_taken_key
from eximledger_chaincode.contracts.state.names import FX
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.documents import Money, compared_number
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt, ReceiptTaken
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming
from eximledger_chaincode.lending.steps import Proposal
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["offered_receipts", "take_receipt"]

_Answer: TypeAlias = list[ReceiptNaming]
_NOTHING: Final[Mapping[str, Money]] = {}


async def offered_receipts(context: Context, opened: OpenedLoan) -> list[OfferedReceipt]:
    """The booked receipts that name the loan's declarations or invoices, by day, with what loans of the bank took."""
    loan = opened.loan
    numbers = [item.declaration_number for item in loan.items]
    application = loan.application.document
    invoices = sorted({compared_number(number) for number in application.named("invoices")})
    namings = await ask(context, _Answer, FX, "documents:receipts_for", application.exporter, numbers, invoices)
    keys = [receipt_taken_key(each.receipt_id) for each in namings]
    stored = await opened.vault.get_many(keys)
    taken = [_NOTHING if value is None else decode(ReceiptTaken, value).by_loan for value in stored]
    offers = [OfferedReceipt.of(naming, by_loan) for naming, by_loan in zip(namings, taken, strict=True)]
    return sorted(offers, key=lambda each: (each.dated, each.receipt_id))


async def take_receipt(context: Context, opened: OpenedLoan, proposal: Proposal) -> None:
    """Have the loan repaid out of the receipt that the proposal names. Raises `Refused` where it is not offered, is in
    another currency, came later, or less of it is left; of two loans that race for what is left one commits."""
    offers = {each.receipt_id: each for each in await offered_receipts(context, opened)}
    offer = offers.get(proposal.receipt or "")
    paid = proposal.exchange.money if proposal.exchange is not None else proposal.amount
    if offer is None or paid is None:
        raise Refused(
            f"no booked receipt {proposal.receipt} names a declaration or an invoice of loan "
            f"{opened.loan.loan_id}: look at what is offered (loans:offered)",
            loan_id=opened.loan.loan_id,
        )
    if paid.currency != offer.amount.currency:
        raise Refused(
            f"receipt {offer.receipt_id} is in {offer.amount.currency}: say what of it is paid, and at which rate "
            "(exchange)",
            loan_id=opened.loan.loan_id,
        )
    if proposal.day is not None and proposal.day < offer.dated:
        raise Refused(
            f"receipt {offer.receipt_id} came on {offer.dated}: it repays nothing on {proposal.day}",
            loan_id=opened.loan.loan_id,
        )
    if paid > offer.left:
        raise Refused(f"{paid} is more than the {offer.left} left of receipt {offer.receipt_id}")
    after = offer.taken_for(opened.loan.loan_id, paid)
    await opened.vault.put_many({receipt_taken_key(offer.receipt_id): encode(after)})
