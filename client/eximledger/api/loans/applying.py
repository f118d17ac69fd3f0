"""Applying for a loan, and having its papers judged."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response, status

from eximledger.api._asking import BankName, Body, DayAsked, LoanNamed
from eximledger.api._guarded import KEYED, Desk, Guarded
from eximledger.api._seen import LoanSeen, VerdictSeen
from eximledger.api.loans.evidence import evidence_tag
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.verdict import Verdict

__all__ = ["router"]

router: Final = APIRouter(tags=["loans"], route_class=Guarded)


class BillAsked(Body):
    """An export bill that a packing loan may become."""

    bill: ExportBill
    matures_on: Day | None = None


@router.post("/loans", status_code=status.HTTP_201_CREATED, dependencies=[KEYED], response_model=LoanSeen)
async def apply_for_loan(desk: Desk, application: LoanApplication, response: Response) -> Loan:
    """Apply for a loan; or again, with an amended application, while it is undecided."""
    found = await desk.apply(application)
    response.headers["Location"] = f"/api/v1/loans/{found.loan_id}"
    response.headers["ETag"] = evidence_tag(found)
    return found


@router.get("/loans/{loan_id}/preview", response_model=VerdictSeen)
async def preview_loan(desk: Desk, loan_id: LoanNamed, bank: BankName = "", matures_on: DayAsked = None) -> Verdict:
    """The verdict as the peers would give it now; recorded nowhere. Of an approved loan: for what it still holds and
    owes, extended to `matures_on` where that is given."""
    loan = await desk.loan(loan_id, bank=bank)
    if loan.holds:
        return await desk.judge_again(loan_id, matures_on=matures_on, bank=bank)
    return await desk.reconcile(loan_id, bank=bank)


@router.post("/loans/{loan_id}/check", dependencies=[KEYED], response_model=VerdictSeen)
async def check_loan(desk: Desk, loan_id: LoanNamed, response: Response) -> Verdict:
    """Have the peers judge the loan's papers, and record the verdict. The `ETag` names it for an approval."""
    found = await desk.check(loan_id)
    response.headers["ETag"] = evidence_tag(await desk.loan(loan_id))
    return found


@router.post("/loans/{loan_id}/bill-preview", response_model=VerdictSeen)
async def preview_bill(desk: Desk, loan_id: LoanNamed, asked: BillAsked) -> Verdict:
    """The verdict on a packing loan as the export bill that it would become; recorded nowhere."""
    return await desk.preview_bill(loan_id, asked.bill, asked.matures_on)
