"""What the bank and fx channels answer: their parts of a case."""

from __future__ import annotations

from eximledger_chaincode.documents import (
    CommercialInvoice,
    DeclarationCopy,
    Document,
    EnterpriseClassification,
    FxReceipt,
    InsuranceDocument,
    Kind,
    LetterOfCredit,
    LoanApplication,
    Money,
    PackingList,
    Record,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TotalDifference,
    TransportDocument,
    Value,
)
from eximledger_chaincode.documents.parts.base import Flag, Moment, Version
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming, Unallocated
from eximledger_chaincode.lending.packing.frames import FramePosition
from eximledger_chaincode.lending.register import PaperMatch, Position
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.verdict import DocumentName
from eximledger_chaincode.rules.basis.case import ContractTotal

__all__ = ["FxCase", "FxFacts", "LoanFacts"]


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
    declaration_copies: tuple[Record[DeclarationCopy], ...] = ()
    contracts: tuple[Record[SalesContract], ...] = ()
    letters_of_credit: tuple[Record[LetterOfCredit], ...] = ()
    invoices: tuple[Record[CommercialInvoice], ...] = ()
    transport_documents: tuple[Record[TransportDocument], ...] = ()
    packing_lists: tuple[Record[PackingList], ...] = ()
    insurance_documents: tuple[Record[InsuranceDocument], ...] = ()
    contract_totals: tuple[ContractTotal, ...] = ()
    other_financings: tuple[Money, ...] = ()
    """What the bank's other standing loans finance the exporter with, by currency."""
    positions: tuple[Position, ...] = ()
    frame_positions: tuple[FramePosition, ...] = ()
    matches: tuple[PaperMatch, ...] = ()
    unmatched: tuple[DocumentName, ...] = ()
    """Papers that are to be in the register of all banks and were not looked up there as they are now."""
    roles: dict[str, Role]
    screens_itself: Flag = False
    """Whether the bank has watch lists or clearings of its own."""

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
    total_differences: tuple[Record[TotalDifference], ...] = ()
    receipts: tuple[Record[FxReceipt], ...] = ()
    received: tuple[Money, ...] = ()
    namings: tuple[ReceiptNaming, ...] = ()
    unallocated: tuple[Unallocated, ...] = ()


class FxCase(Value):
    """SAFE's whole part of a case: its facts, and the quotations and list entries that the case calls for."""

    facts: FxFacts
    rates: tuple[Record[ReferenceRate] | None, ...]
    listed: Screened
