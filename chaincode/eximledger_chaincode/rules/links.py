"""Which papers of a case speak of the same export.

A paper is linked to a declaration by the most exact name that they share: the declaration's number, else the bill
number, else the contract number. Declarations that share an invoice are compared together, as one group, since an
invoice may cover several and a declaration may have several invoices. Papers that name nothing of the kind belong to
the only declaration there is, or to none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eximledger_chaincode.documents import (
    CommercialInvoice,
    ExportDeclaration,
    PackingList,
    SalesContract,
    TransportDocument,
    normal_number,
)
from eximledger_chaincode.rules.case import Case

__all__ = [
    "Export",
    "contract_of_declaration",
    "contract_of_invoice",
    "contract_of_transport",
    "declarations_of_transport",
    "exports",
    "invoices_of_packing_list",
]


@dataclass(frozen=True, slots=True)
class Export:
    """Declarations and the invoices that together cover them."""

    declarations: tuple[ExportDeclaration, ...]
    invoices: tuple[CommercialInvoice, ...]


def _numbers(numbers: Iterable[str | None]) -> set[str]:
    return {normal_number(number) for number in numbers if number}


def _declarations_by(
    case: Case, declared: Iterable[str], bills: Iterable[str | None], contracts: Iterable[str | None]
) -> tuple[ExportDeclaration, ...]:
    everything = tuple(sorted((record.document for record in case.declarations), key=lambda item: item.number))
    wanted, shipped, agreed = _numbers(declared), _numbers(bills), _numbers(contracts)
    for found in (
        tuple(item for item in everything if item.number in wanted),
        tuple(item for item in everything if _numbers([item.bill_number]) & shipped),
        tuple(item for item in everything if _numbers([item.contract_number]) & agreed),
    ):
        if found:
            return found
    names_something = bool(wanted or shipped or agreed)
    return everything if len(everything) == 1 and not names_something else ()


def _declarations_of_invoice(case: Case, invoice: CommercialInvoice) -> tuple[ExportDeclaration, ...]:
    bills = {*invoice.bill_numbers}
    mine = normal_number(invoice.number)
    for record in case.transport_documents:
        if mine in _numbers(record.document.invoice_numbers):
            bills.add(record.document.number)
    return _declarations_by(case, invoice.declaration_numbers, bills, (invoice.contract_number, invoice.order_number))


def exports(case: Case) -> tuple[Export, ...]:
    """The groups of declarations and invoices that belong together, by first declaration number."""
    group = {record.document.number: record.document.number for record in case.declarations}
    declarations = {record.document.number: record.document for record in case.declarations}
    owner: list[tuple[CommercialInvoice, str]] = []

    def root(number: str) -> str:
        while group[number] != number:
            number = group[number]
        return number

    for invoice in sorted((record.document for record in case.invoices), key=lambda item: item.id):
        linked = [declaration.number for declaration in _declarations_of_invoice(case, invoice)]
        if not linked:
            continue
        first = min(root(number) for number in linked)
        for number in linked:
            group[root(number)] = first
        owner.append((invoice, first))
    roots = sorted({root(number) for number in group})
    return tuple(
        Export(
            declarations=tuple(declarations[number] for number in sorted(declarations) if root(number) == head),
            invoices=tuple(invoice for invoice, number in owner if root(number) == head),
        )
        for head in roots
    )


def declarations_of_transport(case: Case, document: TransportDocument) -> tuple[ExportDeclaration, ...]:
    """The declarations whose goods a transport document carries."""
    found = _declarations_by(case, document.declaration_numbers, (document.number, document.carrier_number), ())
    if found:
        return found
    invoices = _numbers(document.invoice_numbers)
    through = [
        declaration
        for export in exports(case)
        if any(normal_number(invoice.number) in invoices for invoice in export.invoices)
        for declaration in export.declarations
    ]
    return tuple(through) or _declarations_by(case, (), (), (document.contract_number,))


def _contract(case: Case, *numbers: str | None) -> SalesContract | None:
    wanted = _numbers(numbers)
    papers = sorted((record.document for record in case.contracts), key=lambda item: item.id)
    found = [paper for paper in papers if normal_number(paper.number) in wanted]
    if found:
        return found[0]
    return papers[0] if len(papers) == 1 and not wanted else None


def contract_of_invoice(case: Case, invoice: CommercialInvoice) -> SalesContract | None:
    """The contract that an invoice names, or the only one where it names none."""
    return _contract(case, invoice.contract_number, invoice.order_number)


def contract_of_declaration(case: Case, declaration: ExportDeclaration) -> SalesContract | None:
    """The contract that a declaration names, or the only one where it names none."""
    return _contract(case, declaration.contract_number)


def contract_of_transport(case: Case, document: TransportDocument) -> SalesContract | None:
    """The contract under which a transport document's goods were sold, by its own word or its declarations'."""
    named = _contract(case, document.contract_number)
    if named is not None:
        return named
    through = (contract_of_declaration(case, item) for item in declarations_of_transport(case, document))
    return next((contract for contract in through if contract is not None), None)


def invoices_of_packing_list(case: Case, packing: PackingList) -> tuple[CommercialInvoice, ...]:
    """The invoices whose goods a packing list packs: those it names, else those of its order or contract."""
    papers = sorted((record.document for record in case.invoices), key=lambda item: item.id)
    named = _numbers(packing.invoice_numbers)
    if named:
        return tuple(paper for paper in papers if normal_number(paper.number) in named)
    agreed = _numbers((packing.contract_number, packing.order_number))
    if agreed:
        return tuple(paper for paper in papers if agreed & _numbers((paper.contract_number, paper.order_number)))
    return tuple(papers) if len(papers) == 1 else ()
