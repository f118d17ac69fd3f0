"""What the bank and fx channels answer: their parts of a case."""

from __future__ import annotations

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    EnterpriseClassification,
    FxReceipt,
    InsuranceDocument,
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
from eximledger_chaincode.documents.parts.base import Moment, Version
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming, Unallocated
from eximledger_chaincode.lending.register import PaperMatch, Position
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.lending.verdict import DocumentName
from eximledger_chaincode.rules.basis.case import ContractTotal

__all__ = ["FxFacts", "LoanFacts"]


class LoanFacts(Value):
    """What the bank channel knows for a case; the case's own loan is left out of positions and matches.

    `policy` is the one that holds on the day of the reading, nowhere under the consortium's floors.
    """

    loan_id: str
    bank: str
    version: Version
    applied_at: Moment
    applied_by: Person
    applicants: tuple[Person, ...]
    policy_sha256: Hex256
    """Of the policy that was in force when the loan was applied for."""
    policy_by: tuple[Person, ...] = ()
    """Who proposed and who confirmed the policy that holds now."""
    application: Record[LoanApplication]
    policy: Record[TolerancePolicy] | TolerancePolicy
    contracts: tuple[Record[SalesContract], ...] = ()
    invoices: tuple[Record[CommercialInvoice], ...] = ()
    transport_documents: tuple[Record[TransportDocument], ...] = ()
    packing_lists: tuple[Record[PackingList], ...] = ()
    insurance_documents: tuple[Record[InsuranceDocument], ...] = ()
    contract_totals: tuple[ContractTotal, ...] = ()
    positions: tuple[Position, ...] = ()
    matches: tuple[PaperMatch, ...] = ()
    unmatched: tuple[DocumentName, ...] = ()
    """Papers that are to be in the register of all banks and were not looked up there as they are now."""
    roles: dict[str, Role]

    @property
    def tolerances(self) -> TolerancePolicy:
        """The policy document itself, stored or built in."""
        return self.policy if isinstance(self.policy, TolerancePolicy) else self.policy.document

    def papers(self, kind: Kind) -> tuple[Record[Document], ...]:
        """Those of one of `LOAN_KINDS`."""
        records: tuple[Record[Document], ...] = getattr(self, kind.field)
        return records


class FxFacts(Value):
    """What the fx channel knows for a case."""

    classifications: tuple[Record[EnterpriseClassification], ...] = ()
    receipts: tuple[Record[FxReceipt], ...] = ()
    received: tuple[Money, ...] = ()
    namings: tuple[ReceiptNaming, ...] = ()
    unallocated: tuple[Unallocated, ...] = ()
