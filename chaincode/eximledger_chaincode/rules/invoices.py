"""Rules that hold invoices against the declarations of the same export."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.valuation import fob_value
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.eligibility import SUPPLIED_MATERIALS
from eximledger_chaincode.rules.basis.fob import invoiced_fob
from eximledger_chaincode.rules.basis.goods import Counted, Goods, compared, counted, heading
from eximledger_chaincode.rules.basis.links import Export, links
from eximledger_chaincode.rules.basis.wording import beyond, called, finding, percent_apart, plain, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from hlf_chaincode.errors import Refused

_MEASURED: Final = frozenset({"KGM", "MTR", "MTK", "MTQ"})
"""Base units of weight, length, area and volume: what is measured is never delivered to the gram."""


def _one_currency(export: Export) -> str | None:
    """The one currency of an export's papers; None where there are several or no invoice."""
    currencies = {item.currency for item in export.declarations} | {item.currency for item in export.invoices}
    return next(iter(currencies)) if len(currencies) == 1 and export.invoices else None


@rule("INV-DECL-AMOUNT", Severity.REJECT, Severity.REFER, source="UCP 600 art. 18; Incoterms 2020")
def inv_decl_amount(case: Case) -> Iterator[Finding]:
    """Invoices and declared FOB value differ: beyond the tolerance refer; above the reject percentage reject, where all
    declarations of the invoices are in the case.

    Invoices on D terms (DAP, DPU, DDP) are compared after the freight and duty that papers state; where none does they
    only refer. Of goods processed with supplied materials the fee alone is invoiced: only more than was declared is
    found, and refers.
    """
    policy = case.tolerances
    for export in links(case).exports:
        currency = _one_currency(export)
        if currency is None:
            continue
        try:
            declared = summed(fob_value(item, case.rates).amount for item in export.declarations)
            invoiced = invoiced_fob(case, export, currency)
        except Refused:
            continue  # BALANCE says that a declaration cannot be valued
        apart = invoiced.amount - declared
        for_fee = any(item.supervision_mode == SUPPLIED_MATERIALS for item in export.declarations)
        allowed = max(policy.amount_tolerance_percent * abs(declared), policy.amount_tolerance_units * 100)
        if abs(apart) * 100 <= allowed or (for_fee and apart < 0):
            continue
        sure = invoiced.is_sure and not for_fee and all(links(case).is_whole(item) for item in export.invoices)
        too_far = sure and beyond(invoiced.amount, declared, policy.amount_reject_percent)
        severity = Severity.REJECT if too_far else Severity.REFER
        yield _apart(export, severity, priced(invoiced.amount, currency), priced(declared, currency),
                     percent_apart(invoiced.amount, declared))  # fmt: skip


def _apart(export: Export, severity: Severity, invoiced: str, declared: str, percent: Decimal) -> Finding:
    papers, declarations = called(export.invoices), called(export.declarations)
    return finding(
        "INV-DECL-AMOUNT", severity,
        *(says(item, "total", item.total) for item in export.invoices),
        *(says(item, "total", item.total) for item in export.declarations),
        en=f"On FOB basis, {invoiced} on {papers.en} and {declared} on {declarations.en}: {percent} % apart.",
        zh=f"按离岸价，{papers.zh} 为 {invoiced}，{declarations.zh} 为 {declared}，相差 {percent}%。",
    )  # fmt: skip


@rule("INV-DECL-CCY", Severity.REFER, source="customs practice")
def inv_decl_currency(case: Case) -> Iterator[Finding]:
    """Invoice and declaration are in different currencies."""
    for export in links(case).exports:
        declared = sorted({item.currency for item in export.declarations})
        for invoice in export.invoices:
            if invoice.currency not in declared:
                paper, declarations = titled(invoice), called(export.declarations)
                yield finding(
                    "INV-DECL-CCY", Severity.REFER, says(invoice, "currency", invoice.currency),
                    *(says(item, "currency", item.currency) for item in export.declarations),
                    en=f"{paper.en} is in {invoice.currency}, {declarations.en} in {', '.join(declared)}.",
                    zh=f"{paper.zh} 的币种为 {invoice.currency}，{declarations.zh} 为 {'、'.join(declared)}。",
                )  # fmt: skip


def _declared_goods(export: Export, units: set[str]) -> list[Counted]:
    """Declared lines, each in the unit of the deal, or in a legal unit where only that is on the invoice."""
    found: list[Counted] = []
    for line in (line for item in export.declarations for line in item.lines):
        legal = (Goods(line.hs_code, each.quantity, each.unit) for each in line.legal_quantities)
        choices = counted((Goods(line.hs_code, line.quantity, line.unit), *legal))
        found.append(next((choice for choice in choices if choice.unit in units), choices[0]))
    return found


@rule("INV-DECL-QTY", Severity.REFER, source="UCP 600 art. 30(b)")
def inv_decl_quantity(case: Case) -> Iterator[Finding]:
    """Quantities differ by HS code and unit: in weight, length, area or volume beyond the policy's percentage, in
    pieces and packing units at all."""
    policy = case.tolerances
    for export in links(case).exports:
        lines = (line for item in export.invoices for line in item.lines)
        invoiced = counted(Goods(line.hs_code, line.quantity, line.unit) for line in lines)
        if not invoiced:
            continue
        declared = _declared_goods(export, {line.unit for line in invoiced})
        for goods in compared(invoiced, declared):
            percent = policy.bulk_quantity_percent if goods.unit in _MEASURED else Decimal(0)
            if beyond(goods.ours, goods.theirs, percent):
                yield finding(
                    "INV-DECL-QTY", Severity.REFER,
                    *(says(item, f"quantity, {goods.words.en}", goods.ours) for item in export.invoices),
                    *(says(item, f"quantity, {goods.words.en}", goods.theirs) for item in export.declarations),
                    en=f"{called(export.invoices).en} and {called(export.declarations).en} differ in quantity "
                    f"({goods.words.en}): {plain(goods.ours)} invoiced, {plain(goods.theirs)} declared.",
                    zh=f"{called(export.invoices).zh} 与{called(export.declarations).zh} 数量不符"
                    f"（{goods.words.zh}）：发票 {plain(goods.ours)}，报关 {plain(goods.theirs)}。",
                )  # fmt: skip


@rule("INV-DECL-GOODS", Severity.REFER, source="ISBP 821 C")
def inv_decl_goods(case: Case) -> Iterator[Finding]:
    """An invoice line has an HS heading (four digits) under which nothing was declared."""
    for export in links(case).exports:
        declared = sorted({line.hs_code[:4] for item in export.declarations for line in item.lines})
        for invoice in export.invoices:
            for line in invoice.lines:
                mine = heading(line.hs_code)
                if mine is not None and mine not in declared:
                    paper, declarations = titled(invoice), called(export.declarations)
                    yield finding(
                        "INV-DECL-GOODS", Severity.REFER, says(invoice, f"lines[{line.number}].hs_code", line.hs_code),
                        *(says(item, "hs_code", ", ".join(declared)) for item in export.declarations),
                        en=f"Line {line.number} of {paper.en} ({line.name}) is under HS heading {mine}, which "
                        f"is not on {declarations.en} ({', '.join(declared)}).",
                        zh=f"{paper.zh} 第 {line.number} 行（{line.name}）归入品目 {mine}，"
                        f"不在{declarations.zh} 的品目（{'、'.join(declared)}）之内。",
                    )  # fmt: skip
