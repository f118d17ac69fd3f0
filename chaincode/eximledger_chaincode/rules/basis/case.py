"""Case: one application with every document that it names, and what the ledgers know of them.

The whole input of the rules. The client and every endorsing peer assemble it from the same channels; equal cases give
equal verdicts byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from eximledger_chaincode.documents import (
    CASE_KINDS,
    CommercialInvoice,
    Document,
    EnterpriseClassification,
    ExportDeclaration,
    FxReceipt,
    InsuranceDocument,
    Kind,
    LoanApplication,
    Money,
    PackingList,
    PriceBand,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TransportDocument,
    Value,
)
from eximledger_chaincode.documents.parts.base import Day, Whole
from eximledger_chaincode.documents.parts.record import Entry, Record
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming, Unallocated
from eximledger_chaincode.lending.register import PaperMatch, Position
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.lending.verdict import DocumentName

RecordT = TypeVar("RecordT", bound=Entry)
ValueT = TypeVar("ValueT", bound=Value)

__all__ = ["Case", "ContractTotal", "ExporterTotals"]


class ContractTotal(Value):
    """All invoices ever filed under one contract, the case's own included."""

    contract_id: str
    invoices: Whole
    amounts: tuple[Money, ...] = ()
    """One entry for each currency."""


class ExporterTotals(Value):
    """An exporter's declarations and receipts of the twelve months up to `until`; one entry for each currency."""

    since: Day
    until: Day
    declared: tuple[Money, ...] = ()
    received: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a decision rests on.

    Documents that the application names but no ledger has are simply absent from the tuples; rules find that out.
    `rates` holds for each currency and day that the case needs the quotation of that day or the last one before it.
    `today` is the day of the decision: the transaction's date in China (UTC+8). `approving` is who decides, None while
    nobody does (a preview).
    """

    application: Record[LoanApplication]
    policy: Record[TolerancePolicy] | TolerancePolicy
    today: date
    declarations: tuple[Record[ExportDeclaration], ...] = ()
    contracts: tuple[Record[SalesContract], ...] = ()
    invoices: tuple[Record[CommercialInvoice], ...] = ()
    transport_documents: tuple[Record[TransportDocument], ...] = ()
    packing_lists: tuple[Record[PackingList], ...] = ()
    insurance_documents: tuple[Record[InsuranceDocument], ...] = ()
    receipts: tuple[Record[FxReceipt], ...] = ()
    classifications: tuple[Record[EnterpriseClassification], ...] = ()
    """All classes of the applicant on the ledger; rules pick the one that holds on the day of the decision."""
    rates: tuple[Record[ReferenceRate], ...] = ()
    price_bands: tuple[Record[PriceBand], ...] = ()
    """Customs' bands for the goods of the declarations, of the quarters of their exports or the last before them."""
    positions: tuple[Position, ...] = ()
    namings: tuple[ReceiptNaming, ...] = ()
    """The applicant's receipts that name a declaration or an invoice of the case."""
    unallocated: tuple[Unallocated, ...] = ()
    """The applicant's receipts that name nothing."""
    matches: tuple[PaperMatch, ...] = ()
    unmatched: tuple[DocumentName, ...] = ()
    """Papers that were not looked up in the register of all banks as they are now."""
    contract_totals: tuple[ContractTotal, ...] = ()
    exporter_totals: ExporterTotals | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Role of each member organisation by MSP id."""
    applicants: tuple[Person, ...] = ()
    """Everybody who applied for the loan, in whichever version."""
    policy_before: str | None = None
    """SHA-256 of the policy that was in force when the loan was applied for; None for papers on no ledger."""
    policy_by: tuple[Person, ...] = ()
    """Who proposed and who confirmed the policy."""
    approving: Person | None = None
    applied_at: datetime | None = None
    """When the application reached the ledger (its latest version), where it did."""
    derived: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What rules derive from the case once and share (`links`); no part of what it says."""

    @property
    def tolerances(self) -> TolerancePolicy:
        """The policy document itself, stored or built in."""
        return self.policy if isinstance(self.policy, TolerancePolicy) else self.policy.document

    def papers(self, kind: Kind) -> tuple[Record[Document], ...]:
        """Those of one of `CASE_KINDS`."""
        records: tuple[Record[Document], ...] = getattr(self, kind.field)
        return records

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The application and every document of the case; not the policy."""
        return (self.application, *(record for kind in CASE_KINDS for record in self.papers(kind)))

    def ordered(self) -> Case:
        """The same case with everything in one order and nothing twice: in which order a ledger gave the documents, or
        how often the application names one, changes no verdict."""
        papers = {kind.field: _records(self.papers(kind)) for kind in CASE_KINDS}
        return replace(
            self,
            **papers,  # type: ignore[arg-type]  # by the fields' names
            positions=_values(self.positions),
            namings=_values(self.namings),
            unallocated=_values(self.unallocated),
            matches=_values(self.matches),
            unmatched=_values(self.unmatched),
            contract_totals=_values(self.contract_totals),
        )


def _records(records: Iterable[RecordT]) -> tuple[RecordT, ...]:
    """By number first: a receipt's id tells nobody anything."""
    found = {(record.number, record.id, record.version, record.sha256): record for record in records}
    return tuple(found[key] for key in sorted(found))


def _values(values: Iterable[ValueT]) -> tuple[ValueT, ...]:
    found = {value.model_dump_json(): value for value in values}
    return tuple(found[key] for key in sorted(found))
