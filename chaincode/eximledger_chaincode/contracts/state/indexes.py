"""The index rows that one version of a document needs, beside the document itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from eximledger_chaincode.contracts.state.keys import (
    collected_key,
    contract_invoice_key,
    exporter_key,
    invoice_total_key,
    number_key,
)
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.documents import (
    CommercialInvoice,
    DeclarationStatus,
    Document,
    Entry,
    ExportDeclaration,
    FxReceipt,
    Money,
    ReceiptStatus,
    Value,
    owned_id,
)

__all__ = [
    "IndexRows",
    "Total",
    "contract_ids",
    "counts_as_declared",
    "counts_as_received",
    "index_rows",
    "summed",
    "total_of",
]

_REVERSAL = "reversal"
_PRESENT = b"{}"


class Total(Value):
    """What an index row carries so that totals need no document: an amount and its document's status."""

    amount: Money
    status: str = ""


@dataclass(slots=True)
class IndexRows:
    """Rows of the public state, and of the bank's collection."""

    public: dict[str, bytes] = field(default_factory=dict)
    private: dict[str, bytes] = field(default_factory=dict)


def index_rows(document: Document, entry: Entry, bank: str) -> IndexRows:
    """Every index row of a document; `bank` is "" for public kinds."""
    rows = IndexRows()
    if entry.number != entry.id:
        rows.public[number_key(entry, bank)] = _PRESENT
    if (key := exporter_key(entry, bank)) is not None:
        rows.public[key] = _total(document)
    if isinstance(document, FxReceipt) and _is_collected(document):
        for number, amount in _allocated(document).items():
            rows.public[collected_key(number, entry.id)] = encode(Total(amount=amount))
    if isinstance(document, CommercialInvoice):
        for contract_id in contract_ids(document):
            rows.public[contract_invoice_key(bank, contract_id, entry.id)] = _PRESENT
            rows.private[invoice_total_key(entry.id)] = encode(Total(amount=document.claim))
    return rows


def _total(document: Document) -> bytes:
    if isinstance(document, ExportDeclaration):
        return encode(Total(amount=document.total, status=document.status))
    if isinstance(document, FxReceipt):
        return encode(Total(amount=document.amount, status=_REVERSAL if document.reversal else document.status))
    return _PRESENT


def _is_collected(receipt: FxReceipt) -> bool:
    """Announced money and reversals collect nothing."""
    return receipt.status is ReceiptStatus.BOOKED and not receipt.reversal


def _allocated(receipt: FxReceipt) -> dict[str, Money]:
    """What the receipt collects of each declaration; several allocations to one are added up."""
    found: dict[str, Money] = {}
    for each in receipt.allocations:
        held = found.get(each.declaration_number)
        found[each.declaration_number] = each.amount if held is None else held + each.amount
    return found


def contract_ids(invoice: CommercialInvoice) -> list[str]:
    """Ids of the contracts or orders that an invoice names, as `SalesContract.id` would have them."""
    numbers = [number for number in (invoice.contract_number, invoice.order_number) if number is not None]
    return list(dict.fromkeys(owned_id(invoice.seller, number) for number in numbers))


def counts_as_declared(total: Total) -> bool:
    return total.status != DeclarationStatus.CANCELLED


def counts_as_received(total: Total) -> bool:
    return total.status == ReceiptStatus.BOOKED


def summed(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, sorted by currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return tuple(sums[currency] for currency in sorted(sums))


def total_of(row: bytes) -> Total:
    """The total in an index row."""
    return decode(Total, row)
