"""FX receipt: a credit in a foreign currency, as a bank reports it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Literal, Self

from pydantic import model_validator

from eximledger_chaincode.documents.parts.base import Day, Flag, Value
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.goods import AllowanceCharge
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Text, Uscc
from eximledger_chaincode.documents.parts.index import Collected, Counted, IndexRow
from eximledger_chaincode.documents.parts.money import Currency, Money, Rate
from eximledger_chaincode.documents.parts.party import Identifier, Party
from eximledger_chaincode.documents.parts.references import Reference
from eximledger_chaincode.documents.parts.spelling import compared_number, filed_number

__all__ = ["Allocation", "CurrencyExchange", "FxReceipt", "ReceiptStatus"]


_REVERSAL: Final = "reversal"


class ReceiptStatus(StrEnum):
    """Booked money is in the account; pending and information entries are only announced."""

    BOOKED = "booked"
    PENDING = "pending"
    INFORMATION = "information"


class Allocation(Value):
    """How much of a receipt collects the value of one declaration, in the declaration's currency."""

    declaration_number: DeclarationNumber
    amount: Money


class CurrencyExchange(Value):
    """The exchange that the bank applied: one `source` buys `rate` of `target`."""

    source: Currency
    target: Currency | None = None
    unit: Currency | None = None
    rate: Rate
    contract: Text | None = None
    quoted_on: Day | None = None


class FxReceipt(Document):
    """One credit: `amount` is what was credited, `instructed_amount` what the payer ordered before charges."""

    KIND: ClassVar[str] = "receipt"

    kind: Literal["receipt"] = "receipt"
    reference: Number
    """The account servicer's reference of the credit; unique within the account."""
    status: ReceiptStatus = ReceiptStatus.BOOKED
    account: Text
    account_currency: Currency | None = None
    account_owner: Party | None = None
    account_bank: Party | None = None
    exporter_uscc: Uscc | None = None
    payer: Party | None = None
    ultimate_payer: Party | None = None
    payer_account: Text | None = None
    payer_bank: Party | None = None
    beneficiary: Party | None = None
    ultimate_beneficiary: Party | None = None
    amount: Money
    instructed_amount: Money | None = None
    exchanges: tuple[CurrencyExchange, ...] = ()
    charges: tuple[AllowanceCharge, ...] = ()
    booked_on: Day | None = None
    value_on: Day | None = None
    reversal: Flag = False
    transaction_code: Text | None = None
    remittance: tuple[Text, ...] = ()
    """Remittance information as written by the payer."""
    references: tuple[Reference, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    trade_credit_report: Number | None = None
    """Number of the trade-credit report to SAFE, for advance and deferred receipts."""
    identifiers: tuple[Identifier, ...] = ()
    """End-to-end id, instruction id, message id and the like."""
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_a_credit(self) -> Self:
        if self.amount.amount <= 0:
            raise ValueError("amount: a receipt is a credit of more than zero")
        if self.booked_on is None and self.value_on is None:
            raise ValueError("booked_on: a receipt has a booking date or a value date")
        allocated: dict[str, Money] = {}
        for entry in self.allocations:
            held = allocated.get(entry.amount.currency, Money.zero(entry.amount.currency))
            allocated[entry.amount.currency] = held + entry.amount
        for currency, total in allocated.items():
            for own in (self.amount, self.instructed_amount):
                if own is not None and own.currency == currency and total > own and self.instructed_amount is None:
                    raise ValueError("allocations: more is allocated than was received")
        return self

    @property
    def number(self) -> str:
        return self.reference

    @property
    def id(self) -> str:
        return f"{self.exporter_uscc or compared_number(self.account)}:{filed_number(self.reference)}"

    @property
    def exporter(self) -> str | None:
        return self.exporter_uscc

    @property
    def dated(self) -> date:
        received = self.value_on or self.booked_on
        assert received is not None  # noqa: S101 - held by the validator
        return received

    def index_rows(self) -> tuple[IndexRow, ...]:
        """Announced money and reversals collect nothing; several allocations to one declaration are added up."""
        counted = Counted(self.amount, _REVERSAL if self.reversal else self.status)
        if self.reversal or self.status is not ReceiptStatus.BOOKED:
            return (counted,)
        sums: dict[str, Money] = {}
        for each in self.allocations:
            held = sums.get(each.declaration_number)
            sums[each.declaration_number] = each.amount if held is None else held + each.amount
        return (counted, *(Collected(number, amount) for number, amount in sums.items()))

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"exporter_uscc": self.exporter_uscc or uscc})
