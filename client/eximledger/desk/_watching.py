"""Watch lists: an edition filed part by part, and a loan held against the lists of the day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from eximledger.desk.calling import Calls
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.contracts.watchlists.filing import BegunFiling
from eximledger_chaincode.documents import KINDS, LegalForce, OwnWatchList, WatchEntry, WatchList
from eximledger_chaincode.lending.loan import Loan, LoanPage, LoanState
from eximledger_chaincode.lending.screening.hits import Directory, Hit
from eximledger_chaincode.lending.screening.parts import (
    BUCKETS_OF_A_PART,
    MAX_PART,
    Part,
    entries_hash,
    entry_blocks,
    index_of,
    part_hash,
    parts_of,
    sorted_entries,
)
from eximledger_chaincode.lending.screening.screening import Screening, news, screening_of
from eximledger_chaincode.rules import Case, Finding
from eximledger_chaincode.rules.sanctions import lists_of, screened
from hlf_client.errors import FabricError, InvalidDocument

__all__ = ["FiledList", "Rescreened", "discard_old", "file_list", "heading_of", "rescreen", "screened_loans"]

_AT_ONCE: Final = 4
"""Parts on their way at one time."""
_PAGE: Final = 100
SCREENED: Final = (
    LoanState.APPLIED, LoanState.CHECKED, LoanState.REFERRED, LoanState.APPROVED, LoanState.DISBURSED,
    LoanState.OVERDUE, LoanState.INDEMNITY_SOUGHT,
)  # fmt: skip
"""States of a loan that money may still move for."""


@dataclass(frozen=True, slots=True)
class FiledList:
    """A list as it now holds."""

    heading: WatchList
    version: int


@dataclass(frozen=True, slots=True)
class Rescreened:
    """A loan that was held against today's lists: all that was found, and what of it is new since the last check or
    screening. `trouble` says why a loan could not be screened."""

    loan_id: str
    bank: str
    findings: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()
    hits: tuple[Hit, ...] = ()
    recorded: bool = False
    trouble: str = ""


def heading_of(
    entries: Iterable[WatchEntry],
    *,
    own: bool,
    list_id: str,
    title: str,
    source: str,
    force: LegalForce,
    edition: str,
    published_on: date,
    valid_from: date,
) -> tuple[WatchList, Sequence[WatchEntry]]:
    """The heading of an edition, with its entries in the order in which they are filed."""
    ordered = sorted_entries(entries)
    hashes = [part_hash(entry_blocks(number, part)) for number, part in enumerate(parts_of(ordered))]
    heading = (OwnWatchList if own else WatchList).parse({
        "list_id": list_id, "title": title, "source": source, "force": force, "edition": edition,
        "published_on": published_on, "valid_from": valid_from, "entries": len(ordered),
        "entries_sha256": entries_hash(hashes),
    })  # fmt: skip
    return heading, ordered


async def file_list(
    calls: Calls, heading: WatchList, entries: Sequence[WatchEntry], tell: Callable[[str], None]
) -> FiledList:
    """File an edition and make it hold; repeated, it goes on where it broke off."""
    channel = KINDS[heading.KIND].channel
    begun = await calls.take(BegunFiling, channel, "watch:begin", heading)
    if not begun.version:
        await _store(calls, channel, begun, entries, tell)
        begun = await calls.take(BegunFiling, channel, "watch:activate", begun.filing)
    return FiledList(heading, begun.version)


async def _store(
    calls: Calls, channel: str, begun: BegunFiling, entries: Sequence[WatchEntry], tell: Callable[[str], None]
) -> None:
    filing, left = begun.filing, len(begun.missing_entries) + len(begun.missing_index)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(function: str, number: int, content: Callable[[int], object]) -> None:
        nonlocal left
        async with turns:
            await calls.take(Part, channel, function, filing, number, content(number))
            left -= 1
            tell(f"{left} parts to go")

    def entries_of(number: int) -> object:
        return list(entries[number * MAX_PART : (number + 1) * MAX_PART])

    index = index_of(entries) if begun.missing_index else {}

    def buckets_of(number: int) -> object:
        first = number * BUCKETS_OF_A_PART
        return {each: index[each] for each in range(first, first + BUCKETS_OF_A_PART) if each in index}

    await _all([one("watch:entries", number, entries_of) for number in begun.missing_entries])
    await _all([one("watch:index", number, buckets_of) for number in begun.missing_index])


async def _all(calls: Iterable[Awaitable[None]]) -> None:
    async def awaited(call: Awaitable[None]) -> None:
        await call

    try:
        async with asyncio.TaskGroup() as group:
            for call in calls:
                group.create_task(awaited(call))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def discard_old(calls: Calls, channel: str, filing: str) -> None:
    """Take away all that an edition left."""
    first = await calls.take(int, channel, "watch:discard", filing, 0)
    while first:
        first = await calls.take(int, channel, "watch:discard", filing, first)


async def read_directory(calls: Calls, *, own: bool, bank: str) -> Directory:
    """SAFE's lists, or a bank's own."""
    channel = KINDS[(OwnWatchList if own else WatchList).KIND].channel
    return await calls.ask(Directory, channel, "watch:lists", bank)


# -- screening ---------------------------------------------------------------------------------------------------------


async def screened_loans(calls: Calls, bank: str) -> list[Loan]:
    """The loans for which money may still move, by state and in the order in which they were opened."""
    found: list[Loan] = []
    for state in SCREENED:
        bookmark = ""
        while True:
            page = await calls.ask(LoanPage, BANK, "loans:list", state.value, _PAGE, bookmark, bank)
            found += page.loans
            bookmark = page.bookmark
            if not bookmark:
                break
    return found


async def rescreen(
    calls: Calls, loan: Loan, bank: str, case: Callable[[str], Awaitable[Case]], *, record: bool
) -> Rescreened:
    """Hold a loan against today's lists. What is new is recorded by the peers where `record` says so."""
    (before,) = await calls.ask(list[Screening | None], BANK, "screening:recorded", [loan.loan_id], bank)
    try:
        opened = await case(loan.loan_id)
        findings = screened(opened)
        known = [*(before.findings if before else ()), *(loan.verdict.findings if loan.verdict else ())]
        found = news(findings, known)
        now = screening_of(loan.loan_id, lists_of(opened), findings, loan.updated_at)
        stale = before is None or not before.says_the_same(now)
        if record and stale:
            await calls.take(Screening, BANK, "screening:record", loan.loan_id)
    except InvalidDocument:
        raise
    except FabricError as error:
        return Rescreened(loan.loan_id, loan.bank, trouble=error.message)
    return Rescreened(loan.loan_id, loan.bank, findings, found, opened.hits, record and stale)
