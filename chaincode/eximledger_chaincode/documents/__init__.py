"""Typed trade documents: the vocabulary of the project.

Immutable pydantic models; text from outside is parsed here and nowhere else. May import of Fabric's half
`canonical`, `errors` and `json_size`; everything else of the trade may import it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from eximledger_chaincode.documents.application import (
    MAX_NAMED,
    FinancedDeclaration,
    FinancedFrame,
    FinancingKind,
    LoanApplication,
)
from eximledger_chaincode.documents.classification import EnterpriseClass, EnterpriseClassification, Registration
from eximledger_chaincode.documents.customs.declaration import (
    TRANSACTION_MODE_INCOTERM,
    DeclarationLine,
    DeclarationStatus,
    ExportDeclaration,
    LegalQuantity,
)
from eximledger_chaincode.documents.customs.declaration_copy import DeclarationCopy
from eximledger_chaincode.documents.deviation import TotalDifference
from eximledger_chaincode.documents.insurance import InsuranceDocument
from eximledger_chaincode.documents.invoice import CREDIT_NOTES, CommercialInvoice, InvoiceTotals, PaymentAccount
from eximledger_chaincode.documents.kinds import (
    BANK,
    CASE_KINDS,
    CUSTOMS,
    FX,
    KINDS,
    LOAN_KINDS,
    Kept,
    Kind,
    Need,
    Words,
    document_type,
)
from eximledger_chaincode.documents.letter_of_credit import CreditAmendment, LetterOfCredit, Permission
from eximledger_chaincode.documents.packing_list import PackingLine, PackingList
from eximledger_chaincode.documents.parts.base import Value, invalid_document
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.goods import AllowanceCharge, GoodsLine, TaxSubtotal
from eximledger_chaincode.documents.parts.identifiers import (
    container_check_digit_is_right,
    imo_check_digit_is_right,
)
from eximledger_chaincode.documents.parts.money import Money, minor_units
from eximledger_chaincode.documents.parts.names.name import normal_name
from eximledger_chaincode.documents.parts.names.spelling import (
    capitals,
    compared_name,
    compared_number,
    filed_number,
    same_number,
    shown,
)
from eximledger_chaincode.documents.parts.party import (
    Address,
    Contact,
    Identifier,
    Party,
    owned_id,
    owner_key,
)
from eximledger_chaincode.documents.parts.record import Entry, Record
from eximledger_chaincode.documents.parts.references import Reference
from eximledger_chaincode.documents.policy import TolerancePolicy
from eximledger_chaincode.documents.published.price_band import PriceBand
from eximledger_chaincode.documents.published.rate import ReferenceRate
from eximledger_chaincode.documents.published.watch_list import (
    LegalForce,
    ListedKind,
    ListedPlace,
    OwnWatchList,
    WatchEntry,
    WatchList,
)
from eximledger_chaincode.documents.receipt import (
    Allocation,
    CreditReference,
    CurrencyExchange,
    FxReceipt,
    ReceiptStatus,
    ReferenceKind,
    StatementPlace,
    is_reference,
)
from eximledger_chaincode.documents.sales_contract import SalesContract
from eximledger_chaincode.documents.transport import (
    Container,
    FreightPayment,
    Place,
    TransportDocument,
    TransportGoods,
    TransportStage,
    TransportType,
)
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.json_size import require_sane_size

__all__ = [
    "BANK",
    "CASE_KINDS",
    "CREDIT_NOTES",
    "CUSTOMS",
    "FX",
    "KINDS",
    "LOAN_KINDS",
    "MAX_NAMED",
    "TRANSACTION_MODE_INCOTERM",
    "Address",
    "Allocation",
    "AllowanceCharge",
    "CommercialInvoice",
    "Contact",
    "Container",
    "CreditAmendment",
    "CreditReference",
    "CurrencyExchange",
    "DeclarationCopy",
    "DeclarationLine",
    "DeclarationStatus",
    "Document",
    "EnterpriseClass",
    "EnterpriseClassification",
    "Entry",
    "ExportDeclaration",
    "FinancedDeclaration",
    "FinancedFrame",
    "FinancingKind",
    "FreightPayment",
    "FxReceipt",
    "GoodsLine",
    "Identifier",
    "InsuranceDocument",
    "InvoiceTotals",
    "Kept",
    "Kind",
    "LegalForce",
    "LegalQuantity",
    "LetterOfCredit",
    "ListedKind",
    "ListedPlace",
    "LoanApplication",
    "Money",
    "Need",
    "OwnWatchList",
    "PackingLine",
    "PackingList",
    "Party",
    "PaymentAccount",
    "Permission",
    "Place",
    "PriceBand",
    "ReceiptStatus",
    "Record",
    "Reference",
    "ReferenceKind",
    "ReferenceRate",
    "Registration",
    "SalesContract",
    "StatementPlace",
    "TaxSubtotal",
    "TolerancePolicy",
    "TotalDifference",
    "TransportDocument",
    "TransportGoods",
    "TransportStage",
    "TransportType",
    "Value",
    "WatchEntry",
    "WatchList",
    "Words",
    "capitals",
    "compared_name",
    "compared_number",
    "container_check_digit_is_right",
    "document_type",
    "filed_number",
    "imo_check_digit_is_right",
    "invalid_document",
    "is_reference",
    "minor_units",
    "normal_name",
    "owned_id",
    "owner_key",
    "parse_document",
    "same_number",
    "shown",
]


def parse_document(data: Mapping[str, object] | str | bytes) -> Document:
    """A document of any kind from its JSON, told by its `kind`. Raises `InvalidDocument`."""
    if isinstance(data, str | bytes):
        require_sane_size(data)
        try:
            parsed = json.loads(data, parse_float=str)
        except (ValueError, RecursionError) as error:
            raise InvalidDocument(f"not JSON: {error}", field="", reason="not JSON") from None
        if not isinstance(parsed, dict):
            raise InvalidDocument("a document is a JSON object", reason="not an object")
        data = parsed
    return document_type(str(data.get("kind", ""))).parse(data)
