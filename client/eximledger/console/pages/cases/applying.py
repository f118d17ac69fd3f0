"""Applying for a loan: a form that fills itself from the exporter's papers, and amends an application."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import chain
from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, form_of, redirected
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.views.applying import (
    PAPERS,
    application_from,
    form_from_application,
    form_from_draft,
    occupied_rows,
)
from eximledger.console.views.drafting import Draft, declarations_of, draft_of
from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import LOAN_KINDS, Document, TolerancePolicy
from eximledger_chaincode.documents.application import FinancingKind
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["drafted", "router"]

router: Final = pages()

_NEWEST: Final = 100
"""Papers of a kind that are looked at for a draft."""
_AT_ONCE: Final = 8
_PRODUCTS: Final = (
    (FinancingKind.POST_SHIPMENT.value, "export bill"),
    (FinancingKind.PRE_SHIPMENT.value, "packing loan"),
)
_FIELDS: Final = (
    "loan_id", "applicant", "exporter", "amount", "currency", "applied_on", "matures_on", "expected_receipt_on",
    "rate_percent", "financing", "interest", "purpose",
)  # fmt: skip


@router.get("/apply")
async def application_form(here: At, desk: Desk, exporter: str = "", loan: str = "") -> Response:
    """The form: empty, filled from an exporter's papers, or as a loan was applied for."""
    today = day_in_china(here.clock())
    if loan:
        found = (await desk.loan(loan)).application.document
        return _shown(here, form_from_application(found) | {"applied_on": today.isoformat()}, amends=loan)
    if not exporter:
        return _shown(here, {"applied_on": today.isoformat()})
    draft = await drafted(desk, exporter.strip().upper(), here)
    return _shown(here, form_from_draft(draft, today), draft=draft)


@router.post("/apply")
async def apply_for_loan(here: At, desk: Desk) -> Response:
    """Apply, or again with what was amended."""
    said = await form_of(here.request)
    amends = said.get("amends", "")
    try:
        before = (await desk.loan(amends)).application.document if amends else None
        application = application_from(said, before)
        await desk.apply(application)
    except (InvalidDocument, NotAuthorized, Refused, Conflict, NotFound) as error:
        return _shown(here, said, amends=amends, error=error)
    return redirected(here, f"/loans/{application.loan_id}", done="applied")


def _shown(
    here: Here,
    said: Mapping[str, str],
    *,
    amends: str = "",
    draft: Draft | None = None,
    error: FabricError | None = None,
) -> Response:
    wrong = error.field.partition(".")[0] if isinstance(error, InvalidDocument) else ""
    return rendered(
        here, "apply", status=200 if error is None else type(error).status, amends=amends, draft=draft, wrong=wrong,
        values={name: said.get(name, "") for name in _FIELDS}, occupied=occupied_rows(said), products=_PRODUCTS,
        papers=[(name, kind, said.get(name, "")) for name, kind in PAPERS],
        problem="" if error is None else here.refusal(error),
    )  # fmt: skip


async def drafted(desk: LoanDesk, exporter: str, here: Here) -> Draft:
    """What the papers that the bank has filed for an exporter come to."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def balance(number: str) -> Balance | None:
        async with gate:
            try:
                return await desk.balance(number)
            except (NotFound, NotAuthorized, Refused):  # it is not shown to this bank: nothing is lent on it
                return None

    async def papers_of(kind: str) -> list[Document]:
        async with gate:
            page = await desk.documents(kind, exporter=exporter, page_size=_NEWEST)
            return [(await desk.document(kind, entry.id)).document for entry in page.entries]

    found = list(chain.from_iterable(await asyncio.gather(*(papers_of(kind.name) for kind in LOAN_KINDS))))
    balances = await asyncio.gather(*(balance(number) for number in declarations_of(found)))
    book = await desk.policies()
    today = day_in_china(here.clock())
    applied = book.on(today)
    policy = TolerancePolicy(bank=desk.ledger.msp_id) if applied is None else applied.record.document
    return draft_of(exporter, found, [each for each in balances if each is not None], policy, today)
