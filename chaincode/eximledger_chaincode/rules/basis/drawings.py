"""What of a case is drawn under a letter of credit: its invoices, shipments and contracts.

A paper that names a credit is drawn under that one. Else an invoice is, where its contract is one that the credit
names; and of a case with one credit that names no contract, every invoice. A transport document goes with its invoices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eximledger_chaincode.documents import (
    CommercialInvoice,
    LetterOfCredit,
    Reference,
    SalesContract,
    TransportDocument,
    compared_number,
)
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Links, Shipment, links

__all__ = ["Drawing", "drawings"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A credit of the case, and what of the case is drawn under it."""

    credit: LetterOfCredit
    contracts: tuple[SalesContract, ...]
    invoices: tuple[CommercialInvoice, ...]
    shipments: tuple[Shipment, ...]

    @property
    def bills(self) -> tuple[TransportDocument, ...]:
        """Its transport documents."""
        return tuple(shipment.bill for shipment in self.shipments)


def drawings(case: Case) -> tuple[Drawing, ...]:
    """Every credit of the case with what is drawn under it; found once for each case."""
    found = case.derived.get("drawings")
    if not isinstance(found, tuple):
        only = len(case.letters_of_credit) == 1
        found = tuple(_drawing(links(case), case, record.document, only) for record in case.letters_of_credit)
        case.derived["drawings"] = found
    return found


def _drawing(linked: Links, case: Case, credit: LetterOfCredit, only: bool) -> Drawing:
    named = {compared_number(number) for number in credit.contract_numbers}
    anything = only and not named
    invoices = tuple(invoice for invoice in linked.invoices if _draws(linked, invoice, credit, named, anything))
    mine = {invoice.id for invoice in invoices}
    shipments = tuple(each for each in linked.shipments if _ships(linked, each, credit, named, mine, anything))
    agreed = (record.document for record in case.contracts)
    through = {contract.id for each in invoices if (contract := linked.contract_of(each)) is not None}
    contracts = tuple(
        contract for contract in agreed if compared_number(contract.number) in named or contract.id in through
    )
    return Drawing(credit, contracts, invoices, shipments)


def _draws(linked: Links, invoice: CommercialInvoice, credit: LetterOfCredit, named: set[str], anything: bool) -> bool:
    if invoice.credit_numbers:
        return _names(invoice.references, credit)
    contract = linked.contract_of(invoice)
    numbers = (invoice.contract_number, invoice.order_number, None if contract is None else contract.number)
    return anything or any(compared_number(number) in named for number in numbers if number is not None)


def _ships(
    linked: Links, shipment: Shipment, credit: LetterOfCredit, named: set[str], invoices: set[str], anything: bool
) -> bool:
    bill = shipment.bill
    if any(reference.kind == LetterOfCredit.KIND for reference in bill.references):
        return _names(bill.references, credit)
    exports = [linked.export_of(item) for item in shipment.declarations] or linked.exports_named(bill.invoice_numbers)
    carried = {invoice.id for export in exports for invoice in export.invoices}
    if carried:
        return not carried.isdisjoint(invoices)
    contract = shipment.contract
    return anything or (contract is not None and compared_number(contract.number) in named)


def _names(references: Iterable[Reference], credit: LetterOfCredit) -> bool:
    mine = compared_number(credit.number)
    return any(each.kind == LetterOfCredit.KIND and compared_number(each.number) == mine for each in references)
