"""What the channels answer to one another: the parts from which a case is assembled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, TypeAlias

from pydantic import Field

from eximledger_chaincode.documents import (
    CommercialInvoice,
    EnterpriseClassification,
    Entry,
    ExportDeclaration,
    FxReceipt,
    LoanApplication,
    Money,
    PackingList,
    Record,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TransportDocument,
    Value,
)
from eximledger_chaincode.rules.case import ContractTotal

__all__ = ["AnyDocument", "CustomsFacts", "EntryPage", "HistoryItem", "LoanFacts"]

AnyDocument: TypeAlias = Annotated[
    ExportDeclaration
    | SalesContract
    | CommercialInvoice
    | TransportDocument
    | PackingList
    | FxReceipt
    | EnterpriseClassification
    | ReferenceRate
    | TolerancePolicy
    | LoanApplication,
    Field(discriminator="kind"),
]


class EntryPage(Value):
    """One page of a list; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    entries: tuple[Entry, ...]


class HistoryItem(Value):
    """One past version of a document. `document` is left out where the reader may not see it or it was purged."""

    entry: Entry | None = None
    is_delete: bool
    transaction_id: str
    timestamp: datetime
    document: AnyDocument | None = None


class CustomsFacts(Value):
    """What customs knows for a case: the declarations named, and the exporter's total over a period."""

    declarations: tuple[Record[ExportDeclaration], ...]
    declared: tuple[Money, ...]
    since: date
    until: date


class LoanFacts(Value):
    """What the bank channel knows for a case."""

    loan_id: str
    bank: str
    version: int
    applied_at: datetime
    applied_by: str
    application: Record[LoanApplication]
    policy: Record[TolerancePolicy] | TolerancePolicy
    contracts: tuple[Record[SalesContract], ...] = ()
    invoices: tuple[Record[CommercialInvoice], ...] = ()
    transport_documents: tuple[Record[TransportDocument], ...] = ()
    packing_lists: tuple[Record[PackingList], ...] = ()
    contract_totals: tuple[ContractTotal, ...] = ()
