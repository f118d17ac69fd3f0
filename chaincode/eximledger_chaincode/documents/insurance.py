"""Insurance document: a cargo policy, or the certificate or declaration under an open cover that stands for it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, Self

from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Number, Text
from eximledger_chaincode.documents.parts.money import Money
from eximledger_chaincode.documents.parts.party import Party, owned_id
from eximledger_chaincode.documents.parts.references import Reference
from eximledger_chaincode.documents.transport import Place

__all__ = ["InsuranceDocument"]


class InsuranceDocument(Document):
    """What the goods of one export, or of several, are insured for on their way."""

    KIND: ClassVar[str] = "insurance"

    kind: Literal["insurance"] = "insurance"
    policy_number: Number
    open_cover_number: Number | None = None
    """Of the cover under which it was issued."""
    issued_on: Day
    effective_on: Day | None = None
    """From when it covers, where it says so and not from the day of issue."""
    insurer: Party
    insured: Party
    insured_amount: Money
    risks: tuple[Text, ...] = ()
    """Clauses and risks, as written: Institute Cargo Clauses (A), war risks."""
    goods: Text | None = None
    vessel: Text | None = None
    voyage: Text | None = None
    loading: Place | None = None
    destination: Place | None = None
    claims_payable_at: Text | None = None
    contract_number: Number | None = None
    invoice_numbers: tuple[Number, ...] = ()
    bill_numbers: tuple[Number, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def number(self) -> str:
        return self.policy_number

    @property
    def id(self) -> str:
        return owned_id(self.insured, self.policy_number)

    @property
    def exporter(self) -> str | None:
        return self.insured.uscc

    @property
    def dated(self) -> date:
        return self.issued_on

    @property
    def covers_from(self) -> date:
        """The first day of its cover."""
        return self.effective_on or self.issued_on

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"insured": self.insured.with_uscc(uscc)})
