"""Commercial invoices, and notes to them, from tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

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
    sum_of,
)
from eximledger_chaincode.documents import (
    AllowanceCharge,
    CommercialInvoice,
    InvoiceTotals,
    Money,
    PaymentAccount,
    Reference,
)

__all__ = ["invoice_of"]

_CHARGES: Final = {"freight": "freight", "insurance": "insurance", "other_charges": "other charges"}


def invoice_of(paper: TablePaper) -> CommercialInvoice:
    """The invoice of its rows."""
    first = paper.first
    lines = goods_lines(paper)
    currency = sum_of(lines).currency
    charges = tuple(_charges(paper, currency))
    delivery = delivery_of(first)
    credit = first.text("credit_number")
    with first.located():
        return CommercialInvoice(
            invoice_number=first.need_text("invoice_number"),
            type_code=first.code("invoice_type", codes.invoice_type),
            issued_on=first.need_day("issued_on"),
            due_on=first.day("due_on"),
            seller=need_party(first, "seller", paper.exporter),
            buyer=need_party(first, "buyer"),
            currency=currency,
            contract_number=first.text("contract_number"),
            order_number=first.text("order_number"),
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
            allowances_charges=charges,
            totals=_totals(paper, sum_of(lines), charges),
            notes=notes_of(first),
        )


def _charges(paper: TablePaper, currency: str) -> Iterator[AllowanceCharge]:
    for field, reason in _CHARGES.items():
        amount = amount_of(paper.first, field, currency)
        if amount is not None and amount.amount:
            yield AllowanceCharge(charge=True, amount=amount, reason=reason)
    discount = amount_of(paper.first, "discount", currency)
    if discount is not None and discount.amount:  # some write it below zero, and mean the same
        yield AllowanceCharge(charge=False, amount=max(discount, -discount), reason="discount")


def _accounts(paper: TablePaper) -> Iterator[PaymentAccount]:
    account, bank = paper.first.text("account"), paper.first.text("bank")
    if account is not None or bank is not None:
        yield PaymentAccount(account=account, bank=bank)


def _totals(paper: TablePaper, lines: Money, charges: tuple[AllowanceCharge, ...]) -> InvoiceTotals:
    """As stated; the total that is not is computed, and what is payable is the total less what is prepaid."""
    first, currency = paper.first, lines.currency
    total = amount_of(first, "total", currency)
    prepaid = amount_of(first, "prepaid", currency)
    payable = amount_of(first, "payable", currency)
    whole = total
    if whole is None:
        whole = sum((each.amount if each.charge else -each.amount for each in charges), lines)
    return InvoiceTotals(
        lines=money_of(paper.totals, "amount", None, currency) if paper.totals is not None else None,
        with_tax=total,
        prepaid=prepaid,
        payable=payable if payable is not None else whole - prepaid if prepaid is not None else whole,
    )
