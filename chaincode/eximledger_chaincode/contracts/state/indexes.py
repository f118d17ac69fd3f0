"""The index rows that one version of a document needs, and what it adds to the sums, beside the document itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    contract_invoices_key,
    credit_key,
    declared_key,
    exporter_key,
    number_key,
    receipts_of_declaration_key,
    receipts_of_invoice_key,
    received_key,
    unallocated_key,
)
from eximledger_chaincode.contracts.state.sums import Sums
from eximledger_chaincode.documents import Document, Entry, FxReceipt, Money
from eximledger_chaincode.documents.parts.index import Counted, Invoiced
from eximledger_chaincode.lending.collecting.credits import lookups
from eximledger_chaincode.lending.collecting.naming import mentions, naming_of, unallocated_of

__all__ = ["IndexRows", "index_rows", "sum_keys", "summed"]

_PRESENT = b"{}"


@dataclass(slots=True)
class IndexRows:
    """Rows of the public state, and what is added to sums there and in the bank's collection."""

    public: dict[str, bytes] = field(default_factory=dict)
    sums: Sums = field(default_factory=Sums)
    private_sums: Sums = field(default_factory=Sums)


def index_rows(document: Document, entry: Entry, bank: str) -> IndexRows:
    """Every index row of a document; `bank` is "" for public kinds."""
    rows = _sums(document)
    if entry.number != entry.id:
        rows.public[number_key(entry, bank)] = _PRESENT
    of_exporter = exporter_key(entry, bank)
    if of_exporter is not None:
        rows.public[of_exporter] = _PRESENT
    return rows


def sum_keys(document: Document) -> list[str]:
    """The public sums to which a document adds, so that they can be read along with what stands of it."""
    sums = _sums(document).sums
    return [*sums.items, *sums.amounts]


def _sums(document: Document) -> IndexRows:
    rows = IndexRows()
    for row in document.index_rows():
        match row:
            case Counted(amount) if document.exporter is not None and document.dated is not None:
                key = received_key if isinstance(document, FxReceipt) else declared_key
                rows.sums.amounts[key(document.exporter, document.dated, document.id)] = amount
            case Invoiced(contract_id, amount):
                rows.private_sums.item(contract_invoices_key(contract_id, document.id), amount)
    if isinstance(document, FxReceipt):
        _add_receipt(rows.sums, document)
    return rows


def _add_receipt(sums: Sums, receipt: FxReceipt) -> None:
    """By what the receipt is known again, and, while it counts, what it names."""
    for lookup in lookups(receipt):
        sums.items[credit_key(lookup)] = True
    if not receipt.counts:
        return
    naming = naming_of(receipt)
    for paper in naming.declarations:
        sums.item(receipts_of_declaration_key(paper.number), naming)
    for number in {paper.number for paper in naming.invoices} | set(mentions(receipt)):
        sums.item(receipts_of_invoice_key(receipt.exporter or NOBODY, number), naming)
    if receipt.exporter is None:
        return
    if not naming.declarations and not naming.invoices:
        sums.item(unallocated_key(receipt.exporter, receipt.dated), unallocated_of(receipt))


def summed(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, sorted by currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return tuple(sums[currency] for currency in sorted(sums))
