"""Sales contracts from tables."""

from __future__ import annotations

from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import money_of
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.papers.shared import (
    amount_of,
    charges_of,
    delivery_of,
    goods_lines,
    need_party,
    notes_of,
    payment_days_of,
    port_of,
    sum_of,
)
from eximledger_chaincode.documents import Money, SalesContract

__all__ = ["contract_of"]

_BESIDE: Final = "an amount beside the goods, which the total has in it"


def contract_of(paper: TablePaper) -> SalesContract:
    """The contract of its rows."""
    first = paper.first
    lines = goods_lines(paper)
    whole = sum_of(lines)
    delivery = delivery_of(first)
    stated = amount_of(first, "total", whole.currency)
    _prove(paper, whole, stated)
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


def _prove(paper: TablePaper, whole: Money, stated: Money | None) -> None:
    """What stands beside the goods is in the total, and in no field of its own."""
    beside = charges_of(paper, whole.currency)
    if beside and stated != sum((each.amount for each in beside), whole):
        raise beside[0].row.unsure()
    paper.unmapped.extend(Unmapped(each.row.where, _BESIDE, Cause.NOT_MODELLED) for each in beside)
