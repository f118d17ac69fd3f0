"""A packing loan that becomes an export bill: the form, the verdict on it, the proposal."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from eximledger.console._asked import At, Desk, form_of, redirected
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.pages.cases.applying import drafted
from eximledger.console.views.applying import PAPERS, bill_from, form_from_draft, occupied_rows
from eximledger.console.views.findings import grouped
from eximledger.console.views.proposing import proposal_from
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Verdict
from hlf_client.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["router"]

router: Final[APIRouter] = pages()


@router.get("/loans/{loan_id}/convert")
async def conversion_form(here: At, desk: Desk, loan_id: str) -> Response:
    """The form, filled from the exporter's papers."""
    loan = await desk.loan(loan_id)
    draft = await drafted(desk, loan.application.document.exporter, here)
    here.form = form_from_draft(draft, day_in_china(here.clock()))
    return _shown(here, loan)


@router.post("/loans/{loan_id}/convert")
async def convert_loan(here: At, desk: Desk, loan_id: str) -> Response:
    """Show the peers' verdict on the bill, or put it before a second person."""
    here.form = form = await form_of(here.request)
    loan = await desk.loan(loan_id)
    try:
        bill = bill_from(form)
        proposal = proposal_from(Step.CONVERSION, form, loan.currency, bill)
        if form.get("act") != "propose":
            return _shown(here, loan, verdict=await desk.preview_bill(loan_id, bill, proposal.matures_on))
        await desk.propose(loan_id, proposal)
    except (InvalidDocument, NotAuthorized, Refused, Conflict, NotFound) as error:
        return _shown(here, loan, error=error)
    return redirected(here, f"/loans/{loan_id}", done="proposed")


def _shown(here: Here, loan: Loan, *, verdict: Verdict | None = None, error: FabricError | None = None) -> Response:
    wrong = error.field.partition(".")[0] if isinstance(error, InvalidDocument) else ""
    return rendered(
        here, "convert", status=200 if error is None else type(error).status, loan=loan, wrong=wrong, verdict=verdict,
        occupied=occupied_rows(here.form), papers=[(name, kind, here.said(name)) for name, kind in PAPERS],
        conditions=[each.value for each in Condition], problem="" if error is None else here.refusal(error),
        groups=() if verdict is None else grouped(verdict),
    )  # fmt: skip
