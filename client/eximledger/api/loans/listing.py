"""Loans by filters, sorted, page by page: from the mirror. One loan: from the ledger."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from eximledger.api._asking import BankName, Cursor, DayAsked, LoanNamed, Size, Text
from eximledger.api._guarded import Desk, Guarded, Mirror
from eximledger.api._seen import LoanSeen
from eximledger.api.loans.evidence import evidence_tag
from eximledger.mirror.reading import LoanFilter, LoanRow, LoanSort, Page
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.verdict import Decision

__all__ = ["router"]

router: Final = APIRouter(tags=["loans"], route_class=Guarded)


@router.get("/loans", response_model=Page[LoanRow])
async def list_loans(
    mirror: Mirror,
    applicant: Annotated[Text, Query(description="A USCC, or a part of a name.")] = "",
    state: Annotated[list[LoanState], Query(description="In one of these states.", max_length=12)] = [],  # noqa: B006
    bank: BankName = "",
    currency: Annotated[str, Query(pattern="^([A-Z]{3})?$")] = "",
    matures_from: DayAsked = None,
    matures_until: DayAsked = None,
    due_by: DayAsked = None,
    waiting: Annotated[bool | None, Query(description="Whether a step waits for a second person.")] = None,
    not_proposed_by: Annotated[Text, Query(description="Leaves out what this person proposed.")] = "",
    officer: Annotated[Text, Query(description="Who did a step of it.")] = "",
    verdict: Annotated[Decision | None, Query(description="What its last check said.")] = None,
    rule: Annotated[Text, Query(description="Whose last check has a finding of this rule.")] = "",
    paper: Annotated[Text, Query(description="Whose application names a paper of this number.")] = "",
    sort: LoanSort = LoanSort.OPENED,
    descending: bool = True,
    size: Size = 50,
    cursor: Cursor = "",
) -> Page[LoanRow]:
    """A page of loans. All filters that are given must hold."""
    asked = LoanFilter(
        applicant=applicant,
        states=tuple(each.value for each in state),
        matures_from=matures_from,
        matures_until=matures_until,
        bank=bank,
        currency=currency,
        waiting_for_second_person=waiting,
        not_proposed_by=not_proposed_by,
        due_by=due_by,
        officer=officer,
        verdict="" if verdict is None else verdict.value,
        rule=rule,
        paper=paper,
    )
    return await asyncio.to_thread(mirror.loans, asked, sort=sort, descending=descending, size=size, cursor=cursor)


@router.get("/loans/{loan_id}", response_model=LoanSeen)
async def get_loan(desk: Desk, loan_id: LoanNamed, response: Response, bank: BankName = "") -> Loan:
    """The loan as it stands. Its `ETag` names what an officer judges by: send it with an approval."""
    found = await desk.loan(loan_id, bank=bank)
    response.headers["ETag"] = evidence_tag(found)
    return found
