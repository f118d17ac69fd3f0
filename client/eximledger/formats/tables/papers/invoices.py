"""Commercial invoices, and notes to them, from tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eximledger.formats.tables import codes
from eximledger.formats.tables.papers.adding import added_up
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.papers.shared import (
    delivery_of,
    goods_lines,
    need_party,
    notes_of,
    number_of,
    payment_days_of,
    sum_of,
)
from eximledger_chaincode.documents import (
    CommercialInvoice,
    PaymentAccount,
    Reference,
)

__all__ = ["invoice_of"]

_OTHER: Final = "is another type of invoice than the title says"


def invoice_of(paper: TablePaper) -> CommercialInvoice:
    """The invoice of its rows."""
    first = paper.first
    lines = goods_lines(paper)
    currency = sum_of(lines).currency
    added = added_up(paper, sum_of(lines))
    delivery = delivery_of(first)
    credit = number_of(paper, "credit_number")
    with first.located():
        return CommercialInvoice(
            invoice_number=first.need_text("invoice_number"),
            type_code=_type_of(paper),
            issued_on=first.need_day("issued_on"),
            due_on=first.day("due_on"),
            seller=need_party(first, "seller", paper.exporter),
            buyer=need_party(first, "buyer"),
            currency=currency,
            contract_number=number_of(paper, "contract_number"),
            order_number=number_of(paper, "order_number"),
            declaration_numbers=first.declaration_numbers("declaration_numbers"),
            bill_numbers=first.listed("bill_numbers"),
            references=(Reference(kind="letter-of-credit", number=credit),) if credit else (),
            incoterm=delivery.incoterm,
            incoterm_place=delivery.place,
            delivery_terms=delivery.terms,
            destination_country=first.code("destination_country", codes.country),
            payment_terms=first.prose("payment_terms"),
            payment_days=payment_days_of(first),
            payment_accounts=tuple(_accounts(paper)),
            lines=lines,
            allowances_charges=added.charges,
            totals=added.totals,
            notes=notes_of(first),
        )


def _type_of(paper: TablePaper) -> str | None:
    stated = paper.first.code("invoice_type", codes.invoice_type)
    if stated is not None and paper.titled not in (None, stated):
        raise paper.first.error(paper.first.cells["invoice_type"], "invoice_type", _OTHER)
    return stated or paper.titled


def _accounts(paper: TablePaper) -> Iterator[PaymentAccount]:
    account, bank = paper.first.text("account"), paper.first.text("bank")
    if account is not None or bank is not None:
        yield PaymentAccount(account=account, bank=bank)
