"""The reports as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.supervision import (
    Amount,
    ConsentReport,
    Dimension,
    Duplicate,
    Exposure,
    ExposureRow,
    HoldReport,
    OverHeld,
    Total,
)
from eximledger_chaincode.lending.matching import MatchingUsage

__all__ = ["consent_view", "duplicate_view", "exposure_view", "hold_view", "matching_view"]

_HEADINGS: Final = {
    Dimension.EXPORTER: "Exporter",
    Dimension.BANK: "Bank",
    Dimension.CURRENCY: "Currency",
    Dimension.COUNTRY: "Country",
}
_FORM_DIGITS: Final = 16


def exposure_view(exposure: Exposure, output: Output) -> list[RenderableType]:
    """One line for each exporter, bank, currency or country, and one for all."""
    columns = (
        _HEADINGS[exposure.by], "Name", "Loans", "Approved, not paid out", "Paid out", "Written off", "Held",
    )  # fmt: skip
    rows = [_exposure_row(row, row.key or output.word("not known"), output) for row in exposure.rows]
    rows.append(_exposure_row(exposure.all, output.word("All"), output))
    stated = f"{output.word('CNY at the reference rates of')} {exposure.day}"
    return [output.word("Exposure"), output.table(columns, rows), stated]


def _exposure_row(row: ExposureRow, key: str, output: Output) -> list[str]:
    sums = (row.approved, row.disbursed, row.written_off, row.held)
    return [key, row.name, f"{row.loans:,}", *(_total(each, output) for each in sums)]


def _total(total: Total, output: Output) -> str:
    """Each currency's sum, then all of it in CNY where it is not in CNY alone."""
    lines = _amounts(total.amounts)
    if any(each.currency != "CNY" for each in total.amounts):
        lines.append(f"= {Amount(total.cny, 'CNY')}")
    if total.unvalued:
        lines.append(f"{output.word('without a rate')}: {', '.join(total.unvalued)}")
    return "\n".join(lines)


def _amounts(amounts: Iterable[Amount]) -> list[str]:
    return [str(each) for each in amounts]


def duplicate_view(duplicates: Sequence[Duplicate], output: Output) -> list[RenderableType]:
    """Each group of papers, one in a line."""
    title = output.word("Papers at several banks")
    if not duplicates:
        return [title, output.word("None.")]
    rows = []
    for duplicate in duplicates:
        likeness = output.word(duplicate.similarity.value)
        for paper in duplicate.papers:
            standing = "applied" if paper.standing is None else paper.standing.value
            document = f"{output.word(paper.kind)} {paper.id}"
            rows.append((likeness, paper.bank, paper.loan_id, document, output.word(standing)))
            likeness = ""
    return [title, output.table(("Likeness", "Bank", "Loan", "Document", "State"), rows)]


def hold_view(report: HoldReport, output: Output) -> list[RenderableType]:
    """Declarations that something is wrong with, and those that are kept without a loan."""
    parts: list[RenderableType] = [output.word("Declarations over-held")]
    rows = [
        (
            each.declaration_number,
            "\n".join(_amounts(each.held)),
            "" if each.balance is None else str(each.balance.open),
            "" if each.excess is None else str(each.excess),
            "\n".join(f"{holder.bank} {holder.loan_id}: {holder.amount}" for holder in each.holders),
            "\n".join(_remarks(each, output)),
        )
        for each in report.over_held
    ]
    columns = ("Declaration", "Held", "Open claim", "Beyond it", "Loans", "Remark")
    parts.append(output.table(columns, rows) if rows else output.word("None."))
    parts.append(f"{output.word('Declarations looked at')}: {report.declarations:,}")
    parts += ["", output.word("Declarations kept without a loan")]
    kept = [(output.word(each.channel), each.bank, each.exporter, "\n".join(each.declarations)) for each in report.kept]
    headings = ("Channel", "Bank", "Exporter", "Declarations")
    parts.append(output.table(headings, kept) if kept else output.word("None."))
    return parts


def _remarks(each: OverHeld, output: Output) -> list[str]:
    if each.balance is None:
        return [output.word("customs has no such declaration")]
    remarks = []
    if each.unvalued:
        remarks.append(f"{output.word('without a rate')}: {', '.join(each.unvalued)}")
    if each.differs:
        remarks.append(f"{output.word('the register has another sum')}: {each.balance.held}")
    return remarks


def consent_view(report: ConsentReport, output: Output) -> list[RenderableType]:
    """Consents by bank, then each that an officer gave."""
    banks = [(each.bank, f"{each.signed:,}", f"{each.by_officers:,}", f"{each.standing:,}") for each in report.banks]
    parts: list[RenderableType] = [
        output.word("Exporters' consents"),
        output.table(("Bank", "Signed by exporters", "By officers", "of these standing"), banks)
        if banks
        else output.word("None."),
    ]
    if not report.consents:
        return parts
    rows = [
        (
            each.bank, each.exporter, each.number, ", ".join(output.word(what) for what in each.what),
            str(each.valid_from), str(each.valid_until), str(each.revoked_on or ""), str(each.officer),
            (each.form_sha256 or "")[:_FORM_DIGITS],
        )
        for each in report.consents
    ]  # fmt: skip
    columns = ("Bank", "Exporter", "Authorisation", "May read", "From", "Until", "Revoked on", "By", "Form, SHA-256")
    return [*parts, "", output.table(columns, rows)]


def matching_view(usages: Sequence[MatchingUsage], output: Output) -> list[RenderableType]:
    """What each bank has used of its limit, by day."""
    rows = [
        (each.bank, _day(each.day, output), f"{each.papers:,}", f"{each.limit:,}", _percent(each.papers, each.limit))
        for each in usages
    ]
    columns = ("Bank", "Business day", "Papers", "Limit", "%")
    return [output.word("Papers put before the register"), output.table(columns, rows)]


def _day(day: str, output: Output) -> str:
    return output.word("before the first") if day == "none" else day


def _percent(papers: int, limit: int) -> str:
    return f"{Decimal(100 * papers) / limit:.1f}"
