"""Papers by filters from the mirror; one paper, its versions and a balance from the ledger; one search for all."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict

from eximledger.api._asking import BankName, Cursor, DayAsked, Exporter, LoanNamed, Size, Text
from eximledger.api._guarded import Desk, Guarded, Mirror
from eximledger.mirror.reading import Hit, Page, PaperFilter, PaperRow, PaperSort
from eximledger_chaincode.contracts.papers.answers import AnyDocument, HistoryItem
from eximledger_chaincode.documents import KINDS, Document, Entry, Record
from eximledger_chaincode.lending.claim import Balance

__all__ = ["router"]

router: Final = APIRouter(tags=["papers"], route_class=Guarded)

KindName: TypeAlias = Annotated[
    str, Query(max_length=40, description=f"One of: {', '.join(KINDS)}.", examples=["invoice"])
]
PaperName: TypeAlias = Annotated[
    str,
    Query(min_length=1, max_length=400, description="The ledger's id, or, where unique, the number on the paper."),
]


class KindSeen(BaseModel):
    """A kind of paper: on which channel, who writes it, and what people call it."""

    name: str
    channel: str
    writer: str
    kept: str
    en: str
    zh: str


class PaperSeen(Entry):
    """A paper in its latest version: what the ledger says of it, and what it says."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    document: AnyDocument


@router.get("/papers")
async def list_papers(
    mirror: Mirror,
    kind: KindName = "",
    number: Annotated[Text, Query(description="Begins so, however it is spelt.")] = "",
    party: Annotated[Text, Query(description="A USCC, or a part of the name of a party that it names.")] = "",
    loan: Annotated[LoanNamed | None, Query(description="That this loan's application names.")] = None,
    bank: BankName = "",
    exporter: Exporter = "",
    dated_from: DayAsked = None,
    dated_until: DayAsked = None,
    sort: PaperSort = PaperSort.FILED,
    descending: bool = True,
    size: Size = 50,
    cursor: Cursor = "",
) -> Page[PaperRow]:
    """A page of papers in their latest versions. All filters that are given must hold."""
    asked = PaperFilter(
        kind=kind, number=number, party=party, loan=loan or "", bank=bank, exporter=exporter, dated_from=dated_from,
        dated_until=dated_until,
    )  # fmt: skip
    return await asyncio.to_thread(mirror.papers, asked, sort=sort, descending=descending, size=size, cursor=cursor)


@router.get("/paper", response_model=PaperSeen)
async def get_paper(
    desk: Desk, kind: KindName, name: PaperName, exporter: Exporter = "", bank: BankName = ""
) -> Record[Document]:
    """A paper in its latest version."""
    return await desk.document(kind, name, exporter=exporter, bank=bank)


@router.get("/paper/history")
async def paper_history(
    desk: Desk, kind: KindName, name: PaperName, exporter: Exporter = "", bank: BankName = ""
) -> list[HistoryItem]:
    """Every version of a paper, newest first."""
    return await desk.history(kind, name, exporter=exporter, bank=bank)


@router.get("/kinds")
async def list_kinds() -> list[KindSeen]:
    """The kinds of paper that there are."""
    return [
        KindSeen(
            name=each.name, channel=each.channel, writer=each.writer.value, kept=each.kept.name.lower(),
            en=each.words.en, zh=each.words.zh,
        )
        for each in KINDS.values()
    ]  # fmt: skip


@router.get("/search")
async def search_all(
    mirror: Mirror,
    text: Annotated[
        str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$", description="A number, or a part of a name.")
    ],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> tuple[Hit, ...]:
    """Loans and papers by a number (their own, a bill's, a container's) or by a party's name; exact hits first."""
    return await asyncio.to_thread(mirror.search, text, limit=limit)


@router.get("/balances/{declaration_number}")
async def get_balance(
    desk: Desk, declaration_number: Annotated[str, Path(min_length=1, max_length=40, examples=["790020260000410593"])]
) -> Balance:
    """What a declaration is worth, what of it is held and collected, and what is free."""
    return await desk.balance(declaration_number)
