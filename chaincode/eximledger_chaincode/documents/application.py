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
from eximledger_chaincode.documents.parts.names.spelling import compared_number
from eximledger_chaincode.documents.parts.party import Party
from eximledger_chaincode.documents.parts.terms import LoanTerms

__all__ = [
    "MAX_NAMED",
    "FinancedDeclaration",
    "FinancedFrame",
    "FinancingKind",
    "FrameKind",
    "LoanApplication",
    "NamedPapers",
    "Numbers",
]


MAX_NAMED: Final = 200
"""Declarations, and papers of each kind, that one application names at most."""

MAX_FRAMES: Final = 20
"""Contracts and credits that one packing loan is on at most."""

Numbers: TypeAlias = Annotated[tuple[Number, ...], Field(max_length=MAX_NAMED)]


FrameKind: TypeAlias = Literal["contract", "letter-of-credit"]
"""Papers under which many exports go: what is lent on before shipment."""


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


class FinancedFrame(Value):
    """How much of a contract or letter of credit a packing loan occupies, in the currency that it is asked in."""

    kind: FrameKind
    number: Number
    amount: Money

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.amount.amount <= 0:
            raise ValueError("amount: more than zero is occupied")
        return self


class NamedPapers(Value):
    """The papers that go with what is occupied, by the applicant's own numbers."""

    contracts: Numbers = ()
    letters_of_credit: Numbers = ()
    invoices: Numbers = ()
    transport_documents: Numbers = ()
    packing_lists: Numbers = ()
    insurance_documents: Numbers = ()
    receipts: Numbers = ()
    declaration_copies: Numbers = ()


class LoanApplication(Document, NamedPapers):
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
    declarations: Annotated[tuple[FinancedDeclaration, ...], Field(max_length=MAX_NAMED)] = ()
    frames: Annotated[tuple[FinancedFrame, ...], Field(max_length=MAX_FRAMES)] = ()
    """Before shipment, in place of declarations; each is named among `contracts` or `letters_of_credit`, too."""
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
        self._require_what_is_occupied()
        return self

    def _require_what_is_occupied(self) -> None:
        """Before shipment contracts or credits, afterwards declarations; never both, and never neither."""
        before = self.financing is FinancingKind.PRE_SHIPMENT
        if before == bool(self.declarations) or before != bool(self.frames):
            raise ValueError(
                "frames: before shipment a loan is on contracts or letters of credit, and on no declaration"
                if before
                else "declarations: after shipment a loan is on at least one declaration, and on no frame"
            )
        frames = [(frame.kind, compared_number(frame.number)) for frame in self.frames]
        if len(set(frames)) != len(frames):
            raise ValueError("frames: a contract or letter of credit is named twice")
        for kind, number in frames:
            named = self.contracts if kind == "contract" else self.letters_of_credit
            if number not in {compared_number(each) for each in named}:
                field = "contracts" if kind == "contract" else "letters_of_credit"
                raise ValueError(f"frames: each is one of the papers that {field} names")

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
