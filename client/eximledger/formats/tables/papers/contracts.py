"""Sales contracts from tables."""

from __future__ import annotations

from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import money_of
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.papers.shared import (
    amount_of,
    delivery_of,
    goods_lines,
    need_party,
    notes_of,
    payment_days_of,
    port_of,
    sum_of,
)
from eximledger_chaincode.documents import SalesContract

__all__ = ["contract_of"]


def contract_of(paper: TablePaper) -> SalesContract:
    """The contract of its rows."""
    first = paper.first
    lines = goods_lines(paper)
    whole = sum_of(lines)
    delivery = delivery_of(first)
    stated = amount_of(first, "total", whole.currency)
    with first.located():
        return SalesContract(
            contract_number=first.need_text("contract_number"),
            signed_on=first.need_day("signed_on"),
            seller=need_party(first, "seller", paper.exporter),
            buyer=need_party(first, "buyer"),
            currency=whole.currency,
            incoterm=delivery.incoterm,
            incoterm_place=delivery.place,
            delivery_terms=delivery.terms,
            payment_terms=first.prose("payment_terms"),
            payment_days=payment_days_of(first),
            about=first.flag("about") or False,
            latest_shipment_on=first.day("latest_shipment_on"),
            valid_until=first.day("valid_until"),
            transshipment=first.flag("transshipment"),
            loading_port=port_of(paper, "loading_port"),
            destination_port=port_of(paper, "destination_port"),
            destination_country=first.code("destination_country", codes.country),
            lines=lines,
            lines_total=money_of(paper.totals, "amount", None, whole.currency) if paper.totals is not None else None,
            total=stated if stated is not None else whole,
            processing_fee=amount_of(first, "processing_fee", whole.currency),
            notes=notes_of(first),
        )
