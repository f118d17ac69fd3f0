"""Rules that hold invoices against the contract they were written under."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    GoodsLine,
    SalesContract,
    TransportDocument,
    compared_name,
)
from eximledger_chaincode.documents.parts.units import normal_unit
from eximledger_chaincode.lending.exact import half_up, summed
from eximledger_chaincode.lending.likeness.voyages import loaded_on
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import base_unit, unit_price, unit_words
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.wording import Words, finding, plain, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


def _pairs(case: Case) -> Iterator[tuple[CommercialInvoice, SalesContract]]:
    linked = links(case)
    for invoice in linked.invoices:
        contract = linked.contract_of(invoice)
        if contract is not None:
            yield invoice, contract


@rule("CON-INV-AMOUNT", Severity.REFER, source="UCP 600 art. 30(a); 30(b) allows more goods, never more money")
def con_inv_amount(case: Case) -> Iterator[Finding]:
    """More was invoiced under a contract, over all time, than contracted; by the policy's percentage more where it says
    about."""
    totals = {total.contract_id: total for total in case.contract_totals}
    policy = case.tolerances
    pairs = list(_pairs(case))
    for contract in (record.document for record in case.contracts):
        currency, known = contract.total.currency, totals.get(contract.id)
        invoices = [invoice for invoice, other in pairs if other.id == contract.id]
        invoiced = (
            summed(invoice.claim.amount for invoice in invoices if invoice.currency == currency)
            if known is None
            else summed(money.amount for money in known.amounts if money.currency == currency)
        )
        percent = policy.contract_about_percent if contract.about else policy.contract_percent
        if invoiced * 100 > contract.total.amount * (100 + percent):
            paper, more = titled(contract), _may_come_on_top(percent)
            yield finding(
                "CON-INV-AMOUNT", Severity.REFER, says(contract, "total", contract.total),
                *(says(invoice, "total", invoice.total) for invoice in invoices),
                en=f"{priced(invoiced, currency)} have been invoiced under {paper.en}, which is for {contract.total}"
                f"{more.en}.",
                zh=f"{paper.zh} 项下累计开票 {priced(invoiced, currency)}，合同金额为 {contract.total}{more.zh}。",
            )  # fmt: skip


def _may_come_on_top(percent: Decimal) -> Words:
    if not percent:
        return Words("", "")
    return Words(f": more than the {percent} % that may come on top", f"，超出允许的 {percent}% 上浮幅度")


def _articles(line: GoodsLine) -> set[str]:
    return {identifier.value.casefold() for identifier in line.identifiers}


def _agreed(line: GoodsLine, contract: SalesContract) -> list[GoodsLine]:
    """The contract's lines of the same goods: by article number, else by name; never by HS code alone, which several
    articles share."""
    mine = _articles(line)
    by_article = [other for other in contract.lines if mine and mine & _articles(other)]
    if by_article:
        return by_article
    name = compared_name(line.name)
    return [other for other in contract.lines if compared_name(other.name) == name]


def _same_price(line: GoodsLine, other: GoodsLine) -> bool | None:
    """None where the prices are for units that do not compare, or one is not stated.

    Prices for the same number of the same unit must be equal. Between a price per dozen and one per piece, half of the
    last digit of each may lie: papers carry four decimals of a price, or as many as they show.
    """
    if line.unit_price is None or other.unit_price is None:
        return None
    if _per(line) == _per(other):
        return line.unit_price == other.unit_price if _per(line)[0] else None
    mine, theirs = unit_price(line), unit_price(other)
    if mine is None or theirs is None or mine[1] != theirs[1]:
        return None
    return abs(mine[0] - theirs[0]) <= max(_last_digit(line), _last_digit(other)) / 2


def _per(line: GoodsLine) -> tuple[str, Decimal]:
    unit = line.price_base_unit or line.unit
    return "" if unit is None else normal_unit(unit), line.price_base


def _last_digit(line: GoodsLine) -> Fraction:
    """What the last digit of a price is worth, for one base unit."""
    exponent = (line.unit_price or Decimal(0)).as_tuple().exponent
    places = max(4, -exponent) if isinstance(exponent, int) else 4
    factor, _ = base_unit(line.price_base_unit or line.unit or "")
    return Fraction(1, 10**places) / Fraction(line.price_base) / Fraction(factor)


@rule("CON-INV-PRICE", Severity.REFER, source="UCP 600 art. 30(a)")
def con_inv_price(case: Case) -> Iterator[Finding]:
    """Goods are invoiced at another unit price than contracted."""
    for invoice, contract in _pairs(case):
        if invoice.currency != contract.currency:
            continue  # CON-INV-TERMS says so
        for line in invoice.lines:
            compared = [
                (other, same) for other in _agreed(line, contract) if (same := _same_price(line, other)) is not None
            ]
            if compared and not any(same for _, same in compared):
                yield _another_price(invoice, contract, line, compared[0][0])


def _shown_price(line: GoodsLine, as_stated: bool, currency: str) -> Words:
    """The price as the paper states it, or else for one base unit with six decimals."""
    price, unit = unit_price(line) or (Fraction(0), "")
    shown = half_up(price, 6)
    count = ""
    if as_stated:
        unit, shown = normal_unit(line.price_base_unit or line.unit or ""), line.unit_price or shown
        count = "" if line.price_base == 1 else f" {plain(line.price_base)} "
    words, amount = unit_words(unit), priced(shown, currency)
    return Words(f"{amount} per{count or ' '}{words.en}", f"每{count}{words.zh} {amount}")


def _another_price(invoice: CommercialInvoice, contract: SalesContract, line: GoodsLine, agreed: GoodsLine) -> Finding:
    as_stated = _per(line) == _per(agreed)
    mine, theirs = (_shown_price(each, as_stated, invoice.currency) for each in (line, agreed))
    paper, other = titled(invoice), titled(contract)
    return finding(
        "CON-INV-PRICE", Severity.REFER, says(invoice, f"lines[{line.number}].unit_price", mine.en),
        says(contract, "unit_price", theirs.en),
        en=f"The price of {line.name} is {mine.en} on {paper.en} and {theirs.en} on {other.en}.",
        zh=f"{line.name} 的单价：{paper.zh} 为{mine.zh}，{other.zh} 为{theirs.zh}。",
    )  # fmt: skip


@rule("CON-INV-TERMS", Severity.REFER, source="ISBP 821 C")
def con_inv_terms(case: Case) -> Iterator[Finding]:
    """Currency, Incoterm or days of payment differ; a term that one of the papers does not state is not compared."""
    for invoice, contract in _pairs(case):
        for field, words, unit, mine, theirs in (
            ("currency", Words("currency", "币种"), Words("", ""), invoice.currency, contract.currency),
            ("incoterm", Words("Incoterm", "贸易术语"), Words("", ""), invoice.incoterm, contract.incoterm),
            (
                "payment_days",
                Words("payment term", "付款期限"),
                Words(" days", " 天"),
                invoice.payment_days,
                contract.payment_days,
            ),
        ):
            if mine is not None and theirs is not None and mine != theirs:
                paper, agreed = titled(invoice), titled(contract)
                yield finding(
                    "CON-INV-TERMS", Severity.REFER, says(invoice, field, mine), says(contract, field, theirs),
                    en=f"The {words.en} is {mine}{unit.en} on {paper.en} and {theirs}{unit.en} on {agreed.en}.",
                    zh=f"{paper.zh} 的{words.zh}为 {mine}{unit.zh}，{agreed.zh} 为 {theirs}{unit.zh}。",
                )  # fmt: skip


@rule("CON-DATES", Severity.REFER, source="general")
def con_dates(case: Case) -> Iterator[Finding]:
    """Contract date <= invoice date <= presentation, which is the day of the decision: no paper that is presented is
    dated after it; and the contract had not expired before the invoice or the shipment."""
    for invoice, contract in _pairs(case):
        if invoice.issued_on < contract.signed_on:
            paper, agreed = titled(invoice), titled(contract)
            yield finding(
                "CON-DATES", Severity.REFER, says(contract, "signed_on", contract.signed_on),
                says(invoice, "issued_on", invoice.issued_on),
                en=f"{paper.en} is dated {invoice.issued_on}, before its {agreed.en} of {contract.signed_on}.",
                zh=f"{paper.zh} 的日期 {invoice.issued_on} 早于{agreed.zh} 的日期 {contract.signed_on}。",
            )  # fmt: skip
        yield from _expired(contract, invoice, "issued_on", invoice.issued_on)
    for shipment in links(case).shipments:
        if shipment.contract is not None:
            yield from _expired(shipment.contract, shipment.bill, "on_board_on", loaded_on(shipment.bill))
    for document, field, day in _dated(case):
        if day > case.today:
            paper = titled(document)
            yield finding(
                "CON-DATES", Severity.REFER, says(document, field, day),
                en=f"{paper.en} is dated {day}, after the day of the decision.",
                zh=f"{paper.zh} 的日期 {day} 晚于审批日。",
            )  # fmt: skip


def _dated(case: Case) -> Iterator[tuple[Document, str, date]]:
    """The papers that are presented, with their dates; of a bill the later one. Of the customs' own DECL-AGE tells."""
    yield from ((each.document, "signed_on", each.document.signed_on) for each in case.contracts)
    yield from ((each.document, "issued_on", each.document.issued_on) for each in case.letters_of_credit)
    yield from ((each.document, "issued_on", each.document.issued_on) for each in case.invoices)
    yield from ((each.document, "issued_on", each.document.issued_on) for each in case.packing_lists)
    yield from ((each.document, "issued_on", each.document.issued_on) for each in case.insurance_documents)
    for bill in (each.document for each in case.transport_documents):
        on_board = bill.on_board_on
        if on_board is not None and on_board > bill.issued_on:
            yield bill, "on_board_on", on_board
        else:
            yield bill, "issued_on", bill.issued_on


def _expired(
    contract: SalesContract, paper: CommercialInvoice | TransportDocument, field: str, day: date | None
) -> Iterator[Finding]:
    last = contract.valid_until
    if day is not None and last is not None and day > last:
        name, agreed = titled(paper), titled(contract)
        yield finding(
            "CON-DATES", Severity.REFER, says(contract, "valid_until", last), says(paper, field, day),
            en=f"{agreed.en} expired on {last}, before {name.en} of {day}.",
            zh=f"{agreed.zh} 已于 {last} 到期，早于{name.zh} 的日期 {day}。",
        )  # fmt: skip
