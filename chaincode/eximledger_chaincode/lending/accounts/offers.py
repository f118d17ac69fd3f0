"""Receipts that are offered as repayment, and what the bank's loans took of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import Day, First
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming

__all__ = ["OfferedReceipt", "ReceiptTaken"]


class ReceiptTaken(Value):
    """What of one receipt has repaid loans of the bank, by loan; in the receipt's currency."""

    kind: Literal["receipt-taken"] = "receipt-taken"
    schema_version: First = 1
    receipt_id: str
    by_loan: dict[str, Money]


class OfferedReceipt(Value):
    """A booked receipt that names a loan's declarations or invoices: it may repay the loan with what is left of it."""

    receipt_id: str
    dated: Day
    amount: Money
    left: Money
    """What no loan of the bank was repaid with."""
    declarations: tuple[str, ...]
    by_loan: dict[str, Money]

    @classmethod
    def of(cls, naming: ReceiptNaming, by_loan: Mapping[str, Money]) -> Self:
        """What a receipt offers after these loans took of it, and debits took a part back; nothing where less is left
        than they took."""
        left = naming.amount if naming.returned is None else naming.amount - naming.returned
        for loan_id in sorted(by_loan):
            if by_loan[loan_id].currency == left.currency:
                left = max(left - by_loan[loan_id], Money.zero(left.currency))
        return cls(
            receipt_id=naming.receipt_id,
            dated=naming.dated,
            amount=naming.amount,
            left=left,
            declarations=tuple(paper.number for paper in naming.declarations),
            by_loan=dict(by_loan),
        )

    def taken_for(self, loan_id: str, money: Money) -> ReceiptTaken:
        """With so much more taken for a loan."""
        taken = dict(self.by_loan)
        taken[loan_id] = taken.get(loan_id, Money.zero(money.currency)) + money
        return ReceiptTaken(receipt_id=self.receipt_id, by_loan=dict(sorted(taken.items())))
