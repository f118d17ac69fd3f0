"""Rules that hold invoices against the contract they were written under."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import CommercialInvoice, GoodsLine, SalesContract, normal_name
from eximledger_chaincode.documents.units import to_base
from eximledger_chaincode.rules._finding import finding, plain, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.links import contract_of_invoice
from eximledger_chaincode.rules.parties import same_party
from eximledger_chaincode.rules.verdict import Finding, Severity

_EXACT: Final = Context(prec=60)


def _pairs(case: Case) -> Iterator[tuple[CommercialInvoice, SalesContract]]:
    for record in sorted(case.invoices, key=lambda record: record.id):
        contract = contract_of_invoice(case, record.document)
        if contract is not None:
            yield record.document, contract


@rule("CON-INV-PARTIES", Severity.REJECT, source="UCP 600 art. 18(a)")
def con_inv_parties(case: Case) -> Iterator[Finding]:
    """An invoice names another seller or buyer than its contract."""
    for invoice, contract in _pairs(case):
        for role, zh, mine, theirs in (
            ("seller", "卖方", invoice.seller, contract.seller),
            ("buyer", "买方", invoice.buyer, contract.buyer),
        ):
            if not same_party(mine, theirs):
                yield finding(
                    "CON-INV-PARTIES", Severity.REJECT, says(invoice, role, mine.name),
                    says(contract, role, theirs.name),
                    en=f"The {role} of invoice {invoice.number} is {mine.name}; that of contract {contract.number} is "
                    f"{theirs.name}.",
                    zh=f"发票 {invoice.number} 的{zh}为 {mine.name}，合同 {contract.number} 的{zh}为 {theirs.name}。",
                )  # fmt: skip


@rule("CON-INV-AMOUNT", Severity.REFER, source="UCP 600 art. 30(a)")
def con_inv_amount(case: Case) -> Iterator[Finding]:
    """More was invoiced under a contract, over all time, than contracted and the tolerance of article 30."""
    totals = {total.contract_id: total for total in case.contract_totals}
    policy = case.tolerances
    for contract in (record.document for record in sorted(case.contracts, key=lambda record: record.id)):
        known = totals.get(contract.id)
        invoices = [invoice for invoice, other in _pairs(case) if other.id == contract.id]
        amounts = known.amounts if known is not None else tuple(invoice.total for invoice in invoices)
        invoiced = sum((money.amount for money in amounts if money.currency == contract.total.currency), Decimal(0))
        percent = policy.contract_about_percent if contract.about else policy.contract_percent
        with localcontext(_EXACT):
            most = contract.total.amount * (100 + percent) / 100
        if invoiced > most:
            yield finding(
                "CON-INV-AMOUNT", Severity.REFER, says(contract, "total", contract.total),
                *(says(invoice, "total", invoice.total) for invoice in invoices),
                en=f"{plain(invoiced)} {contract.total.currency} have been invoiced under contract {contract.number}, "
                f"which is for {contract.total} ({percent} % allowed above).",
                zh=f"合同 {contract.number} 金额为 {contract.total}，累计开票 {plain(invoiced)} "
                f"{contract.total.currency}，超过允许的 {percent}%。",
            )  # fmt: skip


def _price(line: GoodsLine) -> tuple[Decimal, str] | None:
    """Net price for one base unit, and that unit; None where the line states no price."""
    if line.unit_price is None or line.unit is None:
        return None
    with localcontext(_EXACT):
        factor, unit = to_base(Decimal(1), line.unit)
        return line.unit_price / line.price_base / factor, unit


def _articles(line: GoodsLine) -> set[str]:
    return {identifier.value.casefold() for identifier in line.identifiers}


def _agreed(line: GoodsLine, contract: SalesContract) -> list[GoodsLine]:
    """The contract's lines of the same goods: by article number, else by name; never by HS code alone, which several
    articles share."""
    by_article = [other for other in contract.lines if _articles(line) & _articles(other)]
    return by_article or [other for other in contract.lines if normal_name(other.name) == normal_name(line.name)]


@rule("CON-INV-PRICE", Severity.REFER, source="UCP 600 art. 30(a)")
def con_inv_price(case: Case) -> Iterator[Finding]:
    """Goods are invoiced at another unit price than contracted."""
    for invoice, contract in _pairs(case):
        if invoice.currency != contract.currency:
            continue  # CON-INV-TERMS says so
        for line in invoice.lines:
            mine = _price(line)
            prices = [_price(other) for other in _agreed(line, contract)]
            comparable = [
                known[0] for known in prices if known is not None and mine is not None and known[1] == mine[1]
            ]
            if mine is not None and comparable and mine[0] not in comparable:
                with localcontext(_EXACT):
                    asked, agreed = mine[0].quantize(Decimal("0.0001")), comparable[0].quantize(Decimal("0.0001"))
                if asked == agreed:
                    continue  # the same price per dozen and per piece, apart in digits that no paper carries
                yield finding(
                    "CON-INV-PRICE", Severity.REFER, says(invoice, f"lines[{line.number}].unit_price", asked),
                    says(contract, "unit_price", agreed),
                    en=f"{line.name} is invoiced at {plain(asked)} {invoice.currency} each on {invoice.number}; "
                    f"contract {contract.number} says {plain(agreed)}.",
                    zh=f"{line.name} 在发票 {invoice.number} 中单价为 {plain(asked)} {invoice.currency}，"
                    f"合同 {contract.number} 为 {plain(agreed)}。",
                )  # fmt: skip


@rule("CON-INV-TERMS", Severity.REFER, source="ISBP 745 C8")
def con_inv_terms(case: Case) -> Iterator[Finding]:
    """Currency, Incoterm or days of payment differ; a term that one of the papers does not state is not compared."""
    for invoice, contract in _pairs(case):
        for field, zh, mine, theirs in (
            ("currency", "币种", invoice.currency, contract.currency),
            ("incoterm", "贸易术语", invoice.incoterm, contract.incoterm),
            ("payment_days", "付款期限", invoice.payment_days, contract.payment_days),
        ):
            if mine is not None and theirs is not None and mine != theirs:
                yield finding(
                    "CON-INV-TERMS", Severity.REFER, says(invoice, field, mine), says(contract, field, theirs),
                    en=f"Invoice {invoice.number} has {field.replace('_', ' ')} {mine}; contract {contract.number} has "
                    f"{theirs}.",
                    zh=f"发票 {invoice.number} 的{zh}为 {mine}，合同 {contract.number} 为 {theirs}。",
                )  # fmt: skip


@rule("CON-DATES", Severity.REFER, source="general")
def con_dates(case: Case) -> Iterator[Finding]:
    """Contract date <= invoice date <= presentation, which is the day of the application."""
    application = case.application.document
    for invoice, contract in _pairs(case):
        if invoice.issued_on < contract.signed_on:
            yield finding(
                "CON-DATES", Severity.REFER, says(contract, "signed_on", contract.signed_on),
                says(invoice, "issued_on", invoice.issued_on),
                en=f"Invoice {invoice.number} of {invoice.issued_on} is older than its contract {contract.number} of "
                f"{contract.signed_on}.",
                zh=f"发票 {invoice.number}（{invoice.issued_on}）早于合同 {contract.number}（{contract.signed_on}）。",
            )  # fmt: skip
    for invoice in (record.document for record in sorted(case.invoices, key=lambda record: record.id)):
        if invoice.issued_on > application.applied_on:
            yield finding(
                "CON-DATES", Severity.REFER, says(invoice, "issued_on", invoice.issued_on),
                says(application, "applied_on", application.applied_on),
                en=f"Invoice {invoice.number} of {invoice.issued_on} is younger than the application of "
                f"{application.applied_on}.",
                zh=f"发票 {invoice.number}（{invoice.issued_on}）晚于申请日期 {application.applied_on}。",
            )  # fmt: skip
