"""Tolerance policy: the numbers that rules compare with. One bank's, versioned on the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Day, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Country, MspId, SupervisionMode
from eximledger_chaincode.documents.parts.money import ExactDecimal
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.documents.published.watch_list import ListId

__all__ = ["TolerancePolicy"]

Percent = Annotated[ExactDecimal, Field(ge=0, le=1000)]
Days = Annotated[Whole, Field(ge=0, le=3650)]

if TYPE_CHECKING:  # the table of kinds says which these are, and completes the model (`kinds`)
    PaperKind: TypeAlias = str
    FingerprintedKind: TypeAlias = str


class TolerancePolicy(Document):
    """Every tolerance that a rule of the rule set reads, with the default of domain.md. Percentages as 5 for 5 %."""

    KIND: ClassVar[str] = "policy"

    kind: Literal["policy"] = "policy"
    bank: MspId
    effective_from: Day = date(2000, 1, 1)

    never_financed_modes: tuple[SupervisionMode, ...] = ("2600", "3010", "3100", "3339")
    """Supervision modes that bring no payment; those of the consortium's floors are always among them."""
    financeable_modes: tuple[SupervisionMode, ...] = ("0110", "0214", "0615", "1210", "9610", "9710")
    declaration_max_age_days: Days = 180
    amount_tolerance_percent: Percent = Decimal("0.5")
    amount_tolerance_units: Annotated[ExactDecimal, Field(ge=0)] = Decimal(100)
    amount_reject_percent: Percent = Decimal(5)
    bulk_quantity_percent: Percent = Decimal(5)
    """Of quantities in weight, length, area or volume; pieces and packing units have no tolerance."""
    contract_about_percent: Percent = Decimal(10)
    contract_percent: Percent = Decimal(0)
    on_board_days: Days = 15
    presentation_days: Days = 21
    weight_percent: Percent = Decimal(1)
    insured_percent: Percent = Decimal(110)
    """Of the CIF or CIP value."""
    receipt_short_percent: Percent = Decimal(5)
    advance_receipt_days: Days = 30
    deferred_receipt_days: Days = 90
    deferred_receipt_days_supervised: Days = 30
    """For exporters in class B or C."""
    expected_receipt_days: Days = 10
    deviation_paper_days: Days = 100
    """How long before the decision the twelve months of SAFE's deviation paper may have ended."""
    total_deviation_percent: Percent = Decimal(50)
    tenor_grace_days: Days = 0
    tenor_max_days: Days = 180
    concentration_percent: Percent = Decimal(60)
    largest_export_times: Annotated[ExactDecimal, Field(ge=1, le=1000)] = Decimal(3)
    history_exports: Annotated[Whole, Field(ge=1, le=1000)] = 5
    """So many exports of the last twelve months, beside the case's own, make a history that a case is held against."""
    financed_percent: Percent = Decimal(80)
    required_papers: tuple[PaperKind, ...] = ("contract", "invoice", "transport", "packing-list")
    fingerprinted: tuple[FingerprintedKind, ...] = ("invoice", "transport")
    """Contracts are frames: what is invoiced under them is compared, they are no duplicates."""
    conditions_precedent: Annotated[tuple[Condition, ...], Field(max_length=10)] = (Condition.PLEDGE_REGISTRATION,)
    """What must be there before a loan on declarations is paid out, beside what its own terms say."""
    drawing_days: Days = 30
    """For so many days after the approval a loan is paid out."""
    indemnity_percent: Annotated[ExactDecimal, Field(ge=0, le=100)] = Decimal(90)
    """Of the invoices, the most that is asked of an insurer."""
    price_deviations: Annotated[ExactDecimal, Field(ge=0, le=1000)] = Decimal(5)
    """How many scaled deviations from the middle of customs' band a unit price may lie."""
    price_percent: Percent = Decimal(5)
    """How far from it a unit price may lie however narrow the band is."""
    embargoed_countries: tuple[Country, ...] = ()
    """Where nothing that the bank finances may go to or pass through."""
    screened_foreign_lists: Annotated[tuple[ListId, ...], Field(max_length=50)] = ()
    """Watch lists of other states by which the bank's cases are screened, too."""
    required_watch_lists: Annotated[tuple[ListId, ...], Field(max_length=50)] = ()
    """Watch lists without which the bank decides no case unasked."""
    screening_percent: Annotated[Whole, Field(ge=75, le=95)] = 88
    """How alike a listed name must be to be put before an officer."""

    @property
    def number(self) -> str:
        return self.bank

    @property
    def id(self) -> str:
        return self.bank

    @property
    def dated(self) -> date:
        return self.effective_from
