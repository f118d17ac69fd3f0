"""What the bank and fx channels answer to one another: their parts of a case, and of a reservation."""

from __future__ import annotations

from datetime import datetime

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    EnterpriseClassification,
    FinancedDeclaration,
    FxReceipt,
    Kind,
    LoanApplication,
    Money,
    PackingList,
    Record,
    SalesContract,
    TolerancePolicy,
    TransportDocument,
    Value,
)
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.naming import ReceiptNaming, Unallocated
from eximledger_chaincode.lending.register import PaperFingerprint, PaperMatch, Position, Reservation
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.rules.basis.case import ContractTotal

__all__ = ["FinancingFacts", "LoanFacts", "ReservationFacts"]


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

    @property
    def tolerances(self) -> TolerancePolicy:
        """The policy document itself, stored or built in."""
        return self.policy if isinstance(self.policy, TolerancePolicy) else self.policy.document

    def papers(self, kind: Kind) -> tuple[Record[Document], ...]:
        """Those of one of `LOAN_KINDS`."""
        records: tuple[Record[Document], ...] = getattr(self, kind.field)
        return records


class FinancingFacts(Value):
    """What the fx channel knows for a case; the case's own loan is left out of positions and matches."""

    classifications: tuple[Record[EnterpriseClassification], ...] = ()
    receipts: tuple[Record[FxReceipt], ...] = ()
    positions: tuple[Position, ...] = ()
    matches: tuple[PaperMatch, ...] = ()
    received: tuple[Money, ...] = ()
    namings: tuple[ReceiptNaming, ...] = ()
    unallocated: tuple[Unallocated, ...] = ()
    reservation: Reservation | None = None
    roles: dict[str, Role]


class ReservationFacts(Value):
    """What the bank channel tells the fx channel of a loan that wants to hold balance."""

    loan_id: str
    bank: MspId
    state: LoanState
    version: int
    exporter: str
    items: tuple[FinancedDeclaration, ...]
    reservation_hours: int
    papers: tuple[PaperFingerprint, ...]
