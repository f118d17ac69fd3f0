"""Loan application: what the exporter asks for, and the papers it names."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from eximledger_chaincode.documents.parts.base import Day, Value
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Text
from eximledger_chaincode.documents.parts.money import Money
from eximledger_chaincode.documents.parts.party import Party
from eximledger_chaincode.documents.parts.terms import LoanTerms

__all__ = ["MAX_NAMED", "FinancedDeclaration", "FinancingKind", "LoanApplication"]


MAX_NAMED: Final = 200
"""Declarations, and papers of each kind, that one application names at most."""

Numbers: TypeAlias = Annotated[tuple[Number, ...], Field(max_length=MAX_NAMED)]


class FinancingKind(StrEnum):
    PRE_SHIPMENT = "pre-shipment"
    POST_SHIPMENT = "post-shipment"


class FinancedDeclaration(Value):
    """How much of a declaration's free balance the loan occupies, in the declaration's currency."""

    declaration_number: DeclarationNumber
    amount: Money

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.amount.amount <= 0:
            raise ValueError("amount: more than zero is occupied")
        return self


class LoanApplication(Document):
    """Papers are named by the applicant's own numbers. `amount` is in the currency in which is lent."""

    KIND: ClassVar[str] = "application"

    kind: Literal["application"] = "application"
    loan_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    applicant: Party
    applied_on: Day
    financing: FinancingKind = FinancingKind.POST_SHIPMENT
    amount: Money
    matures_on: Day
    expected_receipt_on: Day
    declarations: Annotated[tuple[FinancedDeclaration, ...], Field(min_length=1, max_length=MAX_NAMED)]
    contracts: Numbers = ()
    invoices: Numbers = ()
    transport_documents: Numbers = ()
    packing_lists: Numbers = ()
    insurance_documents: Numbers = ()
    receipts: Numbers = ()
    purpose: Text | None = None
    terms: LoanTerms = LoanTerms()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.applicant.uscc is None:
            raise ValueError("applicant.uscc: an applicant is named by its USCC")
        if self.amount.amount <= 0:
            raise ValueError("amount: a loan is of more than zero")
        if self.matures_on <= self.applied_on:
            raise ValueError("matures_on: a loan matures after it is applied for")
        numbers = [entry.declaration_number for entry in self.declarations]
        if len(set(numbers)) != len(numbers):
            raise ValueError("declarations: a declaration is named twice")
        return self

    def named(self, field: str) -> tuple[str, ...]:
        """The numbers of the papers that it names in a field."""
        if field == "declarations":
            return tuple(entry.declaration_number for entry in self.declarations)
        numbers: tuple[str, ...] = getattr(self, field)
        return numbers

    @property
    def number(self) -> str:
        return self.loan_id

    @property
    def id(self) -> str:
        return self.loan_id

    @property
    def exporter(self) -> str:
        assert self.applicant.uscc is not None  # noqa: S101 - held by the validator
        return self.applicant.uscc

    @property
    def dated(self) -> date:
        return self.applied_on
