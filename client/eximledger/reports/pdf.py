"""The report as a PDF of a few pages, to print and to file.

Latin letters are Helvetica, Chinese ones the reader's own Song face: fonts that every reader has, not embedded.
Equal reports are equal files.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

from eximledger.reports._life import account_facts, term_facts
from eximledger.reports._report import Report, Roles, moment, with_role
from eximledger.words import Language, field_name, word
from eximledger_chaincode.documents import shown
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.verdict import Finding

__all__ = ["pdf_report"]

_SONG: Final = "STSong-Light"
_NOT_LATIN: Final = re.compile(r"[^\x00-\xff–—‘’“”•…€]+")
_MARGIN: Final = 16 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_PLAIN: Final = ParagraphStyle(
    "plain", fontName="Helvetica", fontSize=8.6, leading=11.2, alignment=TA_LEFT, wordWrap="CJK"
)
_SOFT: Final = ParagraphStyle("soft", parent=_PLAIN, textColor=colors.HexColor("#4a5766"), fontSize=7.8, leading=10)
_BOLD: Final = ParagraphStyle("bold", parent=_PLAIN, fontName="Helvetica-Bold")
_HEAD: Final = ParagraphStyle(
    "head", parent=_BOLD, fontSize=10.5, leading=14, spaceBefore=7, spaceAfter=2, keepWithNext=True
)
_TITLE: Final = ParagraphStyle("title", parent=_BOLD, fontSize=13, leading=17)
_COLOURS: Final = {"approve": "#17643a", "refer": "#7a4d00", "reject": "#a11f28", "inform": "#1d5586"}
_LINE: Final = ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#d5dce4"))
_TIGHT: Final = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("TOPPADDING", (0, 0), (-1, -1), 1.2), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
]  # fmt: skip


def pdf_report(report: Report, language: Language = "en") -> bytes:
    """The report; what a paper says can neither be markup nor turn a line."""
    pdfmetrics.registerFont(UnicodeCIDFont(_SONG))
    content = io.BytesIO()
    title = f"{word('Export loan report', language)} {report.application.loan_id}"
    document = BaseDocTemplate(
        content, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=title, author="eximledger", lang="zh-CN" if language == "zh" else "en", invariant=1,
    )  # fmt: skip
    frame = Frame(
        _MARGIN, _MARGIN, _WIDTH, A4[1] - 2 * _MARGIN, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_numbered, title)))
    document.build(list(_story(report, title, language)))
    return content.getvalue()


def _numbered(title: str, canvas: Canvas, _document: BaseDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(_SONG, 7.5)
    canvas.setFillColor(colors.HexColor("#4a5766"))
    canvas.drawString(_MARGIN, 9 * mm, title)
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, str(canvas.getPageNumber()))
    canvas.restoreState()


def _story(report: Report, title: str, language: Language) -> Iterator[Flowable]:
    said = partial(word, language=language)
    verdict, loan = report.verdict, report.loan
    yield _text(title, _TITLE)
    colour = _COLOURS[verdict.verdict.value]
    yield Paragraph(
        f'<font color="{colour}">{_marked(said("Verdict"))}: {_marked(said(verdict.verdict.value))}</font>', _TITLE
    )
    if loan is not None:
        yield _text(f"{said('State')}: {said(loan.state.value)}", _BOLD)
    yield Spacer(0, 4)
    yield _facts(_heading(report, language), language)
    yield from _findings(report, language)
    yield _text(said("What is financed"), _HEAD)
    rows = [
        *((said("declaration"), item.declaration_number, str(item.amount)) for item in report.application.declarations),
        *((said(item.kind), item.number, str(item.amount)) for item in report.application.frames),
    ]
    yield _table([(said("Kind"), said("Number"), said("Occupies")), *rows], (30, 40, 30))
    if loan is not None:
        yield _text(said("Terms"), _HEAD)
        yield _facts(term_facts(loan, language), language)
    if report.account is not None:
        yield _text(f"{said('Account on')} {report.account.day}", _HEAD)
        yield _facts(account_facts(report.account, language), language)
    yield from _life(report, language)
    yield Spacer(0, 5)
    yield _text(
        f"{said('Evidence hash')} {verdict.evidence_hash}   {said('Rule set')} {verdict.rule_set}   "
        f"{said('Policy')} {verdict.policy_sha256[:16]}", _SOFT,
    )  # fmt: skip


def _heading(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    application, said = report.application, partial(word, language=language)
    yield said("Applicant"), f"{application.applicant.name} {application.exporter}"
    yield said("Amount asked"), str(application.amount)
    yield said("Can be financed"), str(report.verdict.eligible)
    yield said("Applied on"), str(application.applied_on)
    yield said("Receipt expected on"), str(application.expected_receipt_on)
    yield said("Matures on"), str(application.matures_on)
    if report.loan is not None:
        yield said("Bank"), report.loan.bank


def _findings(report: Report, language: Language) -> Iterator[Flowable]:
    findings = report.verdict.findings
    yield _text(f"{word('Findings', language)} ({len(findings)})", _HEAD)
    if not findings:
        yield _text(word("No findings.", language), _PLAIN)
    for each in findings:
        yield KeepTogether(list(_finding(each, report.set_aside.get(each.id), language, report.roles)))


def _finding(found: Finding, aside: tuple[str, Person] | None, language: Language, roles: Roles) -> Iterator[Flowable]:
    severity = found.severity.value
    called = f'<font color="{_COLOURS[severity]}"><b>{_marked(word(severity, language))}</b></font>'
    head = f"{called} <b>{_marked(found.rule)}</b>"
    yield Paragraph(f"{head} {_marked(found.message.zh if language == 'zh' else found.message.en)}", _PLAIN)
    said = "; ".join(
        f"{word(each.document.kind, language)} {each.document.number} {_field(each.field, language)}: {each.value}"
        for each in found.statements
    )
    if said:
        yield _text(said, _SOFT)
    if aside is not None:
        said = with_role(aside[1], language, roles, checker=True)
        yield _text(f"{word('Set aside', language)}: {aside[0]} ({said}, {aside[1].msp_id})", _BOLD)
    yield Spacer(0, 3)


def _field(path: str, language: Language) -> str:
    return field_name(path, language).replace(" › ", " / ")  # the predefined fonts have no such mark


def _life(report: Report, language: Language) -> Iterator[Flowable]:
    if not report.steps:
        return
    said = partial(word, language=language)
    rows = [
        (moment(each.at, report.zone), said(each.state), each.by, each.confirmed_by, each.note)
        for each in report.steps_in(language)
    ]
    heads = tuple(said(name) for name in ("Time", "Step", "By", "Confirmed by", "Reason or payment"))
    yield _text(said("Life of the loan"), _HEAD)
    yield _table([heads, *rows], (20, 14, 14, 14, 38))


def _facts(pairs: Iterable[tuple[str, str]], language: Language) -> Flowable:
    """Names and values, two pairs in a line."""
    cells = [[_text(name, _SOFT), _text(value, _PLAIN)] for name, value in pairs]
    if len(cells) % 2:
        cells.append([_text("", _SOFT), _text("", _PLAIN)])
    rows = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return Table(rows, colWidths=[_WIDTH * share for share in (0.16, 0.34, 0.16, 0.34)], style=[*_TIGHT])


def _table(rows: Sequence[Sequence[str]], shares: Sequence[int]) -> Flowable:
    """The first row is the heading, and stands again on every page."""
    cells = [[_text(cell, _SOFT if place == 0 else _PLAIN) for cell in row] for place, row in enumerate(rows)]
    return Table(cells, colWidths=[_WIDTH * share / 100 for share in shares], style=[*_TIGHT, _LINE], repeatRows=1)


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_marked(text), style)


def _marked(text: str) -> str:
    """Text for a paragraph: escaped, shown without what steers it, and its Chinese in the Chinese face."""
    return _NOT_LATIN.sub(lambda found: f'<font name="{_SONG}">{found[0]}</font>', escape(shown(text)))
