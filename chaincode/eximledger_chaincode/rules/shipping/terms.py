"""Rules on the terms of a transport document: its clauses, and who pays the freight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    FreightPayment,
    SalesContract,
    TransportDocument,
    TransportType,
)
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Shipment, links
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from eximledger_chaincode.rules.shipping.phrases import freight_payment_in, tells_defect, tells_on_deck

_BY_SELLER: Final = frozenset({"CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})
"""Terms by which the seller pays the main carriage; by the others the buyer does."""
_OF_THE_SEA: Final = frozenset({"FOB", "CFR", "CIF"})
_NOT_BY_SEA: Final[Mapping[TransportType, Words]] = {
    TransportType.AIR_WAYBILL: Words("by air", "空运"),
    TransportType.RAIL_CONSIGNMENT_NOTE: Words("by rail", "铁路运输"),
}
_PAID: Final[Mapping[FreightPayment, Words]] = {
    FreightPayment.PREPAID: Words("prepaid", "预付"),
    FreightPayment.COLLECT: Words("collect", "到付"),
}


@rule("BL-CLAUSED", Severity.REFER, source="UCP 600 art. 26, 27")
def bl_claused(case: Case) -> Iterator[Finding]:
    """A remark that goods or packing are defective, or that goods are on deck; not one that they may be."""
    for shipment in links(case).shipments:
        bill, paper = shipment.bill, titled(shipment.bill)
        remarks = dict.fromkeys(remark.strip(" .。") for remark in (*bill.clauses, *bill.notes))
        for remark in remarks:
            if tells_defect(remark):
                yield finding(
                    "BL-CLAUSED", Severity.REFER, says(bill, "clauses", remark),
                    en=f"{paper.en} is not clean: {remark}.",
                    zh=f"{paper.zh} 不清洁，批注：{remark}。",
                )  # fmt: skip
        where = next((remark for remark in remarks if tells_on_deck(remark)), "yes" if bill.on_deck else None)
        if where is not None:
            yield finding(
                "BL-CLAUSED", Severity.REFER, says(bill, "on_deck", where),
                en=f"{paper.en} has goods on deck.",
                zh=f"{paper.zh} 载明货物装于舱面。",
            )  # fmt: skip


class _Term(NamedTuple):
    """The Incoterm that goods were sold on, and the paper that states it."""

    paper: Document
    incoterm: str


def _term(case: Case, shipment: Shipment) -> _Term | None:
    """By the contract, else by an invoice of the export, else by the transport document itself."""
    linked = links(case)
    invoices = (invoice for item in shipment.declarations for invoice in linked.export_of(item).invoices)
    papers: tuple[SalesContract | CommercialInvoice | TransportDocument | None, ...]
    papers = (shipment.contract, *invoices, shipment.bill)
    stated = (_Term(paper, paper.incoterm) for paper in papers if paper is not None and paper.incoterm is not None)
    return next(stated, None)


def _freight(bill: TransportDocument) -> FreightPayment | None:
    if bill.freight_payment is not None:
        return bill.freight_payment
    told = {freight_payment_in(text) for text in (bill.freight_terms, *bill.clauses, *bill.notes) if text} - {None}
    return told.pop() if len(told) == 1 else None


@rule("BL-FREIGHT", Severity.REFER, Severity.INFORM, source="ISBP 821 E; Incoterms 2020")
def bl_freight(case: Case) -> Iterator[Finding]:
    """Freight prepaid where the buyer pays the carriage by the Incoterm, or collect where the seller does: refer. A
    term for the sea alone (FOB, CFR, CIF) by air or rail: inform."""
    for shipment in links(case).shipments:
        bill, paper, term = shipment.bill, titled(shipment.bill), _term(case, shipment)
        if term is None:
            continue
        stated, incoterm = titled(term.paper), term.incoterm
        due = FreightPayment.PREPAID if incoterm in _BY_SELLER else FreightPayment.COLLECT
        paid = _freight(bill)
        if paid is not None and paid is not due:
            yield finding(
                "BL-FREIGHT", Severity.REFER, says(bill, "freight_payment", paid.value),
                says(term.paper, "incoterm", incoterm),
                en=f"The freight of {paper.en} is {_PAID[paid].en}; by {incoterm} on {stated.en} it is "
                f"{_PAID[due].en}.",
                zh=f"{paper.zh} 的运费为{_PAID[paid].zh}；按{stated.zh} 的 {incoterm}，应为{_PAID[due].zh}。",
            )  # fmt: skip
        carried = _NOT_BY_SEA.get(bill.type)
        if carried is not None and incoterm in _OF_THE_SEA:
            yield finding(
                "BL-FREIGHT", Severity.INFORM, says(bill, "type", bill.type.value),
                says(term.paper, "incoterm", incoterm),
                en=f"{paper.en} is for carriage {carried.en}; {incoterm} on {stated.en} is a term for the sea.",
                zh=f"{paper.zh} 为{carried.zh}；{stated.zh} 的 {incoterm} 仅适用于水运。",
            )  # fmt: skip
