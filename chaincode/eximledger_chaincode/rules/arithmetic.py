"""Rules on whether a paper adds up in itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import AllowanceCharge, CommercialInvoice, GoodsLine, Money, minor_units
from eximledger_chaincode.rules._finding import finding, plain, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.verdict import Finding, Severity

_EXACT: Final = Context(prec=60)


def _unit(currency: str) -> Decimal:
    """One minor unit: what rounding a line may cost."""
    return Decimal(1).scaleb(-minor_units(currency))


def _net(entries: Iterable[AllowanceCharge]) -> Decimal:
    """Charges less allowances."""
    return sum((entry.amount.amount if entry.charge else -entry.amount.amount for entry in entries), Decimal(0))


def _line_value(line: GoodsLine) -> Decimal | None:
    """Quantity x price / price base, with the line's own charges and allowances; None where a part is missing."""
    if line.quantity is None or line.unit_price is None:
        return None
    with localcontext(_EXACT):
        return line.quantity * line.unit_price / line.price_base + _net(line.allowances_charges)


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def _sums(invoice: CommercialInvoice) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    """Each total that an invoice states and what it must be: EN 16931 BR-CO-10 to BR-CO-16.

    A sum that rests on a total which the paper does not state is None, and so not checked.
    """
    totals, none = invoice.totals, Decimal(0)
    amounts = [line.amount for line in invoice.lines]
    lines = sum((money.amount for money in amounts if money is not None), none) if all(amounts) else None
    allowances = sum((entry.amount.amount for entry in invoice.allowances_charges if not entry.charge), none)
    charges = sum((entry.amount.amount for entry in invoice.allowances_charges if entry.charge), none)
    yield "totals.lines", _amount(totals.lines), lines
    yield "totals.allowances", _amount(totals.allowances), allowances
    yield "totals.charges", _amount(totals.charges), charges
    stated = _amount(totals.lines) if totals.lines is not None else lines
    net = None if stated is None else stated - allowances + charges
    yield "totals.without_tax", _amount(totals.without_tax), net
    without = _amount(totals.without_tax) if totals.without_tax is not None else net
    tax = none if totals.tax is None else totals.tax.amount
    gross = None if without is None else without + tax
    yield "totals.with_tax", _amount(totals.with_tax), gross
    total = _amount(totals.with_tax) if totals.with_tax is not None else gross
    prepaid, rounding = _amount(totals.prepaid) or none, _amount(totals.rounding) or none
    yield "totals.payable", totals.payable.amount, None if total is None else total - prepaid + rounding


@rule("INV-MATH", Severity.REJECT, source="EN 16931 BR-CO-10 to BR-CO-16")
def inv_math(case: Case) -> Iterator[Finding]:
    """Lines, allowances, charges and totals of an invoice do not add up; a line may be a minor unit off by rounding."""
    for invoice in (record.document for record in case.invoices):
        unit = _unit(invoice.currency)
        checks = [(f"lines[{line.number}].amount", _amount(line.amount), _line_value(line)) for line in invoice.lines]
        for field, stated, due in checks:
            if stated is not None and due is not None and abs(stated - due) > unit:
                yield _off("INV-MATH", Severity.REJECT, invoice, field, stated, due)
        for field, stated, due in _sums(invoice):
            if stated is not None and due is not None and stated != due:
                yield _off("INV-MATH", Severity.REJECT, invoice, field, stated, due)


def _off(
    rule_id: str, severity: Severity, invoice: CommercialInvoice, field: str, stated: Decimal, due: Decimal
) -> Finding:
    return finding(
        rule_id, severity, says(invoice, field, stated),
        en=f"Invoice {invoice.number} states {plain(stated)} for {field}; its own figures give {plain(due)}.",
        zh=f"发票 {invoice.number} 的 {field} 为 {plain(stated)}，按其自身数据应为 {plain(due)}。",
    )  # fmt: skip


@rule("DECL-MATH", Severity.REFER, source="single-window checks of customs")
def decl_math(case: Case) -> Iterator[Finding]:
    """Lines and total of a declaration do not add up, or its net weight is above its gross weight."""
    for declaration in (record.document for record in case.declarations):
        number, unit = declaration.number, _unit(declaration.currency)
        for line in declaration.lines:
            if line.unit_price is None:
                continue
            with localcontext(_EXACT):
                due = line.quantity * line.unit_price
                # Prices are declared to four decimals, so a line may also be off by half of the last one of each unit.
                slack = unit + line.quantity * Decimal("0.00005")
            if abs(line.amount.amount - due) > slack:
                yield finding(
                    "DECL-MATH", Severity.REFER, says(declaration, f"lines[{line.number}].amount", line.amount),
                    en=f"Line {line.number} of declaration {number} states {line.amount}; quantity and price give "
                    f"{plain(due)}.",
                    zh=f"报关单 {number} 第 {line.number} 项总价为 {line.amount}，数量乘单价为 {plain(due)}。",
                )  # fmt: skip
        if declaration.lines_total != declaration.total.amount:
            yield finding(
                "DECL-MATH", Severity.REFER, says(declaration, "total", declaration.total),
                en=f"Declaration {number} states {declaration.total} in all; its lines sum to "
                f"{plain(declaration.lines_total)}.",
                zh=f"报关单 {number} 总额为 {declaration.total}，各项合计为 {plain(declaration.lines_total)}。",
            )  # fmt: skip
        net, gross = declaration.net_weight_kg, declaration.gross_weight_kg
        if net is not None and gross is not None and net > gross:
            yield finding(
                "DECL-MATH", Severity.REFER, says(declaration, "net_weight_kg", net),
                says(declaration, "gross_weight_kg", gross),
                en=f"Declaration {number} has a net weight of {plain(net)} kg, above its gross weight of "
                f"{plain(gross)} kg.",
                zh=f"报关单 {number} 的净重 {plain(net)} 千克大于毛重 {plain(gross)} 千克。",
            )  # fmt: skip
