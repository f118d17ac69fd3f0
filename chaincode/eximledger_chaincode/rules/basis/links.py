"""Which papers of a case speak of the same export.

A paper is linked to a declaration by the most exact name that they share: the declaration's number, else the bill
number, else the contract number. Declarations that share an invoice are compared together, as one group, since an
invoice may cover several and a declaration may have several invoices. Papers that name nothing of the kind belong to
the only declaration there is, or to none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    ExportDeclaration,
    PackingList,
    SalesContract,
    TransportDocument,
    compared_number,
)
from eximledger_chaincode.lending.claim import Covered
from eximledger_chaincode.rules.basis.case import Case

__all__ = ["Export", "Links", "Shipment", "links"]

PaperT = TypeVar("PaperT", bound=Document)


@dataclass(frozen=True, slots=True)
class Export:
    """Declarations and the invoices that together cover them."""

    declarations: tuple[ExportDeclaration, ...]
    invoices: tuple[CommercialInvoice, ...]


@dataclass(frozen=True, slots=True)
class Shipment:
    """A transport document, the declarations whose goods it carries, and the contract they were sold under."""

    bill: TransportDocument
    declarations: tuple[ExportDeclaration, ...]
    contract: SalesContract | None


def links(case: Case) -> Links:
    """How the papers of the case are linked; found once for each case."""
    found = case.derived.get("links")
    if not isinstance(found, Links):
        found = case.derived["links"] = Links(case)
    return found


class Links:
    """The links of one case, and its papers by their numbers."""

    def __init__(self, case: Case) -> None:
        self._declarations = {record.document.number: record.document for record in case.declarations}
        self._contracts = [record.document for record in case.contracts]
        self._bills = [record.document for record in case.transport_documents]
        self.invoices: tuple[CommercialInvoice, ...] = tuple(record.document for record in case.invoices)
        declared = sorted(self._declarations.values(), key=lambda item: item.number)
        self._by_bill = _by_number((item.bill_number, item) for item in declared)
        self._by_contract = _by_number((item.contract_number, item) for item in declared)
        self._contract_by_number = _by_number((item.number, item) for item in self._contracts)
        self._invoice_by_number = _by_number((item.number, item) for item in self.invoices)
        self._invoice_by_contract = _by_number(
            (number, item) for item in self.invoices for number in (item.contract_number, item.order_number)
        )
        self._packed: dict[str, tuple[CommercialInvoice, ...]] = {}
        self.covered: tuple[Covered, ...] = self._covered_by_invoices()
        """Every invoice and credit note with the declarations that it is for."""
        self.exports: tuple[Export, ...] = self._exports()
        """The groups of declarations and invoices that belong together, by first declaration number."""
        self._export_of = {item.number: export for export in self.exports for item in export.declarations}
        self._export_of_invoice = {item.id: export for export in self.exports for item in export.invoices}
        self.shipments: tuple[Shipment, ...] = tuple(self._shipment(bill) for bill in self._bills)
        """Every transport document with what it carries."""
        self._shipments_of: dict[str, list[Shipment]] = {}
        for each in self.shipments:
            for item in each.declarations:
                self._shipments_of.setdefault(item.number, []).append(each)

    def export_of(self, declaration: ExportDeclaration) -> Export:
        """The group that a declaration of the case belongs to."""
        return self._export_of[declaration.number]

    def shipments_of(self, declaration: ExportDeclaration) -> tuple[Shipment, ...]:
        """On what a declaration's goods are carried."""
        return tuple(self._shipments_of.get(declaration.number, ()))

    def shipments_with(self, invoice: CommercialInvoice) -> tuple[Shipment, ...]:
        """On what an invoice's goods are carried, each once."""
        export = self._export_of_invoice.get(invoice.id)
        found = [each for item in export.declarations for each in self.shipments_of(item)] if export is not None else []
        return tuple({each.bill.id: each for each in found}.values())

    def exports_named(self, invoice_numbers: Iterable[str]) -> tuple[Export, ...]:
        """The exports of invoices by their numbers."""
        found = [invoice for number in _numbers(invoice_numbers) for invoice in self._invoice_by_number.get(number, ())]
        exports = [self._export_of_invoice[invoice.id] for invoice in found if invoice.id in self._export_of_invoice]
        return tuple(export for export in self.exports if any(export is other for other in exports))

    def contract_of(self, paper: CommercialInvoice | ExportDeclaration | TransportDocument) -> SalesContract | None:
        """The contract that a paper names, or the only one where it names none."""
        order = paper.order_number if isinstance(paper, CommercialInvoice) else None
        numbers = _numbers((paper.contract_number, order))
        if not numbers:
            return self._contracts[0] if len(self._contracts) == 1 else None
        named = [item for number in numbers for item in self._contract_by_number.get(number, ())]
        return min(named, key=lambda item: item.id, default=None)

    def invoices_of(self, packing: PackingList) -> tuple[CommercialInvoice, ...]:
        """The invoices whose goods a packing list packs: those it names, else those of its order or contract, else the
        only one."""
        if packing.id not in self._packed:
            self._packed[packing.id] = self._invoices_of(packing)
        return self._packed[packing.id]

    def _invoices_of(self, packing: PackingList) -> tuple[CommercialInvoice, ...]:
        named, agreed = _numbers(packing.invoice_numbers), _numbers((packing.contract_number, packing.order_number))
        if not named and not agreed:
            return self.invoices if len(self.invoices) == 1 else ()
        index = self._invoice_by_number if named else self._invoice_by_contract
        found = {invoice.id: invoice for number in named or agreed for invoice in index.get(number, ())}
        return tuple(found[id_] for id_ in sorted(found))

    def _covered_by_invoices(self) -> tuple[Covered, ...]:
        bills_naming = _by_number((number, bill) for bill in self._bills for number in bill.invoice_numbers)
        found: list[Covered] = []
        for invoice in self.invoices:
            bills = [
                *invoice.bill_numbers,
                *(bill.number for bill in bills_naming.get(compared_number(invoice.number), ())),
            ]
            covered = self._covered(invoice.declaration_numbers, bills, (invoice.contract_number, invoice.order_number))
            found.append(Covered(invoice, tuple(item.number for item in covered)))
        return tuple(found)

    def _exports(self) -> tuple[Export, ...]:
        group = {number: number for number in sorted(self._declarations)}
        owners: list[tuple[CommercialInvoice, str]] = []

        def head(number: str) -> str:
            while group[number] != number:
                number = group[number]
            return number

        for invoice, covered in self.covered:
            if covered:
                first = min(head(number) for number in covered)
                for number in covered:
                    group[head(number)] = first
                owners.append((invoice, first))
        return tuple(
            Export(
                declarations=tuple(self._declarations[number] for number in group if head(number) == first),
                invoices=tuple(invoice for invoice, number in owners if head(number) == first),
            )
            for first in group
            if head(first) == first
        )

    def _covered(
        self, declared: Iterable[str], bills: Iterable[str | None], contracts: Iterable[str | None]
    ) -> tuple[ExportDeclaration, ...]:
        """The declarations of these numbers, else of these bills, else of these contracts; the only one where nothing
        is named."""
        wanted, shipped, agreed = _numbers(declared), _numbers(bills), _numbers(contracts)
        for found in (
            [self._declarations[number] for number in wanted if number in self._declarations],
            [item for number in shipped for item in self._by_bill.get(number, ())],
            [item for number in agreed for item in self._by_contract.get(number, ())],
        ):
            if found:
                by_number = {item.number: item for item in found}
                return tuple(by_number[number] for number in sorted(by_number))
        names_something = bool(wanted or shipped or agreed)
        return tuple(self._declarations.values()) if len(self._declarations) == 1 and not names_something else ()

    def _shipment(self, bill: TransportDocument) -> Shipment:
        declarations = self._carried(bill)
        contract = self.contract_of(bill)
        if contract is None:
            through = (self.contract_of(item) for item in declarations)
            contract = next((item for item in through if item is not None), None)
        return Shipment(bill, declarations, contract)

    def _carried(self, bill: TransportDocument) -> tuple[ExportDeclaration, ...]:
        found = self._covered(bill.declaration_numbers, (bill.number, bill.carrier_number), ())
        if found:
            return found
        through = [item for export in self.exports_named(bill.invoice_numbers) for item in export.declarations]
        return tuple(through) or self._covered((), (), (bill.contract_number,))


def _numbers(numbers: Iterable[str | None]) -> list[str]:
    """The numbers in their compared form, each once."""
    return list(dict.fromkeys(compared_number(number) for number in numbers if number))


def _by_number(named: Iterable[tuple[str | None, PaperT]]) -> dict[str, list[PaperT]]:
    found: dict[str, list[PaperT]] = {}
    for number, paper in named:
        if number:
            found.setdefault(compared_number(number), []).append(paper)
    return found
