"""A loan held against the watch lists of the day, and hits that two persons clear."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, OfBank, form_of, name_roles, redirected
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.views.screening import screened_case
from eximledger.desk import LoanDesk
from hlf_client.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["router"]

router: Final = pages()

_REFUSED: Final = (Refused, NotAuthorized, Conflict, InvalidDocument, NotFound)


@router.get("/loans/{loan_id}/screening")
async def loan_screening(here: At, desk: Desk, loan_id: str, bank: OfBank) -> Response:
    """What the lists say of the loan's parties now, and what is cleared of it."""
    return await _page(here, desk, loan_id, bank)


@router.post("/loans/{loan_id}/clear")
async def propose_clearing(here: At, desk: Desk, loan_id: str) -> Response:
    """Propose that a party is not whom an entry means."""
    here.form = form = await form_of(here.request)
    try:
        await desk.propose_clearing(loan_id, form.get("hit", ""), form.get("reason", ""))
    except _REFUSED as error:
        return await _page(here, desk, loan_id, "", error)
    return redirected(here, f"/loans/{loan_id}/screening", done="proposed")


@router.post("/loans/{loan_id}/clearing")
async def confirm_clearing(here: At, desk: Desk, loan_id: str) -> Response:
    """Clear just what another person proposed; the case is then checked again by whoever has it."""
    form = await form_of(here.request)
    try:
        await desk.confirm_clearing(form.get("subject", ""), form.get("clearing", ""))
    except _REFUSED as error:
        return await _page(here, desk, loan_id, "", error)
    return redirected(here, f"/loans/{loan_id}/screening", done="cleared")


async def _page(here: Here, desk: LoanDesk, loan_id: str, bank: str, error: FabricError | None = None) -> Response:
    assert here.person is not None and here.officer is not None  # noqa: S101, PT018 - the route lets nobody else in
    loan = await desk.loan(loan_id, bank=bank)
    case = screened_case(await desk.open_case(loan_id, bank=bank), here.person, here.officer.duties)
    await name_roles(here, (each.waiting.proposed_by for each in case.hits if each.waiting is not None))
    return rendered(
        here, "screening", status=200 if error is None else type(error).status, loan=loan, case=case,
        bank=here.other_bank(loan.bank), may_propose=here.may("propose_clearing") and here.person.msp_id == loan.bank,
        problem="" if error is None else here.refusal(error),
    )  # fmt: skip
