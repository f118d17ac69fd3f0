"""Rules on money received: from whom, how much, when, and how it compares with what was exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration, FxReceipt, Money, normal_number
from eximledger_chaincode.errors import Refused
from eximledger_chaincode.rules._finding import finding, percent_apart, plain, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.links import exports
from eximledger_chaincode.rules.parties import same_party
from eximledger_chaincode.rules.valuation import convert
from eximledger_chaincode.rules.verdict import Finding, Severity

_EXACT: Final = Context(prec=60)


def _receipts(case: Case) -> list[FxReceipt]:
    return [record.document for record in sorted(case.receipts, key=lambda record: record.id)]


def _declarations_of(case: Case, receipt: FxReceipt) -> list[ExportDeclaration]:
    """Declarations that a receipt is allocated to, or names, or whose invoice it names; all where it names nothing."""
    wanted = {item.declaration_number for item in receipt.allocations}
    named = {normal_number(item.number) for item in receipt.references}
    wanted |= named
    for export in exports(case):
        if any(normal_number(invoice.number) in named for invoice in export.invoices):
            wanted |= {declaration.number for declaration in export.declarations}
    declared = [record.document for record in sorted(case.declarations, key=lambda record: record.id)]
    found = [declaration for declaration in declared if declaration.number in wanted]
    return found if found or named or receipt.allocations else declared


@rule("FX-PAYER", Severity.REFER, source="Huifa [2012] 38; Wolfsberg trade finance principles")
def fx_payer(case: Case) -> Iterator[Finding]:
    """Neither the payer nor the ultimate payer is a buyer of the case."""
    buyers = [record.document.buyer for record in case.contracts]
    buyers += [record.document.buyer for record in case.invoices]
    for receipt in _receipts(case):
        payers = [party for party in (receipt.payer, receipt.ultimate_payer) if party is not None]
        if buyers and payers and not any(same_party(payer, buyer) for payer in payers for buyer in buyers):
            names = ", ".join(dict.fromkeys(buyer.name for buyer in buyers))
            yield finding(
                "FX-PAYER", Severity.REFER, says(receipt, "payer", payers[0].name),
                en=f"Receipt {receipt.number} was paid by {payers[0].name}, who is not the buyer ({names}).",
                zh=f"收汇 {receipt.number} 的付款人 {payers[0].name} 不是买方（{names}）。",
            )  # fmt: skip


@rule("FX-AMOUNT", Severity.REFER, source="Huifa [2012] 38")
def fx_amount(case: Case) -> Iterator[Finding]:
    """More was received than invoiced, or, once all invoices are due, less by more than the policy's percentage.

    An invoice is due on its due date; without one, its payment days after issue; without either it is not yet due.
    What the payer ordered counts, before the banks' charges.
    """
    receipts, invoices = _receipts(case), [record.document for record in case.invoices]
    if not receipts or not invoices:
        return
    invoiced, received = _by_currency(item.total for item in invoices), _by_currency(map(_paid, receipts))
    due = [_due(item) for item in invoices]
    all_due = all(day is not None and day < case.today for day in due)
    statements = [says(item, "amount", _paid(item)) for item in receipts]
    for currency, asked in invoiced.items():
        paid = received.get(currency, Decimal(0))
        with localcontext(_EXACT):
            least = asked * (100 - case.tolerances.receipt_short_percent) / 100
        if paid > asked or (all_due and paid < least):
            word, zh = ("more", "多于") if paid > asked else ("less", "少于")
            yield finding(
                "FX-AMOUNT", Severity.REFER, *statements,
                en=f"{plain(paid)} {currency} were received, {word} than the {plain(asked)} invoiced.",
                zh=f"收汇 {plain(paid)} {currency}，{zh}发票金额 {plain(asked)}。",
            )  # fmt: skip
    for currency in sorted(received.keys() - invoiced.keys()):
        yield finding(
            "FX-AMOUNT", Severity.REFER, *statements,
            en=f"{plain(received[currency])} {currency} were received, a currency in which nothing was invoiced.",
            zh=f"收到 {plain(received[currency])} {currency}，但没有以该币种开立的发票。",
        )  # fmt: skip


def _paid(receipt: FxReceipt) -> Money:
    return receipt.instructed_amount or receipt.amount


def _by_currency(amounts: Iterable[Money]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for money in amounts:
        totals[money.currency] = totals.get(money.currency, Decimal(0)) + money.amount
    return dict(sorted(totals.items()))


def _due(invoice: CommercialInvoice) -> date | None:
    if invoice.due_on is not None:
        return invoice.due_on
    return None if invoice.payment_days is None else invoice.issued_on + timedelta(days=invoice.payment_days)


@rule("FX-DATES", Severity.REFER, source="Huifa [2012] 38, trade-credit reporting")
def fx_dates(case: Case) -> Iterator[Finding]:
    """Received long before or after the export, with no trade-credit report to SAFE."""
    policy = case.tolerances
    for receipt in _receipts(case):
        if receipt.trade_credit_report is not None:
            continue
        for declaration in _declarations_of(case, receipt):
            days = (receipt.dated - declaration.dated).days
            if -days > policy.advance_receipt_days or days > policy.deferred_receipt_days:
                word, zh = ("before", "早于") if days < 0 else ("after", "晚于")
                yield finding(
                    "FX-DATES", Severity.REFER, says(receipt, "value_on", receipt.dated),
                    says(declaration, "exported_on", declaration.dated),
                    en=f"Receipt {receipt.number} came {abs(days)} days {word} the export of declaration "
                    f"{declaration.number}, without a trade-credit report.",
                    zh=f"收汇 {receipt.number} {zh}报关单 {declaration.number} 出口 {abs(days)} 天，且无贸易信贷报告。",
                )  # fmt: skip


@rule("FX-DEVIATION", Severity.REFER, source="SAFE off-site monitoring, total deviation rate")
def fx_deviation(case: Case) -> Iterator[Finding]:
    """Receipts of twelve months deviate from declarations of twelve months by more than policy, in CNY.

    Where the exporter has declared nothing or received nothing yet there is no rate to speak of.
    """
    totals, application = case.exporter_totals, case.application.document
    if totals is None or not totals.declared or not totals.received:
        return
    try:
        declared = sum((convert(m, "CNY", totals.until, case.rates).amount for m in totals.declared), Decimal(0))
        received = sum((convert(m, "CNY", totals.until, case.rates).amount for m in totals.received), Decimal(0))
    except Refused:
        return  # a quotation is missing: BALANCE says so for what is asked
    rate = percent_apart(received, declared)
    if rate > case.tolerances.total_deviation_percent:
        yield finding(
            "FX-DEVIATION", Severity.REFER, says(application, "applicant.uscc", application.exporter),
            en=f"From {totals.since} to {totals.until} {application.exporter} declared {plain(declared)} CNY and "
            f"received {plain(received)}: a deviation of {rate} %.",
            zh=f"{totals.since} 至 {totals.until}，{application.exporter} 出口 {plain(declared)} 元，收汇 "
            f"{plain(received)} 元，总量差额比率 {rate}%。",
        )  # fmt: skip
