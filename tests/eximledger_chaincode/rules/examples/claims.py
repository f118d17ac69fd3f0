"""Examples of the rules on the claim that is pledged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.eximledger_chaincode.rules.cases import (
    EXPORTED,
    NUMBER,
    OTHER_NUMBER,
    PAID,
    THIRD_PARTY,
    application,
    bill,
    case,
    cny,
    contract,
    credit,
    credit_note,
    declaration,
    eur,
    financed,
    held,
    invoice,
    invoice_of,
    naming,
    policy,
    rate,
    receipt,
    unallocated,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import CommercialInvoice, Document, InvoiceTotals, Money
from eximledger_chaincode.lending.collecting.naming import Order
from eximledger_chaincode.rules import Case

DUE = date(2026, 6, 13)
"""The sound invoice of 15 March is due in 90 days."""


def _with_deposit(prepaid: Money, **changes: object) -> CommercialInvoice:
    totals = InvoiceTotals(with_tax=usd(100_000), prepaid=prepaid, payable=usd(100_000) - prepaid)
    return invoice(totals=totals, **changes)


def _paid() -> list[Example]:
    fires, silent = of("CLAIM-PAID")
    thirty = usd(30_000)

    def asking(amount: str, *papers: CommercialInvoice, **changes: Any) -> Case:
        return case(application(declarations=(financed(amount=usd(amount)),)), *papers, **changes)

    return [
        fires("a deposit on the invoice", asking("70000.01", _with_deposit(thirty)), REJECT),
        silent("what a deposit leaves", asking("70000", _with_deposit(thirty))),
        fires("a deposit that is only told by what is payable", asking("70000.01", invoice(
            totals=InvoiceTotals(with_tax=usd(100_000), payable=usd(70_000)))), REJECT),
        silent("what is payable is rounded", asking("100000", invoice(
            totals=InvoiceTotals(with_tax=usd("100000.03"), rounding=usd("-0.03"), payable=usd(100_000))))),
        fires("a receipt names the declaration", asking("70000.01", namings=(naming(thirty, [NUMBER]),)), REJECT),
        fires("a receipt names the invoice", asking("70000.01", namings=(naming(thirty, [], ["CI01"]),)), REJECT),
        silent("what a receipt leaves", asking("70000", namings=(naming(thirty, [], ["CI01"]),))),
        fires("a receipt in full", asking("0.01", namings=(naming(usd(100_000), [], ["CI01"]),)), REJECT),
        silent("the same receipt names both, and counts once", asking("70000", namings=(
            naming(thirty, {NUMBER: thirty}, {"CI01": thirty}),))),
        fires("a deposit and a receipt", asking("40000.01", _with_deposit(thirty), namings=(
            naming(thirty, [NUMBER]),)), REJECT),
        fires("a credit note and a receipt", asking("40000.01", invoice(), credit_note(thirty), namings=(
            naming(thirty, [NUMBER]),)), REJECT),
        fires("all of it counts, where the other declaration named is not in the case", asking("70000.01", namings=(
            naming(thirty, [NUMBER, OTHER_NUMBER]),)), REJECT),
        silent("less is open by a credit note alone, which is no payment", asking(
            "100000", invoice(), credit_note(thirty))),
        silent("a receipt of other papers", asking("100000", namings=(naming(thirty, [OTHER_NUMBER], ["CI99"]),))),
        silent("what is open cannot be told, as BALANCE says", asking("0.01", namings=(
            naming(thirty, [NUMBER]), naming(eur(1), [NUMBER], receipt_id="FX-02")))),
        silent("little is free, since others hold it", asking("100000", positions=(held(thirty),))),
        silent("asked in another currency", case(
            application(declarations=(financed(amount=eur(70_001)),)), namings=(naming(thirty, [NUMBER]),))),
    ]  # fmt: skip


def _unallocated() -> list[Example]:
    fires, silent = of("RECEIPT-UNALLOCATED")

    def received(amount: Money, *papers: CommercialInvoice, **changes: object) -> Case:
        return case(*papers, unallocated=(unallocated(amount, **changes),))

    two = (
        declaration(), declaration(declaration_number=OTHER_NUMBER, total=usd(300_000)),
        invoice(totals=InvoiceTotals(with_tax=usd(60_000), prepaid=usd(20_000), payable=usd(40_000))),
        invoice_of(usd(10_000), invoice_number="CI-02", declaration_numbers=(OTHER_NUMBER,)),
    )  # fmt: skip
    by_third = (unallocated(usd(1), payer=THIRD_PARTY.name),)

    def strange(amount: Money, *papers: CommercialInvoice, **changes: object) -> Case:
        return received(amount, *papers, payer=THIRD_PARTY.name, **changes)

    return [
        fires("from the buyer, in any amount", received(usd(1))),
        fires("from the buyer, in any currency", received(eur(1))),
        fires("from the buyer, spelt otherwise", received(usd(1), payer="NORDLICHT HANDELS")),
        fires("on the day of the export", received(usd(1), dated=EXPORTED)),
        silent("the day before the export", received(usd(1), dated=EXPORTED - timedelta(days=1))),
        fires("after the first of two exports", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, exported_on=EXPORTED + timedelta(days=30)),
            unallocated=(unallocated(usd(1), dated=EXPORTED + timedelta(days=7)),))),
        silent("before both of two exports", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, exported_on=EXPORTED + timedelta(days=30)),
            unallocated=(unallocated(usd(1), dated=EXPORTED - timedelta(days=1)),))),
        fires("from the contract's buyer", case(contract(buyer=THIRD_PARTY), unallocated=by_third)),
        fires("from an invoice's buyer", case(invoice(buyer=THIRD_PARTY), unallocated=by_third)),
        fires("from the declaration's consignee", case(declaration(consignee=THIRD_PARTY), unallocated=by_third)),
        silent("from somebody else", strange(usd(1))),
        fires("from somebody else, in the amount", strange(usd(100_000))),
        fires("from nobody, in the amount", received(usd(100_000), payer="")),
        fires("from somebody else, 5 % less", strange(usd(95_000))),
        silent("from somebody else, a cent beyond 5 % less", strange(usd("94999.99"))),
        silent("from somebody else, a cent beyond 5 % more", strange(usd("105000.01"))),
        silent("in the amount, in another currency", strange(eur(100_000))),
        fires("what a deposit left", strange(usd(70_000), _with_deposit(usd(30_000)))),
        *(fires(f"from nobody, in the amount of {what}", case(*two, unallocated=(unallocated(usd(paid), payer=""),)))
          for what, paid in (("one declaration", 100_000), ("both", 400_000), ("one invoice", 60_000),
                             ("what is payable of it", 40_000), ("both invoices", 70_000))),
        silent("from nobody, in the amount of a credit note", received(
            usd(500), invoice(), credit_note(usd(500)), payer="")),
        fires("from nobody, in the amount of a sample", received(
            usd("0.50"), invoice(), invoice_of(usd("0.50"), invoice_number="CI-S"), payer="")),
        *(fires(f"a deposit on {what}", case(
            invoice(order_number="PO 4471"), credit(), bill(carrier_number="MEDU 88120"),
            unallocated=(unallocated(usd(30_000), payer="", dated=date(2026, 1, 9), mentioned=("20260109", number)),)))
          for what, number in (("the contract", "DY007"), ("the order", "PO4471"), ("the credit", "LC202677"),
                               ("the bill", "COSU6301"), ("the carrier's bill", "MEDU88120"))),
        silent("a deposit on another contract", strange(usd(30_000), mentioned=("DY008", "DY0071"))),
        silent("a number that may be any", case(
            contract(contract_number="7"), invoice(contract_number="7"), declaration(contract_number="7"),
            unallocated=(unallocated(usd(30_000), payer="", mentioned=("7",)),))),
        fires("what it leaves of itself", received(usd(9_000), whole=usd(40_000))),
        fires("in the amount, of a larger receipt", received(usd(100_000), whole=usd(180_000), payer="")),
        silent("5 % of itself, a charge", received(usd(2_000), whole=usd(40_000))),
        fires("a cent beyond 5 % of itself", received(usd("2000.01"), whole=usd(40_000))),
        fires("a little of what is said in another currency", received(usd(1), whole=eur(40_000))),
        fires("two of them", case(unallocated=(unallocated(usd(1)), unallocated(usd(2), receipt_id="FX-10"))),
              REFER, REFER),
        silent("no declaration of which it may be", case(
            without=("declaration",), unallocated=(unallocated(usd(1)),))),
        fires("a wider policy", case(
            policy=policy(receipt_short_percent=50), unallocated=(unallocated(usd(51_000), payer=""),))),
        fires("an invoice named, whenever, and not whose it is", case(
            unallocated=(unallocated(usd(1), payer="", dated=EXPORTED - timedelta(days=60), invoice="CI01"),))),
        silent("none", case(receipt())),
    ]  # fmt: skip


def _doubtful() -> list[Example]:
    fires, silent = of("RECEIPT-DOUBTFUL")
    quoted = (rate(), rate(quoted_on=PAID))

    def ordered(amount: Money, credited: Money | None = None, **changes: Any) -> Case:
        order = Order(amount=amount, **changes)
        return case(*quoted, namings=(naming(credited or cny(710_000), [NUMBER], ordered=order),))

    def giving(*papers: Any) -> Case:
        return case(namings=(naming(usd(10), *papers),))

    def back(amount: Money, **changes: Any) -> Case:
        debit = unallocated(amount, takes_back=True, payer="", **changes)
        return case(namings=(naming(usd(1_000), [NUMBER]),), unallocated=(debit,))

    return [
        fires("one of two that are alike", case(namings=(
            naming(usd(1), [NUMBER], doubtful=True), naming(usd(2), [NUMBER], receipt_id="FX-02")))),
        silent("all are told apart", case(namings=(naming(usd(1), [NUMBER]),))),
        silent("ordered in dollars, credited in yuan", ordered(usd(100_000))),
        silent("3 % less than was credited, as rates differ", ordered(usd(97_000))),
        fires("a cent beyond 3 % less", ordered(usd("96999.99"))),
        fires("one dollar, credited with 710,000 yuan", ordered(usd(1))),
        silent("3 % more than was credited, as banks charge", ordered(usd(103_000))),
        fires("more by 3 % and a cent", ordered(usd("103000.01"))),
        silent("more by the charges that banks state", ordered(usd(120_000), charges=(usd(17_000),))),
        silent("500 yuan more, of a small payment", ordered(cny(600), cny(100))),
        fires("a cent more than 500 yuan, of a small payment", ordered(cny("600.01"), cny(100))),
        fires("in a currency that is not quoted", ordered(Money.of(100, "HTG"))),
        fires("a part was taken back", case(namings=(naming(usd(10), [NUMBER], returned=usd(1)),))),
        fires("a debit may have taken a part of it back", back(usd(1_000)), INFORM),
        fires("a part goes to another declaration", giving({NUMBER: usd(1), OTHER_NUMBER: usd(9)}), INFORM),
        fires("a part goes to another invoice", giving([NUMBER], {"CI01": usd(1), "CI99": usd(9)}), INFORM),
        silent("all goes to papers of the case", giving({NUMBER: usd(10)}, {"CI01": usd(10)})),
        silent("another declaration is named without an amount", giving([NUMBER, OTHER_NUMBER])),
        silent("a debit of more", back(usd("1000.01"))),
        silent("a debit before it", back(usd(1), dated=PAID - timedelta(days=1))),
        silent("a debit in another currency", back(eur(1))),
    ]  # fmt: skip


def _overdue() -> list[Example]:
    fires, silent = of("CLAIM-OVERDUE")

    def after(days: int, *papers: Document, **changes: Any) -> Case:
        return case(*papers, today=DUE + timedelta(days=days), **changes)

    full, second = usd(100_000), {"invoice_number": "CI-02", "due_on": date(2026, 12, 31)}
    half = InvoiceTotals(payable=usd(50_000))
    return [
        silent("on the due date", after(0)),
        fires("the day after", after(1)),
        fires("90 days after", after(90)),
        fires("91 days after", after(91), REJECT),
        fires("a stated due date counts", after(0, invoice(due_on=DUE - timedelta(days=1)))),
        silent("no due date", after(91, invoice(payment_days=None))),
        silent("a receipt names the invoice", after(91, namings=(naming(full, [], ["CI01"]),))),
        silent("a receipt names the declaration", after(91, namings=(naming(full, [NUMBER]),))),
        silent("5 % short", after(91, namings=(naming(usd(95_000), [], ["CI01"]),))),
        fires("a receipt that cannot be converted settles nothing", after(1, namings=(naming(eur(1), [NUMBER]),))),
        fires("a cent beyond 5 % short", after(1, namings=(naming(usd("94999.99"), [], ["CI01"]),))),
        silent("a deposit and the rest", after(1, _with_deposit(usd(30_000)), namings=(
            naming(usd(70_000), [], ["CI01"]),))),
        fires("a deposit alone", after(1, _with_deposit(usd(30_000)))),
        silent("a deposit and the rest of one of two invoices", after(1, invoice(totals=InvoiceTotals(
            with_tax=usd(60_000), prepaid=usd(20_000), payable=usd(40_000))), invoice(totals=half, **second),
            namings=(naming(usd(40_000), [], ["CI01"]),))),
        silent("5 % short of one of two invoices", after(
            1, invoice(totals=half), invoice(totals=half, **second), namings=(naming(usd(47_500), [], ["CI01"]),))),
        fires("a cent beyond 5 % short of one of two invoices", after(
            1, invoice(totals=half), invoice(totals=half, **second), namings=(
                naming(usd("47499.99"), [], ["CI01"]),))),
        silent("5 % short of the declaration", after(1, namings=(naming(usd(95_000), [NUMBER]),))),
        fires("a cent beyond 5 % short of the declaration", after(1, namings=(naming(usd("94999.99"), [NUMBER]),))),
        fires("an invoice of a declaration that is not here", after(
            1, invoice(declaration_numbers=(OTHER_NUMBER,), contract_number=None))),
        fires("one of its two declarations is paid", after(
            1, declaration(), declaration(declaration_number=OTHER_NUMBER), invoice_of(
                usd(200_000), declaration_numbers=(NUMBER, OTHER_NUMBER)), namings=(naming(full, [NUMBER]),))),
        silent("both of its declarations are paid", after(
            1, declaration(), declaration(declaration_number=OTHER_NUMBER), invoice_of(
                usd(200_000), declaration_numbers=(NUMBER, OTHER_NUMBER)),
            namings=(naming(full, [NUMBER]), naming(full, [OTHER_NUMBER], receipt_id="FX-02")))),
        silent("taken back", after(1, invoice(), credit_note(full))),
        fires("taken back in part, once for both papers", after(1, invoice(), credit_note(usd(20_000)))),
        silent("the one that is due is paid", after(
            1, invoice(totals=half), invoice(totals=half, **second), namings=(naming(usd(50_000), [], ["CI01"]),))),
        fires("the one that is not due is paid", after(
            1, invoice(totals=half), invoice(totals=half, **second), namings=(naming(usd(50_000), [], ["CI02"]),))),
        fires("half of both is paid", after(
            1, invoice(totals=half), invoice(totals=half, **second),
            namings=(naming(usd(50_000), [], ["CI01", "CI02"]),))),
    ]  # fmt: skip


def _expected() -> list[Example]:
    fires, silent = of("EXPECTED-RECEIPT")

    def expecting(days: int, *papers: Document, **changes: Any) -> Case:
        """So many days after the sound invoice falls due."""
        return case(application(expected_receipt_on=DUE + timedelta(days=days)), *papers, **changes)

    unsaid, later = invoice(payment_days=None), invoice(invoice_number="CI-02", due_on=DUE + timedelta(days=40))
    return [
        silent("10 days after", expecting(10)),
        fires("11 days after", expecting(11)),
        silent("10 days before", expecting(-10)),
        fires("11 days before", expecting(-11)),
        silent("11 days after, under a policy of 11", expecting(11, policy=policy(expected_receipt_days=11))),
        silent("of two invoices the last counts", expecting(40, invoice(), later)),
        fires("when the first of two invoices falls due", expecting(0, invoice(), later)),
        silent("by the contract, 90 days after shipment on 21 March", expecting(6 + 10, unsaid)),
        fires("by the contract, 101 days after shipment", expecting(6 + 11, unsaid)),
        silent("by the contract, 90 days after the export, without a bill", expecting(
            5 + 10, unsaid, without=("transport",))),
        fires("by the contract, 101 days after the export, without a bill", expecting(
            5 + 11, unsaid, without=("transport",))),
        silent("no terms", expecting(60, unsaid, contract(payment_days=None))),
        silent("no contract", expecting(60, unsaid, without=("contract",))),
        silent("a credit note falls due never", expecting(0, invoice(), credit_note(usd(1), due_on=date(2026, 12, 1)))),
        silent("no invoice", expecting(60, without=("invoice",))),
    ]  # fmt: skip


EXAMPLES = [*_paid(), *_unallocated(), *_doubtful(), *_overdue(), *_expected()]
