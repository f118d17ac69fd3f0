"""What an officer takes along of a loan: the report, and the letter to the exporter."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, OfBank, name_roles
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console.views.life import persons_of
from eximledger.desk import LoanDesk
from eximledger.proof import export_proof
from eximledger.reports import Report, docx_letter, html_letter, html_report
from eximledger.words import Language
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import Refused

__all__ = ["router"]

router: Final = pages()

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/loans/{loan_id}/report.html")
async def report_page(here: At, desk: Desk, loan_id: str, bank: OfBank) -> Response:
    """The report as one page that stands alone."""
    report = await _report(here, desk, loan_id, bank)
    return _file(html_report(report, here.language).encode(), "text/html; charset=utf-8", f"report-{loan_id}.html")


@router.get("/loans/{loan_id}/report.pdf")
async def report_pdf(here: At, desk: Desk, loan_id: str, bank: OfBank) -> Response:
    """The report as a PDF."""
    report = await _report(here, desk, loan_id, bank)
    content = await asyncio.to_thread(_pdf, report, here.language)
    return _file(content, "application/pdf", f"report-{loan_id}.pdf")


@router.get("/loans/{loan_id}/letter.docx")
async def letter_docx(here: At, desk: Desk, loan_id: str) -> Response:
    """The letter to the exporter of an undecided loan, in Chinese and English."""
    return _file(docx_letter(await desk.letter(loan_id)), _DOCX, f"letter-{loan_id}.docx")


@router.get("/loans/{loan_id}/letter.html")
async def letter_page(here: At, desk: Desk, loan_id: str) -> Response:
    """The same as a page."""
    page = html_letter(await desk.letter(loan_id))
    return _file(page.encode(), "text/html; charset=utf-8", f"letter-{loan_id}.html")


@router.get("/loans/{loan_id}/proof.json")
async def loan_proof(desk: Desk, loan_id: str, bank: OfBank) -> Response:
    """The proof of the last decision, which an auditor checks offline. Needs Fabric."""
    made = await export_proof(desk.ledger, loan_id, bank=bank)
    return _file(made.content, "application/json", f"{loan_id}.proof.json")


async def _report(here: Here, desk: LoanDesk, loan_id: str, bank: str) -> Report:
    loan = await desk.loan(loan_id, bank=bank)
    if loan.verdict is None:
        raise Refused(f"loan {loan_id} has no verdict to report yet: check its papers", loan_id=loan_id)
    await name_roles(here, persons_of(loan))
    return Report(loan.application.document, loan.verdict, loan, day_in_china(here.clock()), roles=here.roles)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _pdf(report: Report, language: Language) -> bytes:
    from eximledger.reports.pdf import pdf_report  # its library is large, and pages come without it

    return pdf_report(report, language)
