"""Letter of credit: a bank's promise to pay against papers, as it stands with all amendments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.documents.parts.base import Count, Day, Flag, Value, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Incoterm, Number, Text
from eximledger_chaincode.documents.parts.index import Traits
from eximledger_chaincode.documents.parts.money import ExactDecimal, Money
from eximledger_chaincode.documents.parts.party import Party, owned_id
from eximledger_chaincode.documents.parts.references import Reference
from eximledger_chaincode.documents.transport import Place

__all__ = ["MAX_AMENDMENTS", "CreditAmendment", "LetterOfCredit", "Permission"]

MAX_AMENDMENTS: Final = 100
_PRESENTATION_DAYS: Final = 21
"""UCP 600 art. 14(c), where the credit states no period."""
_ABOUT_PERCENT: Final = Decimal(10)
"""UCP 600 art. 30(a): what "about" or "approximately" allows, up and down."""

Percent = Annotated[ExactDecimal, Field(ge=0, le=100)]


class Permission(StrEnum):
    """What a credit says of partial shipments or transhipment (SWIFT 43P, 43T)."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"
    CONDITIONAL = "conditional"


class CreditAmendment(Value):
    """One amendment that the credit has taken in: its number, its day, and which fields it changed."""

    number: Count
    dated: Day
    changed: tuple[Text, ...] = ()


class LetterOfCredit(Document):
    """The issuing bank's terms. `about` is true where the amount is stated as about or approximately.

    An amendment makes a new version of the paper, with `amendments` grown by one. It binds the beneficiary only when
    accepted (UCP 600 art. 10): a bank files the credit as its beneficiary has accepted it.
    """

    KIND: ClassVar[str] = "letter-of-credit"

    kind: Literal["letter-of-credit"] = "letter-of-credit"
    credit_number: Number
    """The issuing bank's."""
    advice_number: Number | None = None
    """The advising or transferring bank's own reference."""
    form: Text | None = None
    """As the credit states it, such as IRREVOCABLE."""
    transferable: Flag = False
    confirmation: Text | None = None
    rules: Text | None = None
    """Such as UCP LATEST VERSION."""
    issued_on: Day
    expires_on: Day
    expiry_place: Text | None = None
    issuing_bank: Party | None = None
    advising_bank: Party | None = None
    applicant: Party
    beneficiary: Party
    amount: Money
    about: Flag = False
    plus_percent: Percent | None = None
    minus_percent: Percent | None = None
    not_exceeding: Flag = False
    """Whether the amount is a maximum (SWIFT 39B of before 2018)."""
    additional_amounts: Text | None = None
    available_with: Party | None = None
    available_by: Text | None = None
    drafts_at: Text | None = None
    payment_days: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    """Days from shipment (or another day that is stated) until payment is due; 0 at sight."""
    partial_shipments: Permission | None = None
    transhipment: Permission | None = None
    taken_in_charge: Place | None = None
    loading: Place | None = None
    discharge: Place | None = None
    final_destination: Place | None = None
    latest_shipment_on: Day | None = None
    shipment_period: Text | None = None
    presentation_days: Annotated[Whole, Field(ge=0, le=999)] | None = None
    presentation_period: Text | None = None
    """As stated, where it is more than a number of days after shipment."""
    incoterm: Incoterm | None = None
    incoterm_place: Text | None = None
    contract_numbers: Annotated[tuple[Number, ...], Field(max_length=20)] = ()
    goods: tuple[Text, ...] = ()
    documents_required: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    charges: Text | None = None
    cancelled: Flag = False
    """Whether an amendment asks to cancel it."""
    amendments: Annotated[tuple[CreditAmendment, ...], Field(max_length=MAX_AMENDMENTS)] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.amount.amount < 0:
            raise ValueError("amount: a credit is for nothing less than zero")
        if self.expires_on < self.issued_on:
            raise ValueError("expires_on: a credit does not expire before it is issued")
        numbers = [each.number for each in self.amendments]
        if numbers != sorted(set(numbers)):
            raise ValueError("amendments: each stands once, in the order of their numbers")
        return self

    @property
    def number(self) -> str:
        return self.credit_number

    @property
    def id(self) -> str:
        return owned_id(self.beneficiary, self.credit_number)

    @property
    def exporter(self) -> str | None:
        return self.beneficiary.uscc

    @property
    def dated(self) -> date:
        return self.issued_on

    @property
    def traits(self) -> Traits:
        return Traits((self.amount.amount, self.amount.currency), (self.applicant, self.beneficiary))

    @property
    def most_percent(self) -> Decimal:
        """What may be drawn above the amount, in percent of it: as stated, else what art. 30(a) gives "about"."""
        if self.not_exceeding:
            return Decimal(0)
        return self.plus_percent if self.plus_percent is not None else _ABOUT_PERCENT if self.about else Decimal(0)

    @property
    def days_to_present(self) -> int | None:
        """Days after shipment within which papers are presented: as stated, else those of UCP 600 art. 14(c); None
        where the credit counts them otherwise."""
        if self.presentation_days is None and self.presentation_period is None:
            return _PRESENTATION_DAYS
        return self.presentation_days

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"beneficiary": self.beneficiary.with_uscc(uscc)})
