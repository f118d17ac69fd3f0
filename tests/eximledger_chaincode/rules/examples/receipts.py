"""Examples of the rules on money received."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    EXPORTED,
    OTHER_NUMBER,
    case,
    cny,
    declaration,
    eur,
    invoice,
    invoice_of,
    policy,
    rate,
    receipt,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import CommercialInvoice, InvoiceTotals, Money, ReceiptStatus, Reference
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.basis.case import ExporterTotals

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

    second = declaration(declaration_number=OTHER_NUMBER, exported_on=date(2026, 6, 1))
    named = (Reference(kind="declaration", number=OTHER_NUMBER),)
    of_invoice = (Reference(kind="invoice", number="ci 01"),)
    return [
        silent("90 days after the export", after(90)),
        fires("91 days after the export", after(91)),
        silent("30 days before the export", after(-30)),
        fires("31 days before the export", after(-31)),
        silent("with a trade-credit report", after(200, trade_credit_report="TC-1")),
        silent("it names the later of two declarations", case(
            declaration(), second, receipt(value_on=date(2026, 8, 1), references=named))),
        fires("it names neither", case(declaration(), second, receipt(value_on=date(2026, 8, 1)))),
        fires("it names the invoice of the earlier", case(
            declaration(), second, receipt(value_on=date(2026, 8, 1), references=of_invoice))),
    ]  # fmt: skip


def _deviation() -> list[Example]:
    fires, silent = of("FX-DEVIATION")

    def year(declared: tuple[Money, ...], received: tuple[Money, ...], percent: int = 50) -> Case:
        totals = ExporterTotals(since=date(2025, 3, 21), until=EXPORTED, declared=declared, received=received)
        return case(rate(), exporter_totals=totals, policy=policy(total_deviation_percent=percent))

    return [
        silent("50 % less", year((usd(1_000_000),), (usd(500_000),))),
        fires("a cent beyond 50 % less", year((cny(1_000_000),), (cny("499999.99"),))),
        silent("50 % more", year((cny(1_000_000),), (cny(1_500_000),))),
        fires("a cent beyond 50 % more", year((cny(1_000_000),), (cny("1500000.01"),))),
        silent("in two currencies", year((cny(710_000), usd(100_000)), (usd(200_000),))),
        fires("beyond a narrower policy", year(
            (cny(100),), (cny("89.99"),), percent=10)),
        fires("a currency without a quotation", year((usd(1), eur(1)), (usd(1),))),
        silent("nothing received yet", year((usd(1),), ())),
        silent("nothing declared yet", year((), (usd(1),))),
        silent("totals that nobody knows", case()),
    ]  # fmt: skip


EXAMPLES = [*_amount(), *_dates(), *_deviation()]
