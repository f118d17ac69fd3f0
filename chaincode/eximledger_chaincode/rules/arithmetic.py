"""Rules on whether a paper adds up in itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from eximledger_chaincode.documents import AllowanceCharge, CommercialInvoice, GoodsLine, Money, minor_units
from eximledger_chaincode.lending.exact import half_up, summed
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import priced_quantity
from eximledger_chaincode.rules.basis.wording import Words, finding, plain, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_PRICE_STEP = Decimal("0.00005")
"""Half of the last digit of a declared unit price, which has four decimals."""

_SLACK: Final = Decimal("0.02")
"""PEPPOL-EN16931-R120, inclusive."""
_IN_WHOLE_UNITS: Final = frozenset({"HUF"})
"""Currencies that ISO 4217 gives a minor unit which nobody uses; XRechnung takes half a unit for them."""
_HALF_A_UNIT: Final = Decimal("0.5")


def _minor_unit(currency: str) -> Decimal:
    """What rounding a line may cost."""
    return Decimal(1).scaleb(-minor_units(currency))


class _Total(NamedTuple):
    """A total that an invoice states, by its field and in words, and what it must be; None where not known."""

    field: str
    words: Words
    stated: Decimal | None
    due: Decimal | None


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def _net(entries: Iterable[AllowanceCharge]) -> Decimal:
    """Charges less allowances."""
    return summed(entry.amount.amount if entry.charge else -entry.amount.amount for entry in entries)


def _totals(invoice: CommercialInvoice) -> Iterator[_Total]:
    """EN 16931 BR-CO-10 to BR-CO-16, the last as XRechnung extends it (BR-DEX-09). A sum that rests on what the paper
    does not state is not known."""
    totals, none = invoice.totals, Decimal(0)
    amounts = [line.amount.amount for line in invoice.lines if line.amount is not None]
    lines = summed(amounts) if len(amounts) == len(invoice.lines) else None
    allowances = summed(entry.amount.amount for entry in invoice.allowances_charges if not entry.charge)
    charges = summed(entry.amount.amount for entry in invoice.allowances_charges if entry.charge)
    yield _Total("totals.lines", Words("the sum of its lines", "各行合计"), _amount(totals.lines), lines)
    yield _Total("totals.allowances", Words("the allowances", "折扣合计"), _amount(totals.allowances), allowances)
    yield _Total("totals.charges", Words("the charges", "附加费合计"), _amount(totals.charges), charges)
    stated = lines if totals.lines is None else totals.lines.amount
    net = None if stated is None else stated - allowances + charges
    yield _Total("totals.without_tax", Words("the total without tax", "不含税总额"), _amount(totals.without_tax), net)
    without = net if totals.without_tax is None else totals.without_tax.amount
    gross = None if without is None else without + (_amount(totals.tax) or none)
    yield _Total("totals.with_tax", Words("the total with tax", "含税总额"), _amount(totals.with_tax), gross)
    total = gross if totals.with_tax is None else totals.with_tax.amount
    settled = (_amount(totals.rounding) or none) - (_amount(totals.prepaid) or none)
    settled += _amount(totals.for_third_parties) or none
    payable = None if total is None else total + settled
    yield _Total("totals.payable", Words("the amount payable", "应付金额"), totals.payable.amount, payable)


def _line_due(line: GoodsLine, currency: str) -> Decimal | None:
    """Quantity x price / price base with the line's own charges and allowances, in minor units; None where the paper
    does not state all of it, or prices goods in a unit that the quantity cannot be turned into."""
    quantity = priced_quantity(line)
    if quantity is None or line.unit_price is None:
        return None
    value = Fraction(quantity) * Fraction(line.unit_price) / Fraction(line.price_base)
    return half_up(value, minor_units(currency)) + _net(line.allowances_charges)


def _line_severity(line: GoodsLine, off: Decimal, currency: str) -> Severity | None:
    """What a line that is off by this much is worth: nothing within the slack of Peppol, an information where a price
    that is shown rounded (or as nothing) explains it, or whole forints do; else an officer looks. EN 16931 has no rule
    on lines, so none is ever rejected for one."""
    if off <= max(_SLACK, _minor_unit(currency)):
        return None
    quantity, price = priced_quantity(line) or Fraction(0), line.unit_price or Decimal(0)
    digits = max(_places(price), minor_units(currency))
    shown = abs(quantity) * Fraction(5, 10 ** (digits + 1)) / Fraction(line.price_base)
    whole = currency in _IN_WHOLE_UNITS and off <= _HALF_A_UNIT
    return Severity.INFORM if not price or whole or Fraction(off) <= shown + Fraction(_SLACK) else Severity.REFER


def _places(value: Decimal) -> int:
    """Digits after the point."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


@rule(
    "INV-MATH",
    Severity.REJECT,
    Severity.REFER,
    Severity.INFORM,
    source="EN 16931 BR-CO-10 to BR-CO-16; Peppol R120; XRechnung BR-DEX-09",
)
def inv_math(case: Case) -> Iterator[Finding]:
    """Totals, allowances and charges that do not add up: reject; inform where they are off by one minor unit, as by
    rounding. A line that is not quantity times price: refer; inform where a rounded price or whole forints explain it;
    two cents are nothing."""
    for invoice in (record.document for record in case.invoices):
        for line in invoice.lines:
            stated, due = _amount(line.amount), _line_due(line, invoice.currency)
            if stated is None or due is None:
                continue
            severity = _line_severity(line, abs(stated - due), invoice.currency)
            if severity is not None:
                words = Words(f"line {line.number}", f"第 {line.number} 行金额")
                yield _off(invoice, _Total(f"lines[{line.number}].amount", words, stated, due), severity)
        for total in _totals(invoice):
            if total.stated is not None and total.due is not None and total.stated != total.due:
                rounded = abs(total.stated - total.due) <= _minor_unit(invoice.currency)
                yield _off(invoice, total, Severity.INFORM if rounded else Severity.REJECT)


def _off(invoice: CommercialInvoice, total: _Total, severity: Severity) -> Finding:
    paper, currency = titled(invoice), invoice.currency
    stated, due = total.stated or Decimal(0), total.due or Decimal(0)
    return finding(
        "INV-MATH", severity, says(invoice, total.field, stated),
        en=f"{paper.en} states {priced(stated, currency)} for {total.words.en}; its own figures give "
        f"{priced(due, currency)}.",
        zh=f"{paper.zh} 的{total.words.zh}为 {priced(stated, currency)}，按其自身数据应为 {priced(due, currency)}。",
    )  # fmt: skip


@rule("DECL-MATH", Severity.REFER, source="single-window checks")
def decl_math(case: Case) -> Iterator[Finding]:
    """Lines and total of a declaration do not add up, or its net weight is above its gross weight.

    Prices are declared to four decimals, so a line may be off by half of the last one for each unit, besides a minor
    unit by rounding; a total by a minor unit.
    """
    for declaration in (record.document for record in case.declarations):
        paper, currency = titled(declaration), declaration.currency
        for line in declaration.lines:
            if line.unit_price is None:
                continue
            due = line.quantity * line.unit_price
            if abs(line.amount.amount - due) > _minor_unit(currency) + line.quantity * _PRICE_STEP:
                yield finding(
                    "DECL-MATH", Severity.REFER, says(declaration, f"lines[{line.number}].amount", line.amount),
                    en=f"Line {line.number} of {paper.en} states {line.amount}; quantity and price give "
                    f"{priced(due, currency)}.",
                    zh=f"{paper.zh} 第 {line.number} 项总价为 {line.amount}，数量乘单价为 {priced(due, currency)}。",
                )  # fmt: skip
        lines = summed(line.amount.amount for line in declaration.lines)
        if abs(lines - declaration.total.amount) > _minor_unit(currency):
            yield finding(
                "DECL-MATH", Severity.REFER, says(declaration, "total", declaration.total),
                en=f"{paper.en} states {declaration.total} in all; its lines sum to {priced(lines, currency)}.",
                zh=f"{paper.zh} 总额为 {declaration.total}，各项合计为 {priced(lines, currency)}。",
            )  # fmt: skip
        net, gross = declaration.net_weight_kg, declaration.gross_weight_kg
        if net is not None and gross is not None and net > gross:
            yield finding(
                "DECL-MATH", Severity.REFER, says(declaration, "net_weight_kg", net),
                says(declaration, "gross_weight_kg", gross),
                en=f"{paper.en} has a net weight of {plain(net)} kg, above its gross weight of {plain(gross)} kg.",
                zh=f"{paper.zh} 的净重 {plain(net)} 千克大于毛重 {plain(gross)} 千克。",
            )  # fmt: skip
