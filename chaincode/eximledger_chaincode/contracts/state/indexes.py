"""What one version of a document adds beside itself: the lists that it stands in, and what it adds to sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    classes_key,
    contract_invoices_key,
    credit_key,
    declared_key,
    differences_key,
    numbered_key,
    receipts_of_declaration_key,
    receipts_of_invoice_key,
    received_key,
    referred_key,
    unallocated_key,
)
from eximledger_chaincode.contracts.state.sums.amounts import Sums
from eximledger_chaincode.documents import Document, EnterpriseClassification, FxReceipt, Money, TotalDifference
from eximledger_chaincode.documents.parts.index import Counted, Invoiced
from eximledger_chaincode.lending.collecting.credits import lookups, return_lookups
from eximledger_chaincode.lending.collecting.naming import mentions, naming_of, taken_back_of, unallocated_of

__all__ = ["IndexRows", "index_rows", "list_of", "sum_keys", "summed"]


@dataclass(frozen=True, slots=True)
class IndexRows:
    """The lists in which a document stands, and what it adds to sums."""

    lists: tuple[str, ...] = ()
    sums: Sums = field(default_factory=Sums)


def list_of(kind: str, exporter: str = "") -> str:
    """The name of the list of all documents of a kind, or of one exporter's."""
    return f"{kind} {exporter}" if exporter else kind


def index_rows(document: Document) -> IndexRows:
    """Everything that a document adds."""
    lists = [list_of(document.KIND)]
    if document.exporter is not None:
        lists.append(list_of(document.KIND, document.exporter))
    return IndexRows(tuple(lists), _sums(document))


def sum_keys(document: Document) -> list[str]:
    """The sums to which a document adds, so that they can be read along with what stands of it."""
    sums = _sums(document)
    return [*sums.items, *sums.amounts]


def _sums(document: Document) -> Sums:
    sums = Sums()
    if document.number != document.id:
        sums.items[numbered_key(document.KIND, document.number)] = True
    for row in document.index_rows():
        match row:
            case Counted(amount, names) if document.exporter is not None and document.dated is not None:
                key = received_key if isinstance(document, FxReceipt) else declared_key
                place = key(document.exporter, document.dated, document.id)
                sums.amounts[place] = amount
                sums.names[place] = names
            case Invoiced(contract_id, amount):
                sums.item(contract_invoices_key(contract_id, document.id), amount)
    if isinstance(document, EnterpriseClassification):
        sums.items[classes_key(document.exporter)] = True
    if isinstance(document, TotalDifference):
        sums.items[differences_key(document.exporter)] = True
    if isinstance(document, FxReceipt):
        _add_receipt(sums, document)
    return sums


def _add_receipt(sums: Sums, receipt: FxReceipt) -> None:
    """By what the receipt is known again, and, while it counts, what it names; of a debit, that it waits for what it
    takes back."""
    owner = receipt.exporter or NOBODY
    sums.items[referred_key(owner, receipt.number)] = True
    for lookup in (*lookups(receipt), *return_lookups(receipt)):
        sums.items[credit_key(lookup)] = True
    back = taken_back_of(receipt)
    if back is not None and receipt.exporter is not None:
        sums.item(unallocated_key(receipt.exporter, receipt.dated), back)
    if not receipt.counts:
        return
    naming = naming_of(receipt)
    for paper in naming.declarations:
        sums.item(receipts_of_declaration_key(owner, paper.number), naming)
    for number in {paper.number for paper in naming.invoices} | set(mentions(receipt)):
        sums.item(receipts_of_invoice_key(owner, number), naming)
    if receipt.exporter is None:
        return
    if (left := unallocated_of(receipt, naming)) is not None:
        sums.item(unallocated_key(receipt.exporter, receipt.dated), left)


def summed(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, sorted by currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return tuple(sums[currency] for currency in sorted(sums))
