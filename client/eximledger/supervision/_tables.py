"""The reports as tables of text in either language: what a terminal and a page show alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from eximledger.supervision._consents import ConsentReport
from eximledger.supervision._duplicates import Duplicate
from eximledger.supervision._exposure import Dimension, Exposure, ExposureRow
from eximledger.supervision._holds import HoldReport, OverHeld
from eximledger.supervision._sums import Amount, Total
from eximledger.words import Language, word
from eximledger_chaincode.lending.matching import MatchingUsage

__all__ = ["ReportTable", "consent_tables", "duplicate_tables", "exposure_tables", "hold_tables", "matching_tables"]

_HEADINGS: Final = {
    Dimension.EXPORTER: "Exporter",
    Dimension.BANK: "Bank",
    Dimension.CURRENCY: "Currency",
    Dimension.COUNTRY: "Country",
}
_FORM_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table under its title, both in the reader's language; `columns` are words of ours, to be translated. Cells may
    have several lines."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    remark: str = ""


def exposure_tables(exposure: Exposure, language: Language) -> Iterator[ReportTable]:
    """One line for each exporter, bank, currency or country, and one for all."""
    said = partial(word, language=language)
    columns = (
        _HEADINGS[exposure.by], "Name", "Loans", "Approved, not paid out", "Paid out", "Written off", "Held",
    )  # fmt: skip
    rows = [_exposure_row(row, row.key or said("not known"), language) for row in exposure.rows]
    rows.append(_exposure_row(exposure.all, said("All"), language))
    stated = f"{said('CNY at the reference rates of')} {exposure.day}"
    yield ReportTable(said("Exposure"), columns, rows, stated)


def _exposure_row(row: ExposureRow, key: str, language: Language) -> tuple[str, ...]:
    sums = (row.approved, row.disbursed, row.written_off, row.held)
    return (key, row.name, f"{row.loans:,}", *(_total(each, language) for each in sums))


def _total(total: Total, language: Language) -> str:
    """Each currency's sum, then all of it in CNY where it is not in CNY alone."""
    lines = _amounts(total.amounts)
    if any(each.currency != "CNY" for each in total.amounts):
        lines.append(f"= {Amount(total.cny, 'CNY')}")
    if total.unvalued:
        lines.append(f"{word('without a rate', language)}: {', '.join(total.unvalued)}")
    return "\n".join(lines)


def _amounts(amounts: Iterable[Amount]) -> list[str]:
    return [str(each) for each in amounts]


def duplicate_tables(duplicates: Sequence[Duplicate], language: Language) -> Iterator[ReportTable]:
    """Each group of papers, one in a line."""
    said = partial(word, language=language)
    rows = []
    for duplicate in duplicates:
        likeness = said(duplicate.similarity.value)
        for paper in duplicate.papers:
            standing = "applied" if paper.standing is None else paper.standing.value
            document = f"{said(paper.kind)} {paper.id}"
            rows.append((likeness, paper.bank, paper.loan_id, document, said(standing)))
            likeness = ""
    yield ReportTable(said("Papers at several banks"), ("Likeness", "Bank", "Loan", "Document", "State"), rows)


def hold_tables(report: HoldReport, language: Language) -> Iterator[ReportTable]:
    """Declarations that something is wrong with, and those that are kept without a loan."""
    said = partial(word, language=language)
    rows = [
        (
            each.declaration_number,
            "\n".join(_amounts(each.held)),
            "" if each.balance is None else str(each.balance.open),
            "" if each.excess is None else str(each.excess),
            "\n".join(f"{holder.bank} {holder.loan_id}: {holder.amount}" for holder in each.holders),
            "\n".join(_remarks(each, language)),
        )
        for each in report.over_held
    ]
    columns = ("Declaration", "Held", "Open claim", "Beyond it", "Loans", "Remark")
    looked_at = f"{said('Declarations looked at')}: {report.declarations:,}"
    yield ReportTable(said("Declarations over-held"), columns, rows, looked_at)
    kept = [(said(each.channel), each.bank, each.exporter, "\n".join(each.declarations)) for each in report.kept]
    yield ReportTable(
        said("Declarations kept without a loan"), ("Channel", "Bank", "Exporter", "Declarations"), kept
    )  # fmt: skip


def _remarks(each: OverHeld, language: Language) -> list[str]:
    if each.balance is None:
        return [word("customs has no such declaration", language)]
    remarks = []
    if each.unvalued:
        remarks.append(f"{word('without a rate', language)}: {', '.join(each.unvalued)}")
    if each.differs:
        remarks.append(f"{word('the register has another sum', language)}: {each.balance.held}")
    return remarks


def consent_tables(report: ConsentReport, language: Language) -> Iterator[ReportTable]:
    """Consents by bank, then each that an officer gave."""
    banks = [(each.bank, f"{each.signed:,}", f"{each.by_officers:,}", f"{each.standing:,}") for each in report.banks]
    columns = ("Bank", "Signed by exporters", "By officers", "of these standing")
    yield ReportTable(word("Exporters' consents", language), columns, banks)
    if not report.consents:
        return
    rows = [
        (
            each.bank, each.exporter, each.number, ", ".join(word(what, language) for what in each.what),
            str(each.valid_from), str(each.valid_until), str(each.revoked_on or ""), str(each.officer),
            (each.form_sha256 or "")[:_FORM_DIGITS],
        )
        for each in report.consents
    ]  # fmt: skip
    headings = ("Bank", "Exporter", "Authorisation", "May read", "From", "Until", "Revoked on", "By", "Form, SHA-256")
    yield ReportTable(word("By officers", language), headings, rows)


def matching_tables(usages: Sequence[MatchingUsage], language: Language) -> Iterator[ReportTable]:
    """What each bank has used of its limit, by day."""
    rows = [
        (each.bank, _day(each.day, language), f"{each.papers:,}", f"{each.limit:,}", _percent(each.papers, each.limit))
        for each in usages
    ]
    columns = ("Bank", "Business day", "Papers", "Limit", "%")
    yield ReportTable(word("Papers put before the register", language), columns, rows)


def _day(day: str, language: Language) -> str:
    return word("before the first", language) if day == "none" else day


def _percent(papers: int, limit: int) -> str:
    return f"{Decimal(100 * papers) / limit:.1f}"
