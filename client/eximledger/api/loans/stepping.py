"""Steps that two persons take, and the two that time takes."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path

from eximledger.api._asking import LoanNamed
from eximledger.api._guarded import KEYED, Desk, Guarded
from eximledger.api._seen import LoanSeen
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import Proposal

__all__ = ["router"]

router: Final = APIRouter(tags=["loans"], route_class=Guarded)

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="`proposed.sha256` of the loan.")]


@router.post("/loans/{loan_id}/proposals", dependencies=[KEYED], response_model=LoanSeen)
async def propose_step(desk: Desk, loan_id: LoanNamed, proposal: Proposal) -> Loan:
    """Propose a disbursement, repayment, extension, conversion, indemnity, withdrawal or write-off; nothing moves."""
    return await desk.propose(loan_id, proposal)


@router.post("/loans/{loan_id}/proposals/{sha256}/confirmation", dependencies=[KEYED], response_model=LoanSeen)
async def confirm_step(desk: Desk, loan_id: LoanNamed, sha256: Sha256) -> Loan:
    """Take just the step that another person proposed; as a checker."""
    return await desk.confirm(loan_id, sha256)


@router.post("/loans/{loan_id}/lapse", dependencies=[KEYED], response_model=LoanSeen)
async def lapse_loan(desk: Desk, loan_id: LoanNamed) -> Loan:
    """End an approved loan that was not drawn while it could be, and free its balance."""
    await desk.loan(loan_id)  # one that is not there is not asked for again and again at SAFE's peer
    return await desk.lapse(loan_id)


@router.post("/loans/{loan_id}/overdue", dependencies=[KEYED], response_model=LoanSeen)
async def mark_overdue(desk: Desk, loan_id: LoanNamed) -> Loan:
    """Note that a loan was not repaid by its maturity."""
    return await desk.mark_overdue(loan_id)
