"""Rules on money received: from whom, how much, when, and how it compares with what was exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from eximledger_chaincode.documents import (
    ExportDeclaration,
    FxReceipt,
    Money,
    ReceiptStatus,
    compared_number,
)
from eximledger_chaincode.lending.claim import prepaid_on
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.valuation import convert
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.wording import beyond, finding, percent_apart, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from hlf_chaincode.errors import Refused


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


@rule("FX-AMOUNT", Severity.REFER, source="Huifa [2012] 38")
def fx_amount(case: Case) -> Iterator[Finding]:
    """More was received than invoiced, or, once all invoices are due, less by more than the policy's percentage.

    An invoice is due on its due date; without one, its payment days after issue; without either it is not yet due.
    What was prepaid on an invoice need not be among the receipts. What the payer ordered counts, before the banks'
    charges; money that is only announced or was taken back does not.
    """
    receipts, invoices = _receipts(case), [record.document for record in case.invoices]
    if not receipts or not invoices:
        return
    invoiced = _by_currency((item.currency, item.claim.amount) for item in invoices)
    prepaid = _by_currency((item.currency, prepaid_on(item).amount) for item in invoices)
    received = _by_currency((paid.currency, paid.amount) for paid in map(_paid, receipts))
    all_due = all(day is not None and day < case.today for day in (item.falls_due for item in invoices))
    for currency, asked in invoiced.items():
        paid = received.get(currency, Decimal(0))
        least = (asked - prepaid[currency]) * (100 - case.tolerances.receipt_short_percent)
        if paid > asked or (all_due and paid * 100 < least):
            word, zh = ("more", "多于") if paid > asked else ("less", "少于")
            stated = [says(item, "total", item.total) for item in invoices if item.currency == currency]
            yield finding(
                "FX-AMOUNT", Severity.REFER, *(says(item, "amount", _paid(item)) for item in receipts), *stated,
                en=f"{priced(paid, currency)} were received, {word} than the {priced(asked, currency)} invoiced.",
                zh=f"收汇 {priced(paid, currency)}，{zh}发票金额 {priced(asked, currency)}。",
            )  # fmt: skip
    for currency in sorted(received.keys() - invoiced.keys()):
        strange = [says(item, "amount", _paid(item)) for item in receipts if _paid(item).currency == currency]
        amount = priced(received[currency], currency)
        yield finding(
            "FX-AMOUNT", Severity.REFER, *strange,
            en=f"{amount} were received, in a currency in which nothing was invoiced.",
            zh=f"收到 {amount}，但没有以该币种开立的发票。",
        )  # fmt: skip


def _paid(receipt: FxReceipt) -> Money:
    return receipt.instructed_amount or receipt.amount


def _by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for currency, amount in amounts:
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return dict(sorted(totals.items()))


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
                paper, export = titled(receipt), titled(declaration)
                yield finding(
                    "FX-DATES", Severity.REFER, says(receipt, "value_on", receipt.dated),
                    says(declaration, "exported_on", declaration.dated),
                    en=f"{paper.en} came {abs(days)} days {word} the export of {export.en}, without a trade-credit "
                    f"report.",
                    zh=f"{paper.zh} {zh}{export.zh} 出口 {abs(days)} 天，且无贸易信贷报告。",
                )  # fmt: skip


@rule("FX-DEVIATION", Severity.REFER, source="SAFE off-site monitoring, total deviation rate")
def fx_deviation(case: Case) -> Iterator[Finding]:
    """Receipts of twelve months deviate from declarations of twelve months by more than policy, in CNY.

    Where the exporter has declared nothing or received nothing yet there is no rate to speak of. Where a quotation is
    missing the rate is not known, which an officer must see.
    """
    totals, application = case.exporter_totals, case.application.document
    if totals is None or not totals.declared or not totals.received:
        return
    who, until = application.applicant.name, totals.until
    uscc = says(application, "applicant.uscc", application.exporter)
    try:
        declared = summed(convert(money, "CNY", until, case.rates).amount for money in totals.declared)
        received = summed(convert(money, "CNY", until, case.rates).amount for money in totals.received)
    except Refused as refused:
        currency = refused.details["currency"]
        yield finding(
            "FX-DEVIATION", Severity.REFER, uscc,
            en=f"Exports and receipts of {who} in the last twelve months cannot be compared: {currency} cannot be "
            f"valued in CNY.",
            zh=f"{who} 近十二个月的出口与收汇无法比较：{currency} 无法折算为 CNY。",
        )  # fmt: skip
        return
    if beyond(received, declared, case.tolerances.total_deviation_percent):
        rate = percent_apart(received, declared)
        yield finding(
            "FX-DEVIATION", Severity.REFER, uscc,
            en=f"In the last twelve months {who} declared {priced(declared, 'CNY')} and received "
            f"{priced(received, 'CNY')}: a deviation of {rate} %.",
            zh=f"近十二个月，{who} 出口 {priced(declared, 'CNY')}，收汇 {priced(received, 'CNY')}，"
            f"总量差额比率 {rate}%。",
        )  # fmt: skip
