"""Examples of the rules on money received."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    EXPORTED,
    OTHER_NUMBER,
    case,
    classification,
    cny,
    declaration,
    eur,
    invoice,
    invoice_of,
    rate,
    receipt,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import CommercialInvoice, EnterpriseClass, InvoiceTotals, ReceiptStatus, Reference
from eximledger_chaincode.rules import Case

AFTER_DUE = date(2026, 6, 14)
"""The sound invoice of 15 March is due in 90 days, on 13 June."""


def _amount() -> list[Example]:
    fires, silent = of("FX-AMOUNT")

    def due(amount: str, *invoices: CommercialInvoice, today: date = AFTER_DUE, **changes: object) -> Case:
        return case(receipt(amount=usd(amount), **changes), *invoices, today=today)

    deposit = InvoiceTotals(with_tax=usd(100_000), prepaid=usd(30_000), payable=usd(70_000))
    invoiced_with_deposit = invoice(totals=deposit)

    return [
        silent("what was invoiced", case(receipt())),
        fires("a cent more", due("100000.01", today=date(2026, 4, 11))),
        silent("5 % less, after the due date", due("95000.00")),
        fires("a cent beyond 5 % less, after the due date", due("94999.99")),
        silent("a cent beyond 5 % less, on the due date", due("94999.99", today=AFTER_DUE - timedelta(days=1))),
        silent("what the payer ordered, before charges", due("94000", instructed_amount=usd("95000"))),
        fires("a dollar that the payer ordered, and more was credited", due(
            "100000.01", today=date(2026, 4, 11), instructed_amount=usd(1))),
        silent("ordered in the invoice's currency, credited in yuan", case(
            receipt(amount=cny(709_000), value_on=EXPORTED, instructed_amount=usd(100_000)), rate())),
        silent("no due date", case(receipt(amount=usd(1)), invoice(payment_days=None), today=AFTER_DUE)),
        fires("a stated due date", case(
            receipt(amount=usd(1)), invoice(payment_days=None, due_on=date(2026, 4, 10)))),
        fires("in another currency, nothing being due yet", case(receipt(amount=eur(1)))),
        fires("in another currency, all being due", case(receipt(amount=eur(1)), today=AFTER_DUE), REFER, REFER),
        silent("more, but only announced", case(receipt(), receipt(
            reference="FX-02", status=ReceiptStatus.INFORMATION))),
        silent("more, but taken back", case(receipt(), receipt(reference="FX-02", reversal=True))),
        fires("twice", case(receipt(), receipt(reference="FX-02"))),
        silent("all that a deposit left", due("66500", invoiced_with_deposit)),
        fires("a cent beyond 5 % less than a deposit left", due("66499.99", invoiced_with_deposit)),
        silent("the deposit is among the receipts", case(
            receipt(amount=usd(30_000)), receipt(reference="FX-02", amount=usd(70_000)), invoiced_with_deposit)),
        fires("a credit note makes it more", case(
            receipt(), invoice(), invoice_of(usd("0.01"), invoice_number="CN", type_code="381"))),
    ]  # fmt: skip


def _dates() -> list[Example]:
    fires, silent = of("FX-DATES")

    def after(days: int, **changes: object) -> Case:
        return case(receipt(value_on=EXPORTED + timedelta(days=days), **changes))

    def graded(days: int, grade: EnterpriseClass, **changes: object) -> Case:
        paid = receipt(value_on=EXPORTED + timedelta(days=days), **changes)
        return case(paid, classification(enterprise_class=grade))

    second = declaration(declaration_number=OTHER_NUMBER, exported_on=date(2026, 6, 1))
    named = (Reference(kind="declaration", number=OTHER_NUMBER),)
    of_invoice = (Reference(kind="invoice", number="ci 01"),)
    return [
        silent("90 days after the export", after(90)),
        fires("91 days after the export", after(91)),
        silent("30 days before the export", after(-30)),
        fires("31 days before the export", after(-31)),
        silent("class B, 30 days after the export", graded(30, EnterpriseClass.B)),
        fires("class B, 31 days after the export", graded(31, EnterpriseClass.B)),
        fires("class C, 31 days after the export", graded(31, EnterpriseClass.C)),
        silent("class C, 31 days, with a report", graded(31, EnterpriseClass.C, trade_credit_report="TC-1")),
        silent("class B that is over, 31 days after the export", case(
            receipt(value_on=EXPORTED + timedelta(days=31)), classification(),
            classification(enterprise_class=EnterpriseClass.B, valid_from=date(2025, 1, 1)))),
        silent("with a trade-credit report", after(200, trade_credit_report="TC-1")),
        silent("it names the later of two declarations", case(
            declaration(), second, receipt(value_on=date(2026, 8, 1), references=named))),
        fires("it names neither", case(declaration(), second, receipt(value_on=date(2026, 8, 1)))),
        fires("it names the invoice of the earlier", case(
            declaration(), second, receipt(value_on=date(2026, 8, 1), references=of_invoice))),
    ]  # fmt: skip


EXAMPLES = [*_amount(), *_dates()]
