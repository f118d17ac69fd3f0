"""The bank's policy: what holds, what waits for a second person, and a form that proposes another."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, form_of, name_roles, redirected
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.views.acts import why_not_confirm
from eximledger.console.views.members.policy import fields_of, policy_from, worded
from eximledger.console.views.papers import differences, rows_of
from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.floors import PolicyBook
from eximledger_chaincode.lending.roles import Duty
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, Refused

__all__ = ["router"]

router: Final = pages()

_REFUSED: Final = (Refused, NotAuthorized, Conflict, InvalidDocument)


@router.get("/policy")
async def show_policy(here: At, desk: Desk, bank: str = "") -> Response:
    """What a bank's loans are judged by; SAFE names the bank."""
    return await _page(here, desk, bank=bank)


@router.post("/policy/propose")
async def propose_policy(here: At, desk: Desk) -> Response:
    """Put another policy before a second person."""
    here.form = form = await form_of(here.request)
    assert here.person is not None  # noqa: S101 - the route lets nobody else in
    try:
        await desk.propose_policy(policy_from(form, here.person.msp_id))
    except _REFUSED as error:
        return await _page(here, desk, error=error)
    return redirected(here, "/policy", done="proposed")


@router.post("/policy/confirm")
async def confirm_policy(here: At, desk: Desk) -> Response:
    """Make just the policy that another person proposed."""
    form = await form_of(here.request)
    try:
        await desk.confirm_policy(form.get("policy", ""))
    except _REFUSED as error:
        return await _page(here, desk, error=error)
    return redirected(here, "/policy", done="confirmed")


async def _page(here: Here, desk: LoanDesk, *, bank: str = "", error: FabricError | None = None) -> Response:
    assert here.officer is not None and here.person is not None  # noqa: S101, PT018 - as above
    banks = [] if here.is_bank else [each.msp_id for each in await desk.members() if each.role == "bank"]
    of = bank or (here.person.msp_id if here.is_bank else banks[0])
    book, floors = await desk.policies(bank=of), await desk.floors()
    today = day_in_china(here.clock())
    present = book.on(today)
    holds = floors.bounded(TolerancePolicy(bank=of) if present is None else present.record.document)
    made = [person for each in book.policies for person in (each.proposed_by, each.confirmed_by)]
    await name_roles(here, [*made, *([] if book.proposed is None else [book.proposed.by])])
    waiting = None if book.proposed is None else book.proposed.policy
    return rendered(
        here, "policy", status=200 if error is None else type(error).status, book=book, present=present, bank=of,
        banks=banks, rows=worded(rows_of(holds), here.language), floors=worded(rows_of(floors), here.language),
        later=_later(book, present),
        differences=() if waiting is None else differences(holds, waiting),
        fields=fields_of(holds, today, here.form), may_propose=here.may("propose_policy"), why_not=_why_not(here, book),
        problem="" if error is None else here.refusal(error),
    )  # fmt: skip


def _later(book: PolicyBook, present: object) -> list[object]:
    return [each for each in book.policies if each is not present]


def _why_not(here: Here, book: PolicyBook) -> str:
    """Why the officer may not confirm what waits."""
    if book.proposed is None or here.person is None or here.officer is None:
        return ""
    said = why_not_confirm(book.proposed.by, here.person, is_checker=True)
    return said or ("" if Duty.POLICY in here.officer.duties else "Who has the role policy confirms it.")
