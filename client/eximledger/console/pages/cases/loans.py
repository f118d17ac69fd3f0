"""A loan's page and what may be done there; lists of loans."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, OfBank, form_of, from_mirror, name_roles, redirected
from eximledger.console._days import day_of
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.views.acts import acts_of, referring
from eximledger.console.views.findings import changed_findings, grouped
from eximledger.console.views.life import loan_page, persons_of
from eximledger.console.views.proposing import proposal_from
from eximledger.console.views.receipts import ShownReceipt, shown_receipts
from eximledger.desk import LoanDesk
from eximledger.mirror.reading import LoanFilter, LoanSort
from eximledger.reports import percent, proposal_words
from eximledger.serving import served
from eximledger_chaincode.documents import Document
from eximledger_chaincode.lending.loan import OPEN, Loan, LoanState
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Verdict
from hlf_client import is_profile
from hlf_client.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["ORDERS", "filter_of", "router"]

router: Final = pages()

ORDERS: Final[Mapping[str, tuple[str, LoanSort, bool]]] = {
    "newest": ("Newest first", LoanSort.OPENED, True),
    "changed": ("Changed last", LoanSort.UPDATED, True),
    "maturity": ("By maturity", LoanSort.MATURITY, False),
    "amount": ("By amount", LoanSort.AMOUNT, True),
    "number": ("By number", LoanSort.NUMBER, False),
}
_SIZE: Final = 50
_OFFERED: Final = 50
"""Of so many receipts a loan's page reads the papers."""
_REFUSED: Final = (Refused, NotAuthorized, Conflict, InvalidDocument, NotFound)
"""What a page says above its form; anything else is a page of its own."""


def filter_of(here: Here) -> LoanFilter:
    """What the address asks of a list. Raises `InvalidDocument` for a day that is none."""
    return LoanFilter(
        applicant=here.asked("applicant"),
        states=(here.asked("state"),) if here.asked("state") else (),
        bank=here.asked("bank"),
        currency=here.asked("currency").upper(),
        matures_from=day_of(here.asked("since"), "since"),
        matures_until=day_of(here.asked("until"), "until"),
    )


@router.get("/loans")
async def list_loans(here: At) -> Response:
    """A page of loans."""
    asked = filter_of(here)
    _, sort, descending = ORDERS.get(here.asked("order"), ORDERS["newest"])
    page = await from_mirror(
        here,
        lambda mirror: mirror.loans(asked, sort=sort, descending=descending, size=_SIZE, cursor=here.asked("after")),
    )
    total = await from_mirror(here, lambda mirror: mirror.count_loans(asked))
    banks = () if here.is_bank else tuple(sorted(here.members.items()))
    return rendered(
        here, "loans", rows=page.rows, after=page.cursor, total=total, states=[state.value for state in LoanState],
        banks=banks, orders=[(name, words) for name, (words, _, _) in ORDERS.items()],
    )  # fmt: skip


@router.get("/loans/{loan_id}")
async def show_loan(here: At, desk: Desk, loan_id: str, bank: OfBank) -> Response:
    """A loan: what is asked, what was found, what may be done."""
    return await _page(here, desk, await desk.loan(loan_id, bank=bank), bank=bank)


@router.get("/loans/{loan_id}/history")
async def loan_history(here: At, desk: Desk, loan_id: str, bank: OfBank) -> Response:
    """The loan as each transaction left it."""
    items = await desk.loan_history(loan_id, bank=bank)
    return rendered(here, "loan_history", loan_id=loan_id, bank=bank, items=items)


@router.post("/loans/{loan_id}/check")
async def check_loan(here: At, desk: Desk, loan_id: str) -> Response:
    """Have the peers check the papers."""
    return await _taken(here, desk, loan_id, desk.check(loan_id), "checked")


@router.post("/loans/{loan_id}/approve")
async def approve_loan(here: At, desk: Desk, loan_id: str) -> Response:
    """Approve just what the page showed."""
    form = await form_of(here.request)
    here.form = form
    reasons = {name.removeprefix("override:"): text for name, text in form.items() if name.startswith("override:")}
    try:
        await desk.approve(loan_id, _version(form), form.get("evidence", ""), reasons)
    except Conflict as error:
        if "evidence_hash" not in error.details:
            return await _again(here, desk, loan_id, error)
        return await _again(here, desk, loan_id, None, before=await _seen(desk, loan_id, form.get("evidence", "")))
    except _REFUSED as error:
        return await _again(here, desk, loan_id, error)
    return redirected(here, f"/loans/{loan_id}", done="approved")


@router.post("/loans/{loan_id}/decide")
async def decide_on_loan(here: At, desk: Desk, loan_id: str) -> Response:
    """Refer, reject or withdraw, with a reason."""
    here.form = form = await form_of(here.request)
    acts = {
        "refer": (desk.refer, "referred"),
        "reject": (desk.reject, "rejected"),
        "withdraw": (desk.withdraw, "withdrawn"),
    }
    if form.get("act") not in acts:
        raise InvalidDocument("act: say refer, reject or withdraw", field="act", reason="unknown")
    act, done = acts[form["act"]]
    return await _taken(here, desk, loan_id, act(loan_id, form.get("reason", "")), done)


@router.post("/loans/{loan_id}/propose/{step}")
async def propose_step(here: At, desk: Desk, loan_id: str, step: Step) -> Response:
    """Put a step before a second person."""
    form = await form_of(here.request)
    here.form = {**form, "step": step.value}
    try:
        loan = await desk.loan(loan_id)
        await desk.propose(loan_id, proposal_from(step, form, loan.currency))
    except _REFUSED as error:
        return await _again(here, desk, loan_id, error)
    return redirected(here, f"/loans/{loan_id}", done="proposed")


@router.post("/loans/{loan_id}/confirm")
async def confirm_step(here: At, desk: Desk, loan_id: str) -> Response:
    """Take the step that another person proposed."""
    form = await form_of(here.request)
    return await _taken(here, desk, loan_id, desk.confirm(loan_id, form.get("proposal", "")), "confirmed")


@router.post("/loans/{loan_id}/overdue")
async def mark_overdue(here: At, desk: Desk, loan_id: str) -> Response:
    """Note that a loan was not repaid in time."""
    return await _taken(here, desk, loan_id, desk.mark_overdue(loan_id), "overdue")


@router.post("/loans/{loan_id}/lapse")
async def lapse_loan(here: At, desk: Desk, loan_id: str) -> Response:
    """End a loan that was not drawn in time."""
    return await _taken(here, desk, loan_id, desk.lapse(loan_id), "lapsed")


async def _taken(here: Here, desk: LoanDesk, loan_id: str, act: Awaitable[object], done: str) -> Response:
    """The loan's page after an act; with what was refused, where it was."""
    try:
        await act
    except _REFUSED as error:
        return await _again(here, desk, loan_id, error)
    return redirected(here, f"/loans/{loan_id}", done=done)


async def _seen(desk: LoanDesk, loan_id: str, evidence: str) -> Verdict | None:
    """The verdict that the officer's page showed, once the papers as they are now have been checked."""
    seen = next(
        (
            item.loan.verdict
            for item in await desk.loan_history(loan_id)
            if item.loan.verdict is not None and item.loan.verdict.evidence_hash == evidence
        ),
        None,
    )
    present = (await desk.loan(loan_id)).verdict
    if present is None or present.evidence_hash == evidence:
        await desk.check(loan_id)
    return seen


async def _again(
    here: Here, desk: LoanDesk, loan_id: str, error: FabricError | None, *, before: Verdict | None = None
) -> Response:
    """The loan's page as it is now, with what was refused and what the form said."""
    loan = await desk.loan(loan_id)
    status = 409 if error is None else type(error).status
    return await _page(here, desk, loan, error=error, before=before, status=status)


async def _page(
    here: Here,
    desk: LoanDesk,
    loan: Loan,
    *,
    bank: str = "",
    error: FabricError | None = None,
    before: Verdict | None = None,
    status: int = 200,
) -> Response:
    assert here.person is not None and here.officer is not None  # noqa: S101, PT018 - the route lets nobody else in
    today = day_in_china(here.clock())
    offered = await _offered(desk, loan, bank) if loan.payments else ()
    shown = loan_page(loan, today, here.language, offered)
    await name_roles(here, persons_of(loan))
    return rendered(
        here, "loan", status=status, loan=loan, application=loan.application.document, bank=here.other_bank(loan.bank),
        today=today, may=acts_of(loan, here.person, here.officer.duties, today), referring=referring(loan),
        groups=() if loan.verdict is None else grouped(loan.verdict, loan), shown=shown,
        changed=None if before is None or loan.verdict is None else changed_findings(before, loan.verdict),
        problem="" if error is None else here.refusal(error), offered=shown.offered, percent=percent,
        proposed="" if loan.proposed is None else proposal_words(loan.proposed.proposal, here.language),
        proven=loan.approval is not None and is_profile(served(here.request).settings.ledger),
        letter=loan.state in OPEN and loan.verdict is not None and bool(loan.verdict.findings) and here.is_bank,
    )  # fmt: skip


async def _offered(desk: LoanDesk, loan: Loan, bank: str) -> tuple[ShownReceipt, ...]:
    """The receipts that may repay a loan, with their papers where this member has them."""
    offers = await desk.offered(loan.loan_id, bank=bank)
    papers = await asyncio.gather(*(_receipt(desk, each.receipt_id, bank) for each in offers[:_OFFERED]))
    return shown_receipts(offers, {each.id: each for each in papers if each is not None})


async def _receipt(desk: LoanDesk, receipt_id: str, bank: str) -> Document | None:
    try:
        return (await desk.document("receipt", receipt_id, bank=bank)).document
    except (NotFound, NotAuthorized, Refused):  # it was not shown to this bank, or not yet
        return None


def _version(form: Mapping[str, str]) -> int:
    text = form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidDocument("version: a whole number is wanted", field="version", reason="no number")
    return int(text)
