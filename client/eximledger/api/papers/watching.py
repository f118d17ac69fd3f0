"""Watch lists: looked at, filed from a file, taken away; loans held against them; hits that two persons clear."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from fastapi import APIRouter, File, Form, Path, Query, UploadFile, status
from pydantic import BaseModel, Field

from eximledger.api._asking import BankName, Body, LoanNamed
from eximledger.api._guarded import KEYED, Desk, Guarded, Server, problems
from eximledger.api._seen import ClearingSeen, RescreenedSeen
from eximledger.desk import Rescreened, heading_of
from eximledger.formats import Unmapped
from eximledger_chaincode.documents import LegalForce, OwnWatchList, WatchEntry, WatchList
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.published.watch_list import ListId
from eximledger_chaincode.lending.screening.hits import Clearing, Directory
from eximledger_chaincode.lending.steps import Reason
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import InvalidDocument

if TYPE_CHECKING:
    from eximledger.formats.watch import ListReading

__all__ = ["LISTS", "router"]

router: Final = APIRouter(tags=["watch lists"], route_class=Guarded)

LISTS: Final = "/watch-lists"
OwnList: TypeAlias = Annotated[bool, Query(description="A list of this bank's own, for nobody else to see but SAFE.")]
_Said: TypeAlias = Annotated[str, Form(max_length=200, description="Where the file does not say it of itself.")]


class ListFiled(BaseModel):
    """An edition as it was read; its version, unless it was only read; and what of the file could not be used."""

    heading: WatchList | OwnWatchList
    version: int | None
    left_out: tuple[Unmapped, ...] = ()


class ClearingAsked(Body):
    """Which hit is not whom the entry means, and why."""

    hit: Annotated[str, Field(min_length=1, max_length=200, description="`Hit.key`, as findings say it.")]
    reason: Reason


class ClearingNamed(Body):
    """Just what another person proposed."""

    subject: Annotated[str, Field(min_length=1, max_length=200)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ScreeningAsked(Body):
    """Whose loans, for SAFE; and whether a bank's peers record what they find."""

    bank: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9.-]*$")] = ""
    record: bool = True


class Discarded(Body):
    """The heading of an edition whose entries are to go."""

    heading: WatchList | OwnWatchList = Field(discriminator="kind")


@router.get(LISTS)
async def list_watch_lists(desk: Desk, own: OwnList = False, bank: BankName = "") -> Directory:
    """The lists that hold or will hold: SAFE's, or a bank's own."""
    return await desk.watch_lists(own=own, bank=bank)


@router.get(LISTS + "/{list_id}/entry")
async def get_watch_entry(
    desk: Desk,
    list_id: Annotated[ListId, Path(description="What the list is called.")],
    entry_id: Annotated[str, Query(min_length=1, max_length=200, description="The publisher's own id.")],
    own: OwnList = False,
    bank: BankName = "",
) -> WatchEntry:
    """One entry of a list: what a finding names."""
    return await desk.watch_entry(list_id, entry_id, own=own, bank=bank)


@router.post(LISTS, responses=problems(415), dependencies=[KEYED])
async def upload_watch_list(
    desk: Desk,
    server: Server,
    file: Annotated[UploadFile, File(description="The UN's, OFAC's (advanced) or the EU's XML, or a CSV.")],
    list_id: _Said = "",
    title: _Said = "",
    source: _Said = "",
    edition: _Said = "",
    force: Annotated[LegalForce | None, Form()] = None,
    published_on: Annotated[Day | None, Form()] = None,
    valid_from: Annotated[Day | None, Form(description="From when it holds; today unless given.")] = None,
    own: OwnList = False,
    dry_run: Annotated[bool, Query(description="Only read it.")] = False,
) -> ListFiled:
    """File the next edition of a list. It holds only once it is whole; broken off, the same call goes on."""
    from eximledger.formats.watch import read_list

    reading = await asyncio.to_thread(read_list, await file.read())
    today = day_in_china(server.clock())
    heading, entries = await asyncio.to_thread(
        _heading, reading, own, (list_id, title, source), force, edition, published_on or reading.published_on or today,
        valid_from or today,
    )  # fmt: skip
    filed = None if dry_run else await desk.file_list(heading, entries)
    return ListFiled(heading=heading, version=None if filed is None else filed.version, left_out=reading.left_out)


@router.post(LISTS + "/discard", status_code=status.HTTP_204_NO_CONTENT, dependencies=[KEYED])
async def discard_watch_list(desk: Desk, asked: Discarded) -> None:
    """Take away what an edition left on the ledger that holds no longer, or was never made to hold."""
    await desk.discard_list(asked.heading)


@router.post("/screenings", response_model=list[RescreenedSeen], dependencies=[KEYED])
async def screen_loans(desk: Desk, asked: ScreeningAsked) -> list[Rescreened]:
    """Hold every loan that money may still move for against today's lists."""
    return await desk.screen(bank=asked.bank, record=asked.record)


@router.post("/loans/{loan_id}/clearings", response_model=ClearingSeen, dependencies=[KEYED])
async def propose_clearing(desk: Desk, loan_id: LoanNamed, asked: ClearingAsked) -> Clearing:
    """Propose that a party of the loan is not whom a list's entry means."""
    return await desk.propose_clearing(loan_id, asked.hit, asked.reason)


@router.post("/clearings/confirmation", response_model=ClearingSeen, dependencies=[KEYED])
async def confirm_clearing(desk: Desk, asked: ClearingNamed) -> Clearing:
    """Clear just what another person proposed, as a checker; for every loan until the entry or the party changes."""
    return await desk.confirm_clearing(asked.subject, asked.sha256)


def _heading(
    reading: ListReading,
    own: bool,
    said: tuple[str, str, str],
    force: LegalForce | None,
    edition: str,
    published_on: date,
    valid_from: date,
) -> tuple[WatchList, list[WatchEntry]]:
    list_id, title, source = said
    heading, entries = heading_of(
        reading.entries,
        own=own,
        list_id=_needed(list_id or reading.list_id, "list_id"),
        title=_needed(title or reading.title, "title"),
        source=_needed(source or reading.source, "source"),
        force=force or reading.force,
        edition=edition or reading.edition or str(published_on),
        published_on=published_on,
        valid_from=valid_from,
    )
    return heading, list(entries)


def _needed(value: str, field: str) -> str:
    if not value:
        raise InvalidDocument(f"{field}: the file does not say this of itself", field=field, reason="missing")
    return value
