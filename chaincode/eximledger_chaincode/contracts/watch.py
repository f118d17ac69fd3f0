"""watch: the watch lists, SAFE's on the fx channel and each bank's own on the bank channel."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.state.keys import WATCH_LISTS_KEY
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import BANK, FX, require_channel
from eximledger_chaincode.contracts.state.shelves import OpenShelf, Shelf, open_papers
from eximledger_chaincode.contracts.watchlists.directory import directory_of, holding
from eximledger_chaincode.contracts.watchlists.filing import (
    BegunFiling,
    activate,
    begin,
    discard,
    store_entries,
    store_index,
)
from eximledger_chaincode.contracts.watchlists.own import screen_own
from eximledger_chaincode.contracts.watchlists.searching import find_entry
from eximledger_chaincode.contracts.watchlists.shared import screen_shared
from eximledger_chaincode.documents import KINDS, OwnWatchList, WatchEntry, WatchList
from eximledger_chaincode.documents.parts.base import Count, Whole
from eximledger_chaincode.documents.published.watch_list import ListId
from eximledger_chaincode.lending.roles import Role, person_of
from eximledger_chaincode.lending.screening.hits import Directory, Screened
from eximledger_chaincode.lending.screening.parts import BUCKETS_OF_A_PART, MAX_PART, Part
from eximledger_chaincode.lending.screening.subjects import MAX_SUBJECTS, Subject
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.contract import Context, Contract, query, transaction
from hlf_chaincode.errors import NotFound, Refused
from hlf_chaincode.wording import with_article

__all__ = ["WatchContract"]

FilingId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Entries: TypeAlias = Annotated[list[WatchEntry], Field(max_length=MAX_PART)]
Bucket: TypeAlias = Annotated[str, Field(max_length=4_000_000)]
Buckets: TypeAlias = Annotated[dict[Count, Bucket], Field(max_length=BUCKETS_OF_A_PART)]
Subjects: TypeAlias = Annotated[list[Subject], Field(max_length=MAX_SUBJECTS)]
ForeignLists: TypeAlias = Annotated[list[ListId], Field(max_length=50)]
Least: TypeAlias = Annotated[Whole, Field(ge=75, le=100)]
Heading: TypeAlias = Annotated[WatchList | OwnWatchList, Field(discriminator="kind")]


class WatchContract(Contract):
    """An edition is begun, stored in parts in any order, and made to hold by `activate`. On `fx` it is SAFE's and read
    by every member, on `bank` the filing bank's own."""

    name: ClassVar[str] = "watch"

    @transaction(private=True)
    async def begin(self, context: Context, heading: Heading) -> BegunFiling:
        """Begin an edition by its heading, or hear which parts of it are missing."""
        placement = KINDS[heading.KIND]
        if placement.channel != context.channel:
            raise Refused(
                f"{with_article(heading.KIND)} is filed on channel {placement.channel}", channel=placement.channel
            )
        return await begin(context, await _writable(context), heading)

    @transaction(private=True)
    async def entries(self, context: Context, filing: FilingId, part: Count, entries: Entries) -> Part:
        """Store part number `part` of the entries: 500 in the order of their ids, of the last part the rest."""
        return await store_entries(await _writable(context), filing, part, entries)

    @transaction(private=True)
    async def index(self, context: Context, filing: FilingId, part: Count, buckets: Buckets) -> Part:
        """Store part number `part` of the index: 128 buckets, each under its number, one posting a line."""
        return await store_index(await _writable(context), filing, part, buckets)

    @transaction(private=True)
    async def activate(self, context: Context, filing: FilingId) -> BegunFiling:
        """Make a whole edition hold from its `valid_from` on; the one before holds until then."""
        return await activate(context, await _writable(context), filing)

    @transaction(private=True)
    async def discard(self, context: Context, filing: FilingId, first: Count) -> int:
        """Take away, a thousand keys at a time, what an edition left that holds no longer; from where to go on."""
        return await discard(context, await _writable(context), filing, first)

    @query
    async def lists(self, context: Context, bank: str = "") -> Directory:
        """The lists that hold or will hold; on `bank` a bank's own, SAFE names whose."""
        return directory_of(await (await _readable(context, bank)).get(WATCH_LISTS_KEY))

    @query
    async def entry(self, context: Context, list_id: ListId, entry_id: str, bank: str = "") -> WatchEntry:
        """One entry of the edition that holds, by its publisher's id."""
        shelf = await _readable(context, bank)
        directory = directory_of(await shelf.get(WATCH_LISTS_KEY))
        today = day_in_china(context.timestamp)
        shared, own = holding(directory.shared, today, [list_id]), holding(directory.own, today, [list_id])
        for heading in Directory(shared=shared, own=own).headings:
            found = await find_entry(shelf, heading, entry_id) if heading.list_id == list_id else None
            if found is not None:
                return found
        raise NotFound(f"list {list_id} has no entry {entry_id} today", list_id=list_id)

    @query
    async def listed(self, context: Context, subjects: Subjects, foreign: ForeignLists, least: Least) -> Screened:
        """Which of a case's subjects SAFE's lists name, at least so many percent alike: every list that binds, foreign
        ones where they are named. At most 200 hits are told."""
        require_channel("watch:listed", FX, context.channel)
        await read_consortium(context)
        return await screen_shared(context, subjects, foreign, least)

    @query
    async def own(
        self, context: Context, subjects: Subjects, foreign: ForeignLists, least: Least, bank: str = ""
    ) -> Screened:
        """The same of a bank's own lists, and what it cleared for these subjects; SAFE names the bank."""
        require_channel("watch:own", BANK, context.channel)
        vault = await open_papers(context, await read_consortium(context), bank)
        return await screen_own(vault, day_in_china(context.timestamp), subjects, foreign, least)


async def _writable(context: Context) -> Shelf:
    """Where the caller files its lists."""
    if context.channel != FX:
        require_channel("watch", BANK, context.channel)
    consortium = await read_consortium(context)
    require_role(context, consortium, {Role.FX_BUREAU if context.channel == FX else Role.BANK})
    person_of(context.creator)
    return OpenShelf(context.stub) if context.channel == FX else await open_papers(context, consortium)


async def _readable(context: Context, bank: str) -> Shelf:
    if context.channel != FX:
        require_channel("watch", BANK, context.channel)
    consortium = await read_consortium(context)
    return OpenShelf(context.stub) if context.channel == FX else await open_papers(context, consortium, bank)
