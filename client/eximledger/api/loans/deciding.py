"""Decisions on a loan: approve just what was seen, refer, reject, take back."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Header, Response
from pydantic import Field

from eximledger.api._asking import Body, LoanNamed, Reasoned
from eximledger.api._guarded import KEYED, Desk, Guarded, problems
from eximledger.api._seen import LoanSeen
from eximledger.api.loans.evidence import changed_since, evidence_tag, seen_in
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import Reason
from hlf_client.errors import Conflict

__all__ = ["router"]

router: Final = APIRouter(tags=["loans"], route_class=Guarded)

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` under which the loan, or its check, was seen.",
        examples=[f'"1.{"0" * 64}"'],
        max_length=200,
    ),
]


class Approval(Body):
    """For each finding that refers the loan, by its id, the officer's reason for setting it aside."""

    overrides: dict[Annotated[str, Field(min_length=1, max_length=64)], Reason] = Field(
        default_factory=dict, max_length=200, examples=[{}]
    )


@router.post("/loans/{loan_id}/approval", responses=problems(412, 428), dependencies=[KEYED], response_model=LoanSeen)
async def approve_loan(
    desk: Desk, loan_id: LoanNamed, approval: Approval, response: Response, if_match: IfMatch = None
) -> Loan:
    """Approve what was checked and hold the balance, in one transaction; as a checker who neither applied for the loan
    nor filed a paper of it.

    `If-Match` says which verdict was seen. Where it is not that any more, nothing happens: 412 tells what has changed.
    """
    seen = seen_in(if_match)
    loan = await desk.loan(loan_id)
    if not seen.is_of(loan):
        raise await changed_since(desk, loan, seen)
    try:
        found = await desk.approve(loan_id, seen.version, seen.evidence_hash, approval.overrides)
    except Conflict as conflict:
        if "evidence_hash" not in conflict.details:
            raise
        raise await changed_since(desk, await desk.loan(loan_id), seen) from conflict
    response.headers["ETag"] = evidence_tag(found)
    return found


@router.post("/loans/{loan_id}/referral", dependencies=[KEYED], response_model=LoanSeen)
async def refer_loan(desk: Desk, loan_id: LoanNamed, why: Reasoned) -> Loan:
    """Put an undecided loan before an officer."""
    return await desk.refer(loan_id, why.reason)


@router.post("/loans/{loan_id}/rejection", dependencies=[KEYED], response_model=LoanSeen)
async def reject_loan(desk: Desk, loan_id: LoanNamed, why: Reasoned) -> Loan:
    """Reject an undecided loan for good; as a checker who did not apply for it."""
    return await desk.reject(loan_id, why.reason)


@router.post("/loans/{loan_id}/withdrawal", dependencies=[KEYED], response_model=LoanSeen)
async def withdraw_loan(desk: Desk, loan_id: LoanNamed, why: Reasoned) -> Loan:
    """Take back an undecided loan, for good. Of an approved one a withdrawal is proposed, and confirmed."""
    return await desk.withdraw(loan_id, why.reason)
