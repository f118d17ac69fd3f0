"""An exporter: its class, what it lets members read, its loans and declarations."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, TypeVar

from starlette.responses import Response

from eximledger.console._asked import At, Desk, from_mirror
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.views.members.consents import ConsentRow, consent_rows
from eximledger.console.views.papers import Row, rows_of
from eximledger.desk import LoanDesk
from eximledger.mirror.reading import LoanFilter, PaperFilter
from eximledger_chaincode.lending.roles import Role
from hlf_client.errors import InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["router"]

router: Final = pages()

_SIZE: Final = 50
AnswerT = TypeVar("AnswerT")


@router.get("/exporters/{exporter}")
async def show_exporter(here: At, desk: Desk, exporter: str) -> Response:
    """All that this member may know of an exporter."""
    assert here.officer is not None  # noqa: S101 - the route lets nobody else in
    loans = await from_mirror(here, lambda mirror: mirror.loans(LoanFilter(applicant=exporter), size=_SIZE))
    papers = PaperFilter(kind="declaration", exporter=exporter)
    declarations = await from_mirror(here, lambda mirror: mirror.papers(papers, size=_SIZE))
    name = next((each.applicant_name for each in loans.rows), "")
    banks = (here.officer.person.msp_id,) if here.officer.role is Role.BANK else tuple(here.members)
    consents: list[ConsentRow] = []
    for bank in banks:
        book = await _unless_refused(desk.consents(exporter, bank="" if here.is_bank else bank))
        consents += [] if book is None else consent_rows(book)
    return rendered(
        here, "exporter", exporter=exporter, name=name, rows=loans.rows, declarations=declarations.rows,
        consents=consents, classification=await _classification(desk, exporter),
    )  # fmt: skip


async def _classification(desk: LoanDesk, exporter: str) -> tuple[Row, ...]:
    found = await _unless_refused(desk.document("classification", exporter))
    return () if found is None else rows_of(found.document)


async def _unless_refused(answer: Awaitable[AnswerT]) -> AnswerT | None:
    """None where this member is shown no such thing."""
    try:
        return await answer
    except (NotFound, NotAuthorized, Refused, InvalidDocument):
        return None
