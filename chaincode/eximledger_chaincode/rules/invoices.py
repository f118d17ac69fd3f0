"""Rules that hold invoices against the declarations of the same export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration
from eximledger_chaincode.errors import Refused
from eximledger_chaincode.rules._finding import beyond, finding, percent_apart, plain, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.goods import Goods, heading, quantities, quantities_by_unit
from eximledger_chaincode.rules.links import Export, exports
from eximledger_chaincode.rules.valuation import convert, fob_value
from eximledger_chaincode.rules.verdict import Finding, Severity

_EXACT: Final = Context(prec=60)
_CREDIT_NOTES: Final = frozenset({"81", "381", "396"})
"""UN/EDIFACT 1001: papers that take back what an invoice claims."""
_WITH_FREIGHT: Final = frozenset({"CIF", "CIP", "CFR", "CPT", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})
_WITH_INSURANCE: Final = frozenset({"CIF", "CIP", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})


def _signed(invoice: CommercialInvoice) -> Decimal:
    """The invoice's total; a credit note's counts against."""
    total = invoice.total.amount
    return -abs(total) if invoice.type_code in _CREDIT_NOTES else total


def _invoiced_fob(case: Case, export: Export, currency: str) -> Decimal:
    """Invoices of an export on FOB basis: freight and insurance taken off, as declared, where the term includes them.

    The term is the invoice's own; where it states none, the declarations' mode says what is included.
    """
    total = sum((_signed(invoice) for invoice in export.invoices), Decimal(0))
    term = next((invoice.incoterm for invoice in export.invoices if invoice.incoterm), None)
    for declaration in export.declarations:
        freight, insurance = (
            (term in _WITH_FREIGHT, term in _WITH_INSURANCE)
            if term is not None
            else (declaration.transaction_mode in "12", declaration.transaction_mode in "14")
        )
        for included, charge in ((freight, declaration.freight), (insurance, declaration.insurance)):
            if included and charge is not None:
                total -= convert(charge, currency, declaration.dated, case.rates).amount
    return total


def _comparable(export: Export) -> str | None:
    """The one currency of an export's papers; None where there are several or no invoice."""
    currencies = {item.currency for item in export.declarations} | {item.currency for item in export.invoices}
    return next(iter(currencies)) if len(currencies) == 1 and export.invoices else None


@rule("INV-DECL-AMOUNT", Severity.REJECT, Severity.REFER, source="Huifa [2012] 38; UCP 600 art. 18")
def inv_decl_amount(case: Case) -> Iterator[Finding]:
    """Invoices and declared FOB value differ: beyond the tolerance refer, above the reject percentage reject."""
    policy = case.tolerances
    for export in exports(case):
        currency = _comparable(export)
        if currency is None:
            continue
        try:
            declared = sum((fob_value(item, case.rates).amount for item in export.declarations), Decimal(0))
            invoiced = _invoiced_fob(case, export, currency)
        except Refused:
            continue  # BALANCE says that a quotation is missing
        with localcontext(_EXACT):
            share = policy.amount_tolerance_percent * abs(declared) / 100
        if abs(invoiced - declared) <= max(share, policy.amount_tolerance_units):
            continue
        severity = Severity.REJECT if beyond(invoiced, declared, policy.amount_reject_percent) else Severity.REFER
        invoices = ", ".join(item.number for item in export.invoices)
        numbers = ", ".join(item.number for item in export.declarations)
        apart = percent_apart(invoiced, declared)
        yield finding(
            "INV-DECL-AMOUNT", severity,
            *(says(item, "total", item.total) for item in export.invoices),
            *(says(item, "total", item.total) for item in export.declarations),
            en=f"Invoice {invoices} comes to {plain(invoiced)} {currency} FOB, declaration {numbers} to "
            f"{plain(declared)}: {apart} % apart.",
            zh=f"发票 {invoices} 的离岸价为 {plain(invoiced)} {currency}，报关单 {numbers} 为 {plain(declared)}，"
            f"相差 {apart}%。",
        )  # fmt: skip


@rule("INV-DECL-CCY", Severity.REFER, source="UCP 600 art. 18(a)(iii)")
def inv_decl_currency(case: Case) -> Iterator[Finding]:
    """Invoice and declaration are in different currencies."""
    for export in exports(case):
        declared = {item.currency for item in export.declarations}
        for invoice in export.invoices:
            if invoice.currency not in declared:
                yield finding(
                    "INV-DECL-CCY", Severity.REFER, says(invoice, "currency", invoice.currency),
                    *(says(item, "currency", item.currency) for item in export.declarations),
                    en=f"Invoice {invoice.number} is in {invoice.currency}, its declaration in "
                    f"{', '.join(sorted(declared))}.",
                    zh=f"发票 {invoice.number} 的币种为 {invoice.currency}，报关单为 {'、'.join(sorted(declared))}。",
                )  # fmt: skip


def _invoice_goods(export: Export) -> list[Goods]:
    return [Goods(line.hs_code, line.quantity, line.unit) for item in export.invoices for line in item.lines]


def _declared_goods(declarations: Iterable[ExportDeclaration], units: set[str]) -> list[Goods]:
    """Declared lines, each in the unit of the deal, or in a legal unit where only that is on the invoice."""
    found: list[Goods] = []
    for line in (line for item in declarations for line in item.lines):
        choices = [(line.quantity, line.unit), *((legal.quantity, legal.unit) for legal in line.legal_quantities)]
        usable = [choice for choice in choices if quantities_by_unit([Goods(None, *choice)]).keys() & units]
        found.append(Goods(line.hs_code, *(usable or choices)[0]))
    return found


@rule("INV-DECL-QTY", Severity.REFER, source="UCP 600 art. 30(b)")
def inv_decl_quantity(case: Case) -> Iterator[Finding]:
    """Quantities differ by HS subheading and unit; of bulk goods beyond the policy's percentage, else at all.

    Only subheadings and units that both sides state are compared, and all goods of one unit together where an
    invoice line carries no HS code: freight, tooling and the like have no quantity of goods to compare.
    """
    policy = case.tolerances
    for export in exports(case):
        if not export.invoices:
            continue
        invoiced = _invoice_goods(export)
        declared = _declared_goods(export.declarations, set(quantities_by_unit(invoiced)))
        coded = all(line.hs_code is not None for line in invoiced)
        pairs = (
            [
                (f"HS {code} ({unit})", code[:2], ours, quantities(declared)[code, unit])
                for (code, unit), ours in quantities(invoiced).items()
                if (code, unit) in quantities(declared)
            ]
            if coded
            else [
                (unit, "", ours, quantities_by_unit(declared)[unit])
                for unit, ours in quantities_by_unit(invoiced).items()
                if unit in quantities_by_unit(declared)
            ]
        )
        for label, chapter, ours, theirs in pairs:
            percent = policy.bulk_quantity_percent if chapter in policy.bulk_hs_chapters else Decimal(0)
            if beyond(ours, theirs, percent):
                yield finding(
                    "INV-DECL-QTY", Severity.REFER,
                    *(says(item, f"quantity {label}", ours) for item in export.invoices),
                    *(says(item, f"quantity {label}", theirs) for item in export.declarations),
                    en=f"Of {label}, {plain(ours)} are invoiced and {plain(theirs)} declared.",
                    zh=f"{label}：发票数量 {plain(ours)}，报关数量 {plain(theirs)}。",
                )  # fmt: skip


@rule("INV-DECL-GOODS", Severity.REFER, source="ISBP 745 C3")
def inv_decl_goods(case: Case) -> Iterator[Finding]:
    """An invoice line has an HS heading (four digits) under which nothing was declared."""
    for export in exports(case):
        declared = {heading(line.hs_code) for item in export.declarations for line in item.lines}
        for invoice in export.invoices:
            for line in invoice.lines:
                mine = heading(line.hs_code)
                if mine is not None and mine not in declared:
                    headings = ", ".join(sorted(code for code in declared if code is not None))
                    yield finding(
                        "INV-DECL-GOODS", Severity.REFER, says(invoice, f"lines[{line.number}].hs_code", line.hs_code),
                        *(says(item, "hs_code", headings) for item in export.declarations),
                        en=f"Line {line.number} of invoice {invoice.number} ({line.name}) is under heading {mine}; "
                        f"declared was {headings}.",
                        zh=f"发票 {invoice.number} 第 {line.number} 行（{line.name}）归入品目 {mine}，"
                        f"报关品目为 {headings}。",
                    )  # fmt: skip
