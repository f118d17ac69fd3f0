"""Rules that hold invoices against the declarations of the same export."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.valuation import convert, fob_value
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import Counted, Goods, compared, counted, heading
from eximledger_chaincode.rules.basis.links import Export, links
from eximledger_chaincode.rules.basis.wording import beyond, called, finding, percent_apart, plain, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from hlf_chaincode.errors import Refused

_WITH_FREIGHT: Final = frozenset({"CIF", "CIP", "CFR", "CPT", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})
_WITH_INSURANCE: Final = frozenset({"CIF", "CIP", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})


def _invoiced_fob(case: Case, export: Export, currency: str) -> Decimal:
    """Invoices of an export on FOB basis: freight and insurance taken off, as declared, where the term includes them.

    The term is the invoice's own; where it states none, the declarations' mode says what is included.
    """
    total = summed(invoice.claim.amount for invoice in export.invoices)
    term = next((invoice.incoterm for invoice in export.invoices if invoice.incoterm), None)
    for declaration in export.declarations:
        freight, insurance = (
            (term in _WITH_FREIGHT, term in _WITH_INSURANCE)
            if term is not None
            else (declaration.transaction_mode in "12", declaration.transaction_mode in "14")
        )
        for included, charge in ((freight, declaration.freight), (insurance, declaration.insurance)):
            if included and charge is not None and charge.amount > 0:
                total -= convert(charge, currency, declaration.dated, case.rates).amount
    return total


def _one_currency(export: Export) -> str | None:
    """The one currency of an export's papers; None where there are several or no invoice."""
    currencies = {item.currency for item in export.declarations} | {item.currency for item in export.invoices}
    return next(iter(currencies)) if len(currencies) == 1 and export.invoices else None


@rule("INV-DECL-AMOUNT", Severity.REJECT, Severity.REFER, source="Huifa [2012] 38; UCP 600 art. 18")
def inv_decl_amount(case: Case) -> Iterator[Finding]:
    """Invoices and declared FOB value differ: beyond the tolerance refer, above the reject percentage reject."""
    policy = case.tolerances
    for export in links(case).exports:
        currency = _one_currency(export)
        if currency is None:
            continue
        try:
            declared = summed(fob_value(item, case.rates).amount for item in export.declarations)
            invoiced = _invoiced_fob(case, export, currency)
        except Refused:
            continue  # BALANCE says that a declaration cannot be valued
        share = policy.amount_tolerance_percent * abs(declared)
        if abs(invoiced - declared) * 100 <= max(share, policy.amount_tolerance_units * 100):
            continue
        severity = Severity.REJECT if beyond(invoiced, declared, policy.amount_reject_percent) else Severity.REFER
        papers, declarations = called(export.invoices), called(export.declarations)
        apart = percent_apart(invoiced, declared)
        yield finding(
            "INV-DECL-AMOUNT", severity,
            *(says(item, "total", item.total) for item in export.invoices),
            *(says(item, "total", item.total) for item in export.declarations),
            en=f"On FOB basis, {priced(invoiced, currency)} on {papers.en} and {priced(declared, currency)} on "
            f"{declarations.en}: {apart} % apart.",
            zh=f"按离岸价，{papers.zh} 为 {priced(invoiced, currency)}，{declarations.zh} 为 "
            f"{priced(declared, currency)}，相差 {apart}%。",
        )  # fmt: skip


@rule("INV-DECL-CCY", Severity.REFER, source="UCP 600 art. 18(a)(iii)")
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
    """Quantities differ by HS code and unit: of bulk goods beyond the policy's percentage, of others at all."""
    policy = case.tolerances
    for export in links(case).exports:
        lines = (line for item in export.invoices for line in item.lines)
        invoiced = counted(Goods(line.hs_code, line.quantity, line.unit) for line in lines)
        if not invoiced:
            continue
        declared = _declared_goods(export, {line.unit for line in invoiced})
        for goods in compared(invoiced, declared):
            bulk = bool(goods.hs_codes) and all(code[:2] in policy.bulk_hs_chapters for code in goods.hs_codes)
            percent = policy.bulk_quantity_percent if bulk else Decimal(0)
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


@rule("INV-DECL-GOODS", Severity.REFER, source="ISBP 745 C3")
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
