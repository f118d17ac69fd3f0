"""Rules on money received: from whom, how much, when, and how it compares with what was exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from eximledger_chaincode.documents import (
    EnterpriseClass,
    ExportDeclaration,
    FxReceipt,
    Money,
    ReceiptStatus,
    compared_number,
)
from eximledger_chaincode.lending.claim import prepaid_on
from eximledger_chaincode.lending.collecting.counting import paid_of
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.grade import class_of
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.wording import finding, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


def _receipts(case: Case) -> list[FxReceipt]:
    """Money that has come: booked, and not taken back."""
    papers = (record.document for record in case.receipts)
    return [paper for paper in papers if paper.status is ReceiptStatus.BOOKED and not paper.reversal]


def _declarations_of(case: Case, receipt: FxReceipt) -> list[ExportDeclaration]:
    """Declarations that a receipt is allocated to, or names, or whose invoice it names; all where it names nothing."""
    named = {compared_number(item.number) for item in receipt.references}
    wanted = {item.declaration_number for item in receipt.allocations} | named
    for export in links(case).exports_named(item.number for item in receipt.references):
        wanted |= {declaration.number for declaration in export.declarations}
    declared = [record.document for record in case.declarations]
    found = [declaration for declaration in declared if declaration.number in wanted]
    return found if found or named or receipt.allocations else declared


@rule("FX-AMOUNT", Severity.REFER, source="Huifa [2020] 14, [2024] 11")
def fx_amount(case: Case) -> Iterator[Finding]:
    """More was received than invoiced, or, once all invoices are due, less by more than the policy's percentage.

    An invoice is due on its due date; without one, its payment days after issue; without either it is not yet due.
    What was prepaid on an invoice need not be among the receipts. What the payer ordered counts where it agrees with
    what was credited, before the banks' charges; money that is only announced or was taken back does not.
    """
    receipts, invoices = _receipts(case), [record.document for record in case.invoices]
    if not receipts or not invoices:
        return
    invoiced = _by_currency((item.currency, item.claim.amount) for item in invoices)
    prepaid = _by_currency((item.currency, prepaid_on(item).amount) for item in invoices)
    received = _by_currency((paid.currency, paid.amount) for paid in (_paid(case, item) for item in receipts))
    all_due = all(day is not None and day < case.today for day in (item.falls_due for item in invoices))
    for currency, asked in invoiced.items():
        paid = received.get(currency, Decimal(0))
        least = (asked - prepaid[currency]) * (100 - case.tolerances.receipt_short_percent)
        if paid > asked or (all_due and paid * 100 < least):
            word, zh = ("more", "多于") if paid > asked else ("less", "少于")
            stated = [says(item, "total", item.total) for item in invoices if item.currency == currency]
            yield finding(
                "FX-AMOUNT", Severity.REFER, *(says(item, "amount", _paid(case, item)) for item in receipts), *stated,
                en=f"{priced(paid, currency)} were received, {word} than the {priced(asked, currency)} invoiced.",
                zh=f"收汇 {priced(paid, currency)}，{zh}发票金额 {priced(asked, currency)}。",
            )  # fmt: skip
    for currency in sorted(received.keys() - invoiced.keys()):
        strange = [
            says(item, "amount", _paid(case, item)) for item in receipts if _paid(case, item).currency == currency
        ]
        amount = priced(received[currency], currency)
        yield finding(
            "FX-AMOUNT", Severity.REFER, *strange,
            en=f"{amount} were received, in a currency in which nothing was invoiced.",
            zh=f"收到 {amount}，但没有以该币种开立的发票。",
        )  # fmt: skip


def _paid(case: Case, receipt: FxReceipt) -> Money:
    """What counts of it, in the currency of an invoice where the payer ordered it in that."""
    return paid_of(receipt, {record.document.currency for record in case.invoices}, case.rates).amount


def _by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for currency, amount in amounts:
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return dict(sorted(totals.items()))


@rule("FX-DATES", Severity.REFER, source="Huifa [2020] 14, [2024] 11, trade-credit reporting")
def fx_dates(case: Case) -> Iterator[Finding]:
    """Received long before the export, or longer after it than the exporter's class allows (A, or B and C), with no
    trade-credit report to SAFE."""
    policy, held = case.tolerances, class_of(case)
    supervised = held is not None and held.enterprise_class is not EnterpriseClass.A
    deferred = policy.deferred_receipt_days_supervised if supervised else policy.deferred_receipt_days
    for receipt in _receipts(case):
        if receipt.trade_credit_report is not None:
            continue
        for declaration in _declarations_of(case, receipt):
            days = (receipt.dated - declaration.dated).days
            if -days > policy.advance_receipt_days or days > deferred:
                word, zh = ("before", "早于") if days < 0 else ("after", "晚于")
                paper, export = titled(receipt), titled(declaration)
                yield finding(
                    "FX-DATES", Severity.REFER, says(receipt, "value_on", receipt.dated),
                    says(declaration, "exported_on", declaration.dated),
                    en=f"{paper.en} came {abs(days)} days {word} the export of {export.en}, without a trade-credit "
                    f"report.",
                    zh=f"{paper.zh} {zh}{export.zh} 出口 {abs(days)} 天，且无贸易信贷报告。",
                )  # fmt: skip
