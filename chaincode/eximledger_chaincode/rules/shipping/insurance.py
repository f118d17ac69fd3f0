"""Rules on the insurance of goods that were sold insured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from eximledger_chaincode.documents import CommercialInvoice, InsuranceDocument, compared_number
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.likeness.voyages import loaded_on
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Links, links
from eximledger_chaincode.rules.basis.wording import called, finding, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_INSURED: Final = frozenset({"CIF", "CIP"})
"""Terms by which the seller insures."""


@dataclass(frozen=True, slots=True)
class _Cover:
    """Invoices sold insured, and the insurance documents that together cover them."""

    invoices: tuple[CommercialInvoice, ...]
    documents: tuple[InsuranceDocument, ...]


@rule("INSURANCE", Severity.REFER, source="UCP 600 art. 28")
def insurance(case: Case) -> Iterator[Finding]:
    """Goods sold CIF or CIP without an insurance document; insured for less than the policy's percentage of their
    value, in another currency, or by cover that begins after shipment."""
    linked = links(case)
    for cover in _covers(case, linked):
        if not cover.documents:
            yield from map(_uninsured, cover.invoices)
            continue
        yield from _other_currency(cover)
        yield from _too_little(case, cover)
        for document in cover.documents:
            yield from _too_late(linked, cover, document)


def _covers(case: Case, linked: Links) -> list[_Cover]:
    """Invoices that share an insurance document are looked at together."""
    invoices = [invoice for invoice in linked.invoices if not invoice.takes_back and _term(linked, invoice) in _INSURED]
    groups: list[tuple[list[CommercialInvoice], list[InsuranceDocument]]] = [([each], []) for each in invoices]
    for document in (record.document for record in case.insurance_documents):
        covered = {invoice.id for invoice in _insured_by(linked, document, invoices)}
        met = [group for group in groups if any(invoice.id in covered for invoice in group[0])]
        if met:
            rest = [group for group in groups if not any(group is each for each in met)]
            merged = ([each for group in met for each in group[0]], [each for group in met for each in group[1]])
            groups = [*rest, (merged[0], [*merged[1], document])]
    found = [_Cover(tuple(sorted(own, key=_id)), tuple(sorted(papers, key=_id))) for own, papers in groups]
    return sorted(found, key=lambda cover: cover.invoices[0].id)


def _id(paper: CommercialInvoice | InsuranceDocument) -> str:
    return paper.id


def _term(linked: Links, invoice: CommercialInvoice) -> str | None:
    contract = linked.contract_of(invoice)
    return invoice.incoterm or (None if contract is None else contract.incoterm)


def _insured_by(
    linked: Links, document: InsuranceDocument, invoices: Sequence[CommercialInvoice]
) -> list[CommercialInvoice]:
    """The invoices that it names, else those of the bills or the contract that it names; all where it names nothing."""
    named = {compared_number(number) for number in document.invoice_numbers}
    bills = {compared_number(number) for number in document.bill_numbers}
    if named:
        return [invoice for invoice in invoices if compared_number(invoice.number) in named]
    if bills:
        return [invoice for invoice in invoices if bills & _bills_of(linked, invoice)]
    if document.contract_number is not None:
        agreed = compared_number(document.contract_number)
        of_contract = ((invoice, linked.contract_of(invoice)) for invoice in invoices)
        return [each for each, paper in of_contract if paper is not None and compared_number(paper.number) == agreed]
    return list(invoices)


def _bills_of(linked: Links, invoice: CommercialInvoice) -> set[str]:
    numbers = [*invoice.bill_numbers]
    for shipment in linked.shipments_with(invoice):
        numbers += [number for number in (shipment.bill.number, shipment.bill.carrier_number) if number]
    return {compared_number(number) for number in numbers}


def _uninsured(invoice: CommercialInvoice) -> Finding:
    paper = titled(invoice)
    return finding(
        "INSURANCE", Severity.REFER, says(invoice, "insurance", None),
        en=f"The goods of {paper.en} are sold insured, and no insurance document is shown.",
        zh=f"{paper.zh} 的货物由卖方投保，但未提交保险单据。",
    )  # fmt: skip


def _other_currency(cover: _Cover) -> Iterator[Finding]:
    currencies = sorted({invoice.currency for invoice in cover.invoices})
    for document in cover.documents:
        mine = document.insured_amount.currency
        if mine not in currencies:
            paper, invoices = titled(document), called(cover.invoices)
            yield finding(
                "INSURANCE", Severity.REFER, says(document, "insured_amount", document.insured_amount),
                *(says(invoice, "currency", invoice.currency) for invoice in cover.invoices),
                en=f"{paper.en} insures in {mine}; {invoices.en} is in {', '.join(currencies)}.",
                zh=f"{paper.zh} 以 {mine} 投保，{invoices.zh} 的币种为 {'、'.join(currencies)}。",
            )  # fmt: skip


def _too_little(case: Case, cover: _Cover) -> Iterator[Finding]:
    """By currency; what is insured in another one is said above and insures nothing here."""
    percent = case.tolerances.insured_percent
    for currency in sorted({invoice.currency for invoice in cover.invoices}):
        invoices = [invoice for invoice in cover.invoices if invoice.currency == currency]
        documents = [each for each in cover.documents if each.insured_amount.currency == currency]
        value = summed(invoice.total.amount for invoice in invoices)
        insured = summed(each.insured_amount.amount for each in documents)
        if documents and insured * 100 < value * percent:
            papers, sold = called(documents), called(invoices)
            yield finding(
                "INSURANCE", Severity.REFER, *(says(each, "insured_amount", each.insured_amount) for each in documents),
                *(says(invoice, "total", invoice.total) for invoice in invoices),
                en=f"{priced(insured, currency)} are insured by {papers.en}, less than {percent} % of the "
                f"{priced(value, currency)} on {sold.en}.",
                zh=f"{papers.zh} 的保险金额为 {priced(insured, currency)}，低于{sold.zh} 金额 "
                f"{priced(value, currency)} 的 {percent}%。",
            )  # fmt: skip


def _too_late(linked: Links, cover: _Cover, document: InsuranceDocument) -> Iterator[Finding]:
    shipped: dict[str, date] = {}
    for shipment in (each for invoice in cover.invoices for each in linked.shipments_with(invoice)):
        loaded = loaded_on(shipment.bill)
        if loaded is not None and loaded < document.covers_from and shipment.bill.id not in shipped:
            shipped[shipment.bill.id] = loaded
            paper, bill = titled(document), titled(shipment.bill)
            yield finding(
                "INSURANCE", Severity.REFER, says(document, "covers_from", document.covers_from),
                says(shipment.bill, "on_board_on", loaded),
                en=f"{paper.en} covers from {document.covers_from}; {bill.en} was on board on {loaded}.",
                zh=f"{paper.zh} 自 {document.covers_from} 起承保，{bill.zh} 装船日期为 {loaded}。",
            )  # fmt: skip
