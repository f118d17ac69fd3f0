"""Papers: a list, one with all its versions and what they say differently, a declaration with its claim."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, from_mirror, name_roles
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console._table import TABLE
from eximledger.console.drawing import Part, stacked
from eximledger.console.pages.attaching import attached_to
from eximledger.console.views.papers import differences, rows_of
from eximledger.desk import LoanDesk
from eximledger.mirror.reading import PaperFilter, PaperSort
from eximledger.words import word
from eximledger_chaincode.contracts.papers.answers import HistoryItem
from eximledger_chaincode.documents import KINDS, Document, Kept, Record
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.roles import Person
from hlf_client.errors import NotAuthorized, NotFound, Refused

__all__ = ["router"]

router: Final = pages()

_SIZE: Final = 50
_KINDS: Final = [name for name in KINDS if name != "application"]


@router.get("/papers")
async def list_papers(here: At) -> Response:
    """A page of papers, newest first."""
    kind = here.asked("kind") if here.asked("kind") in KINDS else ""
    asked = PaperFilter(
        kind=kind, number=here.asked("number"), party=here.asked("party"), exporter=here.asked("exporter")
    )
    page = await from_mirror(
        here,
        lambda mirror: mirror.papers(
            asked, sort=PaperSort.FILED, descending=True, size=_SIZE, cursor=here.asked("after")
        ),
    )
    return rendered(here, "papers", rows=page.rows, after=page.cursor, kinds=_KINDS, kind=kind)


@router.get("/papers/{kind}")
async def show_paper(here: At, desk: Desk, kind: str, number: str, bank: str = "") -> Response:
    """A paper by its ledger id, or by its number where that is one paper's."""
    record = await desk.document(kind, number, bank=bank)
    history = await desk.history(kind, record.id, bank=bank)
    before, after = _compared(here, history)
    writers = [(each.entry.issuer, each.entry.written_by) for each in history]
    await name_roles(here, (Person(msp_id=msp_id, name=name) for msp_id, name in writers))
    may_attach = here.officer is not None and not TABLE["attach_file"].isdisjoint(here.officer.standings)
    return rendered(
        here, "paper", attached=await attached_to(desk, kind, record.id, bank),
        may_attach=may_attach and KINDS[kind].kept is Kept.OWN,
        record=record, history=history, rows=rows_of(record.document), before=before, after=after,
        differences=() if before is None or after is None else differences(before.document, after.document),
    )  # fmt: skip


@router.get("/declarations/{number}")
async def show_declaration(here: At, desk: Desk, number: str) -> Response:
    """A declaration: what its claim is worth, what is taken of it, what is free; and what customs has, where the
    exporter lets this member see it."""
    balance = await desk.balance(number)
    parts = _parts(here, balance)
    record = await _declaration(desk, number)
    picture = stacked(
        word("Its claim on the buyer", here.language), max(balance.value.amount, balance.open.amount), parts
    )
    return rendered(
        here, "declaration", balance=balance, picture=picture, parts_of_claim=parts, record=record,
        rows=() if record is None else rows_of(record.document),
    )  # fmt: skip


async def _declaration(desk: LoanDesk, number: str) -> Record[Document] | None:
    try:
        return await desk.document("declaration", number)
    except (NotFound, NotAuthorized, Refused):  # this member has no copy of it, or may not have one
        return None


def _compared(here: Here, history: list[HistoryItem]) -> tuple[HistoryItem | None, HistoryItem | None]:
    """The two versions that the address names; the last two where it names none."""
    if len(history) < 2:
        return None, None
    versions = {str(item.entry.version): item for item in history}
    before = versions.get(here.asked("before"), history[1])
    return before, versions.get(here.asked("after"), history[0])


def _parts(here: Here, balance: Balance) -> list[Part]:
    """Of the declared value: what is received, what is not claimed any more, what loans hold, what is free."""
    gone = balance.value - balance.open - balance.collected
    amounts = [
        ("collected", "Collected", balance.collected),
        ("prepaid", "Prepaid, or credited", gone),
        ("held", "Held by loans of all banks", min(balance.held, balance.open)),
        ("free", "Free", balance.free),
    ]
    return [
        Part(style, word(name, here.language), str(amount), amount.amount)
        for style, name, amount in amounts
        if amount.amount > 0
    ]
