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
    DeclarationCopy,
    Document,
    EnterpriseClassification,
    ExportDeclaration,
    FxReceipt,
    InsuranceDocument,
    Kind,
    LetterOfCredit,
    LoanApplication,
    Money,
    OwnWatchList,
    PackingList,
    PriceBand,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TotalDifference,
    TransportDocument,
    Value,
    WatchList,
)
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.documents.parts.base import Day, Whole
from eximledger_chaincode.documents.parts.record import Entry, Record
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming, Unallocated
from eximledger_chaincode.lending.packing.frames import FramePosition
from eximledger_chaincode.lending.register import PaperMatch, Position
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.lending.screening.hits import Clearing, Hit
from eximledger_chaincode.lending.verdict import DocumentName

RecordT = TypeVar("RecordT", bound=Entry)
ValueT = TypeVar("ValueT", bound=Value)

__all__ = ["Case", "ContractTotal", "ExporterTotals"]


class ContractTotal(Value):
    """All invoices ever filed under one contract or letter of credit, the case's own included; a credit by its
    `credit_account`."""

    contract_id: str
    invoices: Whole
    amounts: tuple[Money, ...] = ()
    """One entry for each currency."""


class ExporterTotals(Value):
    """An exporter's declarations and receipts of the twelve months up to `until`; one entry for each currency, and of
    declarations how many there were of what."""

    since: Day
    until: Day
    declared: tuple[Money, ...] = ()
    exported: Exported = Exported()
    received: tuple[Money, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether the totals are of the month of a day."""
        first, last, month = ((each.year, each.month) for each in (self.since, self.until, day))
        return first <= month <= last


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
    declaration_copies: tuple[Record[DeclarationCopy], ...] = ()
    """What the exporter has shown the bank as its copies of declarations."""
    earlier_declarations: tuple[Record[ExportDeclaration], ...] = ()
    """Versions of the case's declarations that were replaced, as far as the asker has them."""
    contracts: tuple[Record[SalesContract], ...] = ()
    letters_of_credit: tuple[Record[LetterOfCredit], ...] = ()
    invoices: tuple[Record[CommercialInvoice], ...] = ()
    transport_documents: tuple[Record[TransportDocument], ...] = ()
    packing_lists: tuple[Record[PackingList], ...] = ()
    insurance_documents: tuple[Record[InsuranceDocument], ...] = ()
    receipts: tuple[Record[FxReceipt], ...] = ()
    classifications: tuple[Record[EnterpriseClassification], ...] = ()
    """All classes of the applicant on the ledger; rules pick the one that holds on the day of the decision."""
    total_differences: tuple[Record[TotalDifference], ...] = ()
    """SAFE's papers on how the applicant's goods and money differ."""
    rates: tuple[Record[ReferenceRate], ...] = ()
    price_bands: tuple[Record[PriceBand], ...] = ()
    """Customs' bands for the goods of the declarations, of the quarters of their exports or the last before them."""
    watch_lists: tuple[Record[WatchList], ...] = ()
    """SAFE's lists that the case was held against, each in the edition that holds."""
    own_watch_lists: tuple[Record[OwnWatchList], ...] = ()
    """The bank's own."""
    hits: tuple[Hit, ...] = ()
    omitted_hits: int = 0
    """Hits that were not told, for there were too many."""
    clearings: tuple[Clearing, ...] = ()
    """What two persons cleared, or one proposed to, for parties of the case."""
    positions: tuple[Position, ...] = ()
    frame_positions: tuple[FramePosition, ...] = ()
    """What other packing loans of the bank hold of the contracts and credits that the application is on."""
    namings: tuple[ReceiptNaming, ...] = ()
    """The applicant's receipts that name a declaration or an invoice of the case."""
    unallocated: tuple[Unallocated, ...] = ()
    """The applicant's receipts that name nothing."""
    matches: tuple[PaperMatch, ...] = ()
    unmatched: tuple[DocumentName, ...] = ()
    """Papers that were not looked up in the register of all banks as they are now."""
    contract_totals: tuple[ContractTotal, ...] = ()
    exporter_totals: ExporterTotals | None = None
    other_financings: tuple[Money, ...] = ()
    """What the bank's other standing loans finance the applicant with, one entry for each currency."""
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
            earlier_declarations=_records(self.earlier_declarations),
            positions=_values(self.positions),
            frame_positions=_values(self.frame_positions),
            namings=_values(self.namings),
            unallocated=_values(self.unallocated),
            matches=_values(self.matches),
            unmatched=_values(self.unmatched),
            contract_totals=_values(self.contract_totals),
            hits=_values(self.hits),
            clearings=_values(self.clearings),
        )


def _records(records: Iterable[RecordT]) -> tuple[RecordT, ...]:
    """By number first: a receipt's id tells nobody anything."""
    found = {(record.number, record.id, record.version, record.sha256): record for record in records}
    return tuple(found[key] for key in sorted(found))


def _values(values: Iterable[ValueT]) -> tuple[ValueT, ...]:
    found = {value.model_dump_json(): value for value in values}
    return tuple(found[key] for key in sorted(found))
