"""The kinds of paper: ONE table, from which everything that goes over kinds is derived.

A new kind is a model beside this module and a row here; then it is filed, read back, listed and described everywhere.
It has a reader (`eximledger.formats`) where it comes as another file than our JSON. Where loans are judged by it, it
has a field of its own in the application, in `LoanFacts` and in `Case`, under the name that the row gives.
tests/eximledger/test_new_kind.py walks the way; docs/kinds.md shows the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Literal, NamedTuple

from eximledger_chaincode.documents.application import LoanApplication
from eximledger_chaincode.documents.classification import EnterpriseClassification
from eximledger_chaincode.documents.customs.declaration import ExportDeclaration
from eximledger_chaincode.documents.customs.declaration_copy import DeclarationCopy
from eximledger_chaincode.documents.deviation import TotalDifference
from eximledger_chaincode.documents.insurance import InsuranceDocument
from eximledger_chaincode.documents.invoice import CommercialInvoice
from eximledger_chaincode.documents.letter_of_credit import LetterOfCredit
from eximledger_chaincode.documents.packing_list import PackingList
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.roles import Role
from eximledger_chaincode.documents.policy import TolerancePolicy
from eximledger_chaincode.documents.published.price_band import PriceBand
from eximledger_chaincode.documents.published.rate import ReferenceRate
from eximledger_chaincode.documents.published.watch_list import OwnWatchList, WatchList
from eximledger_chaincode.documents.receipt import FxReceipt
from eximledger_chaincode.documents.sales_contract import SalesContract
from eximledger_chaincode.documents.transport import TransportDocument
from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "BANK",
    "CASE_KINDS",
    "CUSTOMS",
    "FX",
    "KINDS",
    "LOAN_KINDS",
    "Kept",
    "Kind",
    "Need",
    "Words",
    "document_type",
]

CUSTOMS: Final = "customs"
FX: Final = "fx"
BANK: Final = "bank"


class Words(NamedTuple):
    """One thing in both languages."""

    en: str
    zh: str


class Need(Enum):
    """How the documents of a kind come into a case."""

    ALWAYS = auto()
    """An application names them, at least one."""
    BY_POLICY = auto()
    """An application may name some, and a bank's policy may ask for them."""
    LOOKED_UP = auto()
    """No application names them: what the ledger has of the exporter and of the case's days is read."""


class Kept(Enum):
    """Who sees the documents of a kind (docs/security-model.md)."""

    OPEN = auto()
    """Every member of the channel."""
    OWN = auto()
    """The bank that wrote them, and SAFE."""
    SHARED = auto()
    """Their writer and SAFE; a bank has copies, as far as the exporter has authorised it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Where a kind lives, who writes it, who sees it, what people call it, and how a case has it.

    `field` is the name under which the application names them and the case has them; a kind without one does not stand
    among a case's papers.
    """

    model: type[Document]
    channel: str
    writer: Role
    words: Words
    kept: Kept = Kept.OWN
    field: str = ""
    need: Need | None = None
    frame: bool = False
    """Whether many exports go by one paper: to be financed on it again is no second financing."""
    once: bool = False
    """Whether what was filed stands as it is: two versions beside each other would tell more than either."""

    @property
    def name(self) -> str:
        """Its name on the ledger and the command line."""
        return self.model.KIND

    @property
    def named(self) -> bool:
        """Whether an application names them."""
        return self.need in {Need.ALWAYS, Need.BY_POLICY}

    @property
    def fingerprinted(self) -> bool:
        """Whether the register of all banks can know its papers again."""
        return self.model.traits is not Document.traits and not self.frame


_TABLE: Final = (
    Kind(ExportDeclaration, CUSTOMS, Role.CUSTOMS, Words("declaration", "报关单"),
         Kept.SHARED, field="declarations", need=Need.ALWAYS),
    Kind(DeclarationCopy, BANK, Role.BANK, Words("exporter's copy of declaration", "企业留存报关单"),
         field="declaration_copies", need=Need.BY_POLICY),
    Kind(SalesContract, BANK, Role.BANK, Words("contract", "合同"),
         field="contracts", need=Need.BY_POLICY, frame=True),
    Kind(LetterOfCredit, BANK, Role.BANK, Words("letter of credit", "信用证"),
         field="letters_of_credit", need=Need.BY_POLICY, frame=True),
    Kind(CommercialInvoice, BANK, Role.BANK, Words("invoice", "发票"),
         field="invoices", need=Need.BY_POLICY),
    Kind(TransportDocument, BANK, Role.BANK, Words("transport document", "运输单据"),
         field="transport_documents", need=Need.BY_POLICY),
    Kind(PackingList, BANK, Role.BANK, Words("packing list", "装箱单"),
         field="packing_lists", need=Need.BY_POLICY),
    Kind(InsuranceDocument, BANK, Role.BANK, Words("insurance document", "保险单据"),
         field="insurance_documents", need=Need.BY_POLICY),
    Kind(FxReceipt, FX, Role.FX_BUREAU, Words("receipt", "收汇凭证"), Kept.SHARED,
         field="receipts", need=Need.BY_POLICY),
    Kind(EnterpriseClassification, FX, Role.FX_BUREAU, Words("classification", "企业分类"), Kept.SHARED,
         field="classifications", need=Need.LOOKED_UP),
    Kind(TotalDifference, FX, Role.FX_BUREAU, Words("total-difference paper", "总量差额表"), Kept.SHARED,
         field="total_differences", need=Need.LOOKED_UP),
    Kind(ReferenceRate, FX, Role.FX_BUREAU, Words("reference rate", "参考汇率"), Kept.OPEN,
         field="rates", need=Need.LOOKED_UP),
    Kind(PriceBand, CUSTOMS, Role.CUSTOMS, Words("price band", "价格区间"), Kept.OPEN,
         field="price_bands", need=Need.LOOKED_UP, once=True),
    Kind(WatchList, FX, Role.FX_BUREAU, Words("watch list", "监控名单"), Kept.OPEN,
         field="watch_lists", need=Need.LOOKED_UP),
    Kind(OwnWatchList, BANK, Role.BANK, Words("own watch list", "自有监控名单"),
         field="own_watch_lists", need=Need.LOOKED_UP),
    Kind(TolerancePolicy, BANK, Role.BANK, Words("policy", "融资政策")),
    Kind(LoanApplication, BANK, Role.BANK, Words("application", "融资申请")),
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {row.name: row for row in _TABLE}
"""Every kind of document by its name."""

CASE_KINDS: Final = tuple(row for row in _TABLE if row.field)
"""The kinds of which a case has a tuple of records, in the field that the row names."""

LOAN_KINDS: Final = tuple(row for row in CASE_KINDS if row.kept is Kept.OWN and row.named)
"""The papers of a loan that stand in its bank's own collection."""

TolerancePolicy.model_rebuild(
    _types_namespace={
        "PaperKind": Literal[tuple(row.name for row in _TABLE if row.need is Need.BY_POLICY)],
        "FingerprintedKind": Literal[tuple(row.name for row in _TABLE if row.fingerprinted)],
    }
)


def document_type(kind: str) -> type[Document]:
    """The model of a kind; raises `InvalidDocument` for an unknown one."""
    try:
        return KINDS[kind].model
    except KeyError:
        raise InvalidDocument(
            f"there is no document kind {kind[:40]!r}; there are {', '.join(KINDS)}",
            field="kind",
            reason="unknown kind",
        ) from None
