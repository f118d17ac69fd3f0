"""What a loan owes, what may come for it, what it went through; letter, report and proof of it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from eximledger.api._asking import BankName, DayAsked, InLanguage, LoanNamed
from eximledger.api._guarded import Desk, Guarded, Server
from eximledger.api._seen import HistorySeen
from eximledger.desk import Letter
from eximledger.reports import Report, docx_letter, html_letter, html_report
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.accounts.account import Account, schedule_of
from eximledger_chaincode.lending.accounts.interest import Period
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.loan import LoanHistoryItem
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import LedgerUnavailable, Refused

__all__ = ["router"]

router: Final = APIRouter(tags=["loans"], route_class=Guarded)

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LETTERS: Final = {200: {"content": {"text/html": {}, _DOCX: {}}, "description": "The letter, as `form` asks."}}


@router.get("/loans/{loan_id}/history", response_model=list[HistorySeen])
async def loan_history(desk: Desk, loan_id: LoanNamed, bank: BankName = "") -> list[LoanHistoryItem]:
    """The loan after each transaction on it, newest first."""
    return await desk.loan_history(loan_id, bank=bank)


@router.get("/loans/{loan_id}/account")
async def loan_account(desk: Desk, loan_id: LoanNamed, day: DayAsked = None, bank: BankName = "") -> Account:
    """What is drawn, repaid and outstanding, and which interest is due on a day."""
    return await desk.account(loan_id, day, bank=bank)


@router.get("/loans/{loan_id}/schedule")
async def loan_schedule(
    desk: Desk, server: Server, loan_id: LoanNamed, until: DayAsked = None, bank: BankName = ""
) -> tuple[Period, ...]:
    """The interest period by period, as things stand; until maturity, or today where that is over."""
    found = await desk.loan(loan_id, bank=bank)
    return schedule_of(found, until or max(found.matures_on, day_in_china(server.clock())))


@router.get("/loans/{loan_id}/offers")
async def loan_offers(desk: Desk, loan_id: LoanNamed, bank: BankName = "") -> list[OfferedReceipt]:
    """The receipts that name the loan's exports: out of which it may be repaid, and what is left of each."""
    return await desk.offered(loan_id, bank=bank)


@router.get("/loans/{loan_id}/letter", response_model=Letter, responses=_LETTERS)  # type: ignore[arg-type]
async def loan_letter(
    desk: Desk,
    loan_id: LoanNamed,
    until: Annotated[Day | None, Query(description="By when an answer is asked for; in 15 days by default.")] = None,
    letterhead: Annotated[str, Query(max_length=200, description="The bank's name on the letter.")] = "",
    form: Annotated[str, Query(pattern="^(json|html|docx)$", description="json, html or docx.")] = "json",
) -> Letter | Response:
    """What the bank writes to the exporter of what was found: only what that one may know."""
    found = await desk.letter(loan_id, until=until, letterhead=letterhead)
    if form == "html":
        return HTMLResponse(html_letter(found))
    if form == "docx":
        return Response(docx_letter(found), media_type=_DOCX)
    return found


@router.get("/loans/{loan_id}/report", response_class=HTMLResponse)
async def loan_report(
    desk: Desk, server: Server, loan_id: LoanNamed, bank: BankName = "", lang: InLanguage = "en"
) -> HTMLResponse:
    """The recorded verdict and the loan's life as one page to print and keep."""
    found = await desk.loan(loan_id, bank=bank)
    if found.verdict is None:
        raise Refused(f"loan {loan_id} has no verdict to report yet: check it first", loan_id=loan_id)
    report = Report(found.application.document, found.verdict, found, day_in_china(server.clock()))
    return HTMLResponse(html_report(report, lang))


@router.get("/loans/{loan_id}/proof", response_class=Response, responses={200: {"content": {"application/json": {}}}})
async def loan_proof(desk: Desk, loan_id: LoanNamed, bank: BankName = "") -> Response:
    """The proof of the last decision, as a file that an auditor checks offline. Needs Fabric."""
    try:
        from eximledger.proof import export_proof
    except ImportError as error:
        raise LedgerUnavailable(f"a proof needs {error.name}") from None
    made = await export_proof(desk.ledger, loan_id, bank=bank)
    disposition = f'attachment; filename="{loan_id}.proof.json"'
    return Response(made.content, media_type="application/json", headers={"Content-Disposition": disposition})
