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
from eximledger_chaincode.documents import DeclarationStatus, Document, Entry, Money, ReceiptStatus, Value
from eximledger_chaincode.documents.parts.index import Collected, Counted, Invoiced

__all__ = [
    "IndexRows",
    "Total",
    "counts_as_declared",
    "counts_as_received",
    "index_rows",
    "summed",
    "total_of",
]

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
    of_exporter = exporter_key(entry, bank)
    if of_exporter is not None:
        rows.public[of_exporter] = _PRESENT
    for row in document.index_rows():
        match row:
            case Counted(amount, status) if of_exporter is not None:
                rows.public[of_exporter] = encode(Total(amount=amount, status=status))
            case Collected(declaration_number, amount):
                rows.public[collected_key(declaration_number, entry.id)] = encode(Total(amount=amount))
            case Invoiced(contract_id, amount):
                rows.public[contract_invoice_key(bank, contract_id, entry.id)] = _PRESENT
                rows.private[invoice_total_key(entry.id)] = encode(Total(amount=amount))
    return rows


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
